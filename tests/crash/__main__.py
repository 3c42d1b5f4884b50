"""The whole crash matrix: `make crash-matrix` tries every moment of every fault and writes docs/crash-matrix.md."""

import argparse
import multiprocessing
import sys
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from crash.kills import Fallen, battlefield, fall_all
from crash.matrix import Row, faults, try_beside_others
from crash.report import PAGE, page
from crash.shoot import prepare
from crash.zygote import Life

BAD_DAYS = ("", "500_after", "drop_after", "moderation_flaky", "poll_5xx:2", "content_504:1")
OUTSIDE = 24


def main() -> None:
    """Try everything, print what went wrong, write the page."""
    parser = argparse.ArgumentParser(prog="python -m crash", description="Tries every point of the crash matrix.")
    parser.add_argument("--stride", type=int, default=1, help="try every so manieth moment only")
    parser.add_argument("--at-once", type=int, default=2, help="processes at work at a time")
    parser.add_argument("--dry", action="store_true", help="print the page instead of writing it")
    parser.add_argument("faults", nargs="*", help="faults to try; all if none is named, and SIGKILLs then, too")
    asked = parser.parse_args()
    with TemporaryDirectory(prefix="callsheet-crash-") as folder:
        rows = matrix(Path(folder), asked.faults or list(faults()), asked.stride, asked.at_once)
        fallen = [] if asked.faults else kills(Path(folder) / "kills", asked.stride, asked.at_once)
    wrong = [sentence for row in rows for sentence in row.sentences]
    wrong += [f"{one.life}: {'; '.join(one.verdict.faults)}" for one in fallen if one.verdict.faults]
    print("\n".join(wrong), file=sys.stderr)
    if asked.dry or asked.faults:
        print(page(rows, fallen))
    else:
        PAGE.write_text(page(rows, fallen), encoding="utf-8")
    sys.exit(bool(wrong))


def matrix(folder: Path, names: list[str], stride: int, at_once: int) -> list[Row]:
    """Every fault, each in its own folder, so many at a time."""
    with ProcessPoolExecutor(at_once, multiprocessing.get_context("spawn")) as pool:
        return list(pool.map(partial(try_beside_others, folder, stride=stride), names))


def kills(folder: Path, stride: int, at_once: int) -> list[Fallen]:
    """SIGKILL at every moment of a shoot, the kinds of day in turn, and some from outside."""
    folder.mkdir(parents=True)
    with battlefield(prepare(folder), folder / "field") as field:
        (undisturbed,) = fall_all(field, [Life("", "", "undisturbed")])
        moments = len(undisturbed.moments)
        lives = [Life("", "", f"k{at}", BAD_DAYS[at % len(BAD_DAYS)], at=at) for at in range(0, moments, stride)]
        lives += [Life("", "", f"o{one}", after=0.2 + 0.1 * one) for one in range(OUTSIDE)]
        return fall_all(field, lives, at_once)


if __name__ == "__main__":
    main()
