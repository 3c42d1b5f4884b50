"""A worker that stops says nothing of it, and what it had just taken is done by the next one."""

import asyncio
import logging
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import dbos._queue as queues
import pytest
from contracts.desk import until
from dbos._error import DBOSAwaitedWorkflowCancelledError

from callsheet.domain.identity import BatchId, JobId, RunId
from callsheet.jobs.engine import EngineJobs
from callsheet.jobs.lead import Lead
from callsheet.jobs.port import Batch, Done, Job, Work
from callsheet.storage.database import Database
from callsheet.wiring import wall_clock

_HANDING_OVER = 0.5


class Said(logging.Handler):
    """What the engine complained about."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())


async def made(_payload: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"made": True}


async def never(_run: RunId) -> None:
    raise AssertionError("no graph is driven here")


async def test_a_worker_that_stops_while_its_queue_hands_a_job_over_leaves_it_to_the_next_without_a_word(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    is_taken, said = threading.Event(), Said()
    begin: Any = vars(queues)["execute_dequeued_workflow"]

    def slowly(*given: Any, **named: Any) -> Any:
        is_taken.set()
        time.sleep(_HANDING_OVER)
        return begin(*given, **named)

    monkeypatch.setattr(queues, "execute_dequeued_workflow", slowly)
    database = Database(f"sqlite:///{tmp_path / 'w.db'}", "w", wall_clock)
    jobs = EngineJobs(f"sqlite:///{tmp_path / 'engine.db'}", database, Lead(tmp_path / "engine.lock"))
    one = Batch(BatchId("r.encode"), RunId("r"), (Job(JobId("r.segment.1"), "segment", {}),))
    work = Work(functions={"segment": made}, drive=never)
    log = logging.getLogger("dbos")
    try:
        async with jobs.work(work):
            log.addHandler(said)
            for error in (DBOSAwaitedWorkflowCancelledError("r.segment.1"), KeyError("lost")):
                log.error("%s", type(error).__name__, exc_info=error)
            await jobs.submit(one)
            await until(is_taken.is_set)
        async with jobs.work(work), asyncio.timeout(30):
            assert list((await jobs.outcome(one)).values()) == [Done(result={"made": True})]
    finally:
        log.removeHandler(said)
        jobs.close()
        database.close()
    assert said.lines == ["KeyError"], "that a job was cancelled is no error"


async def test_a_worker_that_stops_while_a_thread_of_its_queues_only_starts_still_stops(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    starting = threading.Thread(name="queue-worker-late", target=lambda: None)
    enumerate_ = threading.enumerate
    database = Database(f"sqlite:///{tmp_path / 'w.db'}", "w", wall_clock)
    jobs = EngineJobs(f"sqlite:///{tmp_path / 'engine.db'}", database, Lead(tmp_path / "engine.lock"))
    async with jobs.work(Work(functions={"segment": made}, drive=never)) as leads:
        assert leads
        monkeypatch.setattr(threading, "enumerate", lambda: [*enumerate_(), starting])
    monkeypatch.undo()
    jobs.close()
    following = Lead(tmp_path / "engine.lock")
    assert following.try_take(), "the next worker may lead"
    following.give_up()
    database.close()
