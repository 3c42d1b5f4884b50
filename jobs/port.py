"""The Jobs port: durable work that is slow, paid or CPU-bound, done outside the graph.

A job is a plain dict in and a plain dict out. It is repeat-safe: after a crash it runs again from its first line.
Handing in the same batch twice is harmless: what runs or succeeded is adopted, what failed is tried anew.
"""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from callsheet.domain.error import CallsheetError
from callsheet.domain.identity import BatchId, JobId, RunId

JobKind = Literal["render", "segment", "conform", "sign"]
JobFunction = Callable[[Mapping[str, Any]], Awaitable[Mapping[str, Any]]]
Drive = Callable[[RunId], Awaitable[None]]


@dataclass(frozen=True)
class Lane:
    """Where the jobs of one provider's account queue, and how many of them may be under way at once.

    `limit` holds over all accounts of the provider, `limit_per_account` for each one. The lane that was handed in last
    says what holds from then on.
    """

    provider: str
    account: str
    limit: int
    limit_per_account: int | None = None

    @property
    def room(self) -> int:
        """How many jobs of this account may be under way at once."""
        return min(self.limit, self.limit_per_account or self.limit)


@dataclass(frozen=True)
class Job:
    """One piece of work. `tags` say what it touches (a run, a shot, a cameo), so it can be cancelled by that.

    `priority` is 1 for what is urgent up to 100 for what may wait; it counts among the jobs of one lane. A job without
    a lane queues with its kind.
    """

    id: JobId
    kind: JobKind
    payload: Mapping[str, Any]
    tags: tuple[str, ...] = ()
    priority: int = 10
    lane: Lane | None = None


@dataclass(frozen=True)
class Batch:
    """Jobs that a graph node hands in together and waits for."""

    id: BatchId
    run: RunId
    jobs: tuple[Job, ...]


@dataclass(frozen=True)
class Done:
    """The job finished."""

    result: Mapping[str, Any]


@dataclass(frozen=True)
class Undone:
    """The job failed or was cancelled; `reason` is a sentence for a person.

    `needs_person` says that handing it in again changes nothing until a person has done something.
    """

    reason: str
    is_cancelled: bool = False
    needs_person: bool = True


CANCELLED = Undone(reason="it was cancelled", is_cancelled=True)


def undone_by(error: BaseException) -> Undone:
    """What an error in a job means to whoever handed it in."""
    if isinstance(error, CallsheetError):
        return Undone(reason=str(error), needs_person=error.needs_person)
    return Undone(reason=f"{type(error).__name__}: {error}")


Outcome = Done | Undone


@dataclass(frozen=True)
class Progress:
    """How far a batch is."""

    batch: str
    kind: str
    done: int
    total: int


@dataclass(frozen=True)
class Work:
    """What a worker can do: one function a kind of job, and the one that advances the graph of a run.

    `limits` say how many jobs of a kind without lanes are under way at once; `lanes` are looked at from the first
    moment on, others within a second of their first job.
    """

    functions: Mapping[str, JobFunction]
    drive: Drive
    limits: Mapping[str, int] = field(default_factory=dict)
    lanes: tuple[Lane, ...] = ()


class Jobs(Protocol):
    """Hands work to workers and waits for it."""

    async def submit(self, batch: Batch) -> None:
        """Hand in a batch. Doing so again is harmless."""
        ...

    async def outcome(self, batch: Batch) -> Mapping[JobId, Outcome]:
        """Wait until every job of the batch has ended."""
        ...

    async def wake(self, run: RunId, key: str) -> None:
        """Have the graph of a run advanced, once for each key, and wait until it stands still."""
        ...

    async def tagged(self, tag: str) -> Mapping[JobId, tuple[str, ...]]:
        """Every job with this tag that was ever handed in, and all its tags."""
        ...

    async def cancel(self, ids: Collection[JobId]) -> int:
        """Cancel those of these jobs that are queued or at work, and no others; how many there were."""
        ...

    async def again(self, ids: Collection[JobId]) -> int:
        """Try anew, from what they were given, those of these jobs that ended without success; how many."""
        ...

    async def forget(self, tag: str) -> int:
        """Remove what was handed in with this tag, and what came of it, where it has ended; how many pieces of work."""
        ...

    async def progress(self, run: RunId) -> Sequence[Progress]:
        """How far the batches of a run are, oldest first."""
        ...

    def work(self, work: Work) -> AbstractAsyncContextManager[bool]:
        """Be the worker while inside, if no other process is. Yields whether this process leads."""
        ...
