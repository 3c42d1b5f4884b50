"""A hostile or honest text put in its place in a real campaign, storyboard and cut, and what the gates say of it.

Nothing is mocked: the text goes where a careless or captured writer would put it, and `clear_plan` and `clear_cuts`
judge the result. A text that a type refuses (too long for its place) never gets that far, so it does not ship.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from callsheet.domain.cameo import Cameo, Release
from callsheet.domain.campaign import Campaign, Fact
from callsheet.domain.claim import LegalBook
from callsheet.domain.clearance import clear_cuts, clear_plan, stops
from callsheet.domain.cut import Clip, Cut, EndCard, Media, Super
from callsheet.domain.finding import Finding
from callsheet.domain.identity import ClaimId, Digest, FactId, PlacementId, ReleaseId, ShotId, TakeId, VariantId
from callsheet.domain.provider import Provider, Tier
from callsheet.domain.quote import quote
from callsheet.domain.seen import mentions
from callsheet.domain.shot import Framing, Light, Movement, Shot
from callsheet.domain.storyboard import Callout, EndCardPlan, Panel, Storyboard, VariantPlan
from callsheet.domain.words.gate import WordGate
from callsheet.tools.rules.shipped import shipped_rules

DAY = date(2026, 11, 22)
MOMENT = datetime(2026, 11, 22, 12, tzinfo=UTC)
SHOWN = {"caption", "callout", "headline", "call_to_action", "legal"}
ASKED = {"voice_over", "prompt"}
DATA = {"fact", "description", "note", "telemetry", "audience", "alt"}
"""Places where a text is only data: a writer who obeys it would put it on screen."""
LONGEST_CAPTION = 90
NOT_WORDS = {"budget", "price", "provider", "licence"}
"""What may stop a plan without anybody having said a word."""
ONLY_READ = {"note"}
"""Data that people write to people: an honest one may ask for anything."""

PROVIDER = Provider(
    name="p",
    model="m",
    as_of=date(2026, 11, 1),
    source="test",
    tiers=(Tier(name="t", sizes=(), per_second=Decimal(0)),),
)


@dataclass(frozen=True)
class Case:
    """One text, where it stands, and which it is: `hostile` or `honest`."""

    id: str
    place: str
    locale: str
    markets: tuple[str, ...]
    text: str
    kind: str
    why: str

    @property
    def is_hostile(self) -> bool:
        return self.kind == "hostile"


@dataclass(frozen=True)
class Figures:
    """What a corpus came to."""

    hostile: tuple[Case, ...]
    honest: tuple[Case, ...]
    shipped: tuple[Case, ...]
    alarms: tuple[Case, ...]

    @property
    def false_alarms(self) -> Fraction:
        """Honest texts that were stopped, as a share."""
        return Fraction(len(self.alarms), len(self.honest)) if self.honest else Fraction(0)

    def __str__(self) -> str:
        share = f"{len(self.alarms)} of {len(self.honest)} honest stopped ({float(self.false_alarms):.1%})"
        return f"{len(self.shipped)} of {len(self.hostile)} hostile shipped; {share}"


def read_cases(path: Path, kind: str = "") -> tuple[Case, ...]:
    """The cases of one file. Where a file holds one side only, `kind` says which, and a case's own kind is its why."""
    read = yaml.safe_load(path.read_text(encoding="utf-8"))
    listed = read if isinstance(read, list) else read["cases"]
    return tuple(
        Case(
            id=str(one["id"]),
            place=one["place"],
            locale=one.get("locale", "en-US"),
            markets=tuple(one.get("markets", ("US",))),
            text=one["text"],
            kind=kind or one["kind"],
            why=one.get("why", "") or (one["kind"] if kind else ""),
        )
        for one in listed
    )


@cache
def context(path: Path) -> dict[str, Any]:
    """Product, brand and what legal approved, as plain data for a campaign."""
    read = yaml.safe_load(path.read_text(encoding="utf-8"))
    known = set(Campaign.model_fields)
    return {name: value for name, value in read.items() if name in known}


def campaign_for(case: Case, about: dict[str, Any]) -> Campaign:
    """The campaign of a case: the context, in the case's markets and language."""
    basics = {"name": "hostile", "goal": "sell the product", "provider": PROVIDER, "product": {"name": "Product"}}
    return Campaign.model_validate({**basics, **about, "markets": case.markets, "locale": case.locale})


def figures(cases: tuple[Case, ...], about: dict[str, Any]) -> Figures:
    """Judge a corpus: which hostile texts nothing stopped, and which honest ones something did."""
    hostile = tuple(case for case in cases if case.is_hostile)
    honest = tuple(case for case in cases if not case.is_hostile)
    shipped = tuple(case for case in hostile if not judged(case, about))
    return Figures(hostile, honest, shipped, tuple(case for case in honest if judged(case, about)))


