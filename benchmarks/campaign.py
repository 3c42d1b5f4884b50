"""The example campaigns: seconds by phase, what the graph itself costs, memory, and bytes in the databases."""

from dataclasses import dataclass
from pathlib import Path

from benchmarks.books import bytes_by_table, bytes_of, ledger_of, seconds_on_video, steps_of, takes_in
from benchmarks.command import BenchmarkFailed, Installed, Took
from benchmarks.figure import Figure, kilobytes, megabytes, milliseconds, ratio, seconds
from benchmarks.phase import seconds_per_phase

_TABLES_SHOWN = 5


@dataclass(frozen=True)
class Campaign:
    """A campaign folder under `place`, whose workspace is beside it, and what its first run took."""

    about: str
    name: str
    place: Path
    first: Took

    @property
    def home(self) -> Path:
        """The workspace."""
        return self.place / ".callsheet"


def pocket(installed: Installed, place: Path) -> list[Figure]:
    """The tiny example: two shots of two seconds, 160 x 284."""
    installed.run("new", "pocket", "--pocket", cwd=place)
    campaign = Campaign("pocket", "pocket", place, installed.run("run", "pocket", "--yes", cwd=place))
    return [*first_run(installed, campaign), *repeated(installed, campaign, times=3)]


def demo(installed: Installed, place: Path) -> list[Figure]:
    """`callsheet demo`: the runner example with its reshoot, its frames drawn in the terminal as they come."""
    campaign = Campaign("demo", "runner", place / "callsheet-demo", installed.run("demo", cwd=place))
    return [*first_run(installed, campaign), *repeated(installed, campaign, times=1)]


def first_run(installed: Installed, campaign: Campaign) -> list[Figure]:
    """What the first run took, phase by phase, and what it left behind."""
    about, took = campaign.about, campaign.first
    per_phase = seconds_per_phase(ledger_of(campaign.home, f"{campaign.name}-1"))
    return [
        seconds(about, "whole command", took.seconds, "gates answered by policy"),
        seconds(about, "processor time", took.cpu, f"of it {took.cpu_children:.1f} s in ffmpeg"),
        *(seconds(about, f"phase {phase}", one) for phase, one in per_phase.items()),
        *memory(about, took),
        *database(installed, campaign),
    ]


def memory(about: str, took: Took) -> list[Figure]:
    """The most memory that the run's process held, its ffmpegs held, and all held together."""
    found = [megabytes(about, "peak memory, run process", took.peak)]
    if took.children_at_once is not None and took.all_at_once is not None:
        found.append(megabytes(about, "peak memory, its ffmpegs together", took.children_at_once))
        found.append(megabytes(about, "peak memory, all at one moment", took.all_at_once))
    return found


def database(installed: Installed, campaign: Campaign) -> list[Figure]:
    """What a take adds to the databases: all that the run wrote, divided by its takes."""
    about, home, takes = campaign.about, campaign.home, takes_in(ledger_of(campaign.home, f"{campaign.name}-1"))
    empty = campaign.place / "empty"
    empty.mkdir()
    installed.open_workspace(empty)
    grown = bytes_of(home) - bytes_of(empty / ".callsheet")
    found = [kilobytes(about, "database bytes a take", grown / takes, f"{takes} takes; media not counted")]
    by_table = bytes_by_table(home)
    by_table.subtract(bytes_by_table(empty / ".callsheet"))
    largest = by_table.most_common(_TABLES_SHOWN)
    return found + [kilobytes(about, f"of them {table}", size / takes) for table, size in largest]


def repeated(installed: Installed, campaign: Campaign, times: int) -> list[Figure]:
    """The same campaign again: takes and pieces are adopted, so what is left is the graph, its jobs and the journal."""
    about, first = campaign.about, campaign.first
    again = [_again(installed, campaign, number) for number in range(2, 2 + times)]
    took, own, run = min(again, key=lambda one: one[1])
    takes, steps = takes_in(ledger_of(campaign.home, run)), steps_of(campaign.home, run)
    return [
        seconds(about, "same campaign again, whole command", took.seconds, "every take and piece adopted"),
        seconds(about, "same campaign again, processor time", took.cpu),
        ratio(about, "same campaign again, to the first run", took.seconds / first.seconds),
        seconds(about, "graph, jobs and journal of that run", own, f"{steps} steps, fastest of {times}"),
        seconds(about, "graph overhead a take", own / takes, f"{takes} takes"),
        milliseconds(about, "graph overhead a step", own / steps),
    ]


def _again(installed: Installed, campaign: Campaign, number: int) -> tuple[Took, float, str]:
    """Run it, and find the seconds between its first and last entry in which no job worked on video."""
    run = f"{campaign.name}-{number}"
    took = installed.run("run", campaign.name, "--yes", cwd=campaign.place)
    ledger = ledger_of(campaign.home, run)
    if any(one.kind == "SecondsReserved" for one in ledger):
        raise BenchmarkFailed(f"{run} bought a take that it should have adopted, so its figures would mean nothing")
    return took, sum(seconds_per_phase(ledger).values()) - seconds_on_video(campaign.home, run), run
