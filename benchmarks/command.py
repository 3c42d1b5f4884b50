"""The `callsheet` command as somebody uses it: a process of its own, in a folder, with no setting of this machine."""

import json
import os
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.memory import FamilyWatch

WITNESS = Path(__file__).with_name("witness.py")
WAITING = 3
"""The exit code of a run that waits at a gate."""
_OPENS = """
import asyncio
from callsheet import Callsheet

async def main():
    async with Callsheet.open():
        pass

asyncio.run(main())
"""


class BenchmarkFailed(RuntimeError):
    """What was measured did not do its work, so its figures would mean nothing."""


@dataclass(frozen=True)
class Took:
    """What a command said, and what it took. Memory is in bytes; None where this machine cannot tell."""

    said: str
    seconds: float
    cpu_own: float
    cpu_children: float
    peak: int
    children_at_once: int | None
    all_at_once: int | None

    @property
    def cpu(self) -> float:
        """Processor seconds of the command and of every program it started."""
        return self.cpu_own + self.cpu_children


@dataclass(frozen=True)
class Installed:
    """An environment with Callsheet in it."""

    python: Path

    @property
    def script(self) -> Path:
        """The command as a shell finds it."""
        return self.python.parent / "callsheet"

    def run(self, *words: str, cwd: Path, waits: bool = False) -> Took:
        """Run a command to its end. `waits` says that it must end at a gate. Raises BenchmarkFailed."""
        with TemporaryDirectory(prefix="callsheet-bench-") as folder:
            result = Path(folder) / "took.json"
            argv = [str(self.python), "-P", str(WITNESS), str(result), *words]
            began = time.monotonic()
            with (
                subprocess.Popen(
                    argv, cwd=cwd, env=bare(cwd), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
                ) as process,
                FamilyWatch(process.pid) as watch,
            ):
                said, _ = process.communicate()
            seconds = time.monotonic() - began
            if process.returncode != (WAITING if waits else 0):
                raise BenchmarkFailed(f"callsheet {' '.join(words)} ended with {process.returncode}:\n{said[-2000:]}")
            took = json.loads(result.read_text(encoding="utf-8"))
        return Took(
            said=said,
            seconds=seconds,
            cpu_own=took["cpu_own"],
            cpu_children=took["cpu_children"],
            peak=took["peak_bytes"],
            children_at_once=watch.children_at_once,
            all_at_once=watch.all_at_once,
        )

    def open_workspace(self, cwd: Path) -> None:
        """Make a workspace in a folder and close it again: the databases as they are before the first run."""
        subprocess.run([str(self.python), "-c", _OPENS], cwd=cwd, env=bare(cwd), check=True, capture_output=True)


def bare(home: Path) -> dict[str, str]:
    """An environment that says nothing about Callsheet."""
    return {"PATH": os.environ["PATH"], "HOME": str(home), "LANG": "C.UTF-8"}
