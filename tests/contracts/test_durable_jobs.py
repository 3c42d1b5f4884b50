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
from figures import Tell

from callsheet.domain.identity import RunId
from callsheet.jobs.engine import EngineJobs
from callsheet.jobs.port import Done
from callsheet.storage.database import Database


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
    tmp_path: Path, workers: Callable[[str], "subprocess.Popen[bytes]"], tell: Tell
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
    tell(f"taken over and done {time.monotonic() - killed:.1f} s after the kill")
    async with asyncio.timeout(PATIENCE):
        await client.wake(RunId("spring-1"), "start")
    assert (tmp_path / "spring-1.driven-by-heir").exists()
    client.close()
    client._database.close()


class Lost:
    """A lead that can be lost while it is held, as when the connection that holds it drops."""

    def __init__(self) -> None:
        self.is_free, self.is_ours = True, False

    def try_take(self) -> bool:
        self.is_ours = self.is_ours or self.is_free
        return self.is_ours

    def holds(self) -> bool:
        return self.is_ours

    def lose(self) -> None:
        self.is_free = self.is_ours = False

    def give_up(self) -> None:
        self.is_ours = False


async def test_a_worker_that_lost_the_lead_stops_and_goes_on_when_it_is_free_again(tmp_path: Path) -> None:
    """Another process may lead already: two of them would ask a provider twice for what is in flight."""
    desk, lead = Desk(), Lost()
    database = Database(f"sqlite:///{tmp_path / 'workspace.db'}", "w", lambda: engine_worker.NOON)
    jobs = EngineJobs(f"sqlite:///{tmp_path / 'engine.db'}", database, lead)
    async with jobs.work(desk.work(limit=2)):
        first, second = batch("a"), batch("b")
        await jobs.submit(first)
        await ended(jobs, first)
        lead.lose()
        await asyncio.sleep(2)
        await jobs.submit(second)
        await asyncio.sleep(1)
        assert desk.begun[second.jobs[0].id] == 0
        lead.is_free = True
        assert all(isinstance(done, Done) for done in (await ended(jobs, second)).values())
    jobs.close()
    database.close()
