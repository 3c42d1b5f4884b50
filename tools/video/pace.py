"""Keeps to the number of requests a provider allows in a second: one bucket of turns for one account at one provider.

Purchases and downloads go before looks, so that watching renders never keeps one from being bought.
"""

import asyncio
import math
import threading
from bisect import bisect_left, insort
from collections.abc import Awaitable, Callable
from decimal import Decimal
from fractions import Fraction
from itertools import count
from time import monotonic

_Ticket = tuple[bool, int]
_FINEST = 1_000_000
"""Waits are rounded up to a millionth of a second: less would not move a clock of Unix seconds."""


class Pace:
    """A token bucket that every request of one account at one provider passes. Without a rate nobody waits.

    In any stretch of `t` seconds at most `burst + rate * t` requests have their turn; idle time is not saved up beyond
    `burst`. Turns are given in the order of asking, urgent ones first. `clock` is in seconds. Nothing here belongs to
    an event loop, so workers in several threads may share one pace.
    """

    def __init__(
        self,
        rate_per_second: Decimal | None,
        clock: Callable[[], float],
        sleep: Callable[[float], Awaitable[object]],
        burst: int = 1,
    ) -> None:
        if burst < 1 or (rate_per_second is not None and rate_per_second <= 0):
            raise ValueError(f"a pace needs a rate above 0 and a burst of 1 or more, not {rate_per_second} and {burst}")
        self._each = None if rate_per_second is None else 1 / Fraction(rate_per_second)
        self._clock, self._sleep, self._burst = clock, sleep, burst
        self._lock = threading.Lock()
        self._numbers = count()
        self._waiting: list[_Ticket] = []
        self._full_again: Fraction | None = None
        self._seen = -math.inf

    async def turn(self, urgent: bool = False) -> None:
        """Wait for a turn. A waiter that is cancelled takes none."""
        if self._each is None:
            return
        with self._lock:
            ticket = (not urgent, next(self._numbers))
            insort(self._waiting, ticket)
        try:
            while (wait := self._take(ticket, self._each)) > 0:
                await self._sleep(wait)
        finally:
            with self._lock:
                if ticket in self._waiting:
                    self._waiting.remove(ticket)

    def _take(self, ticket: _Ticket, each: Fraction) -> float:
        """Take the turn if it has come: 0. Otherwise the seconds until it may come."""
        with self._lock:
            now = self._now()
            ahead = bisect_left(self._waiting, ticket)
            full = max(self._full_again or now, now)
            due = full + (ahead + 1 - self._burst) * each
            if ahead == 0 and due <= now:
                self._waiting.pop(0)
                self._full_again = full + each
                return 0.0
            return math.ceil(max(due - now, Fraction(1, _FINEST)) * _FINEST) / _FINEST

    def _now(self) -> Fraction:
        """The time. A clock that was set back takes the bucket along, else everybody would wait for the difference."""
        now = self._clock()
        if now < self._seen and self._full_again is not None:
            self._full_again -= Fraction(self._seen) - Fraction(now)
        self._seen = now
        return Fraction(now)


UNPACED = Pace(None, monotonic, asyncio.sleep)
"""For a provider that sets no rate: every turn comes at once."""
