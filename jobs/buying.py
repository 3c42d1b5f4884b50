"""What every step of a purchase works with: the journal, the provider, the media store, and patience."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from callsheet.domain.identity import Digest
from callsheet.domain.purchase import Bill, Order, Step
from callsheet.domain.trouble import Trouble
from callsheet.jobs.order import Inspect, Patience, Scan
from callsheet.storage import purchase as journal
from callsheet.storage.database import Database, Transaction
from callsheet.storage.media import MediaStore
from callsheet.storage.purchase import Purchase
from callsheet.tools.video.port import ProviderBusy, RenderRequest, VideoApi

T = TypeVar("T")
ApiFor = Callable[[str], VideoApi]
"""Gives the line to the provider of a name."""
_LONGEST_PAUSE = 10.0
_MOST_DIGITS = 5


class OutOfTime(Exception):
    """A look was still unanswered at the deadline."""


@dataclass(frozen=True)
class Buying:
    """One purchase in the making, at one provider."""

    database: Database
    media: MediaStore
    api: VideoApi
    inspect: Inspect
    scan: Scan
    patience: Patience

    async def move(
        self,
        purchase: Purchase,
        step: Step,
        reason: str = "",
        trouble: Trouble | None = None,
        bill: Bill | None = None,
    ) -> Purchase:
        """Take a step, and write it down with its event, in one transaction.

        A call-off may have ended the purchase meanwhile: then it stays as it was left, and that is what is returned.
        """

        def take(tx: Transaction) -> Purchase:
            now = journal.current(tx, purchase.key)
            if now.state is not purchase.state:
                return now
            return journal.move(tx, purchase.key, step, reason=reason, trouble=trouble, bill=bill)

        return await self.database.write(take)

    async def pause(self, tried: int, hint: float | None = None) -> None:
        """Wait before the same thing is tried again: as long as the provider asks, or a little longer each time."""
        seconds = hint if hint is not None else min(self.patience.first_look * 1.5**tried, _LONGEST_PAUSE)
        await self.patience.sleep(self.spread(seconds))

    def spread(self, seconds: float) -> float:
        """The same wait, a little longer for some, so that many jobs do not look all at once."""
        return seconds * (1 + 0.2 * self.patience.jitter())

    async def ask(self, look: Callable[[], Awaitable[T]], until: float) -> T:
        """Look, and look again when the look failed, until it is answered or the deadline is there.

        The deadline also ends a request in flight. Raises OutOfTime.
        """
        tried = 0
        while True:
            left = until - self.patience.clock()
            try:
                async with asyncio.timeout(max(left, 0.0)):
                    return await look()
            except TimeoutError:
                raise OutOfTime from None
            except ProviderBusy as error:
                if self.patience.clock() >= until:
                    raise OutOfTime from error
                hint = error.retry_after
            await self.pause(tried, None if hint is None else min(hint, max(until - self.patience.clock(), 0.0)))
            tried += 1

    async def request(self, order: Order) -> RenderRequest:
        """The order as the provider is asked for it, its reference picture included."""
        return await asyncio.to_thread(self._request, order)

    def _request(self, order: Order) -> RenderRequest:
        reference = self.media.path(Digest(order.references[0])).read_bytes() if order.references else None
        return RenderRequest(
            prompt=order.prompt,
            negative_prompt=order.negative_prompt,
            seconds=order.seconds,
            size=order.size,
            model=order.model,
            reference=reference,
        )


def named(purchase: Purchase) -> str:
    """The take as people call it."""
    return f"{purchase.order.shot} take {purchase.order.take}"


def whole(seconds: Any) -> int | None:
    """A length as a provider says it, when it says whole seconds."""
    text = str(seconds) if seconds is not None else ""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= _MOST_DIGITS else None
