"""What a replay costs: milliseconds of each exchange that is played, and of the whole run divided by them."""

import asyncio
from pathlib import Path

from benchmarks.command import BenchmarkFailed, Installed
from benchmarks.figure import Figure, milliseconds, seconds

RECORDINGS = Path(__file__).parent.parent / "tests" / "replays"


def replay(installed: Installed, place: Path) -> list[Figure]:
    """Each recording that is shipped, played once."""
    del installed, place  # the checkout's recordings are played in this very environment
    return [figure for path in sorted(RECORDINGS.glob("*/recording.yaml")) for figure in _of(path.parent)]


def _of(folder: Path) -> list[Figure]:
    from callsheet.replay.play import replay as play

    found = asyncio.run(play(folder))
    if not found.is_same:
        raise BenchmarkFailed(f"{folder.name} does not replay any more: {found.problems[0]}")
    name, count = folder.name, found.exchanges
    return [
        milliseconds("replay", f"{name}, an exchange", found.exchange_seconds / count, f"{count} exchanges, as heard"),
        milliseconds("replay", f"{name}, the run for each exchange", found.seconds / count, "films cut and encoded"),
        seconds("replay", f"{name}, the whole run", found.seconds, f"{len(found.entries)} ledger entries"),
    ]
