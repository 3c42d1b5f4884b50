"""The crash matrix as a page of the docs: `make crash-matrix` writes it, a test reads it."""

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from crash.kills import Fallen
from crash.matrix import Row
from crash.shoot import AT_ONCE, WANTED

PAGE = Path(__file__).resolve().parents[2] / "docs" / "crash-matrix.md"
_LINE = re.compile(r"\| `([^`]+)` \| (\d+) \| (\d+) \| (\d+) \| (\d+) \| (\d+) \| (\d+) \|")


def page(rows: Sequence[Row], fallen: Sequence[Fallen]) -> str:
    """The whole page."""
    points, kills = sum(row.tried for row in rows), sum(one.was_killed for one in fallen)
    every = sum(row.moments + 1 for row in rows)
    twice = sum(row.bought_twice for row in rows) + sum(bool(one.verdict.bought_twice) for one in fallen)
    lost = sum(row.lost for row in rows) + sum(bool(one.verdict.lost) for one in fallen)
    lines = [
        "# The crash matrix",
        "",
        "Written by `make crash-matrix`; a test fails when a fault is missing here or a count is not 0.",
        "",
        f"**{points:,} of {every:,} points in process, {kills} real SIGKILLs: "
        f"{twice} double purchases, {lost} lost takes.**",
        "",
        f"A shoot of {WANTED} takes, {AT_ONCE} at a time: three shots, two takes of each in the same words, a cameo in",
        "two of them; the real journal on a real database file, the real client over HTTP, the real sandbox. The first",
        "request for the first take of each shot meets with the fault, and the process dies at one moment: before a",
        "journal write, before its commit, after it, before an HTTP request, after its answer. New processes over the",
        "same files go on until the shoot is complete. Then the sandbox's own bill is held against the journal:",
        "",
        "- **bought twice**: a render on the bill that no take has, because the take has another",
        "- **lost**: a paid render that no take has, or a settled take that is not in the cut",
        "- **left held**: a reservation that is still open although the provider works on nothing for it",
        "- **other**: a take that never came, a book that disagrees, a broken ledger",
        "",
        "*Repeats* are takes that arrived useless and were paid for: they are kept aside, and one more is bought under",
        "a number of its own, as approved. A fault that never ends leaves its takes held, and nobody buys them again.",
        "",
        "| fault | points | bought twice | lost | left held | other | repeats |",
        "|---|---|---|---|---|---|---|",
        *(
            f"| `{row.fault}` | {row.tried} | {row.bought_twice} | {row.lost} | {row.open} | {row.other} "
            f"| {row.repeats} |"
            for row in rows
        ),
        "",
        "## Real SIGKILLs",
        "",
        "The same shoot on the real engine, in processes of their own against a sandbox in another; each is killed by",
        "its own hand at one moment, or from outside after some time, and a fresh process goes on.",
        "",
        "| day | kills | bought twice | lost | left held | other | repeats |",
        "|---|---|---|---|---|---|---|",
        *_killed(fallen),
        "",
    ]
    return "\n".join(lines)


def read_page(text: str) -> dict[str, tuple[int, ...]]:
    """What the tables say went wrong, by fault or day: bought twice, lost, left held, other."""
    return {found[1]: tuple(int(found[place]) for place in range(3, 7)) for found in _LINE.finditer(text)}


def _killed(fallen: Sequence[Fallen]) -> Iterable[str]:
    for day in dict.fromkeys(_day(one) for one in fallen):
        of_day = [one for one in fallen if _day(one) == day]
        verdicts = [one.verdict for one in of_day]
        counts = (
            sum(one.was_killed for one in of_day),
            sum(bool(one.bought_twice) for one in verdicts),
            sum(bool(one.lost) for one in verdicts),
            sum(bool(one.open) for one in verdicts),
            sum(bool(one.other) for one in verdicts),
            max(one.repeats for one in verdicts),
        )
        yield f"| `{day}` | {' | '.join(str(one) for one in counts)} |"


def _day(one: Fallen) -> str:
    how = "from outside" if one.life.after is not None else "by its own hand"
    return f"killed {how}, {one.life.fault or 'a good day'}"
