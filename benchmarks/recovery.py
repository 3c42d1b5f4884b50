"""How long a run stands still when the machine takes its process away: from SIGKILL to the next entry in the ledger."""

import json
import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.books import ledger_of
from benchmarks.command import BenchmarkFailed, Installed, bare
from benchmarks.figure import Figure, seconds

_RUN = "pocket-1"
_PATIENCE = 60.0


def recovery(installed: Installed, place: Path) -> list[Figure]:
    """Kill a run that has just asked for a take, and resume it at once."""
    installed.run("new", "pocket", "--pocket", cwd=place)
    with _serving(installed.python, place / "provider") as url:
        environment = bare(place) | {"CALLSHEET_VIDEO_URL": url}
        home = place / ".callsheet"
        with _started(installed, ("run", "pocket", "--yes"), place, environment) as run:
            _until(home, "PurchaseIntended", 0)
            run.kill()
        killed = time.monotonic()
        written = len(ledger_of(home, _RUN))
        with _started(installed, ("resume",), place, environment) as resumed:
            _until(home, "", written)
            took = time.monotonic() - killed
            if resumed.wait() != 0:
                raise BenchmarkFailed("the killed run was not finished")
    return [seconds("buying", "SIGKILL to going on", took, "`callsheet resume` at once, to its first new entry")]


def _until(home: Path, kind: str, written: int) -> None:
    """Look until there is an entry of that kind, or any, beyond those written."""
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        if (home / "workspace.db").exists() and any(
            one.kind == (kind or one.kind) for one in ledger_of(home, _RUN)[written:]
        ):
            return
        time.sleep(0.01)
    raise BenchmarkFailed(f"no {kind or 'new entry'} within {_PATIENCE:.0f} s")


@contextmanager
def _started(
    installed: Installed, words: tuple[str, ...], place: Path, environment: dict[str, str]
) -> Iterator["subprocess.Popen[bytes]"]:
    argv = [str(installed.script), *words]
    with subprocess.Popen(
        argv, cwd=place, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        yield process


@contextmanager
def _serving(python: Path, folder: Path) -> Iterator[str]:
    """A provider that outlives the run."""
    argv = [str(python), "-m", "callsheet.tools.sandbox", "--folder", str(folder), "--port", "0"]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, text=True, env=dict(os.environ)) as server:
        try:
            yield str(json.loads(server.stdout.readline() if server.stdout else "{}")["url"])
        finally:
            server.terminate()
