"""What becomes of a take at every kind of provider, fault by fault, as a page: `make faults` writes docs/faults.md."""

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from crash.matrix import lay_ground
from faults.cell import PROVIDERS, Outcome, faults, play

from callsheet.tools.sandbox.fault import KINDS

PAGE = Path(__file__).resolve().parents[2] / "docs" / "faults.md"
INTRODUCTION = """# What becomes of a take

Written by `make faults` from what really happens; a test plays all of it again and compares. One take of 4 s is bought
at each kind of provider the way a run buys it: twice where that may help, then again on the next two mornings. The
first request for it meets with the fault. Nothing is bought twice, and nothing that is paid for is lost.

*At try N*: the provider was asked N times, and each time but the last it had surely sold nothing. *Kept aside*: it
arrived and cannot be used, so it is paid for, and one more is bought, as approved. *Waits at a gate*: nobody can say
whether it was bought; a person looks at the provider's own page.
"""


def play_all(folder: Path) -> Mapping[tuple[str, str], Outcome]:
    """Every fault at every provider."""
    ground = lay_ground(folder)
    return {(fault, manners.name): play(ground, manners, fault) for fault in faults() for manners in PROVIDERS}


def page(played: Mapping[tuple[str, str], Outcome]) -> str:
    """The page: providers that end alike share a line."""
    rows = []
    for fault in faults():
        by_end: dict[str, list[str]] = {}
        for manners in PROVIDERS:
            by_end.setdefault(played[fault, manners.name].said, []).append(manners.name)
        what = KINDS[fault.partition(":")[0]].says
        for said, names in by_end.items():
            who = "all" if len(by_end) == 1 else ", ".join(names)
            rows.append(f"| `{fault}` | {what} | {who} | {said} |")
            what = ""
    return "\n".join([INTRODUCTION, "| fault | what it does | provider | the take |", "|---|---|---|---|", *rows, ""])


if __name__ == "__main__":
    with TemporaryDirectory(prefix="callsheet-faults-") as scratch:
        PAGE.write_text(page(play_all(Path(scratch))), encoding="utf-8")
