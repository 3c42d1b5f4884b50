"""Finds out whether a purchase was made whose answer was lost, before anything is sent again."""

from datetime import datetime
from functools import partial

from callsheet.jobs.buying import Buying, OutOfTime, named
from callsheet.jobs.order import PurchaseAmbiguous, TakeOrder
from callsheet.jobs.permit import called_off
from callsheet.storage import purchase as journal
from callsheet.storage.database import Transaction
from callsheet.storage.purchase import Purchase
from callsheet.tools.video.port import CannotTell, RenderJob, RenderRequest

_CLOCK_SKEW = 10
"""Seconds that moments may differ by. Not more: another workspace of the account may buy the same words."""
_WITHOUT_TAKE = ("failed", "cancelled")


async def reconcile(buying: Buying, wanted: TakeOrder, purchase: Purchase) -> Purchase:
    """Look through the provider's list: found, the render is adopted; surely not there, it may be asked for again.

    Raises PurchaseAmbiguous when nobody can say: then a person decides, and nothing is bought until then. Of a take
    that was called off meanwhile nobody will be asked: it counts as paid.
    """
    try:
        return await _look_for(buying, wanted, purchase)
    except PurchaseAmbiguous as error:
        if await buying.database.read(lambda tx: called_off(tx, wanted)):
            return await buying.move(purchase, "write_off", f"it was called off, and nobody can say more: {error}")
        raise


async def _look_for(buying: Buying, wanted: TakeOrder, purchase: Purchase) -> Purchase:
    if not wanted.lists_jobs:
        raise PurchaseAmbiguous(
            f"{named(purchase)} may have been bought, and {wanted.order.provider} cannot list its renders: "
            "look at the provider's own page, then say so at the gate"
        )
    request = await buying.request(wanted.order)
    since = int(datetime.fromisoformat(purchase.intended_at).timestamp()) - _CLOCK_SKEW
    began, tried = buying.patience.clock(), 0
    while True:
        made = await _made(buying, purchase, request, since)
        oldest_first = [job.id for job in made if job.is_surely(request)]
        adopt = partial(journal.adopt_job, key=purchase.key, candidates=oldest_first)
        if oldest_first and (adopted := await buying.database.write(adopt)):
            return adopted
        unclear = [job.id for job in made if not job.is_surely(request)]
        if unclear and (ours := await buying.database.read(partial(_unowned, jobs=unclear))):
            raise PurchaseAmbiguous(
                f"{named(purchase)} may have been bought as {', '.join(ours)}, and the provider does not say "
                "enough about it to know: look at its own page, then say so at the gate"
            )
        if buying.patience.clock() - began >= buying.patience.forgotten_after:
            break  # a list may lag behind the purchase it should show, but not for ever
        await buying.pause(tried)
        tried += 1
    return await buying.move(purchase, "absent", "the provider's list does not have it")


async def _made(buying: Buying, purchase: Purchase, request: RenderRequest, since: int) -> list[RenderJob]:
    """Renders of the list that may be ours and may have cost something, oldest first."""
    until = buying.patience.clock() + buying.patience.deadline
    try:
        found = await buying.ask(lambda: buying.api.find(request, since), until)
    except CannotTell as error:
        raise PurchaseAmbiguous(f"{named(purchase)} may have been bought: {error}") from error
    except OutOfTime as error:
        raise PurchaseAmbiguous(
            f"{named(purchase)} may have been bought, and the provider's list could not be read for "
            f"{buying.patience.deadline:.0f} s: resume the run when the provider answers again"
        ) from error
    return [job for job in reversed(found) if job.status not in _WITHOUT_TAKE or (job.cost or 0) > 0]


def _unowned(tx: Transaction, jobs: list[str]) -> list[str]:
    return [job for job in jobs if journal.owner_of(tx, job) is None]
