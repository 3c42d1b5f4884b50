"""The service behind the counter: it accepts orders, has them drawn, says where they stand and keeps the bill."""

import asyncio
import hashlib
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from decimal import Decimal
from typing import Any

from callsheet.tools.sandbox.book import Book
from callsheet.tools.sandbox.darkroom import Darkroom
from callsheet.tools.sandbox.fault import Fault, Scenario, Stage
from callsheet.tools.sandbox.job import Job, Standing, as_ledger_row, standing
from callsheet.tools.sandbox.order import Order
from callsheet.tools.sandbox.problem import Problem, server_error
from callsheet.tools.sandbox.settings import SandboxSettings


class Service:
    """A video service over one folder.

    `clock` gives seconds since 1970. `ids` turns a job's number into its id; the default never repeats one.
    """

    def __init__(
        self, settings: SandboxSettings, clock: Callable[[], float], ids: Callable[[int], str] | None = None
    ) -> None:
        self.settings, self.clock = settings, clock
        self.book = Book(settings.folder / "sandbox.db")
        self.darkroom = Darkroom(settings.folder, settings.fps, self.book, clock)
        self.scenario = Scenario()
        self.requests: Counter[tuple[str, str, int]] = Counter()
        self._ids = ids or self._drawn_id

    @asynccontextmanager
    async def opened(self, _: object) -> AsyncIterator[None]:
        """While served: take up unfinished jobs at the start, stop drawing at the end."""
        for job in self.book.unsettled():
            self.darkroom.wake(job)
        yield
        await self.darkroom.close()

    async def accept(self, order: Order, fault: Fault, key: str) -> Job:
        """Accept an order: from here on it will be drawn and billed. Raises Problem where a fault says so."""
        if fault.stage is Stage.BEFORE:
            raise _refusal(fault)
        if key and self.settings.honours_idempotency_key and (known := self.book.find_by_key(key)):
            if known.request_digest != order.digest:
                raise Problem(422, "This Idempotency-Key was used with a different request. Use a new key.")
            return known
        job = await asyncio.to_thread(self._entered, order, fault, key)
        self.darkroom.wake(job)
        if fault.stage is Stage.AFTER:
            raise server_error("The server had an error while processing your request. Sorry about that!")
        return job

    def _entered(self, order: Order, fault: Fault, key: str) -> Job:
        reference = ""
        if order.reference is not None:
            reference = hashlib.sha256(order.reference).hexdigest()
            self.darkroom.keep_reference(reference, order.reference)
        seconds = self._clamped(order.seconds) if fault.name == "clamped" else order.seconds
        number = self.book.next_number()
        return self.book.accept(
            Job(
                number=number,
                id=self._ids(number),
                model=order.model,
                prompt=order.prompt,
                prompt_digest=hashlib.sha256(order.prompt.encode()).hexdigest(),
                seconds=seconds,
                size=order.size,
                reference=reference,
                usd=self.settings.price_per_second * Decimal(seconds),
                fault=str(fault),
                created_at=self.clock(),
                idempotency_key=key,
                request_digest=order.digest,
            )
        )

    def find(self, job_id: str) -> Job:
        """A job by its id. Raises Problem when there is none."""
        job = self.book.find(job_id)
        if job is None:
            raise Problem(404, f"Video with id '{job_id}' not found.", param="video_id", code="not_found")
        return job

    def settle(self, job: Job) -> tuple[Job, Standing]:
        """Where a job stands now; a finished one is billed, once."""
        now = standing(
            job, self.clock(), self.settings.latency, self.settings.retention_seconds, self.darkroom.drawn(job)
        )
        if now.status == "completed" and job.billed_at is None:
            self.book.bill(job.id, float(now.completed_at or 0))
        return job, now

    def page(self, oldest_first: bool, behind: Job | None, limit: int) -> list[Job]:
        """Up to `limit` jobs by the order of acceptance, beginning behind a job."""
        return self.book.page(oldest_first, behind, limit)

    def ledger(self) -> list[dict[str, Any]]:
        """One row for each job ever accepted, and whether it is billed by now."""
        for job in self.book.unsettled():
            self.settle(job)
        return [as_ledger_row(job, self.settle(job)[1]) for job in self.book.all()]

    def _clamped(self, seconds: int) -> int:
        shorter = [sold for sold in self.settings.sold_seconds if sold < seconds]
        return max(shorter) if shorter else max(1, seconds - 1)

    def _drawn_id(self, number: int) -> str:
        return "video_" + hashlib.sha256(f"{self.settings.seed}:{number}".encode()).hexdigest()[:48]


def _refusal(fault: Fault) -> Problem:
    if fault.name == "429":
        return Problem(
            429,
            f"Rate limit reached. Please try again in {fault.argument} s.",
            kind="rate_limit_error",
            code="rate_limit_exceeded",
            headers={"retry-after": fault.argument},
        )
    return server_error("The server had an error while processing your request. Sorry about that!")
