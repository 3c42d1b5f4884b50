"""Past takes of the workspace, searched. One that may not be used is named as locked and its file is not."""

from collections.abc import Iterator
from typing import Literal

from pydantic import Field

from callsheet.domain.cameo import Cameo
from callsheet.domain.campaign import Campaign
from callsheet.domain.casting import use_of
from callsheet.domain.error import NotFound
from callsheet.domain.identity import RunId
from callsheet.domain.purchase import PAID, PurchaseState
from callsheet.domain.seen import fold
from callsheet.domain.take import Take
from callsheet.domain.words.person import without_names
from callsheet.storage import cameo as people
from callsheet.storage import document
from callsheet.storage import purchase as journal
from callsheet.storage import run as runs
from callsheet.storage import take as takes
from callsheet.storage.database import Transaction
from callsheet.storage.purchase import Purchase
from callsheet.tools.desk.answer import Answer
from callsheet.tools.desk.desk import Desk, RunName
from callsheet.tools.desk.tool import Asked, DeskTool, desk_tool

Standing = Literal["usable", "locked", "under way", "not made"]
MOST_TAKES = 40


class SearchTakes(Asked):
    """Which takes to look for."""

    words: str = Field(default="", max_length=120, description="Words of what was asked for; all takes when empty.")
    run: RunName | None = Field(default=None, description="Only takes that this run ordered.")
    shot: str = Field(default="", max_length=40, description="Only takes of this shot, such as shot.3.")
    usable: bool = Field(default=False, description="Only takes that may be used now.")
    most: int = Field(default=10, ge=1, le=MOST_TAKES, description="How many takes at most.")


class TakeFound(Answer):
    """One take. `file` is empty when it is locked or not there."""

    run: str
    shot: str
    take: int
    standing: Standing
    why: list[str] = Field(description="What stands against using it, or where it is.")
    words: str = Field(description="What the provider was asked for.")
    seconds: int
    price: str
    is_paid: bool
    provider: str
    size: str
    cameo: str = Field(description="The id of whoever is in it; empty: nobody who was cast.")
    previz: bool
    file: str


class TakesFound(Answer):
    """What the workspace has."""

    found: int = Field(description="How many takes match, shown or not.")
    takes: list[TakeFound]


def search_takes(desk: Desk) -> DeskTool:
    """The tool that searches past takes."""

    async def work(asked: SearchTakes) -> TakesFound:
        return await desk.read(lambda tx: _found(tx, desk, asked))

    return desk_tool(
        "search_takes",
        "Search the takes that were ever ordered in this workspace: shot, what was asked for, whether it may be used "
        "now, seconds and price. Locked takes are named as locked, with the reason and without their file.",
        SearchTakes,
        TakesFound,
        work,
    )


def _found(tx: Transaction, desk: Desk, asked: SearchTakes) -> TakesFound:
    if asked.run is not None:
        runs.find(tx, RunId(asked.run))
    everybody = people.every(tx)
    ranked = sorted(_matching(tx, asked), key=lambda each: -each[0])
    if not asked.usable:  # where each stands is looked up for those alone that are told about
        shown = [_told(tx, desk, one, everybody) for _, one in ranked[: asked.most]]
        return TakesFound(found=len(ranked), takes=shown)
    usable = [told for _, one in ranked if (told := _told(tx, desk, one, everybody)).standing == "usable"]
    return TakesFound(found=len(usable), takes=usable[: asked.most])


def _matching(tx: Transaction, asked: SearchTakes) -> Iterator[tuple[int, Purchase]]:
    """Every purchase that is meant, with how many of the words it has."""
    wanted = fold(asked.words).split()
    for one in journal.every(tx):
        if asked.run not in (None, one.run) or asked.shot not in ("", one.order.shot):
            continue
        said = fold(f"{one.order.shot} {one.order.prompt}")
        if (hits := sum(word in said for word in wanted)) or not wanted:
            yield hits, one


def _told(tx: Transaction, desk: Desk, one: Purchase, everybody: tuple[Cameo, ...]) -> TakeFound:
    take = takes.find(tx, one.key)
    standing, why = _standing(tx, one, take)
    return TakeFound(
        run=one.run,
        shot=one.order.shot,
        take=one.order.take,
        standing=standing,
        why=[without_names(reason, everybody) for reason in why],
        words=without_names(one.order.prompt, everybody),
        seconds=one.bill.seconds,
        price=str(one.bill.money),
        is_paid=one.state in PAID,
        provider=f"{one.order.provider} {one.order.model}",
        size=one.order.size,
        cameo=(take.cameo or "") if take else "",
        previz=take.previz if take else False,
        file=_file(desk, take) if take and standing == "usable" else "",
    )


def _standing(tx: Transaction, one: Purchase, take: Take | None) -> tuple[Standing, tuple[str, ...]]:
    """Whether it may be used by the campaign it was made for, at this moment."""
    if take is None:
        reason = (str(takes.asked(one)),)
        if one.state is PurchaseState.REJECTED:
            return "locked", reason
        ended = one.state in (PurchaseState.FAILED, PurchaseState.CANCELLED)
        return ("not made" if ended else "under way"), reason
    campaign = document.fetch(tx, Campaign, runs.find(tx, one.run).bundle)
    use = use_of(campaign) if take.cameo else None
    verdict = takes.judged(tx, take, take.cameo, use, (f"campaign:{campaign.name}", f"run:{one.run}"))
    return ("usable", verdict.notices) if verdict.kind == "hit" else ("locked", verdict.reasons)


def _file(desk: Desk, take: Take) -> str:
    try:
        return str(desk.path_of(take.media.digest))
    except NotFound:
        return ""
