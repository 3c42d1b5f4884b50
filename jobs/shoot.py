"""A shoot of any size: orders become render jobs, jobs go in by batches, and each item is reported for itself.

"100 clips by morning in 10 batches of 10, retry only what failed": handing the same batches in again adopts what is
done or under way, and buys what is missing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from callsheet.domain.identity import BatchId, JobId, PurchaseKey, RunId
from callsheet.domain.provider import Provider
from callsheet.domain.record import digest_of
from callsheet.domain.take import Take
from callsheet.jobs.order import TakeOrder
from callsheet.jobs.port import Batch, Done, Job, Jobs, Lane, Outcome

ItemState = Literal["done", "retry", "person"]
"""`done`: the take is there. `retry`: handing it in again may help. `person`: somebody has to do something first."""
BATCH_SIZE = 10


@dataclass(frozen=True)
class ShootItem:
    """What came of one order, and why there is no take if there is none."""

    order: TakeOrder
    batch: BatchId
    state: ItemState
    why: str = ""
    take: Take | None = None


@dataclass(frozen=True)
class ShootReport:
    """What came of a shoot, item by item, in the order of the orders."""

    items: tuple[ShootItem, ...]

    @property
    def takes(self) -> tuple[Take, ...]:
        """What was shot."""
        return tuple(item.take for item in self.items if item.take)

    def having(self, state: ItemState) -> tuple[ShootItem, ...]:
        """The items that stand so."""
        return tuple(item for item in self.items if item.state == state)

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why takes are missing: each reason once."""
        return tuple(dict.fromkeys(item.why for item in self.items if item.state != "done"))


def lane_of(provider: Provider, account: str) -> Lane:
    """Where the renders of this account queue, and how many may be under way."""
    return Lane(
        provider=provider.name,
        account=account,
        limit=provider.max_in_flight,
        limit_per_account=provider.max_in_flight_per_account,
    )


def take_job(run: RunId, key: PurchaseKey) -> JobId:
    """The name of the job that buys a take for a run."""
    return JobId(f"{run}.take.{key}")


def render_job(wanted: TakeOrder, lane: Lane | None = None, priority: int = 10) -> Job:
    """The job that buys this take. The same order of the same run is the same job."""
    return Job(
        id=take_job(wanted.run, wanted.order.key),
        kind="render",
        payload=wanted.model_dump(mode="json"),
        tags=(f"shot:{wanted.order.shot}", *wanted.tags),
        priority=priority,
        lane=lane,
    )


def in_batches(run: RunId, name: str, jobs: Sequence[Job], size: int = BATCH_SIZE) -> tuple[Batch, ...]:
    """The jobs in order, so many together. The same jobs make the same batches."""
    pieces = [tuple(jobs[start : start + size]) for start in range(0, len(jobs), size)]
    return tuple(
        Batch(id=BatchId(f"{name}.{digest_of([job.id for job in piece])[:8]}"), run=run, jobs=piece) for piece in pieces
    )


async def shoot_in_batches(
    jobs: Jobs,
    orders: Sequence[TakeOrder],
    name: str,
    lane: Lane | None = None,
    *,
    priority: int = 10,
    size: int = BATCH_SIZE,
) -> ShootReport:
    """Hand in every order, wait for all, and say what came of each. Calling it again buys only what is missing.

    `name` begins the names of the batches. The orders are of one run.
    """
    if not orders:
        return ShootReport(items=())
    by_job = {job.id: (wanted, job) for wanted in orders for job in (render_job(wanted, lane, priority),)}
    batches = in_batches(orders[0].run, name, [job for _, job in by_job.values()], size)
    for batch in batches:
        await jobs.submit(batch)
    whole = Batch(id=BatchId(name), run=orders[0].run, jobs=tuple(job for _, job in by_job.values()))
    outcome = await jobs.outcome(whole)  # one look at all of it is cheaper than a look at each batch
    batch_of = {job.id: batch.id for batch in batches for job in batch.jobs}
    return ShootReport(items=tuple(_item(wanted, batch_of[id_], outcome[id_]) for id_, (wanted, _) in by_job.items()))


def _item(wanted: TakeOrder, batch: BatchId, outcome: Outcome) -> ShootItem:
    if isinstance(outcome, Done):
        return ShootItem(order=wanted, batch=batch, state="done", take=Take.model_validate(outcome.result))
    return ShootItem(order=wanted, batch=batch, state="person" if outcome.needs_person else "retry", why=outcome.reason)
