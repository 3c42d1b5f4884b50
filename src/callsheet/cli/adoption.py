"""What a run or a campaign folder asks for, held against the takes that exist in the workspace."""

import asyncio
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from callsheet.domain.error import NotFound

if TYPE_CHECKING:
    from callsheet.domain.cameo import Cameo
    from callsheet.domain.campaign import Campaign
    from callsheet.domain.identity import CameoId
    from callsheet.domain.money import Money, Unpriced
    from callsheet.domain.purchase import Bill, Order
    from callsheet.domain.reuse import Hit, Miss
    from callsheet.domain.run import Run
    from callsheet.domain.storyboard import CallSheet
    from callsheet.domain.take import Take
    from callsheet.settings import Settings
    from callsheet.storage.database import Transaction
    from callsheet.storage.purchase import Purchase
    from callsheet.storage.take import Place


@dataclass(frozen=True)
class TakeStand:
    """One take as somebody asks for it now, or as it was asked for once: then there is no verdict.

    `is_passed_over` says that it was paid for, cannot be used, and another take is asked for in its place.
    """

    order: "Order"
    purchase: "Purchase | None"
    take: "Take | None"
    price: "Money | Unpriced"
    places: "tuple[Place, ...]" = ()
    verdict: "Hit | Miss | None" = None
    is_passed_over: bool = False

    @property
    def hit(self) -> "Hit | None":
        """The verdict, when the take may be used again."""
        return self.verdict if self.verdict is not None and self.verdict.kind == "hit" else None

    @property
    def bill(self) -> "Bill | None":
        """What was billed for it, when it is paid for."""
        from callsheet.domain.purchase import PAID

        if self.purchase is None or self.purchase.state not in PAID:
            return None
        return self.purchase.bill

    @property
    def release(self) -> str | None:
        """The release that covers it now; else the one it was bought under."""
        covers = self.hit.release if self.hit else None
        return covers or (self.take.release if self.take else None)

    @property
    def file(self) -> Path | None:
        """Its file in the media store, when it is there."""
        from callsheet.cli.workspace import media_store

        if self.take is None:
            return None
        try:
            return media_store().path(self.take.media.digest)
        except NotFound:
            return None

    @property
    def circled_in(self) -> list[str]:
        """The runs that chose it."""
        return [place.run for place in self.places if not place.cut]

    @property
    def cuts(self) -> "list[Place]":
        """The cuts it is in."""
        return [place for place in self.places if place.cut]


@dataclass(frozen=True)
class Plan:
    """What asks for takes: a run's latest call sheet, or the one a folder would have.

    `people` are those a folder would bring in; a run's are in the workspace. `tags` are what a word to stop may name.
    """

    name: str
    campaign: "Campaign"
    sheet: "CallSheet"
    picture: Path | None
    tags: tuple[str, ...]
    people: "Mapping[CameoId, Cameo]" = field(default_factory=dict)
    notices: tuple[str, ...] = ()


def plan_of_run(tx: "Transaction", run: "Run") -> Plan:
    """The latest call sheet of a run. Raises NotFound when it has drawn none yet."""
    from callsheet.cli.workspace import media_store
    from callsheet.domain.campaign import Campaign
    from callsheet.domain.identity import Digest
    from callsheet.domain.storyboard import CallSheet
    from callsheet.storage import document
    from callsheet.storage.ledger import entries

    drawn = [one.body["call_sheet"] for one in entries(tx, run.id) if one.kind == "CallSheetDrawn"]
    if not drawn:
        raise NotFound(f"{run.id} has drawn no call sheet yet, so it asks for no take; `callsheet status` says more")
    campaign = document.fetch(tx, Campaign, run.bundle)
    image = campaign.product.image
    picture = media_store().path(image.digest) if image else None
    sheet = document.fetch(tx, CallSheet, Digest(drawn[-1]))
    return Plan(run.id, campaign, sheet, picture, (*_tags(campaign), f"run:{run.id}"))


