"""The one process that works: it holds the lead, runs the engine's queues and the graphs of runs.

The engine keeps one instance a process and registers its workflows by name once, so what a workflow does is looked up
in the work that was last launched.
"""

import logging
import threading
from collections.abc import Mapping
from typing import Any

from dbos import DBOS, DBOSClient, DBOSConfig, DBOSPortableJSONSerializer
from dbos._error import DBOSAwaitedWorkflowCancelledError
from sqlalchemy import Engine

from callsheet.domain.error import CallsheetError
from callsheet.domain.identity import RunId
from callsheet.jobs.port import JobKind, Lane, Work, undone_by

APPLICATION = "callsheet"
VERSION = "jobs-1"
JOB = "job"
DRIVE = "drive"
_QUEUE_LOOK = 0.1
_NOTICE = 0.05
"""Seconds the engine's listener sleeps between two looks. Nothing here listens, so a look costs nothing; but closing
waits for the listener to wake."""
_LONGEST_STOP = 10.0
_QUEUE_THREAD = "queue-worker-"
"""How the engine names the threads that look at its queues; one engine a process."""
_GRAPHS = 8
_LOG = logging.getLogger("callsheet.jobs")
_current: list[Work] = []


def is_news(record: logging.LogRecord) -> bool:
    """Whether the engine should say it: that a job ended because somebody cancelled it is no error."""
    return not (record.exc_info and isinstance(record.exc_info[1], DBOSAwaitedWorkflowCancelledError))


def queue_of(kind: str, lane: Lane | None) -> str:
    """The queue a job waits in: one for each provider, or one for each kind of job that has no lane."""
    return kind if lane is None else f"{kind}.{lane.provider}"


def partition_of(lane: Lane) -> str:
    """The part of a provider's queue that one account has to itself."""
    return lane.account or "-"


def register_lane(client: DBOSClient, kind: JobKind, lane: Lane) -> None:
    """Have the provider's queue in place with these limits, before anything is queued there.

    The engine keeps limits in its database and reads them at each look, so a worker that runs already follows.
    """
    client.register_queue(
        queue_of(kind, lane),
        global_concurrency=lane.limit,
        partition_concurrency=lane.room,
        polling_interval_sec=_QUEUE_LOOK,
    )


class Worker:
    """The engine in this process."""

    def __init__(self, engine: Engine, client: DBOSClient, work: Work, executor: str = "local") -> None:
        self._engine = engine
        self._client = client
        self._work = work
        self._executor = executor
        self._dbos: DBOS | None = None
        self.is_launched = False

    def launch(self) -> None:
        """Start the queues; what a dead worker left unfinished goes on."""
        _current[:] = [self._work]
        self._register_queues()
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
        self._dbos = DBOS(config=config)
        logging.getLogger("dbos").addFilter(is_news)
        DBOS.launch()
        self.is_launched = True

    def _register_queues(self) -> None:
        """Before the engine starts: it begins with the limits it finds, and looks for new queues but once a second."""
        self._client.register_queue(
            "graphs", partition_concurrency=1, worker_concurrency=_GRAPHS, polling_interval_sec=_QUEUE_LOOK
        )
        for kind in self._work.functions:
            self._client.register_queue(
                kind, worker_concurrency=self._work.limits.get(kind, 2), polling_interval_sec=_QUEUE_LOOK
            )
        for lane in self._work.lanes:
            register_lane(self._client, "render", lane)

    def stop(self) -> None:
        """Stop. What was under way is taken up by the next worker."""
        self._still_queues()
        DBOS.destroy()
        self._dbos = None
        engine_log = logging.getLogger("dbos")
        for handler in list(engine_log.handlers):  # it keeps the stream of the launch, which may be closed by the next
            engine_log.removeHandler(handler)
        _current.clear()
        self.is_launched = False

    def _still_queues(self) -> None:
        """Let the queues hand over what they just took: the engine closes its loop before its queues, and whoever hands
        a job to a closed loop says so as an error."""
        for event in self._dbos.background_thread_stop_events if self._dbos else ():
            event.set()
        for thread in threading.enumerate():
            if thread.name.startswith(_QUEUE_THREAD) and thread.is_alive():  # one that only starts now sees the event
                thread.join(_LONGEST_STOP)


@DBOS.step(name="do", preemptible=True)
async def _do(kind: str, payload: Mapping[str, Any]) -> dict[str, Any]:
    try:
        return {"done": dict(await _current[0].functions[kind](payload))}
    except Exception as error:  # noqa: BLE001 - a job ends with a reason, whatever it was; the log has the whole story
        if not isinstance(error, CallsheetError):
            _LOG.exception("job %s failed", kind)
        undone = undone_by(error)
        return {"undone": undone.reason, "needs_person": undone.needs_person}


@DBOS.workflow(name=JOB)
async def _job(kind: str, payload: dict[str, Any]) -> dict[str, Any]:
    return await _do(kind, payload)


@DBOS.step(name="advance")
async def _advance(run: str) -> None:
    await _current[0].drive(RunId(run))


@DBOS.workflow(name=DRIVE)
async def _drive(run: str) -> None:
    await _advance(run)
