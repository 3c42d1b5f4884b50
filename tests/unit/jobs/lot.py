"""A lot where takes are bought through a queue: a workspace on disk, a provider in memory, the fake or the engine."""

import asyncio
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from unit.jobs.rig import Rig, inspect, order

from callsheet.domain.identity import RunId
from callsheet.domain.run import Run
from callsheet.domain.stop import CallOff
from callsheet.jobs.calloff import call_off
from callsheet.jobs.engine import EngineJobs
from callsheet.jobs.fake import FakeJobs
from callsheet.jobs.lead import Lead
from callsheet.jobs.order import Patience, TakeOrder
from callsheet.jobs.port import Batch, Jobs, Lane, Work
from callsheet.jobs.render import TakeBuyer
from callsheet.jobs.shoot import in_batches, render_job
from callsheet.storage import purchase as journal
from callsheet.storage.media import FolderStore
from callsheet.storage.purchase import Purchase
from callsheet.tools.publish.port import Publisher
from callsheet.tools.video.fake import FakeVideo
from callsheet.tools.video.port import ProviderBusy, RenderJob, RenderRequest

LANE = Lane("fake", "a", 3)
PATIENCE = 30.0
FOR_EVER = 10**9


@dataclass
class Stage(FakeVideo):
    """A provider whose doors can be held shut, whose renders may not be stopped, and that may be out of capacity."""

    looks: int = FOR_EVER
    doors: threading.Event = field(default_factory=threading.Event)
    waiting: int = 0
    unstoppable: set[str] = field(default_factory=set)
    overloaded: set[str] = field(default_factory=set)
    busy_for: float = 0.0

    def __post_init__(self) -> None:
        """The doors are open."""
        self.doors.set()

    async def create(self, request: RenderRequest, idempotency_key: str) -> RenderJob:
        """Sell a render once the doors are open, if there is capacity for it."""
        self.waiting += 1
        while not self.doors.is_set():  # noqa: ASYNC110 - it is opened from another loop
            await asyncio.sleep(0.01)
        if request.prompt in self.overloaded:
            raise ProviderBusy("no capacity tonight", retry_after=self.busy_for)
        return await super().create(request, idempotency_key)

    async def cancel(self, job: str) -> bool:
        """Stop a render, unless it is one of those that cannot be stopped."""
        return job not in self.unstoppable and await super().cancel(job)

    def names(self) -> list[str]:
        """Every render that was sold."""
        return list(self._sold)


class Lot:
    """One workspace with a queue. The takes of its orders cost what was approved for so many."""

    def __init__(self, rig: Rig, jobs: Jobs) -> None:
        self.rig = rig
        self.jobs = jobs
        self.stage = Stage(clock=lambda: rig.watch.now().timestamp())
        rig.api = self.stage

    def work(self, deadline: float = 600.0) -> Work:
        """What its worker does; renders are looked at often."""
        patience = Patience(deadline=deadline, grace=0.1, first_look=0.02)
        media = FolderStore(self.rig.folder / "media")
        buyer = TakeBuyer(self.rig.database, media, lambda _provider: self.stage, inspect, patience)
        return Work(functions={"render": buyer}, drive=_nothing)

    async def call_off(self, tag: str) -> CallOff:
        """Call off, as a command would."""
        async with asyncio.timeout(PATIENCE):
            rig, line = self.rig, self.stage
            return await call_off(rig.database, lambda _: line, self.jobs, _no_channel, tag, "they asked us to")

    def purchases(self) -> list[Purchase]:
        """Every purchase of the run, in order of take."""
        found = self.rig.look(lambda tx: journal.of_run(tx, RunId("spring-1")))
        return sorted(found, key=lambda one: one.order.take)


async def _nothing(_run: RunId) -> None:
    return None


def _no_channel(_run: Run) -> Publisher:
    raise AssertionError("nothing was published")


@asynccontextmanager
async def opened(kind: str, rig: Rig) -> AsyncIterator[Lot]:
    """A lot with a queue in which nobody works yet."""
    if kind == "fake":
        yield Lot(rig, FakeJobs())
        return
    jobs = EngineJobs(f"sqlite:///{rig.folder / 'engine.db'}", rig.database, Lead(rig.folder / "engine.lock"))
    try:
        yield Lot(rig, jobs)
    finally:
        jobs.close()


def orders(count: int, **changes: object) -> list[TakeOrder]:
    """So many takes of one shot."""
    return [order(take=number + 1, **changes) for number in range(count)]


def batch_of(wanted: list[TakeOrder], lane: Lane = LANE) -> Batch:
    """All of them in one batch."""
    return in_batches(wanted[0].run, "shoot", [render_job(one, lane) for one in wanted], len(wanted))[0]
