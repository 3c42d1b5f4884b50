"""The one process that works: it holds the lead, runs the engine's queues and the graphs of runs.

The engine keeps one instance a process and registers its workflows by name once, so what a workflow does is looked up
in the work that was last launched.
"""

import logging
from collections.abc import Mapping
from typing import Any

from dbos import DBOS, DBOSConfig, DBOSPortableJSONSerializer
from sqlalchemy import Engine

from callsheet.domain.error import CallsheetError
from callsheet.domain.identity import RunId
from callsheet.jobs.port import Work

APPLICATION = "callsheet"
VERSION = "jobs-1"
JOB = "job"
DRIVE = "drive"
_QUEUE_LOOK = 0.1
_NOTICE = 0.05
"""Seconds the engine's listener sleeps between two looks. Nothing here listens, so a look costs nothing; but closing
waits for the listener to wake."""
_GRAPHS = 8
_LOG = logging.getLogger("callsheet.jobs")
_current: list[Work] = []


class Worker:
    """The engine in this process."""

    def __init__(self, engine: Engine, work: Work, executor: str = "local") -> None:
        self._engine = engine
        self._work = work
        self._executor = executor
        self.is_launched = False

    def launch(self) -> None:
        """Start the queues; what a dead worker left unfinished goes on."""
        _current[:] = [self._work]
        config = DBOSConfig(
            name=APPLICATION,
            system_database_engine=self._engine,
            application_version=VERSION,
            executor_id=self._executor,
            serializer=DBOSPortableJSONSerializer(),
            log_level="ERROR",
            console_log_level="ERROR",
            notification_listener_polling_interval_sec=_NOTICE,
        )
        DBOS(config=config)
        DBOS.launch()
        self.is_launched = True
        DBOS.register_queue(
            "graphs", partition_concurrency=1, worker_concurrency=_GRAPHS, polling_interval_sec=_QUEUE_LOOK
        )
        for kind in self._work.functions:
            DBOS.register_queue(
                kind, worker_concurrency=self._work.limits.get(kind, 2), polling_interval_sec=_QUEUE_LOOK
            )

    def stop(self) -> None:
        """Stop. What was under way is taken up by the next worker."""
        DBOS.destroy()
        engine_log = logging.getLogger("dbos")
        for handler in list(engine_log.handlers):  # it keeps the stream of the launch, which may be closed by the next
            engine_log.removeHandler(handler)
        _current.clear()
        self.is_launched = False


@DBOS.step(name="do", preemptible=True)
async def _do(kind: str, payload: Mapping[str, Any]) -> dict[str, Any]:
    try:
        return {"done": dict(await _current[0].functions[kind](payload))}
    except CallsheetError as error:
        return {"undone": str(error)}
    except Exception as error:  # noqa: BLE001 - a job ends with a reason, whatever it was; the log has the whole story
        _LOG.exception("job %s failed", kind)
        return {"undone": f"{type(error).__name__}: {error}"}


@DBOS.workflow(name=JOB)
async def _job(kind: str, payload: dict[str, Any]) -> dict[str, Any]:
    return await _do(kind, payload)


@DBOS.step(name="advance")
async def _advance(run: str) -> None:
    await _current[0].drive(RunId(run))


@DBOS.workflow(name=DRIVE)
async def _drive(run: str) -> None:
    await _advance(run)
