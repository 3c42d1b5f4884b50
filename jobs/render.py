"""Buys one take: consent, reserve, intend, submit, watch, fetch, verify, settle.

Every step is written to the journal before its effect is relied on, so the job can be cut off anywhere and run again
from its first line: it goes on from where the journal says the purchase stands, and never pays twice.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC
from typing import Any
from weakref import WeakValueDictionary

from callsheet.domain.budget import OverBudget
from callsheet.domain.campaign import Cap
from callsheet.domain.error import OverBudget as SpendRefused
from callsheet.domain.event import TakeAdopted
from callsheet.domain.identity import ReleaseId, ShotId
from callsheet.domain.purchase import UNDER_WAY, PurchaseState
from callsheet.domain.take import Take
from callsheet.domain.trouble import NEXT_STEP
from callsheet.jobs.buying import ApiFor, Buying, named
from callsheet.jobs.fetch import fetch
from callsheet.jobs.order import (
    Inspect,
    Patience,
    Scan,
    StillRendering,
    TakeNotMade,
    TakeOrder,
    TakeUnsound,
    WrongServer,
)
from callsheet.jobs.permit import if_permitted, may_use
from callsheet.jobs.reconcile import reconcile
from callsheet.jobs.screening import nobody_scans
from callsheet.jobs.submit import submit
from callsheet.jobs.watch import watch
from callsheet.storage import purchase as journal
from callsheet.storage import take as takes
from callsheet.storage.database import Database, Transaction
from callsheet.storage.ledger import has_chain, record
from callsheet.storage.media import MediaStore
from callsheet.storage.purchase import Purchase, chain_of


@dataclass(frozen=True)
class TakeBuyer:
    """The render job. `api` gives the client for a provider's name; `day_cap` is the account's for a calendar day.

    `server` is the video server that `api` leads to, as runs name it. A job of a run that buys elsewhere is left as it
    is, whoever takes it up: the wrong server would deny every render.
    """

    database: Database
    media: MediaStore
    api: ApiFor
    inspect: Inspect
    patience: Patience = field(default_factory=Patience)
    day_cap: Cap | None = None
    server: str = ""
    scan: Scan = nobody_scans
    _turns: WeakValueDictionary[str, asyncio.Lock] = field(
        default_factory=WeakValueDictionary, repr=False, compare=False
    )

    async def __call__(self, payload: Mapping[str, Any]) -> Mapping[str, Any]:
        """Buy, or adopt, the take of this order. Returns the take."""
        wanted = TakeOrder.model_validate(payload)
        if self.server and wanted.server and wanted.server != self.server:
            raise WrongServer(
                f"{wanted.order.shot} of {wanted.run} is bought from another video server than the settings name now: "
                f"set CALLSHEET_VIDEO_URL as it was when the run began, then `callsheet resume {wanted.run}`"
            )
        async with self._turns.setdefault(wanted.order.key, asyncio.Lock()):  # two runs may want the very same take
            return (await self._buy(wanted)).model_dump(mode="json")

    async def _buy(self, wanted: TakeOrder) -> Take:
        if await self.database.read(lambda tx: takes.find(tx, wanted.order.key)) is None:
            buying = Buying(
                self.database, self.media, self.api(wanted.order.provider), self.inspect, self.scan, self.patience
            )
            purchase = await self._begin(buying, wanted)
            try:
                async with asyncio.timeout(self.patience.deadline * 2 + 600):
                    while purchase.state is not PurchaseState.SETTLED:
                        purchase = await _step(buying, wanted, purchase)
            except TimeoutError:
                raise StillRendering(
                    f"{named(purchase)} took too long; what is bought is kept, and `callsheet resume` goes on with it"
                ) from None
        return await self.database.write(lambda tx: _adopt(tx, wanted))

    async def _begin(self, buying: Buying, wanted: TakeOrder) -> Purchase:
        def begin(tx: Transaction, _release: ReleaseId | None) -> Purchase | OverBudget:
            _drop_of_another_day(tx, wanted)
            verdict = journal.reserve(
                tx, wanted.run, wanted.order, wanted.money, wanted.caps, wanted.campaign, wanted.tier, self.day_cap
            )
            return verdict if isinstance(verdict, OverBudget) else journal.current(tx, wanted.order.key)

        known = await self.database.read(lambda tx: journal.find(tx, wanted.order.key))
        if known is not None and known.state in UNDER_WAY:  # perhaps paid for: it is seen to its end
            begun: Purchase | OverBudget = known
        else:
            begun = await if_permitted(self.database, wanted, begin)
        if isinstance(begun, OverBudget):
            raise SpendRefused(f"{wanted.order.shot} was not bought: {begun}")
        if begun.state is PurchaseState.INTENDED:  # cut off between the intent and its answer
            begun = await buying.move(begun, "lose", "the work was cut off before the answer was written down")
        return begun


def _drop_of_another_day(tx: Transaction, wanted: TakeOrder) -> None:
    """What was held on another day counts against that day's cap; what is bought today counts today."""
    held = journal.find(tx, wanted.order.key)
    if held is None or held.state is not PurchaseState.RESERVED or held.charge.day is None:
        return
    if held.charge.day != tx.now.astimezone(UTC).date():
        journal.move(tx, held.key, "cancel", reason="it was held on another day, and not asked for")


async def _step(buying: Buying, wanted: TakeOrder, purchase: Purchase) -> Purchase:
    match purchase.state:
        case PurchaseState.RESERVED:
            return await submit(buying, wanted, purchase)
        case PurchaseState.AMBIGUOUS:
            return await reconcile(buying, wanted, purchase)
        case PurchaseState.SUBMITTED:
            return await watch(buying, wanted, purchase)
        case PurchaseState.RENDERED:
            return await fetch(buying, wanted, purchase)
        case PurchaseState.REJECTED:
            raise TakeUnsound(f"{named(purchase)} was paid for but cannot be used: {purchase.reason}")
        case _:
            what_now = f"; {NEXT_STEP[purchase.trouble]}" if purchase.trouble else ""
            why = f"{named(purchase)} was not made: {purchase.reason or purchase.state}{what_now}"
            raise TakeNotMade(why, purchase.trouble)


def _adopt(tx: Transaction, wanted: TakeOrder) -> Take:
    """The take that exists, noted once for each run that uses it, if it may still be used at this moment.

    It is noted on the take's own chain: adoptions that end in another order must give the same head.
    """
    take = takes.find(tx, wanted.order.key)
    if take is None:
        raise LookupError(f"the purchase of {wanted.order.shot} is settled, but its take is not in the store")
    if refusal := may_use(tx, wanted, take):
        raise refusal
    purchase, chain = journal.current(tx, take.purchase), chain_of(take.purchase)
    if purchase.run != wanted.run and not has_chain(tx, wanted.run, chain):
        record(tx, wanted.run, TakeAdopted(purchase=take.purchase, take=take.id, shot=ShotId(wanted.order.shot)), chain)
    return take
