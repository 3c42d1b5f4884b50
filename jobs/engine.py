"""The Jobs port on DBOS Transact: durable queues in `engine.db`, or in Postgres.

On SQLite exactly one process works at a time: it holds a lock on a file beside the database, and another process
takes over when the first one ends. Everybody else is a client. Limits are kept by the engine's queues.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any

from dbos import DBOSClient, DBOSPortableJSONSerializer, EnqueueOptions

from callsheet.domain.error import CallsheetError
from callsheet.domain.identity import JobId, RunId
from callsheet.jobs.connection import open_engine
from callsheet.jobs.lead import Leadership
from callsheet.jobs.port import Batch, Done, Job, Outcome, Progress, Undone, Work
from callsheet.jobs.worker import APPLICATION, DRIVE, JOB, VERSION, Worker
from callsheet.storage import job as jobs
from callsheet.storage.database import Database

_ENDED = frozenset({"SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"})
_LOOK = 0.1
_TAKEOVER = 0.5


@dataclass(frozen=True)
class _Seen:
    status: str
    output: Mapping[str, Any] | None
    error: str = ""

    @property
    def has_failed(self) -> bool:
        return self.status in _ENDED and (self.status != "SUCCESS" or self.output is None or "done" not in self.output)


class DriveBroken(CallsheetError):
    """The engine could not advance a run. Nothing that was bought is lost."""


class EngineJobs:
    """Durable jobs. `url` is the engine's own database; `database` keeps which job carries which tag."""

    def __init__(self, url: str, database: Database, lead: Leadership) -> None:
        self._engine = open_engine(url)
        self._database = database
        self._lead = lead
        self._client = DBOSClient(
            system_database_engine=self._engine, serializer=DBOSPortableJSONSerializer(), application_name=APPLICATION
        )

    async def submit(self, batch: Batch) -> None:
        """Queue what is not queued, running or done."""
        await self._database.write(
            lambda tx: jobs.tag(tx, batch.id, batch.run, [(one.id, one.kind, one.tags) for one in batch.jobs])
        )
        latest = await self._latest([job.id for job in batch.jobs])
        for job in batch.jobs:
            attempt, seen = latest[job.id]
            if seen is None or seen.has_failed:
                await self._queue(job, attempt + 1 if seen else attempt)

    async def outcome(self, batch: Batch) -> Mapping[JobId, Outcome]:
        """Look until every job has ended."""
        ids = [job.id for job in batch.jobs]
        while True:
            latest = await self._latest(ids)
            seen = {id_: one for id_, (_, one) in latest.items() if one is not None and one.status in _ENDED}
            if len(seen) == len(ids):
                return {id_: _outcome(one) for id_, one in seen.items()}
            await asyncio.sleep(_LOOK)

    async def wake(self, run: RunId, key: str) -> None:
        """Have a worker advance the run, and wait until it stands still."""
        name = f"drive:{run}:{key}"
        options = self._options(DRIVE, "graphs", name, priority=1) | EnqueueOptions(
            workflow_name=DRIVE, queue_name="graphs", queue_partition_key=run
        )
        await asyncio.to_thread(self._client.enqueue, options, run)
        # It may end in another process, where no Event reaches: looking is all there is.
        while (seen := (await self._look([name])).get(name)) is None or seen.status not in _ENDED:  # noqa: ASYNC110 - another process ends it
            await asyncio.sleep(_LOOK)
        if seen.status != "SUCCESS":
            raise DriveBroken(f"the drive of {run} ended as {seen.status.lower()}: {seen.error}. Resume the run.")

    async def cancel(self, tag: str) -> int:
        """Cancel by tag."""
        ids = await self._database.read(lambda tx: jobs.tagged(tx, tag))
        latest = await self._latest(ids)
        open_ = [_name(id_, attempt) for id_, (attempt, seen) in latest.items() if seen and seen.status not in _ENDED]
        if open_:
            await asyncio.to_thread(self._client.cancel_workflows, open_)
        return len(open_)

    async def progress(self, run: RunId) -> Sequence[Progress]:
        """Count what has ended."""
        batches = await self._database.read(lambda tx: jobs.batches(tx, run))
        latest = await self._latest([id_ for _, _, ids in batches for id_ in ids])
        ended = {id_ for id_, (_, seen) in latest.items() if seen and seen.status in _ENDED}
        return [
            Progress(batch=name, kind=kind, done=len(ended.intersection(ids)), total=len(ids))
            for name, kind, ids in batches
        ]

    @asynccontextmanager
    async def work(self, work: Work) -> AsyncIterator[bool]:
        """Lead if nobody does; otherwise stand by and take over when the leader is gone."""
        worker = Worker(self._engine, work)
        leads = self._lead.try_take()
        if leads:
            await asyncio.to_thread(worker.launch)
        standby = None if leads else asyncio.create_task(self._take_over(worker))
        try:
            yield leads
        finally:
            if standby:
                standby.cancel()
                with suppress(asyncio.CancelledError):
                    await standby
            if worker.is_launched:
                await asyncio.to_thread(worker.stop)
                self._lead.give_up()

    def close(self) -> None:
        """Close the connection to the engine."""
        self._lead.give_up()
        self._client.destroy()
        self._engine.dispose()

    async def _take_over(self, worker: Worker) -> None:
        while not self._lead.try_take():  # noqa: ASYNC110 - another process holds it, and no Event reaches from there
            await asyncio.sleep(_TAKEOVER)
        await asyncio.to_thread(worker.launch)

    async def _queue(self, job: Job, attempt: int) -> None:
        options = self._options(JOB, job.kind, _name(job.id, attempt), job.priority)
        await asyncio.to_thread(self._client.enqueue, options, job.kind, dict(job.payload))

    async def _latest(self, ids: Sequence[JobId]) -> dict[JobId, tuple[int, _Seen | None]]:
        """The newest try of each job, and how it stands."""
        latest: dict[JobId, tuple[int, _Seen | None]] = dict.fromkeys(ids, (0, None))
        open_, attempt = list(ids), 0
        while open_:
            seen = await self._look([_name(id_, attempt) for id_ in open_])
            open_ = [id_ for id_ in open_ if _name(id_, attempt) in seen]
            for id_ in open_:
                latest[id_] = (attempt, seen[_name(id_, attempt)])
            open_ = [id_ for id_ in open_ if (one := latest[id_][1]) is not None and one.has_failed]
            attempt += 1
        return latest

    async def _look(self, names: Sequence[str]) -> dict[str, _Seen]:
        if not names:
            return {}
        found = await asyncio.to_thread(self._client.list_workflows, workflow_ids=list(names), load_input=False)
        return {one.workflow_id: _Seen(one.status, one.output, str(one.error or "")) for one in found}

    def _options(self, workflow: str, queue: str, name: str, priority: int) -> EnqueueOptions:
        return EnqueueOptions(
            workflow_name=workflow,
            queue_name=queue,
            workflow_id=name,
            app_version=VERSION,
            application_name=APPLICATION,
            priority=priority,
        )


def _name(id_: JobId, attempt: int) -> str:
    return id_ if attempt == 0 else f"{id_}~{attempt}"


def _outcome(seen: _Seen) -> Outcome:
    if seen.status == "CANCELLED":
        return Undone(reason="it was cancelled", is_cancelled=True)
    output = seen.output or {}
    if "done" in output:
        return Done(result=output["done"])
    return Undone(reason=str(output.get("undone") or f"the job ended as {seen.status.lower()}"))
