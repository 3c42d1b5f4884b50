"""From a call sheet to orders: which take of which shot is to be bought, at what price, with which reference."""

import asyncio

from callsheet.agents.planning.wording import fill
from callsheet.domain.cameo import Use
from callsheet.domain.campaign import Campaign
from callsheet.domain.casting import use_of
from callsheet.domain.identity import CameoId, RunId, ShotId
from callsheet.domain.money import Money
from callsheet.domain.provider import Provider
from callsheet.domain.purchase import ENDED_UNBOUGHT, Order, PurchaseState
from callsheet.domain.reuse import Miss
from callsheet.domain.shot import Shot
from callsheet.domain.storyboard import CallSheet
from callsheet.graphs.crew import Crew
from callsheet.graphs.expecting import expected_of
from callsheet.jobs.order import TakeOrder
from callsheet.prompts.library import camera
from callsheet.storage import purchase as journal
from callsheet.storage import stop as stops
from callsheet.storage import take as takes
from callsheet.storage.database import Transaction


async def take_orders(crew: Crew, run: str, campaign: Campaign, sheet: CallSheet) -> tuple[TakeOrder, ...]:
    """Every take the call sheet asks for, with its price and who is in it."""
    cast = {role.shot: role.cameo for role in sheet.roles}
    use = use_of(campaign)
    shots = {shot.id: shot for shot in sheet.shots}
    found = []
    for order in await orders(crew, campaign, sheet):
        shot = shots[ShotId(order.shot)]
        cameo, picture = cast.get(shot.id), next(iter(order.references), None)
        wanted = _take_order(run, crew.server, campaign, order, cameo, use)
        found.append(wanted.model_copy(update={"expected": expected_of(campaign, shot, cameo, picture)}))
    return tuple(found)


async def orders(crew: Crew, campaign: Campaign, sheet: CallSheet) -> tuple[Order, ...]:
    """What is to be bought for each shot. A take that cannot be used is passed over for one more."""
    reference = await _reference(crew, campaign)
    return await crew.database.read(lambda tx: orders_at(tx, crew.account, campaign, sheet, reference))


def orders_at(
    tx: Transaction, account: str, campaign: Campaign, sheet: CallSheet, reference: str | None
) -> tuple[Order, ...]:
    """The same as the journal stands now, with the laid-out reference picture by the hash of its bytes."""
    cast, use = {role.shot: role.cameo for role in sheet.roles}, use_of(campaign)
    found: list[Order] = []
    for shot in sheet.shots:
        number, wanted = 1, campaign.takes
        while wanted:
            order = _order(tx.workspace, account, campaign, shot, reference, number)
            number += 1
            if not _is_passed_over(tx, order, cast.get(shot.id), use):
                wanted -= 1
                found.append(order)
    return tuple(found)


async def held_takes(crew: Crew, campaign: Campaign, sheet: CallSheet) -> tuple[ShotId, ...]:
    """The shot of every wanted take that need not be paid for any more: it exists, or its money is held already."""
    wanted = await orders(crew, campaign, sheet)

    def look(tx: Transaction) -> tuple[ShotId, ...]:
        known = [(order, journal.find(tx, order.key)) for order in wanted]
        return tuple(ShotId(order.shot) for order, one in known if one and one.state not in ENDED_UNBOUGHT)

    return await crew.database.read(look)


def _is_passed_over(tx: Transaction, order: Order, cameo: CameoId | None, use: Use) -> bool:
    """Whether a take of this number was called off, or paid for and cannot go into this cut: another one is needed."""
    if (stop := stops.find(tx, (f"take:{order.key}",))) and stop.kind == "cancel":
        return True
    known = journal.find(tx, order.key)
    if known is None or known.state is not PurchaseState.SETTLED:
        return known is not None and known.state is PurchaseState.REJECTED
    take = takes.find(tx, order.key)
    return take is not None and isinstance(takes.judged(tx, take, cameo, use if cameo else None), Miss)


async def _reference(crew: Crew, campaign: Campaign) -> str | None:
    if campaign.product.image is None or campaign.provider.reference == "none":
        return None
    picture = await asyncio.to_thread(crew.media.path, campaign.product.image.digest)
    laid_out = await crew.prepare_reference(picture, campaign.size, campaign.brand.palette)
    return await asyncio.to_thread(crew.media.keep_bytes, laid_out)


def _order(workspace: str, account: str, campaign: Campaign, shot: Shot, reference: str | None, number: int) -> Order:
    return Order(
        workspace=workspace,
        provider=campaign.provider.name,
        account=account,
        model=campaign.provider.model,
        prompt=_prompt(campaign.provider, shot),
        negative_prompt=shot.negative_prompt if campaign.provider.takes_negative_prompt else "",
        references=(reference,) if reference and shot.product != "none" else (),
        seconds=shot.purchased_seconds,
        size=campaign.size,
        shot=shot.id,
        take=number,
    )


def _prompt(provider: Provider, shot: Shot) -> str:
    said = f"[{shot.id}] {shot.prompt}" if provider.slate else shot.prompt
    if provider.takes_negative_prompt or not shot.negative_prompt:
        return said
    return f"{said} {fill(camera().left_out, {'what': shot.negative_prompt})}"


def _take_order(run: str, server: str, campaign: Campaign, order: Order, cameo: CameoId | None, use: Use) -> TakeOrder:
    price = campaign.provider.price(campaign.size, order.seconds)
    if not isinstance(price, Money):
        raise ValueError(f"{order.shot} cannot be ordered: {price}")
    return TakeOrder(
        run=RunId(run),
        server=server,
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
