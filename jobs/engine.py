"""The Jobs port on DBOS Transact: durable queues in `engine.db`, or in Postgres.

On SQLite exactly one process works at a time: it holds a lock on a file beside the database, and another process
takes over when the first one ends. Everybody else is a client. Limits are kept by the engine's queues.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

from dbos import DBOS, DBOSClient, DBOSPortableJSONSerializer, EnqueueOptions, WorkflowStatus

from callsheet.domain.error import CallsheetError
from callsheet.domain.identity import JobId, RunId
from callsheet.jobs.connection import open_engine
from callsheet.jobs.lead import Leadership
from callsheet.jobs.port import Batch, Job, JobKind, Lane, Outcome, Progress, Work
from callsheet.jobs.standing import Standing, Try, name_of, pieces
from callsheet.jobs.worker import APPLICATION, DRIVE, JOB, VERSION, Worker, partition_of, queue_of, register_lane
from callsheet.storage import job as jobs
from callsheet.storage.database import Database, compact

_LOOK = 0.1
_LOG = logging.getLogger("callsheet.jobs")
"""Seconds between two looks at something that is nearly there."""
_LONGEST_LOOK = 2.0
_LOOK_AT_ONE = 0.001
"""Seconds of pause that one more open job adds: a look costs more the more there is to look at."""
_PATIENCE = 0.02
"""What was waited for so long may be seen that much later, as a part of the wait."""
_TAKEOVER = 0.5
_PIECE = 100
"""Jobs queued in one transaction: the worker writes to the same file."""


class DriveBroken(CallsheetError):
    """The engine could not advance a run. Nothing that was bought is lost."""


class EngineJobs:
    """Durable jobs. `url` is the engine's own database; `database` keeps which job carries which tag."""

    def __init__(self, url: str, database: Database, lead: Leadership) -> None:
        self._engine = open_engine(url)
        self._database = database
        self._lead = lead
        with self._engine.connect():  # puts a new SQLite file into its mode before anybody writes
            DBOS.migrate(url)  # no worker may have been here yet: a client must find its tables
        self._client = DBOSClient(
            system_database_engine=self._engine, serializer=DBOSPortableJSONSerializer(), application_name=APPLICATION
        )
        self._standing = Standing(self._client)

    async def submit(self, batch: Batch) -> None:
        """Queue what is not queued, running or done."""
        await self._database.write(
            lambda tx: jobs.tag(tx, batch.id, batch.run, [(one.id, one.kind, one.tags) for one in batch.jobs])
        )
        lanes: dict[Lane, JobKind] = {job.lane: job.kind for job in batch.jobs if job.lane is not None}
        for lane, kind in lanes.items():
            await asyncio.to_thread(register_lane, self._client, kind, lane)
        latest = await self._standing.latest([job.id for job in batch.jobs])
        await self._queue(
            [
                (_job_options(job, attempt), job.kind, dict(job.payload))
                for job in batch.jobs
                if (attempt := latest[job.id].next_attempt) is not None
            ]
        )

    async def outcome(self, batch: Batch) -> Mapping[JobId, Outcome]:
        """Look until every job has ended; less often the longer it takes and the more is open."""
        latest = await self._standing.latest([job.id for job in batch.jobs])
        waited = 0.0
        while open_ := {name_of(id_, one.attempt): id_ for id_, one in latest.items() if not _has_ended(one)}:
            pause = min(_LONGEST_LOOK, max(_LOOK, _LOOK_AT_ONE * len(open_), _PATIENCE * waited))
            await asyncio.sleep(pause)
            waited += pause
            ended = [open_[name] for name in await self._standing.look(list(open_), only_ended=True)]
            latest |= await self._standing.latest(ended, {id_: latest[id_].attempt for id_ in ended})
        return {id_: one.seen.outcome for id_, one in latest.items() if one.seen is not None}

    async def wake(self, run: RunId, key: str) -> None:
        """Have a worker advance the run, and wait until it stands still."""
        name = f"drive:{run}:{key}"
        options = _options(DRIVE, "graphs", name, priority=1, partition=run)
        await asyncio.to_thread(self._client.enqueue, options, run)
        # It may end in another process, where no Event reaches: looking is all there is.
        while (seen := (await self._standing.look([name], only_ended=True)).get(name)) is None:  # noqa: ASYNC110 - another process ends it
            await asyncio.sleep(_LOOK)
        if seen.status != "SUCCESS":
            raise DriveBroken(f"the drive of {run} ended as {seen.status.lower()}: {seen.error}. Resume the run.")

    async def tagged(self, tag: str) -> Mapping[JobId, tuple[str, ...]]:
        """Every job with this tag, and all its tags."""
        return await self._database.read(lambda tx: jobs.tagged(tx, tag))

    async def cancel(self, ids: Collection[JobId]) -> int:
        """Cancel what has not ended."""
        latest = await self._standing.latest(list(ids))
        open_ = [name_of(id_, one.attempt) for id_, one in latest.items() if one.seen and not one.seen.has_ended]
        for piece in pieces(open_, _PIECE):
            await asyncio.to_thread(self._client.cancel_workflows, list(piece))
        return len(open_)

    async def again(self, ids: Collection[JobId]) -> int:
        """Queue once more what ended without success, as it was queued before."""
        latest = await self._standing.latest(list(ids))
        failed = {name_of(id_, one.attempt): (id_, one.attempt) for id_, one in latest.items() if _has_failed(one)}
        rows: list[WorkflowStatus] = []
        for piece in pieces(list(failed), _PIECE):
            rows += await asyncio.to_thread(self._client.list_workflows, workflow_ids=list(piece), load_output=False)
        given = [(row, *failed[row.workflow_id], row.input["args"]) for row in rows if row.input]
        await self._queue([(_as_before(row, name_of(id_, tried + 1)), *args) for row, id_, tried, args in given])
        return len(given)

    async def forget(self, tag: str) -> int:
        """Remove every attempt at what has ended, and leave nothing of it in the file."""
        latest = await self._standing.latest(list(await self.tagged(tag)))
        ended = {id_: one.attempt for id_, one in latest.items() if _has_ended(one)}
        for id_, attempt in ended.items():
            for number in range(attempt + 1):
                await asyncio.to_thread(self._client.delete_workflow, name_of(id_, number))
        await asyncio.to_thread(compact, self._engine)
        return len(ended)

    async def progress(self, run: RunId) -> Sequence[Progress]:
        """Count what has ended."""
        batches = await self._database.read(lambda tx: jobs.batches(tx, run))
        return [
            Progress(batch=name, kind=kind, done=await self._standing.count_ended(ids), total=len(ids))
            for name, kind, ids in batches
        ]

    @asynccontextmanager
    async def work(self, work: Work) -> AsyncIterator[bool]:
        """Lead if nobody does; otherwise stand by and take over when the leader is gone. Who lost the lead stops."""
        worker = Worker(self._engine, self._client, work)
        leads = self._lead.try_take()
        if leads:
            await asyncio.to_thread(worker.launch)
        keeper = asyncio.create_task(self._keep(worker))
        try:
            yield leads
        finally:
            keeper.cancel()
            await asyncio.wait([keeper])  # not `await keeper`: an interrupt of ours must not be taken for its end
            if worker.is_launched:
                await asyncio.to_thread(worker.stop)
                self._lead.give_up()

    def close(self) -> None:
        """Close the connection to the engine."""
        self._lead.give_up()
        self._client.destroy()
        self._engine.dispose()

    async def _keep(self, worker: Worker) -> None:
        """Launch when the lead is free, and stop when it is lost: two workers would ask twice for what is in flight."""
        while True:
            if not worker.is_launched:
                if self._lead.try_take():
                    await asyncio.to_thread(worker.launch)
            elif not await asyncio.to_thread(self._lead.holds):
                _LOG.warning("the lead of this workspace was lost; its work goes on when it is free again")
                await asyncio.to_thread(worker.stop)
            await asyncio.sleep(_TAKEOVER)

    async def _queue(self, wanted: Sequence[tuple[EnqueueOptions, str, dict[str, Any]]]) -> None:
        def queue(piece: Sequence[tuple[EnqueueOptions, str, dict[str, Any]]]) -> None:
            with self._engine.begin() as connection:
                for options, kind, payload in piece:
                    self._client.enqueue_in_transaction(connection, options, kind, payload)

        for piece in pieces(wanted, _PIECE):
            await asyncio.to_thread(queue, piece)


def _job_options(job: Job, attempt: int) -> EnqueueOptions:
    key = None if job.lane is None else partition_of(job.lane)
    return _options(JOB, queue_of(job.kind, job.lane), name_of(job.id, attempt), job.priority, key)


def _as_before(row: WorkflowStatus, name: str) -> EnqueueOptions:
    return _options(row.name, row.queue_name or "", name, row.priority or 0, row.queue_partition_key)


def _options(workflow: str, queue: str, name: str, priority: int, partition: str | None) -> EnqueueOptions:
    options = EnqueueOptions(
        workflow_name=workflow,
        queue_name=queue,
        workflow_id=name,
        app_version=VERSION,
        application_name=APPLICATION,
        priority=priority,
    )
    if partition is not None:
        options["queue_partition_key"] = partition
    return options


def _has_ended(one: Try) -> bool:
    return one.seen is not None and one.seen.has_ended


def _has_failed(one: Try) -> bool:
    return one.seen is not None and one.seen.has_failed
