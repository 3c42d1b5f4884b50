"""What only the engine promises: jobs outlive the process that works on them, and one process leads at a time."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from contracts import engine_worker
from contracts.desk import PATIENCE, Desk, batch, ended, opened, until

from callsheet.domain.identity import RunId
from callsheet.jobs.port import Done


async def test_what_a_stopped_worker_left_is_taken_up_by_the_next_one_within_its_limits(
    tmp_path: Path,
) -> None:
    desk, one = Desk(), batch("a", "b", "c", "d", waits=True)
    async with opened("engine", tmp_path, desk, limit=2) as first:
        await first.submit(one)
        await until(lambda: sum(desk.begun[job.id] for job in one.jobs) == 2)
        await asyncio.sleep(0.4)
        assert sum(desk.begun[job.id] for job in one.jobs) == 2
    desk.open.set()
    async with opened("engine", tmp_path, desk, limit=2) as second:
        assert all(isinstance(done, Done) for done in (await ended(second, one)).values())


def start_worker(home: Path, name: str) -> "subprocess.Popen[bytes]":
    with (home / f"{name}.log").open("wb") as log:
        return subprocess.Popen([sys.executable, engine_worker.__file__, str(home), name], stdout=log, stderr=log)


@pytest.fixture
def workers(tmp_path: Path) -> Iterator[Callable[[str], "subprocess.Popen[bytes]"]]:
    """Starts worker processes on one workspace, and ends them."""
    started: list[subprocess.Popen[bytes]] = []

    def start(name: str) -> "subprocess.Popen[bytes]":
        started.append(start_worker(tmp_path, name))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.wait()


async def test_a_second_process_stands_by_and_takes_over_when_the_leader_is_killed(
    tmp_path: Path, workers: Callable[[str], "subprocess.Popen[bytes]"]
) -> None:
    leader = workers("frozen")
    await until(lambda: (tmp_path / "frozen.leads").exists())
    workers("heir")
    client = engine_worker.open_jobs(tmp_path)
    one = batch("a", run="spring-1")
    await client.submit(one)
    await until(lambda: (tmp_path / "spring-1.a.begun-by-frozen").exists())
    await until(lambda: (tmp_path / "heir.stands-by").exists())
    assert not (tmp_path / "spring-1.a.begun-by-heir").exists()

    os.kill(leader.pid, signal.SIGKILL)
    killed = time.monotonic()
    assert await ended(client, one) == {one.jobs[0].id: Done(result={"by": "heir"})}
    print(f"\ntaken over and done {time.monotonic() - killed:.1f} s after the kill")
    async with asyncio.timeout(PATIENCE):
        await client.wake(RunId("spring-1"), "start")
    assert (tmp_path / "spring-1.driven-by-heir").exists()
    client.close()
    client._database.close()
