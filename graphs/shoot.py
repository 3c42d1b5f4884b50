"""From a call sheet to orders: which take of which shot is to be bought, at what price, with which reference."""

import asyncio
from collections.abc import Sequence

from callsheet.domain.cameo import Use
from callsheet.domain.campaign import Campaign
from callsheet.domain.identity import BatchId, CameoId, JobId, RunId, ShotId
from callsheet.domain.money import Money
from callsheet.domain.provider import Provider
from callsheet.domain.purchase import Order, PurchaseState
from callsheet.domain.record import digest_of
from callsheet.domain.shot import Shot
from callsheet.domain.storyboard import CallSheet
from callsheet.graphs.crew import Crew
from callsheet.jobs.order import TakeOrder
from callsheet.jobs.port import Batch, Job
from callsheet.storage import purchase as journal
from callsheet.storage import take as takes
from callsheet.storage.database import Transaction


async def take_orders(crew: Crew, run: str, campaign: Campaign, sheet: CallSheet) -> tuple[TakeOrder, ...]:
    """Every take the call sheet asks for, with its price and who is in it."""
    cast = {role.shot: role.cameo for role in sheet.roles}
    use = Use(media=tuple(one.id for one in campaign.placements), territories=campaign.markets)
    return tuple(
        _take_order(run, campaign, order, cast.get(ShotId(order.shot)), use)
        for order in await orders(crew, campaign, sheet)
    )


async def orders(crew: Crew, campaign: Campaign, sheet: CallSheet) -> tuple[Order, ...]:
    """What is to be bought for each shot. A take that arrived unusable is passed over for one more."""
    reference = await _reference(crew, campaign)

    def plan(tx: Transaction) -> tuple[Order, ...]:
        found: list[Order] = []
        for shot in sheet.shots:
            number, wanted = 1, campaign.takes
            while wanted:
                order = _order(crew, campaign, shot, reference, number)
                known = journal.find(tx, order.key)
                number += 1
                if known is None or known.state is not PurchaseState.REJECTED:
                    wanted -= 1
                    found.append(order)
        return tuple(found)

    return await crew.database.read(plan)


async def held_shots(crew: Crew, campaign: Campaign, sheet: CallSheet) -> frozenset[ShotId]:
    """Shots of which every wanted take exists already."""
    wanted = await orders(crew, campaign, sheet)

    def look(tx: Transaction) -> frozenset[ShotId]:
        missing = {order.shot for order in wanted if takes.find(tx, order.key) is None}
        return frozenset(ShotId(order.shot) for order in wanted if order.shot not in missing)

    return await crew.database.read(look)


def shoot_batch(run: str, round_number: int, wanted: Sequence[TakeOrder]) -> Batch:
    """The render jobs of a round. The same orders make the same batch, so handing it in again is harmless."""
    jobs = tuple(
        Job(
            id=JobId(f"{run}.take.{one.order.key}"),
            kind="render",
            payload=one.model_dump(mode="json"),
            tags=(f"shot:{one.order.shot}", *one.tags),
        )
        for one in wanted
    )
    mark = digest_of([job.id for job in jobs])[:8]
    return Batch(id=BatchId(f"{run}.{round_number}.1-shoot.{mark}"), run=RunId(run), jobs=jobs)


async def _reference(crew: Crew, campaign: Campaign) -> str | None:
    if campaign.product.image is None or campaign.provider.reference == "none":
        return None
    picture = await asyncio.to_thread(crew.media.path, campaign.product.image.digest)
    laid_out = await crew.prepare_reference(picture, campaign.size, campaign.brand.palette)
    return await asyncio.to_thread(crew.media.keep_bytes, laid_out)


def _order(crew: Crew, campaign: Campaign, shot: Shot, reference: str | None, number: int) -> Order:
    return Order(
        workspace=crew.workspace,
        provider=campaign.provider.name,
        account=crew.account,
        model=campaign.provider.model,
        prompt=_prompt(campaign.provider, shot),
        references=(reference,) if reference and shot.product != "none" else (),
        seconds=shot.purchased_seconds,
        size=campaign.size,
        shot=shot.id,
        take=number,
    )


def _prompt(provider: Provider, shot: Shot) -> str:
    return f"[{shot.id}] {shot.prompt}" if provider.slate else shot.prompt


def _take_order(run: str, campaign: Campaign, order: Order, cameo: CameoId | None, use: Use) -> TakeOrder:
    price = campaign.provider.price(campaign.size, order.seconds)
    if not isinstance(price, Money):
        raise ValueError(f"{order.shot} cannot be ordered: {price}")
    return TakeOrder(
        run=RunId(run),
        campaign=campaign.name,
        order=order,
        money=price,
        tier=campaign.provider.tier_of(campaign.size),
        retires=campaign.provider.retires,
        caps=campaign.caps,
        cameo=cameo,
        use=use if cameo else None,
        lists_jobs=campaign.provider.lists_jobs,
        previz=campaign.provider.previz,
    )
