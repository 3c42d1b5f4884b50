"""Runs the `callsheet` command in this process and, when it ends, writes down what it took.

Started with another interpreter than the benchmarks' own, so it stands alone: `python -P witness.py RESULT words...`.
"""

import json
import resource
import sys
import time
from pathlib import Path


def cpu_seconds(who: int = resource.RUSAGE_SELF) -> float:
    """Seconds on a processor, in user code and in the kernel."""
    used = resource.getrusage(who)
    return used.ru_utime + used.ru_stime


def peak_bytes() -> int:
    """The most memory that this process ever held."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def main() -> None:
    """Be the command of the words after the first, and say in the file of the first what that took."""
    result, sys.argv = Path(sys.argv[1]), ["callsheet", *sys.argv[2:]]
    began = time.monotonic()
    try:
        from callsheet.cli import main as command

        command()
    finally:
        took = {
            "seconds": time.monotonic() - began,
            "cpu_own": cpu_seconds(),
            "cpu_children": cpu_seconds(resource.RUSAGE_CHILDREN),
            "peak_bytes": peak_bytes(),
        }
        result.write_text(json.dumps(took), encoding="utf-8")


if __name__ == "__main__":
    main()
