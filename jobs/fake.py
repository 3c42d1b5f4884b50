"""The fake of the Jobs port: the same promises, in memory, in this event loop. For tests."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

from callsheet.domain.error import CallsheetError
from callsheet.domain.identity import JobId, RunId
from callsheet.jobs.port import Batch, Done, Job, Outcome, Progress, Undone, Work


class FakeJobs:
    """Runs each job once as a task; keeps what came of it by job id."""

    def __init__(self) -> None:
        self._work: Work | None = None
        self._tasks: dict[JobId, asyncio.Task[Mapping[str, Any]]] = {}
        self._jobs: dict[JobId, tuple[Batch, Job]] = {}
        self._drives: dict[tuple[RunId, str], asyncio.Task[None]] = {}

    async def submit(self, batch: Batch) -> None:
        """Start what is not running and has not succeeded."""
        for job in batch.jobs:
            task = self._tasks.get(job.id)
            if task is None or (task.done() and (task.cancelled() or task.exception() is not None)):
                self._jobs[job.id] = (batch, job)
                self._tasks[job.id] = asyncio.create_task(self._run(job))

    async def outcome(self, batch: Batch) -> Mapping[JobId, Outcome]:
        """Wait for every job."""
        await asyncio.gather(*(self._tasks[job.id] for job in batch.jobs), return_exceptions=True)
        return {job.id: _outcome(self._tasks[job.id]) for job in batch.jobs}

    async def wake(self, run: RunId, key: str) -> None:
        """Advance the graph here."""
        if (run, key) not in self._drives:
            self._drives[run, key] = asyncio.create_task(self._drive(run))
        await asyncio.shield(self._drives[run, key])

    async def cancel(self, tag: str) -> int:
        """Cancel by tag."""
        hit = [task for id_, task in self._tasks.items() if tag in self._tags(id_) and not task.done()]
        for task in hit:
            task.cancel()
        return len(hit)

    async def progress(self, run: RunId) -> Sequence[Progress]:
        """Count what is done."""
        counts: dict[str, list[bool]] = {}
        kinds: dict[str, str] = {}
        for id_, (batch, job) in self._jobs.items():
            if batch.run == run:
                counts.setdefault(batch.id, []).append(self._tasks[id_].done())
                kinds[batch.id] = job.kind
        return [
            Progress(batch=name, kind=kinds[name], done=sum(done), total=len(done)) for name, done in counts.items()
        ]

    @asynccontextmanager
    async def work(self, work: Work) -> AsyncIterator[bool]:
        """Be the worker."""
        self._work = work
        try:
            yield True
        finally:
            tasks: list[asyncio.Task[Any]] = [*self._tasks.values(), *self._drives.values()]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _run(self, job: Job) -> Mapping[str, Any]:
        return await self._worker().functions[job.kind](job.payload)

    async def _drive(self, run: RunId) -> None:
        await self._worker().drive(run)

    def _tags(self, id_: JobId) -> tuple[str, ...]:
        batch, job = self._jobs[id_]
        return (f"run:{batch.run}", *job.tags)

    def _worker(self) -> Work:
        if self._work is None:
            raise RuntimeError("nobody works: enter `work` first")
        return self._work


def _outcome(task: "asyncio.Task[Mapping[str, Any]]") -> Outcome:
    if task.cancelled():
        return Undone(reason="it was cancelled", is_cancelled=True)
    if error := task.exception():
        return Undone(reason=str(error) if isinstance(error, CallsheetError) else f"{type(error).__name__}: {error}")
    return Done(result=task.result())
