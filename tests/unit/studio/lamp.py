"""The nouns of the written run: a campaign for a lamp, its storyboards, takes, cuts and files."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

from callsheet.domain.cameo import Cameo, Release
from callsheet.domain.campaign import Audience, Brand, Campaign, Fact, Product
from callsheet.domain.claim import Claim
from callsheet.domain.cut import Clip, Cut, Deliverable, EndCard, Media, Super
from callsheet.domain.identity import (
    CameoId,
    ClaimId,
    Digest,
    FactId,
    PlacementId,
    ReleaseId,
    ShotId,
    TakeId,
    VariantId,
)
from callsheet.domain.money import Money
from callsheet.domain.placement import Placement
from callsheet.domain.provider import Provider, Tier
from callsheet.domain.purchase import Order
from callsheet.domain.record import digest_of
from callsheet.domain.shot import Framing, Light, Movement, Shot
from callsheet.domain.storyboard import Callout, EndCardPlan, Panel, Storyboard, VariantPlan
from callsheet.domain.take import Take
from callsheet.domain.telemetry import AnalystDecision, DecisionKind, Reading, ReshootRequest

HOSTILE = "<script>alert('take')</script> & \"more\""
START = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
PRICE = Money(amount=Decimal("0.40"))
VARIANT, PLACEMENT, RELEASE = VariantId("a"), PlacementId("pocket"), ReleaseId("ines-1")

CAMPAIGN = Campaign(
    name="spring",
    goal="Get people to try the lamp",
    product=Product(name="Lumen Lamp", facts=(Fact(id=FactId("f1"), text="Folds flat"),)),
    brand=Brand(name="Lumen", palette=("#14213d", "#ff6a3d", "url(x)")),
    audiences=(Audience(id="early", name="Early risers", hypothesis="They wake before the sun."),),
    placements=(Placement(id=PLACEMENT, width=160, height=284),),
    cameos=(
        Cameo(
            id=CameoId("ines"),
            name="Ines Calder",
            releases=(Release(id=RELEASE, starts=START, ends=START + timedelta(days=900)),),
        ),
    ),
    claims=(
        Claim(id=ClaimId("c1"), text="Made with recycled steel", approved=True, substantiation="Certificate 12"),
        Claim(id=ClaimId("c2"), text="Shines twice as long"),
    ),
    provider=Provider(
        name="per-second",
        model="draw-1",
        as_of=date(2026, 11, 1),
        source="a test",
        seconds=(4,),
        previz=True,
        tiers=(Tier(name="small", sizes=("160x284",), per_second=Decimal("0.10")),),
        compare_with=(Decimal("0.30"),),
    ),
    size="160x284",
)


def storyboard(number: int, second: str) -> Storyboard:
    """Two shots; the second one is another in each round."""
    callout = Callout(text="Recycled", fact=FactId("f1"), claim=ClaimId("c1"))
    panels = (
        Panel(shot=ShotId("shot.1"), seconds=Fraction(2), caption=HOSTILE[:40]),
        Panel(shot=ShotId(second), seconds=Fraction(1), callout=callout),
    )
    card = EndCardPlan(seconds=Fraction(1), headline="Lumen", call_to_action="See it")
    plan = VariantPlan(id=VARIANT, audience="early", panels=panels, end_card=card)
    shots = (_shot("shot.1", Framing.WIDE, CameoId("ines")), _shot(second, Framing.MACRO if number else Framing.CLOSE))
    return Storyboard(title="Lamp", round=number, shots=shots, variants=(plan,))


def _shot(name: str, framing: Framing, cameo: CameoId | None = None) -> Shot:
    return Shot(
        id=ShotId(name),
        beat="hook",
        subject="the lamp",
        setting="a desk",
        action="unfolds",
        framing=framing,
        movement=Movement.ORBIT,
        light=Light.WINDOW,
        seconds=Fraction(2),
        purchased_seconds=4,
        cameo=cameo,
        prompt="a lamp",
    )


def order(shot: str) -> Order:
    """The order for a shot's only take."""
    return Order(
        workspace="test",
        provider="per-second",
        account="x",
        model="draw-1",
        prompt=f"[{shot}] a lamp",
        seconds=4,
        size="160x284",
        shot=shot,
        take=1,
    )


def take(bought: Order, media: Media, release: ReleaseId | None, at: datetime) -> Take:
    """What the order gave."""
    return Take(
        id=TakeId(f"{bought.shot}.take1-{bought.key[:8]}"),
        shot=ShotId(bought.shot),
        number=1,
        purchase=bought.key,
        provider=bought.provider,
        model=bought.model,
        job=f"video_{bought.shot}",
        prompt=digest_of(bought.prompt),
        media=media,
        seconds=4,
        price=PRICE,
        previz=True,
        cameo=CameoId("ines") if release else None,
        release=release,
        scanned=("integrity",),
        stored_at=at,
    )


def cut(board: Storyboard, takes: tuple[Take, ...]) -> Cut:
    """The board's only variant, cut."""
    panels = board.variants[0].panels
    said = {"text": "Recycled", "fact": FactId("f1"), "claim": ClaimId("c1"), "shot": panels[1].shot}
    return Cut(
        campaign="spring",
        variant=VARIANT,
        placement=PLACEMENT,
        locale="en-US",
        rate=30,
        width=160,
        height=284,
        loudness=-14,
        palette=("#14213d",),
        clips=tuple(
            Clip(shot=one.shot, take=one.id, media=one.media, frames=int(panel.seconds * 30))
            for one, panel in zip(takes, panels, strict=True)
        ),
        supers=(Super.model_validate({"kind": "callout", "start": 60, "frames": 30, **said}),),
        end_card=EndCard(frames=30, picture=None, headline="Lumen", call_to_action="See it"),
        previz=True,
    )


def deliverable(made_of: Cut, file: Digest, captions: Digest, timeline: Digest) -> Deliverable:
    """The cut as a file."""
    return Deliverable(
        name=made_of.name,
        cut=made_of.digest,
        variant=made_of.variant,
        placement=made_of.placement,
        locale=made_of.locale,
        essence=file,
        file=file,
        captions=captions,
        timeline=timeline,
        frames=60,
        rate=30,
        width=160,
        height=284,
        bytes=9000,
        loudness="-14.0",
        credentials="development",
    )


def reading(number: int) -> Reading:
    """A simulated audience that stays longer in the second round."""
    return Reading(
        variant=VARIANT,
        placement=PLACEMENT,
        viewers=(1000, 850, 700 + number * 100, 600 + number * 180),
        clicks=40,
        simulated=True,
        source="simulation, seed 2",
    )


def conclusion(kind: DecisionKind, shot: ShotId | None) -> AnalystDecision:
    """What the Analyst made of it; with a shot, the wish to shoot it again."""
    wish = "it loses viewers"
    request = shot and ReshootRequest(variant=VARIANT, shots=(shot,), changes=("closer",), seconds=4, reason=wish)
    said = f"{kind}: 4.0 % (95 % interval 2.9 % to 5.4 %)"
    return AnalystDecision(kind=kind, variant=VARIANT, shot=shot, request=request or None, reason=said, simulated=True)
