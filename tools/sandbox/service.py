"""The service behind the counter: it accepts orders, has them drawn, says where they stand and keeps the bill."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, Final

import httpx

from callsheet.tools.sandbox.answer import as_ledger_row
from callsheet.tools.sandbox.book import Book
from callsheet.tools.sandbox.darkroom import Darkroom
from callsheet.tools.sandbox.fault import CREATE, NO_FAULT, Fault, Scenario, Stage, UnknownFault, parse_fault
from callsheet.tools.sandbox.job import Job
from callsheet.tools.sandbox.name import job_name
from callsheet.tools.sandbox.order import Order
from callsheet.tools.sandbox.problem import Problem, lost_answer, refusal
from callsheet.tools.sandbox.settings import SandboxSettings
from callsheet.tools.sandbox.standing import House, Standing, standing
from callsheet.tools.sandbox.stock import Stock
from callsheet.tools.sandbox.till import Till
from callsheet.tools.sandbox.webhook import Bell

_BETWEEN_RINGS: Final = 0.2


class Service:
    """A video service over one folder.

    `clock` gives seconds since 1970. `ids` turns a job's number into its id; the default never repeats one. `ringing`
    makes the client that delivers webhooks.
    """

    def __init__(
        self,
        settings: SandboxSettings,
        clock: Callable[[], float],
        ids: Callable[[int], str] | None = None,
        ringing: Callable[[], httpx.AsyncClient] | None = None,
    ) -> None:
        self.settings, self.clock = settings, clock
        self.book = Book(settings.folder / "sandbox.db")
        stock = Stock(settings.stock_folder or settings.folder / "stock") if settings.stock else None
        self.darkroom = Darkroom(settings.folder, settings.fps, self.book, clock, stock)
        self.scenario = Scenario()
        self.requests: Counter[tuple[str, str, int]] = Counter()
        self._house = House(settings.manners, settings.retention, is_exact=settings.pace == "seeded")
        self.bell = Bell(settings, self.book, clock, self.settle, ringing)
        self._till = Till(settings, self.book, clock, ids or (lambda number: job_name(settings, number)))

    @asynccontextmanager
    async def opened(self, _: object) -> AsyncIterator[None]:
        """While served: take up unfinished jobs at the start, stop drawing at the end."""
        for job in self.book.undrawn():
            self.darkroom.wake(job)
        ringing = asyncio.create_task(self._keep_ringing())
        yield
        ringing.cancel()
        await asyncio.gather(ringing, return_exceptions=True)
        await self.darkroom.close()

    async def _keep_ringing(self) -> None:
        while self.settings.webhook_url:
            await self.bell.ring()
            await asyncio.sleep(_BETWEEN_RINGS)

    def fault_for(self, named: str | None, prompt: str = "", path: str = CREATE) -> Fault:
        """The fault of a request: the one its header names, or the next of the scenario that fits."""
        if not named:
            return self.scenario.next_for(prompt, path)
        try:
            return parse_fault(named)
        except UnknownFault as error:
            raise Problem(400, str(error), param="x-sim-fault") from None

    async def accept(self, order: Order, fault: Fault, key: str) -> Job:
        """Accept an order: from here on it will be drawn and billed.

        Raises Problem or Severed where a fault says so, after the job was accepted if that is the fault.
        """
        if fault.stage is Stage.BEFORE:
            raise refusal(fault)
        if fault.name == "moderation_flaky" and self.book.strike(f"prompt {order.digest}", "moderation") > 1:
            fault = NO_FAULT
        if order.reference is not None:
            await asyncio.to_thread(self.darkroom.keep_reference, order.reference)
        job = await self._till.take(order, fault, key, self._honours_keys(fault))
        self.darkroom.wake(job)
        if fault.stage is Stage.AFTER:
            raise lost_answer(fault)
        return job

    def _honours_keys(self, fault: Fault) -> bool:
        if fault.name == "idem":
            return fault.argument == "honor"
        said = self.scenario.honours_keys
        return self.settings.honours_idempotency_key if said is None else said

    def find(self, job_id: str) -> Job:
        """A job by its id. Raises Problem when there is none, or none any more."""
        job = self.book.find(job_id)
        if job is None or self.settle(job)[1].is_forgotten:
            raise Problem(404, f"Video with id '{job_id}' not found.", param="video_id", code="not_found")
        return job

    async def look(self, job: Job) -> tuple[Job, Standing]:
        """Where a job stands now, with its drawing begun again if need be."""
        self.darkroom.wake(job)
        if self._house.is_exact and job.rendered_at is None and self.clock() >= job.ends_at:
            await self.darkroom.finish(job)  # what is due is done: the camera's own pace must not show
        return self.settle(self.book.find(job.id) or job)

    def settle(self, job: Job) -> tuple[Job, Standing]:
        """Where a job stands now; a finished one is billed, once."""
        now = standing(job, self.clock(), self._house, self.darkroom.drawn(job))
        if now.ended_at is not None and job.billed_at is None and self._owes(now):
            self.book.bill(job.id, now.ended_at)
        if now.is_forgotten and not job.is_deleted:
            self.book.delete(job.id)
        return job, now

    def _owes(self, now: Standing) -> bool:
        is_failure = now.status == "failed" and not now.is_forgotten
        return self.settings.bill_failed if is_failure else now.status != "cancelled"

    def page(self, oldest_first: bool, behind: Job | None, limit: int) -> list[Job]:
        """Up to `limit` jobs by the order of acceptance, beginning behind a job."""
        while True:
            jobs = self.book.page(oldest_first, behind, limit)
            if not any(self.settle(job)[1].is_forgotten for job in jobs):
                return jobs

    def cancel(self, job: Job) -> None:
        """Stop a job that has not ended: it will not be finished, and costs nothing."""
        self.book.cancel(job.id, self.clock())

    def ledger(self) -> list[dict[str, Any]]:
        """One row for each job ever accepted, and whether it is billed by now."""
        for job in self.book.unsettled():
            self.settle(job)
        return [as_ledger_row(job, self.settle(job)[1]) for job in self.book.all()]

    def reset(self) -> None:
        """Begin anew: no jobs, no bill, no faults, no counts."""
        self.book.reset()
        self.scenario = Scenario()
        self.requests.clear()
