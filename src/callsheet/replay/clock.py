"""The clock of a recording: it stands still but for recorded steps, and waiting takes time only while recording.

A ledger entry's hash covers its moment, so a run replays only when every moment is the same again. What a render job
concludes from how long it waited is counted in what it asked to wait, never in what really passed.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from dataclasses import replace
from datetime import datetime, timedelta

from callsheet.jobs.order import Bell, Patience

_waited: ContextVar[float] = ContextVar("callsheet_waited", default=0.0)


def begin_to_wait() -> None:
    """From here on this task counts its waiting from nothing."""
    _waited.set(0.0)


class StillClock:
    """A clock that moves only when told, and never back. It gives moments with their zone."""

    def __init__(self, start: datetime) -> None:
        if start.tzinfo is None:
            raise ValueError("a clock needs a moment with its zone, such as datetime(2026, 3, 1, tzinfo=UTC)")
        self._now = start

    def __call__(self) -> datetime:
        """The moment it stands at."""
        return self._now

    def move_to(self, moment: datetime) -> None:
        """Set it to a moment that has not passed. Raises ValueError."""
        if moment < self._now:
            raise ValueError(f"the clock stands at {self._now.isoformat()} and cannot go back to {moment.isoformat()}")
        self._now = moment

    def advance(self, *, days: int = 0, hours: int = 0, seconds: int = 0) -> datetime:
        """Let so much time pass, and say what time it is then."""
        self.move_to(self._now + timedelta(days=days, hours=hours, seconds=seconds))
        return self._now


def counted(patience: Patience, sleep: Callable[[float], Awaitable[object]], bell: Bell | None = None) -> Patience:
    """The same patience with a clock that counts what each job asked to wait. `sleep` is what waiting really takes.

    `bell` is waited for at a render instead of `sleep`, for a test that holds one render back.
    """

    async def wait(seconds: float) -> None:
        _waited.set(_waited.get() + seconds)
        await sleep(seconds)

    async def ring(job: str, seconds: float) -> None:
        _waited.set(_waited.get() + seconds)
        await (bell(job, seconds) if bell else sleep(seconds))

    return replace(patience, bell=ring, sleep=wait, clock=_waited.get, jitter=lambda: 0.0)


async def no_time(_seconds: float) -> None:
    """Wait for nothing, but let others have their turn."""
    await asyncio.sleep(0)


class Hourglass:
    """Seconds that pass only by being waited for: what a pace measures itself against in a replay."""

    def __init__(self) -> None:
        self._seconds = 0.0

    def __call__(self) -> float:
        """The seconds waited so far."""
        return self._seconds

    async def sleep(self, seconds: float) -> None:
        """Wait, at once."""
        self._seconds += seconds
        await asyncio.sleep(0)
