"""Buys one take: consent, reserve, intend, submit, watch, fetch, verify, settle.

Every step is written to the journal before its effect is relied on, so the job can be cut off anywhere and run again
from its first line: it goes on from where the journal says the purchase stands, and never pays twice.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar
from weakref import WeakValueDictionary

from callsheet.domain.budget import OverBudget
from callsheet.domain.cameo import Covered, Uncovered, check_release
from callsheet.domain.cut import Media
from callsheet.domain.error import OverBudget as SpendRefused
from callsheet.domain.error import ProviderTrouble, ReleaseMissing
from callsheet.domain.event import PurchaseIntended, TakeAdopted, TakeStored
from callsheet.domain.identity import Digest, ReleaseId, ShotId, TakeId
from callsheet.domain.purchase import Order, PurchaseState
from callsheet.domain.record import digest_of
from callsheet.domain.take import Take
from callsheet.jobs.order import Inspect, Patience, PurchaseAmbiguous, StillRendering, TakeOrder, TakeUnsound, Unsound
from callsheet.storage import purchase as journal
from callsheet.storage import record as records
from callsheet.storage import take as takes
from callsheet.storage.database import Database, Transaction
from callsheet.storage.ledger import has_chain, record
from callsheet.storage.media import MediaStore
from callsheet.storage.purchase import Purchase, chain_of
from callsheet.tools.video.port import (
    AnswerLost,
    CannotTell,
    FetchFailed,
    ProviderBusy,
    RenderGone,
    RenderJob,
    RenderRefused,
    RenderRequest,
    VideoApi,
)

T = TypeVar("T")
_LOG = logging.getLogger("callsheet.jobs.render")
_CLOCK_SKEW = 10
"""Seconds that moments may differ by. Not more: another workspace of the account may buy the same words."""
_BUSY_TRIES = 6
_FETCH_TRIES = 6
_MISSES = 3
_WITHOUT_TAKE = ("failed", "cancelled")
_UNDER_WAY = (PurchaseState.INTENDED, PurchaseState.AMBIGUOUS, PurchaseState.SUBMITTED, PurchaseState.RENDERED)
_LONGEST_PAUSE = 10.0


@dataclass(frozen=True)
class TakeBuyer:
    """The render job."""

    database: Database
    media: MediaStore
    api: VideoApi
    inspect: Inspect
    patience: Patience = field(default_factory=Patience)
    _turns: WeakValueDictionary[str, asyncio.Lock] = field(
        default_factory=WeakValueDictionary, repr=False, compare=False
    )

    async def __call__(self, payload: Mapping[str, Any]) -> Mapping[str, Any]:
        """Buy, or adopt, the take of this order. Returns the take."""
        wanted = TakeOrder.model_validate(payload)
        async with self._turns.setdefault(wanted.order.key, asyncio.Lock()):  # two runs may want the very same take
            return await self._buy(wanted)

    async def _buy(self, wanted: TakeOrder) -> Mapping[str, Any]:
        if take := await self.database.read(lambda tx: takes.find(tx, wanted.order.key)):
            await self.database.write(lambda tx: _note_adoption(tx, wanted, take))
            return take.model_dump(mode="json")
        purchase = await self._begin(wanted)
        async with asyncio.timeout(self.patience.deadline * 2 + 600):
            while purchase.state is not PurchaseState.SETTLED:
                purchase = await self._step(wanted, purchase)
        stored = await self.database.read(lambda tx: takes.find(tx, wanted.order.key))
        if stored is None:
            raise LookupError(f"purchase {purchase.key} is settled, but its take is not in the store")
        await self.database.write(lambda tx: _note_adoption(tx, wanted, stored))
        return stored.model_dump(mode="json")

    async def _begin(self, wanted: TakeOrder) -> Purchase:
        def begin(tx: Transaction, _release: ReleaseId | None) -> Purchase | OverBudget:
            verdict = journal.reserve(tx, wanted.run, wanted.order, wanted.money, wanted.caps)
            return verdict if isinstance(verdict, OverBudget) else journal.current(tx, wanted.order.key)

        known = await self.database.read(lambda tx: journal.find(tx, wanted.order.key))
        if known is not None and known.state in _UNDER_WAY:  # perhaps paid for: it is seen to its end
            begun: Purchase | OverBudget = known
        else:
            begun = await self._if_permitted(wanted, begin)
        if isinstance(begun, OverBudget):
            raise SpendRefused(f"{wanted.order.shot} was not bought: {begun}")
        if begun.state is PurchaseState.INTENDED:  # cut off between the intent and its answer
            begun = await self._move(begun, "lose", reason="the work was cut off before the answer was written down")
        return begun

    async def _step(self, wanted: TakeOrder, purchase: Purchase) -> Purchase:
        match purchase.state:
            case PurchaseState.RESERVED:
                return await self._submit(wanted, purchase)
            case PurchaseState.AMBIGUOUS:
                return await self._reconcile(wanted, purchase)
            case PurchaseState.SUBMITTED:
                return await self._watch(purchase)
            case PurchaseState.RENDERED:
                return await self._fetch(wanted, purchase)
            case PurchaseState.REJECTED:
                raise TakeUnsound(f"{_name(purchase)} was paid for but cannot be used: {purchase.reason}")
            case _:
                raise ProviderTrouble(f"{_name(purchase)} was not made: {purchase.reason or purchase.state}")

    async def _submit(self, wanted: TakeOrder, purchase: Purchase) -> Purchase:
        request = await asyncio.to_thread(self._request, wanted.order)
        for tried in range(_BUSY_TRIES):
            purchase = await self._if_permitted(wanted, partial(_intend, wanted=wanted, attempt=purchase.attempt + 1))
            try:
                job = await self.api.create(request, idempotency_key=f"{purchase.key}-{purchase.attempt}")
            except RenderRefused as error:
                return await self._move(purchase, "refuse", reason=str(error))
            except AnswerLost as error:
                return await self._move(purchase, "lose", reason=str(error))
            except ProviderBusy as error:
                purchase = await self._move(purchase, "busy", reason=str(error))
                await self._pause(tried, error.retry_after)
            else:
                return await self.database.write(partial(journal.accept, key=purchase.key, job=job.id))
        return await self._move(purchase, "cancel", reason=f"given up after {_BUSY_TRIES} tries: {purchase.reason}")

    async def _reconcile(self, wanted: TakeOrder, purchase: Purchase) -> Purchase:
        if not wanted.lists_jobs:
            raise PurchaseAmbiguous(
                f"{_name(purchase)} may have been bought, and {wanted.order.provider} cannot list its renders: "
                "look at the provider's own page before buying again"
            )
        request = await asyncio.to_thread(self._request, wanted.order)
        since = int(datetime.fromisoformat(purchase.intended_at).timestamp()) - _CLOCK_SKEW
        began, tried = self.patience.clock(), 0
        while True:
            try:
                found = await self._look(lambda: self.api.find(request, since))
            except CannotTell as error:
                raise PurchaseAmbiguous(f"{_name(purchase)} may have been bought: {error}") from error
            made = [job for job in reversed(found) if job.status not in _WITHOUT_TAKE]
            oldest_first = [job.id for job in made if job.is_surely(request)]
            adopt = partial(journal.adopt_job, key=purchase.key, candidates=oldest_first)
            if oldest_first and (adopted := await self.database.write(adopt)):
                return adopted
            owned = await self.database.read(journal.known_jobs)
            if unclear := [job.id for job in made if job.id not in owned and not job.is_surely(request)]:
                raise PurchaseAmbiguous(
                    f"{_name(purchase)} may have been bought as {', '.join(unclear)}, and the provider does not say "
                    "enough about it to know: look at its own page before buying again"
                )
            if self.patience.clock() - began >= self.patience.forgotten_after:
                break  # a list may lag behind the purchase it should show, but not for ever
            await self._pause(tried, None)
            tried += 1
        return await self._move(purchase, "absent", reason="the provider's list does not have it")

    async def _watch(self, purchase: Purchase) -> Purchase:
        deadline = self.patience.clock() + self.patience.deadline
        misses, looks, missed_since = 0, 0, self.patience.clock()
        while True:
            job = await self._look(lambda: self.api.retrieve(purchase.job))
            misses, missed_since = (misses + 1, missed_since) if job is None else (0, self.patience.clock())
            if misses >= _MISSES and self.patience.clock() - missed_since >= self.patience.forgotten_after:
                return await self._move(purchase, "vanish", reason="the provider took it and no longer knows it")
            if job is not None and (step := _ended(job)):
                return await self._move(purchase, *step)
            if self.patience.clock() >= deadline:
                raise StillRendering(f"{_name(purchase)} is still rendering after {self.patience.deadline:.0f} s")
            await self._pause(looks, job.retry_after if job else None)
            looks += 1

    async def _fetch(self, wanted: TakeOrder, purchase: Purchase) -> Purchase:
        with TemporaryDirectory(prefix="callsheet-take-") as folder:
            path = Path(folder) / "take.mp4"
            try:
                await self._download(purchase, path)
            except RenderGone as error:
                return await self._move(purchase, "reject", reason=str(error))
            seen = await self.inspect(path, wanted.order)
            digest = await asyncio.to_thread(self.media.keep, path)
        if isinstance(seen, Unsound):
            reason = f"{'; '.join(seen.reasons)} (kept aside as {digest[:12]})"
            return await self._move(purchase, "reject", reason=reason)
        media = seen.model_copy(update={"digest": digest})
        return await self.database.write(lambda tx: _store_or_lock(tx, wanted, purchase, media))

    async def _download(self, purchase: Purchase, path: Path) -> None:
        for tried in range(_FETCH_TRIES):
            try:
                await self.api.download(purchase.job, path)
            except FetchFailed as error:
                if tried == _FETCH_TRIES - 1:
                    raise
                _LOG.info("%s; trying again", error)
                await self._pause(tried, None)
            else:
                return

    async def _look(self, look: Callable[[], Awaitable[Any]]) -> Any:
        deadline = self.patience.clock() + self.patience.deadline
        tried = 0
        while True:
            try:
                return await look()
            except ProviderBusy as error:
                if self.patience.clock() >= deadline:
                    raise
                await self._pause(tried, error.retry_after)
                tried += 1

    async def _if_permitted(self, wanted: TakeOrder, work: Callable[[Transaction, ReleaseId | None], T]) -> T:
        """Do `work` in the very transaction that finds a release in force: a revocation comes before it or after it.

        Without a release nothing is done, what was held is given back, and ReleaseMissing is raised.
        """

        def attempt(tx: Transaction) -> T | Uncovered:
            verdict = _permission(tx, wanted)
            if isinstance(verdict, Uncovered):
                _drop_if_reserved(tx, wanted, "; ".join(verdict.reasons))
                return verdict
            return work(tx, verdict.release if verdict else None)

        done = await self.database.write(attempt)
        if isinstance(done, Uncovered):
            raise ReleaseMissing(f"{wanted.order.shot} was not bought: {'; '.join(done.reasons)}")
        return done

    async def _move(self, purchase: Purchase, step: Any, job: str = "", reason: str = "") -> Purchase:
        return await self.database.write(lambda tx: journal.move(tx, purchase.key, step, job, reason))

    async def _pause(self, tried: int, hint: float | None) -> None:
        seconds = hint if hint is not None else min(self.patience.first_look * 1.5**tried, _LONGEST_PAUSE)
        await self.patience.sleep(seconds * (1 + 0.2 * self.patience.jitter()))

    def _request(self, order: Order) -> RenderRequest:
        reference = self.media.path(Digest(order.references[0])).read_bytes() if order.references else None
        return RenderRequest(
            prompt=order.prompt, seconds=order.seconds, size=order.size, model=order.model, reference=reference
        )


def _permission(tx: Transaction, wanted: TakeOrder) -> Covered | Uncovered | None:
    """What the workspace says at this moment about the person in the shot; nothing when nobody is in it."""
    if wanted.cameo is None or wanted.use is None:
        return None
    found = records.cameos(tx, (wanted.cameo,))
    if not found:
        return Uncovered(reasons=(f"no cameo {wanted.cameo} in this workspace",))
    return check_release(found[0], wanted.use, tx.now, records.revoked(tx))


def _drop_if_reserved(tx: Transaction, wanted: TakeOrder, why: str) -> None:
    purchase = journal.find(tx, wanted.order.key)
    if purchase and purchase.state is PurchaseState.RESERVED:
        journal.move(tx, purchase.key, "cancel", reason=why)


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


def _ended(job: RenderJob) -> tuple[Any, ...] | None:
    match job.status:
        case "succeeded":
            return ("complete",)
        case "failed":
            return ("fail", "", job.reason or "the provider says the render failed")
        case "expired":  # it was made, and may have been billed
            return ("vanish", "", job.reason or "the render expired at the provider before it was fetched")
        case "cancelled":
            return ("cancel", "", job.reason or "the render was cancelled at the provider")
        case _:
            return None


def _store_or_lock(tx: Transaction, wanted: TakeOrder, purchase: Purchase, media: Media) -> Purchase:
    """Keep the take, unless the permission ended while it was rendered: then it is paid for and locked away."""
    verdict = _permission(tx, wanted)
    if isinstance(verdict, Uncovered):
        reason = f"locked away as {media.digest[:12]}: {'; '.join(verdict.reasons)}"
        return journal.move(tx, purchase.key, "reject", reason=reason)
    return _store(tx, wanted, purchase, media)


def _store(tx: Transaction, wanted: TakeOrder, purchase: Purchase, media: Media) -> Purchase:
    order = wanted.order
    take = Take(
        id=TakeId(f"{order.shot}.take{order.take}-{purchase.key[:8]}"),
        shot=ShotId(order.shot),
        number=order.take,
        purchase=purchase.key,
        provider=order.provider,
        model=order.model,
        job=purchase.job,
        prompt=digest_of(order.prompt),
        media=media,
        seconds=order.seconds,
        price=wanted.money,
        previz=wanted.previz,
        cameo=wanted.cameo,
        release=purchase.release,
        scanned=("integrity",),
        stored_at=tx.now,
    )
    takes.keep(tx, take)
    stored = TakeStored(
        purchase=take.purchase,
        take=take.id,
        shot=take.shot,
        media=media.digest,
        cameo=take.cameo,
        release=take.release,
        seconds=take.seconds,
        money=take.price,
        scanned=take.scanned,
        watermark="previz mark, burnt in" if wanted.previz else "",
    )
    record(tx, purchase.run, stored, chain_of(purchase.key))
    return journal.move(tx, purchase.key, "store")


def _note_adoption(tx: Transaction, wanted: TakeOrder, take: Take) -> None:
    """Once for each run, on the take's own chain: adoptions that end in another order must give the same head."""
    purchase, chain = journal.current(tx, take.purchase), chain_of(take.purchase)
    if purchase.run != wanted.run and not has_chain(tx, wanted.run, chain):
        event = TakeAdopted(purchase=take.purchase, take=take.id, shot=ShotId(wanted.order.shot))
        record(tx, wanted.run, event, chain)


def _name(purchase: Purchase) -> str:
    return f"{purchase.order.shot} take {purchase.order.take}"
