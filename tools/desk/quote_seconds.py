"""What seconds cost: of the plan that a run has, or of lengths that somebody thinks about. Nothing is bought."""

from fractions import Fraction
from typing import Annotated

from pydantic import BeforeValidator, Field, WithJsonSchema

from callsheet.domain.budget import Limit, limits
from callsheet.domain.campaign import Campaign
from callsheet.domain.error import NotFound
from callsheet.domain.identity import RunId, ShotId, VariantId
from callsheet.domain.provider import fit_seconds
from callsheet.domain.quote import Quote, charge_of, quote
from callsheet.domain.run import Run
from callsheet.domain.shot import Framing, Light, Movement, Shot
from callsheet.domain.showing import Showing
from callsheet.domain.storyboard import EndCardPlan, Panel, Storyboard, VariantPlan
from callsheet.storage import book, document
from callsheet.storage import gate as gates
from callsheet.storage.database import Transaction
from callsheet.tools.desk.answer import Answer, seconds
from callsheet.tools.desk.desk import Desk, RunName, frozen, today
from callsheet.tools.desk.tool import Asked, DeskTool, desk_tool

LONGEST_BEAT = 60
MOST_BEATS = 12


def _length(value: object) -> Fraction:
    try:
        length = Fraction(str(value))
    except (ValueError, ZeroDivisionError):
        raise ValueError("write a length as a number of seconds, such as 4 or 2.5") from None
    if not 0 < length <= LONGEST_BEAT or length.denominator > 1000:
        raise ValueError(f"a length is over 0 and up to {LONGEST_BEAT} seconds, such as 4 or 2.5")
    return length


Length = Annotated[
    Fraction,
    BeforeValidator(_length),
    WithJsonSchema({"type": "number", "exclusiveMinimum": 0, "maximum": LONGEST_BEAT}),
]


class QuoteSeconds(Asked):
    """Which seconds to price."""

    run: RunName
    lengths: list[Length] = Field(
        default=[],
        max_length=MOST_BEATS,
        description="Lengths of shots in seconds, in order, to price instead of the plan. Empty: the plan of the run.",
    )


class QuotedShot(Answer):
    """What one shot costs."""

    shot: str
    seconds_used: str
    seconds_bought: int = Field(description="Over all takes; 0 when they exist already.")
    takes: int
    cost: str


class Quoted(Answer):
    """The price of a plan. Money is an amount with its currency; a price nobody knows says so."""

    run: str
    of: str = Field(description="`plan`: the plan of the run. `lengths`: the lengths that were asked about.")
    provider: str
    size: str
    shots: list[QuotedShot]
    seconds_bought: int
    seconds_used: str
    seconds_wasted: str
    expected: str
    worst: str
    fits: bool = Field(description="Whether the expected cost is known and inside every cap.")
    over: list[str] = Field(description="Caps that it passes.")
    cheaper: list[str] = Field(description="Lengths that waste less.")
    warnings: list[str]
    as_of: str
    source: str


def quote_seconds(desk: Desk) -> DeskTool:
    """The tool that prices seconds."""

    async def work(asked: QuoteSeconds) -> Quoted:
        return await desk.read(lambda tx: _quoted(tx, desk, asked))

    return desk_tool(
        "quote_seconds",
        "Price shots before anything is bought: seconds bought, used and wasted, cost expected and at worst, caps "
        "passed, cheaper lengths. Give lengths to try some out, or none for the plan of the run. Buys nothing.",
        QuoteSeconds,
        Quoted,
        work,
    )


def _quoted(tx: Transaction, desk: Desk, asked: QuoteSeconds) -> Quoted:
    run, campaign = frozen(tx, asked.run)
    found = _of_lengths(tx, desk, run, campaign, asked.lengths) if asked.lengths else _of_plan(tx, run)
    return Quoted(
        run=run.id,
        of="lengths" if asked.lengths else "plan",
        provider=f"{found.provider} {found.model}",
        size=found.size,
        shots=[
            QuotedShot(
                shot=line.shot,
                seconds_used=seconds(line.seconds),
                seconds_bought=line.bought_seconds,
                takes=line.takes,
                cost=str(line.cost),
            )
            for line in found.lines
        ],
        seconds_bought=found.seconds_purchased,
        seconds_used=seconds(found.seconds_used),
        seconds_wasted=seconds(found.seconds_wasted),
        expected=str(found.expected),
        worst=str(found.worst),
        fits=found.fits,
        over=[str(one) for one in found.over],
        cheaper=[str(one) for one in found.alternatives],
        warnings=list(found.warnings),
        as_of=str(found.as_of),
        source=found.source,
    )


def _of_plan(tx: Transaction, run: Run) -> Quote:
    """The quote of the newest question that had a price."""
    for gate in reversed(gates.gates_of(tx, run.id)):
        priced = document.fetch(tx, Showing, gate.shown).quote
        if priced is not None:
            return document.fetch(tx, Quote, priced)
    raise NotFound(f"{run.id} has no priced plan yet; ask again when it waits at its greenlight, or give lengths")


def _of_lengths(tx: Transaction, desk: Desk, run: Run, campaign: Campaign, lengths: list[Fraction]) -> Quote:
    """The same arithmetic as a plan's, on shots that show nothing. Raises NotSold for a length nobody sells."""
    shots = tuple(_blank(campaign, number, length) for number, length in enumerate(lengths, start=1))
    panels = tuple(Panel(shot=shot.id, seconds=shot.seconds) for shot in shots)
    card = EndCardPlan(seconds=campaign.end_card_seconds, headline="", call_to_action="")
    variants = tuple(
        VariantPlan(id=VariantId(one.id), audience=one.id, panels=panels, end_card=card) for one in campaign.audiences
    )
    board = Storyboard(title="lengths", shots=shots, variants=variants)
    return quote(campaign, shots, board, day=today(tx), under=_under(tx, desk, run.id, campaign))


def _under(tx: Transaction, desk: Desk, run: RunId, campaign: Campaign) -> tuple[Limit, ...]:
    charge = charge_of(campaign, run, desk.account, today(tx))
    purses = book.open_purses(tx, charge.purses, campaign.provider.currency)
    return limits(charge, campaign.caps, desk.day_cap, lambda purse: purses[purse].balance)


def _blank(campaign: Campaign, number: int, length: Fraction) -> Shot:
    return Shot(
        id=ShotId(f"shot.{number}"),
        beat="",
        subject="",
        setting="",
        action="",
        framing=Framing.WIDE,
        movement=Movement.STATIC,
        light=Light.STUDIO,
        seconds=length,
        purchased_seconds=fit_seconds(campaign.provider, length),
        prompt="",
    )
