"""The Jobs port: durable work that is slow, paid or CPU-bound, done outside the graph.

A job is a plain dict in and a plain dict out. It is repeat-safe: after a crash it runs again from its first line.
Handing in the same batch twice is harmless: what runs or succeeded is adopted, what failed is tried anew.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from callsheet.domain.identity import BatchId, JobId, RunId

JobKind = Literal["render", "segment", "conform", "sign"]
JobFunction = Callable[[Mapping[str, Any]], Awaitable[Mapping[str, Any]]]
Drive = Callable[[RunId], Awaitable[None]]


@dataclass(frozen=True)
class Job:
    """One piece of work. `tags` say what it touches (a run, a shot, a cameo), so it can be cancelled by that."""

    id: JobId
    kind: JobKind
    payload: Mapping[str, Any]
    tags: tuple[str, ...] = ()
    priority: int = 10


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
    """The job failed or was cancelled; `reason` is a sentence for a person."""

    reason: str
    is_cancelled: bool = False


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
    """What a worker can do: one function a kind of job, and the one that advances the graph of a run."""

    functions: Mapping[str, JobFunction]
    drive: Drive
    limits: Mapping[str, int] = field(default_factory=dict)


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

    async def cancel(self, tag: str) -> int:
        """Cancel every job with this tag that has not ended; how many there were."""
        ...

    async def progress(self, run: RunId) -> Sequence[Progress]:
        """How far the batches of a run are, oldest first."""
        ...

    def work(self, work: Work) -> AbstractAsyncContextManager[bool]:
        """Be the worker while inside, if no other process is. Yields whether this process leads."""
        ...
