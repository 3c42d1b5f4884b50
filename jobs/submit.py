"""Asks the provider for a render: intent first, one request, and every answer written down for what it is."""

from functools import partial

from callsheet.domain.event import PurchaseIntended
from callsheet.domain.identity import Digest, ReleaseId
from callsheet.domain.record import digest_of
from callsheet.domain.trouble import Trouble
from callsheet.jobs.buying import Buying
from callsheet.jobs.order import TakeOrder
from callsheet.jobs.permit import if_permitted
from callsheet.storage import purchase as journal
from callsheet.storage.database import Transaction
from callsheet.storage.purchase import Purchase
from callsheet.tools.video.port import AnswerLost, ProviderBusy, RenderRefused

_TRIES = 6
_LONGEST_WAIT = 300.0
"""Seconds that a provider may ask to be left alone before the take is given up for now."""


async def submit(buying: Buying, wanted: TakeOrder, purchase: Purchase) -> Purchase:
    """Send the request until the provider took it, refused it, or its answer was lost. Never twice on a guess.

    The turn at the provider comes before the intent, and the intent is written in the transaction that finds nothing
    against it: what is said while the take waits its turn, or while a busy provider is left alone, is heard. After the
    intent the request goes out at once. A provider that says it is busy has sold nothing, so it may be asked again;
    after some tries the hold is given back.
    """
    request = await buying.request(wanted.order)
    tried = 0
    for tried in range(_TRIES):
        await buying.api.turn()
        purchase = await if_permitted(
            buying.database, wanted, partial(_intend, wanted=wanted, attempt=purchase.attempt + 1)
        )
        try:
            job = await buying.api.create(request, idempotency_key=purchase.idempotency_key)
        except RenderRefused as error:
            return await buying.move(purchase, "refuse", str(error), trouble=error.trouble)
        except AnswerLost as error:
            return await buying.move(purchase, "lose", str(error))
        except ProviderBusy as error:
            purchase = await buying.move(purchase, "busy", str(error))
            if (error.retry_after or 0) > _LONGEST_WAIT:
                break  # its seconds are not held for hours: the run can be resumed then
            await buying.pause(tried, error.retry_after)
        else:
            return await buying.database.write(partial(journal.accept, key=purchase.key, job=job.id))
    reason = f"given up after {tried + 1} tries: {purchase.reason}"
    return await buying.move(purchase, "cancel", reason, trouble=Trouble.RETRYABLE)


def _intend(tx: Transaction, release: ReleaseId | None, wanted: TakeOrder, attempt: int) -> Purchase:
    order = wanted.order
    event = PurchaseIntended(
        purchase=order.key,
        attempt=attempt,
        prompt=digest_of(order.prompt),
        references=tuple(Digest(one) for one in order.references),
        size=order.size,
        provider=order.provider,
        model=order.model,
        release=release,
    )
    return journal.intend(tx, event)
