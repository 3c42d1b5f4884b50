"""The fake of the Jobs port: the same promises, in memory, in this event loop. For tests."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from heapq import heappop, heappush
from itertools import count
from typing import Any

from callsheet.domain.identity import JobId, RunId
from callsheet.jobs.port import CANCELLED, Batch, Done, Job, Lane, Outcome, Progress, Undone, Work, undone_by

_Line = tuple[str, str, str]


class FakeJobs:
    """Runs each job once as a task, as its lane has room; keeps what came of it by job id."""

    def __init__(self) -> None:
        self._work: Work | None = None
        self._jobs: dict[JobId, tuple[Batch, Job]] = {}
        self._ends: dict[JobId, asyncio.Future[Outcome]] = {}
        self._waiting: defaultdict[_Line, list[tuple[int, int, JobId]]] = defaultdict(list)
        self._running: dict[JobId, asyncio.Task[None]] = {}
        self._busy: Counter[_Line] = Counter()
        self._lanes: dict[tuple[str, str], Lane] = {}
        self._numbers = count()
        self._drives: dict[tuple[RunId, str], asyncio.Task[None]] = {}

    async def submit(self, batch: Batch) -> None:
        """Queue what is not queued, running or done."""
        for job in batch.jobs:
            if job.lane:
                self._lanes[job.kind, job.lane.provider] = job.lane
            end = self._ends.get(job.id)
            if end is None or (end.done() and isinstance(end.result(), Undone)):
                self._queue(batch, job)
        self._begin_what_fits()

    async def outcome(self, batch: Batch) -> Mapping[JobId, Outcome]:
        """Wait for every job."""
        return {job.id: await asyncio.shield(self._ends[job.id]) for job in batch.jobs}

    async def wake(self, run: RunId, key: str) -> None:
        """Advance the graph here."""
        if (run, key) not in self._drives:
            self._drives[run, key] = asyncio.create_task(self._drive(run))
        await asyncio.shield(self._drives[run, key])

    async def tagged(self, tag: str) -> Mapping[JobId, tuple[str, ...]]:
        """Every job with this tag, and all its tags."""
        return {id_: tags for id_ in self._jobs if tag in (tags := self._tags(id_))}

    async def cancel(self, ids: Collection[JobId]) -> int:
        """Cancel what has not ended."""
        hit = [id_ for id_ in ids if id_ in self._ends and not self._ends[id_].done()]
        for id_ in hit:
            self._ends[id_].set_result(CANCELLED)
            if id_ in self._running:
                self._running[id_].cancel()
        return len(hit)

    async def again(self, ids: Collection[JobId]) -> int:
        """Queue once more what ended without success."""
        failed = [
            id_ for id_ in ids if (end := self._ends.get(id_)) and end.done() and isinstance(end.result(), Undone)
        ]
        for id_ in failed:
            self._queue(*self._jobs[id_])
        self._begin_what_fits()
        return len(failed)

    async def forget(self, tag: str) -> int:
        """Remove what has ended."""
        gone = [id_ for id_ in await self.tagged(tag) if self._ends[id_].done()]
        for id_ in gone:
            del self._jobs[id_], self._ends[id_]
        return len(gone)

    async def progress(self, run: RunId) -> Sequence[Progress]:
        """Count what is done."""
        counts: dict[str, list[bool]] = {}
        kinds: dict[str, str] = {}
        for id_, (batch, job) in self._jobs.items():
            if batch.run == run:
                counts.setdefault(batch.id, []).append(self._ends[id_].done())
                kinds[batch.id] = job.kind
        return [
            Progress(batch=name, kind=kinds[name], done=sum(done), total=len(done)) for name, done in counts.items()
        ]

    @asynccontextmanager
    async def work(self, work: Work) -> AsyncIterator[bool]:
        """Be the worker."""
        self._work = work
        self._begin_what_fits()
        try:
            yield True
        finally:
            self._work = None
            tasks: list[asyncio.Task[Any]] = [*self._running.values(), *self._drives.values()]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def _queue(self, batch: Batch, job: Job) -> None:
        self._jobs[job.id] = (batch, job)
        self._ends[job.id] = asyncio.get_running_loop().create_future()
        heappush(self._waiting[_line(job)], (job.priority, next(self._numbers), job.id))

    def _begin_what_fits(self) -> None:
        """The most urgent job of each line that has room begins, until none has."""
        for name in list(self._waiting):
            while self._work is not None and (line := self._open_line(name)) and self._has_room(line[0][2]):
                id_ = heappop(line)[2]
                self._count(self._jobs[id_][1], 1)
                self._running[id_] = asyncio.create_task(self._run(self._jobs[id_][1], self._work, self._ends[id_]))

    def _open_line(self, name: _Line) -> list[tuple[int, int, JobId]]:
        """Those who wait there, without those who were cancelled meanwhile."""
        line = self._waiting[name]
        while line and self._ends[line[0][2]].done():
            heappop(line)
        return line

    def _has_room(self, id_: JobId) -> bool:
        job = self._jobs[id_][1]
        if job.lane is None:
            return self._busy[job.kind, "", ""] < (self._work.limits.get(job.kind, 2) if self._work else 0)
        now = self._lanes[job.kind, job.lane.provider]
        return self._busy[job.kind, now.provider, ""] < now.limit and self._busy[_line(job)] < now.room

    def _count(self, job: Job, change: int) -> None:
        for line in {_line(job), (job.kind, job.lane.provider if job.lane else "", "")}:
            self._busy[line] += change

    async def _run(self, job: Job, work: Work, end: "asyncio.Future[Outcome]") -> None:
        outcome: Outcome = CANCELLED
        try:
            outcome = Done(result=await work.functions[job.kind](job.payload))
        except Exception as error:  # noqa: BLE001 - a job ends with a reason, whatever it was
            outcome = undone_by(error)
        finally:
            if not end.done():
                end.set_result(outcome)
            if self._running.get(job.id) is asyncio.current_task():  # not when it was cancelled and handed in again
                del self._running[job.id]
            self._count(job, -1)
            self._begin_what_fits()

    async def _drive(self, run: RunId) -> None:
        if self._work is None:
            raise RuntimeError("nobody works: enter `work` first")
        await self._work.drive(run)

    def _tags(self, id_: JobId) -> tuple[str, ...]:
        batch, job = self._jobs[id_]
        return (f"run:{batch.run}", *job.tags)


def _line(job: Job) -> _Line:
    return (job.kind, job.lane.provider, f"account {job.lane.account}") if job.lane else (job.kind, "", "")
