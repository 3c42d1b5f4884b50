"""Where orders become jobs: numbered, timed, priced and written down, each key once where keys count."""

import asyncio
import hashlib
from collections.abc import Callable
from decimal import Decimal
from typing import Final

from callsheet.tools.sandbox.book import Book
from callsheet.tools.sandbox.clamp import clamped
from callsheet.tools.sandbox.fault import Fault
from callsheet.tools.sandbox.job import Job
from callsheet.tools.sandbox.order import Order
from callsheet.tools.sandbox.problem import Problem
from callsheet.tools.sandbox.settings import SandboxSettings
from callsheet.tools.sandbox.timing import timing

_KEYS_LAST: Final = 86_400.0


class Till:
    """Takes orders, one at a time. `ids` turns a job's number into its id."""

    def __init__(
        self, settings: SandboxSettings, book: Book, clock: Callable[[], float], ids: Callable[[int], str]
    ) -> None:
        self._settings, self._book, self._clock, self._ids = settings, book, clock, ids
        self._taking: set[str] = set()

    async def take(self, order: Order, fault: Fault, key: str, honours_keys: bool) -> Job:
        """Write the job of an order, or find the one this key already has. Raises Problem when the key is misused."""
        if not key or not honours_keys:
            return await asyncio.to_thread(self._entered, order, fault, key)
        if key in self._taking:
            message = "A request with this Idempotency-Key is in progress. Ask again when it has been answered."
            raise Problem(409, message, code="request_in_progress")
        known = self._book.find_by_key(key, self._clock() - _KEYS_LAST)
        if known is not None and known.request_digest != order.digest:
            raise Problem(422, "This Idempotency-Key was used with a different request. Use a new key.")
        if known is not None:
            return known
        self._taking.add(key)
        try:
            return await asyncio.to_thread(self._entered, order, fault, key)
        finally:
            self._taking.discard(key)

    def _entered(self, order: Order, fault: Fault, key: str) -> Job:
        seconds, size = clamped(order, fault, self._settings)
        with self._book.at_once():
            number, now = self._book.next_number(), self._clock()
            room = self._settings.max_in_flight
            times = timing(self._settings, order, fault, number, now, self._book.latest_ends(room) if room else ())
            job = self._book.accept(
                Job(
                    number=number,
                    id=self._ids(number),
                    model=order.model,
                    prompt=order.prompt,
                    prompt_digest=hashlib.sha256(order.prompt.encode()).hexdigest(),
                    seconds=seconds,
                    size=size,
                    reference=hashlib.sha256(order.reference).hexdigest() if order.reference else "",
                    usd=self._settings.price_per_second * Decimal(seconds),
                    fault=str(fault),
                    created_at=now,
                    starts_at=times.starts_at,
                    ends_at=times.ends_at,
                    idempotency_key=key,
                    request_digest=order.digest,
                )
            )
            if self._settings.bill_on_accept:
                self._book.bill(job.id, now)
        return job
