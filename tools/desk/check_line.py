"""Whether a line may run: the gate for words, asked before anybody writes a plan."""

from fractions import Fraction
from typing import Literal

from pydantic import Field

from callsheet.domain.campaign import Campaign
from callsheet.domain.finding import Finding
from callsheet.domain.identity import ShotId
from callsheet.domain.seen import fold
from callsheet.domain.shot import Framing, Light, Movement, Shot
from callsheet.domain.words.gate import WordGate
from callsheet.domain.words.owed import owed_with
from callsheet.domain.words.picture import vet_shot
from callsheet.domain.words.waiver import waived
from callsheet.storage import cameo as people
from callsheet.storage import legal
from callsheet.storage.database import Transaction
from callsheet.tools.desk.answer import Answer
from callsheet.tools.desk.desk import Desk, MarketCode, RunName, frozen, today
from callsheet.tools.desk.tool import Asked, DeskTool, desk_tool
from callsheet.tools.rules.shipped import shipped_rules

LONGEST_LINE = 400
MOST_FINDINGS = 30
MOST_MARKETS = 30


class CheckLine(Asked):
    """Which line, and where it would run."""

    run: RunName
    line: str = Field(min_length=1, max_length=LONGEST_LINE, description="The words, exactly as they would run.")
    place: Literal["caption", "callout", "headline", "call_to_action", "speech", "picture"] = Field(
        default="caption", description="Where they would stand. `picture`: words that describe a shot to a provider."
    )
    locale: str = Field(
        default="", max_length=35, pattern=r"^[A-Za-z0-9-]*$", description="Their language, such as en-US; the run's."
    )
    markets: list[MarketCode] = Field(
        default=[], max_length=MOST_MARKETS, description="Markets it would run in; all of the run's when empty."
    )


class LineFinding(Answer):
    """One thing that is wrong with the line, or worth a note."""

    rule: str
    evidence: str
    fix: str
    weight: str = Field(description="`stops`: it may not run like this. `notes`: it may, and people are told.")


class UsedClaim(Answer):
    """An approved wording that stands in the line, and what must be shown with it."""

    claim: str
    owes: list[str]


class CheckedLine(Answer):
    """The verdict on a line."""

    passes: bool
    findings: list[LineFinding]
    claims: list[UsedClaim] = Field(description="Approved claims that stand in the line.")
    approved: list[str] = Field(description="Ids and wordings of the claims that may run there now.")
    markets: list[str]
    locale: str
    day: str


def check_line(desk: Desk) -> DeskTool:
    """The tool that holds a line against what legal has said."""

    async def work(asked: CheckLine) -> CheckedLine:
        return await desk.read(lambda tx: _checked(tx, asked))

    return desk_tool(
        "check_line",
        "Hold a line against the approved claims, banned topics, names and rules for words of a run's campaign, as "
        "legal says now. Answers whether it passes, and if not: each rule, the words, and what would fix it.",
        CheckLine,
        CheckedLine,
        work,
    )


def _checked(tx: Transaction, asked: CheckLine) -> CheckedLine:
    _, campaign = frozen(tx, asked.run)
    book = legal.book(tx, campaign)
    markets, locale = tuple(asked.markets) or campaign.markets, asked.locale or campaign.locale
    held = campaign.model_copy(update={"markets": markets, "locale": locale})
    gate = WordGate(held, book, shipped_rules(), today(tx), locale, people.every(tx))
    found = _vetted(gate, held, asked)
    settled = waived(found, book, markets, gate.day, locale)
    return CheckedLine(
        passes=not any(one.weight == "stops" for one in settled),
        findings=[
            LineFinding(rule=one.rule, evidence=one.evidence, fix=one.fix, weight=one.weight)
            for one in settled[:MOST_FINDINGS]
        ],
        claims=[
            UsedClaim(claim=one, owes=list(owed_with(claim, book, markets, gate.day, locale)))
            for one in dict.fromkeys(place.claim.id for place in gate.approved_in(asked.line))
            for claim in gate.claims
            if claim.id == one
        ],
        approved=[f"{one.id}: {one.text}" for one in gate.claims[:MOST_FINDINGS]],
        markets=list(markets),
        locale=locale,
        day=str(gate.day),
    )


def _vetted(gate: WordGate, campaign: Campaign, asked: CheckLine) -> tuple[Finding, ...]:
    """What a plan with this line would be told, and the words that the brand avoids."""
    if asked.place == "picture":
        found = vet_shot(gate, _described(asked.line))
    else:
        found = gate.said(asked.place, asked.line)
    avoided = [word for word in campaign.brand.avoid if fold(word) and fold(word) in fold(asked.line)]
    fix = "leave it out"
    found += [Finding(rule="brand: avoided", place=asked.place, evidence=repr(one), fix=fix) for one in avoided]
    return tuple({(one.rule, one.evidence): one for one in found}.values())


def _described(words: str) -> Shot:
    return Shot(
        id=ShotId("line"), beat="", subject="", setting="", action="", framing=Framing.WIDE, movement=Movement.STATIC,
        light=Light.STUDIO, seconds=Fraction(1), purchased_seconds=1, prompt=words,
    )  # fmt: skip
