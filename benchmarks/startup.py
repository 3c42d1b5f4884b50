"""How long the command takes to say anything, against an interpreter that does nothing, in the same minute."""

import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.command import Installed, bare
from benchmarks.figure import Figure, ratio, seconds

TRIES = 5


def startup(installed: Installed, place: Path) -> list[Figure]:
    """Import time, `--help` time, a command that looks at the workspace, and the import of everything a run needs."""
    python = str(installed.python)
    measured = {
        "import callsheet": [python, "-c", "import callsheet"],
        "callsheet --help": [str(installed.script), "--help"],
        "callsheet status": [str(installed.script), "status"],
        "import all a run needs": [python, "-c", "from callsheet import Callsheet; import callsheet.jobs.engine"],
    }
    nothing, *rest = _fastest([[python, "-c", "pass"], *measured.values()], place)
    found = [seconds("startup", "python -c pass", nothing, f"fastest of {TRIES}, as all of startup")]
    for name, took in zip(measured, rest, strict=True):
        found += [seconds("startup", name, took), ratio("startup", f"{name}, to a bare python", took / nothing)]
    return found


def _fastest(commands: Sequence[Sequence[str]], place: Path) -> list[float]:
    """The shortest time of each, taken in turns so that a busy moment hits all alike."""
    best = [float("inf")] * len(commands)
    for _ in range(TRIES):
        for number, argv in enumerate(commands):
            best[number] = min(best[number], _once(argv, place))
    return best


def _once(argv: Sequence[str], folder: Path) -> float:
    began = time.perf_counter()
    subprocess.run(argv, cwd=folder, env=bare(folder), check=True, capture_output=True)
    return time.perf_counter() - began