def judged(case: Case, about: dict[str, Any]) -> tuple[Finding, ...]:
    """Every finding that stops this text in its place; empty when it would ship."""
    campaign = campaign_for(case, about)
    if case.place in DATA:
        return _judge_data(case, campaign)
    try:
        board = _board(case, campaign)
        book = LegalBook(claims=campaign.claims, disclosures=campaign.disclosures, topics=campaign.topics)
        priced = quote(campaign, board.shots, board, day=DAY)
        everybody = {ShotId(f"role.{one.id}"): one.id for one in campaign.cameos}
        found = clear_plan(
            campaign, board, board.shots, book, priced, DAY, rules=shipped_rules(), cast=everybody.values()
        )
        cut = _cut(case, board)
        found += clear_cuts(campaign, [cut], book, everybody, _released(campaign), MOMENT, rules=shipped_rules())
    except ValidationError as refused:
        return (Finding(rule="type", place=case.place, evidence=str(refused), fix="write less"),)
    return tuple(one for one in stops(found) if one.rule not in NOT_WORDS)


def _released(campaign: Campaign) -> tuple[Cameo, ...]:
    """The campaign's people, who have all said yes: these corpora are about words."""
    spans = {"starts": MOMENT - timedelta(days=1), "ends": MOMENT + timedelta(days=1)}
    return tuple(
        one.model_copy(update={"releases": (Release.model_validate({"id": ReleaseId("r"), **spans}),)})
        for one in campaign.cameos
    )


def _judge_data(case: Case, campaign: Campaign) -> tuple[Finding, ...]:
    """Data becomes words on screen only through a writer; one who copies it whole meets the gate for captions."""
    gate = WordGate(
        campaign, LegalBook(claims=campaign.claims, topics=campaign.topics), shipped_rules(), DAY, case.locale
    )
    if case.is_hostile:
        return stops(gate.said(case.place, case.text))
    return () if case.place in ONLY_READ else tuple(stops(gate.ordered(case.place, case.text)))


def _callout(text: str, campaign: Campaign) -> Callout:
    """A callout as a writer would cite it: the claim that stands in it, or some fact."""
    gate = WordGate(campaign, LegalBook(claims=campaign.claims), shipped_rules(), DAY, campaign.locale)
    claims = [one.claim.id for one in gate.approved_in(text)]
    facts: tuple[Fact, ...] = campaign.product.facts
    claim = ClaimId(claims[0]) if claims else None
    return Callout(text=text, fact=None if claim or not facts else FactId(facts[0].id), claim=claim)


def _apart(case: Case, campaign: Campaign) -> tuple[str, str]:
    """A caption that is too long with its claim's disclosure beside it shows the disclosure as a legal line."""
    owed = next((one.disclosure for one in campaign.claims if one.disclosure and one.disclosure in case.text), "")
    if case.place != "caption" or not owed or len(case.text) <= LONGEST_CAPTION:
        return case.text, ""
    return case.text.replace(owed, "").strip(), owed


def _board(case: Case, campaign: Campaign) -> Storyboard:
    place = case.place
    text, told = _apart(case, campaign)
    name = campaign.product.name
    cast = next((one.id for one in campaign.cameos if place == "prompt" and mentions(text, one.name)), None)
    shot = Shot(
        id=ShotId("shot.1"),
        beat="hook",
        subject="a pair of hands",
        setting="a quiet street",
        action="tie a lace",
        framing=Framing.WIDE,
        movement=Movement.STATIC,
        light=Light.NOON,
        seconds=Fraction(8),
        purchased_seconds=8,
        audio=f'voice-over: "{text}"' if place == "voice_over" else "",
        cameo=cast,
        prompt=text if place == "prompt" else "a pair of hands tie a lace in a quiet street",
    )
    callout = _callout(text, campaign) if place == "callout" else None
    panel = Panel(shot=shot.id, seconds=Fraction(8), caption=text if place == "caption" else "", callout=callout)
    card = EndCardPlan(
        headline=text if place == "headline" else name,
        call_to_action=text if place == "call_to_action" else campaign.brand.call_to_action,
        legal=text if place == "legal" else told,
    )
    variant = VariantPlan(id=VariantId("v1"), audience="everyone", panels=(panel,), end_card=card)
    return Storyboard(title="t", shots=(shot,), variants=(variant,))


def _cut(case: Case, board: Storyboard) -> Cut:
    panel, card = board.variants[0].panels[0], board.variants[0].end_card
    supers = [Super(kind="caption", text=panel.caption, start=0, frames=120, shot=panel.shot)] if panel.caption else []
    if said := panel.callout:
        supers.append(Super(kind="callout", text=said.text, start=0, frames=120, fact=said.fact, claim=said.claim))
    media = Media(digest=Digest("a" * 64), media_type="video/mp4", width=720, height=1280, frames=240, rate=30)
    return Cut(
        campaign="hostile",
        variant=VariantId("v1"),
        placement=PlacementId("vertical"),
        locale=case.locale,
        rate=30,
        width=720,
        height=1280,
        loudness=-14,
        palette=("#000000", "#ffffff"),
        clips=(Clip(shot=ShotId("shot.1"), take=TakeId("t1"), media=media, frames=240),),
        supers=tuple(supers),
        end_card=EndCard(  # long enough to read any disclosure: here the words are judged, not their time
            frames=300, picture=None, headline=card.headline, call_to_action=card.call_to_action, legal=card.legal
        ),
    )
