"""What a gate says of scans: which checks were made on which takes, what nobody looked at and why, what was noticed."""

from collections.abc import Sequence

from callsheet.domain.take import Take


def scan_notices(takes: Sequence[Take]) -> tuple[str, ...]:
    """One line for what was looked at, one for each kind of thing that was not, one for each doubt."""
    if not takes:
        return ()
    made: dict[str, int] = {}
    unmade: dict[str, list[str]] = {}
    for take in takes:
        for check in take.scanned:
            made[check] = made.get(check, 0) + 1
        for one in take.not_scanned:
            check, _, why = one.partition(": ")
            unmade.setdefault(why, []).append(check)
        if not take.scanned and not take.not_scanned:
            unmade.setdefault("nothing is written down", []).append("anything")
    lines = [f"scanned: {_told(made, len(takes))}"] if made else []
    for why, checks in unmade.items():
        kinds = {check: checks.count(check) for check in checks}
        lines.append(f"not scanned: {_told(kinds, len(takes))}{f' ({why})' if why else ''}")
    lines += [f"{take.id}: {note}" for take in takes for note in take.noticed]
    return tuple(lines)


def _told(kinds: dict[str, int], all_takes: int) -> str:
    """`text, faces (all 4 takes), speech (2 of 4 takes)`."""
    every = [check for check, count in kinds.items() if count == all_takes]
    some = [f"{check} (in {count} of {all_takes} takes)" for check, count in kinds.items() if count != all_takes]
    return ", ".join([*every, *some])
