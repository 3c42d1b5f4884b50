"""From a call sheet to orders: which take of which shot is to be bought, at what price, with which reference."""

import asyncio
from collections.abc import Sequence

from callsheet.domain.cameo import Use
from callsheet.domain.campaign import Campaign
from callsheet.domain.identity import BatchId, JobId, RunId, ShotId
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


async def orders(crew: Crew, run: str, campaign: Campaign, sheet: CallSheet) -> tuple[TakeOrder, ...]:
    """Every take the call sheet asks for. A take that arrived unusable is passed over for one more."""
    reference = await _reference(crew, campaign)
    cast = {role.shot: role.cameo for role in sheet.roles}
    use = Use(media=tuple(one.id for one in campaign.placements), territories=campaign.markets)

    def plan(tx: Transaction) -> tuple[TakeOrder, ...]:
        found: list[TakeOrder] = []
        for shot in sheet.shots:
            number, wanted = 1, campaign.takes
            while wanted:
                order = _order(crew, campaign, shot, reference, number)
                known = journal.find(tx, order.key)
                number += 1
                if known is not None and known.state is PurchaseState.REJECTED:
                    continue
                wanted -= 1
                found.append(_take_order(run, campaign, shot, order, cast.get(shot.id) is not None, use))
        return tuple(found)

    return await crew.database.read(plan)


async def held_shots(crew: Crew, run: str, campaign: Campaign, sheet: CallSheet) -> frozenset[ShotId]:
    """Shots of which every wanted take exists already."""
    wanted = await orders(crew, run, campaign, sheet)

    def look(tx: Transaction) -> frozenset[ShotId]:
        missing = {one.order.shot for one in wanted if takes.find(tx, one.order.key) is None}
        return frozenset(ShotId(one.order.shot) for one in wanted if one.order.shot not in missing)

    return await crew.database.read(look)


def shoot_batch(run: str, round: int, wanted: Sequence[TakeOrder]) -> Batch:
    """The render jobs of a round. The same orders make the same batch, so handing it in again is harmless."""
    jobs = tuple(
        Job(
            id=JobId(f"{run}.take.{one.order.key}"),
            kind="render",
            payload=one.model_dump(mode="json"),
            tags=(f"shot:{one.order.shot}", *((f"cameo:{one.cameo}",) if one.cameo else ())),
        )
        for one in wanted
    )
    mark = digest_of([job.id for job in jobs])[:8]
    return Batch(id=BatchId(f"{run}.{round}.1-shoot.{mark}"), run=RunId(run), jobs=jobs)


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
        prompt=_prompt(campaign.provider, shot, number),
        references=(reference,) if reference and shot.product != "none" else (),
        seconds=shot.purchased_seconds,
        size=campaign.size,
        shot=shot.id,
        take=number,
    )


def _prompt(provider: Provider, shot: Shot, number: int) -> str:
    return f"[{shot.id}] {shot.prompt}" if provider.slate else shot.prompt


def _take_order(run: str, campaign: Campaign, shot: Shot, order: Order, is_cast: bool, use: Use) -> TakeOrder:
    price = campaign.provider.price(campaign.size, shot.purchased_seconds)
    if not isinstance(price, Money):
        raise ValueError(f"{shot.id} cannot be ordered: {price}")
    return TakeOrder(
        run=RunId(run),
        order=order,
        money=price,
        cameo=shot.cameo if is_cast else None,
        use=use if is_cast else None,
        lists_jobs=campaign.provider.lists_jobs,
        previz=campaign.provider.previz,
    )
