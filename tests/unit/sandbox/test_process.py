"""Running another program: bounded in time and output, and never left behind."""

import asyncio
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from callsheet.tools.process import ProcessTimeout, run_process

PYTHON = sys.executable


async def test_it_answers_with_output_errors_and_code() -> None:
    code = "import sys; print(sys.stdin.read().upper()); print('why', file=sys.stderr); sys.exit(3)"
    done = await run_process([PYTHON, "-c", code], timeout=20, stdin=b"word")
    assert (done.returncode, done.stdout, done.last_words) == (3, b"WORD\n", "why")


async def test_lines_are_heard_as_they_come() -> None:
    heard: list[str] = []
    done = await run_process([PYTHON, "-c", "print('a'); print('b')"], timeout=20, on_line=heard.append)
    assert (heard, done.stdout) == (["a", "b"], b"")


async def test_a_program_past_its_deadline_is_stopped() -> None:
    begun = time.monotonic()
    with pytest.raises(ProcessTimeout, match=r"stopped after 0\.2 s"):
        await run_process([PYTHON, "-c", "import time; time.sleep(60)"], timeout=0.2)
    assert time.monotonic() - begun < 10


async def test_a_cancelled_program_is_gone() -> None:
    pids: asyncio.Queue[str] = asyncio.Queue()
    code = "import os, time; print(os.getpid(), flush=True); time.sleep(60)"
    task = asyncio.create_task(run_process([PYTHON, "-c", code], timeout=60, on_line=pids.put_nowait))
    pid = int(await pids.get())
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux lets a parent's death end its child")
def test_a_program_dies_with_a_killed_parent() -> None:
    child = "import os, time; print(os.getpid(), flush=True); time.sleep(60)"
    parent = (
        "import asyncio, sys\n"
        "from callsheet.tools.process import run_process\n"
        "def hear(line): print(line, flush=True)\n"
        f"asyncio.run(run_process([sys.executable, '-c', {child!r}], timeout=60, on_line=hear))\n"
    )
    with subprocess.Popen([PYTHON, "-c", parent], stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        pid = int(running.stdout.readline())
        running.kill()
    deadline = time.monotonic() + 10
    while _is_alive(pid) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not _is_alive(pid)


def _is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().split(")")[1].split()[0] != "Z"
    except FileNotFoundError:
        return False
