"""Fetches a finished render at once, looks at it before it counts, and keeps it, whatever it is: it was paid for."""

import asyncio
import logging
from pathlib import Path
from tempfile import TemporaryDirectory

from callsheet.domain.cut import Media
from callsheet.domain.error import NotFound
from callsheet.domain.event import TakeStored
from callsheet.domain.identity import Digest, ShotId, TakeId
from callsheet.domain.record import digest_of
from callsheet.domain.scan.event import TakeScanned
from callsheet.domain.scan.report import SOUND, ScanReport
from callsheet.domain.take import Take
from callsheet.jobs.buying import Buying
from callsheet.jobs.order import TakeOrder, Unsound
from callsheet.jobs.permit import called_off, uncovered
from callsheet.jobs.screening import screen, told
from callsheet.storage import purchase as journal
from callsheet.storage import take as takes
from callsheet.storage.database import Transaction
from callsheet.storage.ledger import record
from callsheet.storage.purchase import Purchase, chain_of
from callsheet.tools.video.port import FetchFailed, NotAVideo, RenderGone

_TRIES = 6
_GONE_TRIES = 3
"""A paid render is not given up for one odd answer."""
_LOG = logging.getLogger("callsheet.jobs.fetch")


async def fetch(buying: Buying, wanted: TakeOrder, purchase: Purchase) -> Purchase:
    """Have the bytes, judge them, and settle. What cannot be used is kept aside and paid."""
    try:
        digest, path = await _fetched(buying, purchase)
    except RenderGone as error:
        return await buying.move(purchase, "reject", str(error))
    seen = await buying.inspect(path, wanted.order)
    faults = (*_short_changed(purchase), *(seen.reasons if isinstance(seen, Unsound) else ()))
    if faults or isinstance(seen, Unsound):
        return await buying.move(purchase, "reject", f"{'; '.join(faults)} (kept aside as {digest[:12]})")
    media = seen.model_copy(update={"digest": digest})
    report = await screen(buying, wanted, path, media)
    return await buying.database.write(lambda tx: _settle(tx, wanted, purchase, media, report))


async def _fetched(buying: Buying, purchase: Purchase) -> tuple[Digest, Path]:
    """The bytes of a render and where they are kept: those fetched before, else from the provider. Raises RenderGone.

    They are kept and written down before anybody looks at them. A look can take minutes and a provider's link ends, so
    a worker that dies meanwhile leaves the next one what was paid for.
    """
    if kept := purchase.kept:
        try:
            return kept, await asyncio.to_thread(buying.media.path, kept)
        except NotFound as error:
            _LOG.warning("%s; fetching the render again", error)
    with TemporaryDirectory(prefix="callsheet-take-") as folder:
        path = Path(folder) / "take.mp4"
        await _download(buying, purchase, path)
        digest = await asyncio.to_thread(buying.media.keep, path)
    await buying.database.write(lambda tx: journal.keep(tx, purchase.key, digest))
    return digest, await asyncio.to_thread(buying.media.path, digest)


def _short_changed(purchase: Purchase) -> tuple[str, ...]:
    """What the provider itself says it made other than was ordered."""
    made, ordered = purchase.bill.seconds, purchase.order.seconds
    return () if made == ordered else (f"the provider made {made} s, ordered were {ordered} s",)


async def _download(buying: Buying, purchase: Purchase, path: Path) -> None:
    for tried in range(_TRIES):
        try:
            await buying.api.download(purchase.job, path)
        except RenderGone:
            if tried >= _GONE_TRIES - 1:
                raise
            await buying.pause(tried)
        except FetchFailed as error:
            if tried == _TRIES - 1:
                raise _final(error) from error
            _LOG.info("%s; trying again", error)
            await buying.pause(tried)
        else:
            return


def _final(error: FetchFailed) -> FetchFailed:
    """After the last try: a way that was broken may be mended tomorrow, but what is no video will not become one."""
    return RenderGone(f"after {_TRIES} tries: {error}") if isinstance(error, NotAVideo) else error


def _settle(tx: Transaction, wanted: TakeOrder, purchase: Purchase, media: Media, report: ScanReport) -> Purchase:
    """Write down what was looked at, then keep the take, or keep it aside when the scan stops it."""
    now = journal.current(tx, purchase.key)
    if now.state is not purchase.state:  # a call-off ended it while it was looked at
        return now
    stops = told(report.stops)
    if report.scanned:
        scanned = TakeScanned(
            purchase=purchase.key,
            shot=ShotId(wanted.order.shot),
            media=media.digest,
            scanned=report.scanned,
            not_scanned=report.not_scanned,
            stops=stops,
            notes=told(report.notes),
        )
        record(tx, purchase.run, scanned, chain_of(purchase.key))
    if stops:
        why = f"{'; '.join(stops)} (kept aside as {media.digest[:12]})"
        return journal.move(tx, purchase.key, "reject", reason=why)
    return _store_or_lock(tx, wanted, purchase, media, report)


def _store_or_lock(
    tx: Transaction, wanted: TakeOrder, purchase: Purchase, media: Media, report: ScanReport
) -> Purchase:
    """Keep the take, unless it was called off or its permission ended while it was rendered: then it is locked away."""
    if why := called_off(tx, wanted) or uncovered(tx, wanted):
        return journal.move(tx, purchase.key, "reject", reason=f"locked away as {media.digest[:12]}: {why}")
    return _store(tx, wanted, purchase, media, report)


def _store(tx: Transaction, wanted: TakeOrder, purchase: Purchase, media: Media, report: ScanReport) -> Purchase:
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
        price=purchase.billed.money if purchase.billed else wanted.money,
        previz=wanted.previz,
        cameo=wanted.cameo,
        release=purchase.release,
        scanned=(*SOUND, *report.scanned),
        not_scanned=report.not_scanned,
        noticed=told(report.notes),
        stored_at=tx.now,
    )
    takes.keep(tx, take)
    stored = TakeStored(
        purchase=take.purchase,
        take=take.id,
        shot=take.shot,
        media=take.media.digest,
        cameo=take.cameo,
        release=take.release,
        seconds=take.seconds,
        money=take.price,
        scanned=take.scanned,
        not_scanned=take.not_scanned,
        watermark="previz mark, burnt in" if wanted.previz else "",
    )
    record(tx, purchase.run, stored, chain_of(purchase.key))
    return journal.move(tx, purchase.key, "store")
