"""Watches a render until it ends or the deadline is there. A look that fails is not a render that failed."""

from callsheet.domain.cadence import next_look
from callsheet.domain.money import Money
from callsheet.domain.purchase import bill_of
from callsheet.domain.trouble import Trouble
from callsheet.jobs.buying import Buying, OutOfTime, named, whole
from callsheet.jobs.order import StillRendering, TakeOrder
from callsheet.jobs.permit import unwanted
from callsheet.storage.purchase import Purchase
from callsheet.tools.video.port import RenderJob

_MISSES = 3
_LONGEST_PAUSE = 20.0


async def watch(buying: Buying, wanted: TakeOrder, purchase: Purchase) -> Purchase:
    """Look until the render ends, and write down how. An end that is seen in the last look wins over the deadline.

    Whoever calls it off, or takes permission back, asks the provider to stop it at once. What a process that died left
    unasked is made up for here, one look later; a release that ended by its own date is noticed here alone. Some
    providers forget what they stopped, so their answer is written down: later the render would look lost, and paid for.

    Raises StillRendering at the deadline: the purchase stays as it is, and the take is adopted when it is ready.
    """
    patience = buying.patience
    began = missed_since = patience.clock()
    deadline, misses, is_last, is_unwanted = began + patience.deadline, 0, False, False
    while True:
        try:
            job = await buying.ask(lambda: buying.api.retrieve(purchase.job), deadline + patience.grace * is_last)
        except OutOfTime:
            raise _still(purchase, patience.deadline) from None
        misses, missed_since = (misses + 1, missed_since) if job is None else (0, patience.clock())
        if misses >= _MISSES and patience.clock() - missed_since >= patience.forgotten_after:
            return await buying.move(purchase, "vanish", "the provider took it and no longer knows it")
        if job is not None and (ended := await _end(buying, purchase, job)):
            return ended
        if is_last:
            raise _still(purchase, patience.deadline)
        was_unwanted, is_unwanted = is_unwanted, await buying.database.read(lambda tx: unwanted(tx, wanted)) is not None
        if was_unwanted and is_unwanted and await buying.api.cancel(purchase.job):
            return await buying.move(purchase, "cancel", "nobody may use it any more; stopped at the provider")
        left = deadline - patience.clock()
        waited = patience.clock() - began
        wait = next_look(
            waited, job.progress if job else 0, job.retry_after if job else None, patience.first_look, _LONGEST_PAUSE
        )
        is_last = wait >= left
        await patience.until_heard(purchase.job, min(buying.spread(wait), max(left, 0.0)))


async def _end(buying: Buying, purchase: Purchase, job: RenderJob) -> Purchase | None:
    """The step that a render's end calls for; nothing while it is under way."""
    held = purchase.reserved
    said = Money(amount=job.cost, currency=held.money.currency) if job.cost is not None else None
    is_billed = job.cost is not None and job.cost > 0
    match job.status:
        case "succeeded":
            return await buying.move(purchase, "complete", bill=bill_of(held, whole(job.seconds), said))
        case "failed" | "cancelled" if is_billed:  # nothing arrives, and yet it must be paid for
            reason = f"{job.reason or job.status}; the provider billed {said} for it"
            return await buying.move(purchase, "vanish", reason, bill=bill_of(held, None, said))
        case "failed":
            reason = job.reason or "the provider says the render failed"
            return await buying.move(purchase, "fail", reason, trouble=job.trouble or Trouble.RETRYABLE)
        case "expired":  # it was made, and may have been billed
            reason = job.reason or "the render expired at the provider before it was fetched"
            return await buying.move(purchase, "vanish", reason)
        case "cancelled":
            return await buying.move(purchase, "cancel", job.reason or "the render was cancelled at the provider")
        case _:
            return None


def _still(purchase: Purchase, deadline: float) -> StillRendering:
    return StillRendering(
        f"{named(purchase)} is still rendering as {purchase.job[:80]} after {deadline:.0f} s; it is paid for, and "
        "`callsheet resume` adopts it when it is ready: do not buy it again"
    )
