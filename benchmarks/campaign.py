"""The example campaigns: seconds by phase, what the graph itself costs, memory, and bytes in the databases."""

from pathlib import Path

from benchmarks.books import ON_VIDEO, busy_seconds, bytes_by_table, bytes_of, ledger_of, steps_of, takes_in
from benchmarks.command import Installed, Took
from benchmarks.figure import Figure, kilobytes, megabytes, ratio, seconds
from benchmarks.phase import seconds_per_phase

AGAIN = 2
"""How often a campaign that was run is run again; the quickest counts."""
_TABLES_SHOWN = 5
_OPENS = (
    "import asyncio\nfrom callsheet import Callsheet\n"
    "async def main():\n    async with Callsheet.open():\n        pass\nasyncio.run(main())"
)


def pocket(installed: Installed, place: Path) -> list[Figure]:
    """The tiny example: two shots of two seconds, 160 x 284."""
    installed.run("new", "pocket", "--pocket", cwd=place)
    first = installed.run("run", "pocket", "--yes", cwd=place)
    home = place / ".callsheet"
    found = [*whole("pocket", first), *phases("pocket", home, "pocket-1"), *memory("pocket", first)]
    return [*found, *stored("pocket", installed, home, "pocket-1"), *repeated("pocket", installed, place, first)]


def demo(installed: Installed, place: Path) -> list[Figure]:
    """`callsheet demo`, which is the runner example with one reshoot and with frames drawn in the terminal."""
    first = installed.run("demo", cwd=place)
    home = place / "callsheet-demo" / ".callsheet"
    found = [*whole("demo", first), *phases("demo", home, "runner-1"), *memory("demo", first)]
    found += stored("demo", installed, home, "runner-1")
    return [*found, *repeated("runner", installed, place / "callsheet-demo", first)]


def whole(about: str, took: Took) -> list[Figure]:
    """The command from its start to its end."""
    children = f"of it {took.cpu_children:.1f} s in ffmpeg"
    return [
        seconds(about, "whole command", took.seconds, "no person waited for: gates answered by policy"),
        seconds(about, "whole command, processor time", took.cpu, children),
    ]


def phases(about: str, home: Path, run: str) -> list[Figure]:
    """Seconds of each phase, from the ledger."""
    return [seconds(about, phase, took) for phase, took in seconds_per_phase(ledger_of(home, run)).items()]


def memory(about: str, took: Took) -> list[Figure]:
    """The most memory the run's process held, and with the encoders it started."""
    found = [megabytes(about, "peak memory of the run process", took.peak)]
    if took.children_at_once is not None and took.all_at_once is not None:
        found.append(megabytes(about, "peak memory of its ffmpegs together", took.children_at_once))
        found.append(megabytes(about, "peak memory of all at one moment", took.all_at_once))
    return found


def stored(about: str, installed: Installed, home: Path, run: str) -> list[Figure]:
    """What a take adds to the databases, everything that a run writes counted to its takes."""
    empty = home.parent / "empty"
    empty.mkdir()
    installed.script_of(_OPENS, cwd=empty)
    takes = takes_in(ledger_of(home, run))
    grown = bytes_of(home) - bytes_of(empty / ".callsheet")
    found = [kilobytes(about, "database growth a take", grown / takes, f"{takes} takes; media not counted")]
    by_table = bytes_by_table(home)
    by_table.subtract(bytes_by_table(empty / ".callsheet"))
    for table, size in by_table.most_common(_TABLES_SHOWN):
        found.append(kilobytes(about, f"  of it {table}", size / takes))
    return found


def repeated(about: str, installed: Installed, place: Path, first: Took) -> list[Figure]:
    """The same campaign again: takes and pieces are adopted, so what is left is the graph, its jobs and the journal."""
    home = place / ".callsheet"
    folder = "pocket" if about == "pocket" else "runner"
    again = min((_again(installed, place, folder, number) for number in range(2, 2 + AGAIN)), key=lambda one: one[1])
    took, own, run = again
    takes, steps = takes_in(ledger_of(home, run)), steps_of(home, run)
    return [
        seconds(about, "same campaign again, whole command", took.seconds, "every take and piece adopted"),
        seconds(about, "same campaign again, processor time", took.cpu),
        ratio(about, "same campaign again, to the first run", took.seconds / first.seconds),
        seconds(about, "graph, jobs and journal of a run", own, f"{steps} graph steps; no video work in it"),
        seconds(about, "graph overhead a take", own / takes, f"{takes} takes"),
        Figure(about, "graph overhead a step", own / steps * 1000, "ms"),
    ]


def _again(installed: Installed, place: Path, folder: str, number: int) -> tuple[Took, float, str]:
    """Run it, and find the seconds between its first and last entry in which no job worked on video."""
    took = installed.run("run", folder, "--yes", cwd=place)
    home, run = place / ".callsheet", f"{folder}-{number}"
    ledger = ledger_of(home, run)
    if any(one.kind in ("TakeStored", "SecondsReserved") for one in ledger):
        raise RuntimeError(f"{run} bought takes that it should have adopted; its figures would mean nothing")
    on_video = busy_seconds(home, run, tuple(one for one in ON_VIDEO if one != "render"))
    return took, sum(seconds_per_phase(ledger).values()) - on_video, run