def plan_of_folder(tx: "Transaction", folder: Path, settings: "Settings") -> Plan:
    """The call sheet that the house crew would draw for a folder now."""
    from callsheet.agents.casting import Casting
    from callsheet.cli.campaign import house_plan
    from callsheet.domain.provider import with_model
    from callsheet.storage import cameo as people
    from callsheet.tools.intake import read_campaign

    bundle = read_campaign(folder, datetime.now(UTC).date(), settings.providers_folder)
    campaign = bundle.campaign
    if settings.video_model:
        campaign = campaign.model_copy(update={"provider": with_model(campaign.provider, settings.video_model)})
    board = asyncio.run(house_plan(campaign))
    sheet, findings = Casting().cast(campaign, board, people.overlaid(tx, campaign.cameos), tx.now)
    notices = [str(one) for one in findings]
    if settings.chat_url:
        notices.append("planned by the house, as for a quote; the chat model of the settings may plan otherwise")
    image = campaign.product.image
    picture = bundle.files[image.digest] if image else None
    by_id = {one.id: one for one in campaign.cameos}
    return Plan(str(folder), campaign, sheet, picture, _tags(campaign), by_id, tuple(notices))


def reference_of(plan: Plan) -> str | None:
    """The reference picture as it would be sent, by the hash of its bytes. Nothing is kept."""
    from callsheet.tools.edit import fit_reference

    if plan.picture is None or plan.campaign.provider.reference == "none":
        return None
    width, height = (int(side) for side in plan.campaign.size.split("x"))
    return hashlib.sha256(asyncio.run(fit_reference(plan.picture, (width, height)))).hexdigest()


def stands_of(tx: "Transaction", account: str, plan: Plan, reference: str | None) -> tuple[TakeStand, ...]:
    """Every take the plan asks for, hit or miss, each after those that were paid for in vain."""
    from callsheet.domain.purchase import PurchaseState
    from callsheet.domain.reuse import nearest
    from callsheet.graphs.shoot import orders_at
    from callsheet.storage import purchase as journal
    from callsheet.storage import take as takes

    begun = {one.key: one for one in journal.every(tx)}
    known = tuple(takes.asked(one) for one in begun.values())
    shown = takes.places(tx)
    stands: dict[str, TakeStand] = {}
    for order in orders_at(tx, account, plan.campaign, plan.sheet, reference):
        price = plan.campaign.provider.price(order.size, order.seconds)
        for number in range(1, order.take):
            one = order.model_copy(update={"take": number})
            before = begun.get(one.key)
            if before is not None and before.state is PurchaseState.REJECTED:
                stands[one.key] = TakeStand(one, before, None, price, (), nearest(one, known), is_passed_over=True)
        take = takes.find(tx, order.key)
        verdict = _judged(tx, plan, take) if take else nearest(order, known)
        places = shown.get(take.id, ()) if take else ()
        stands[order.key] = TakeStand(order, begun.get(order.key), take, price, places, verdict)
    return tuple(stands.values())


def every_stand(tx: "Transaction") -> tuple[TakeStand, ...]:
    """Every take that was ever asked for in the workspace, by run."""
    from callsheet.storage import purchase as journal
    from callsheet.storage import take as takes

    shown = takes.places(tx)
    stands: list[TakeStand] = []
    for one in journal.every(tx):
        take = takes.find(tx, one.key)
        stands.append(TakeStand(one.order, one, take, one.money, shown.get(take.id, ()) if take else ()))
    return tuple(stands)


def _judged(tx: "Transaction", plan: Plan, take: "Take") -> "Hit | Miss":
    from callsheet.domain.casting import use_of
    from callsheet.storage import take as takes

    cameo = next((role.cameo for role in plan.sheet.roles if role.shot == take.shot), None)
    use = use_of(plan.campaign) if cameo else None
    return takes.judged(tx, take, cameo, use, plan.tags, plan.people.get(cameo) if cameo else None)


def _tags(campaign: "Campaign") -> tuple[str, ...]:
    from callsheet.domain.stop import EVERYTHING

    return (EVERYTHING, f"campaign:{campaign.name}")
