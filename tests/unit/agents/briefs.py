"""Twenty briefs of all trades, and the pieces every test of the crew needs."""

from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from callsheet.domain.cameo import Cameo, Release
from callsheet.domain.campaign import Asset, Audience, Brand, Campaign, Fact, Product
from callsheet.domain.claim import Claim
from callsheet.domain.cut import Media
from callsheet.domain.identity import CameoId, ClaimId, Digest, FactId, PurchaseKey, ReleaseId, TakeId
from callsheet.domain.money import nothing
from callsheet.domain.provider import Provider, Tier
from callsheet.domain.storyboard import Storyboard
from callsheet.domain.take import Take

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
PICTURE = Asset(path="product.png", digest=Digest("a" * 64), media_type="image/png", width=800, height=600)


def provider(**changes: Any) -> Provider:
    """A provider that sells 4, 8 and 12 seconds, as the sandbox does."""
    tiers = (
        Tier(name="standard", sizes=("720x1280",), per_second=Decimal("0.10")),
        Tier(name="pro", sizes=("1080x1920",), per_second=Decimal("0.30")),
    )
    settings: dict[str, Any] = {"seconds": (4, 8, 12), "reference": "first_frame", "tiers": tiers, **changes}
    return Provider(name="fourths", model="m-1", as_of=date(2026, 11, 1), source="test", **settings)


def campaign(name: str, goal: str, product: str, category: str, *facts: str, **changes: Any) -> Campaign:
    """A campaign of a few words."""
    described = Product(
        name=product,
        category=category,
        url=f"{name}.example",
        image=PICTURE,
        facts=tuple(Fact(id=FactId(f"f{number}"), text=text) for number, text in enumerate(facts, 1)),
    )
    settings: dict[str, Any] = {"seconds": Fraction(27), "provider": provider(), **changes}
    return Campaign(name=name, goal=goal, product=described, **settings)


def cameo(
    name: str = "ana",
    *,
    ends: datetime = datetime(2030, 1, 1, tzinfo=UTC),
    revoked_at: datetime | None = None,
    **changes: Any,
) -> Cameo:
    """A person with one release that covers everything until `ends`."""
    begins = datetime(2026, 1, 1, tzinfo=UTC)
    release = Release(id=ReleaseId(f"{name}-release"), starts=begins, ends=ends, revoked_at=revoked_at)
    description = f"an athlete called to run, {name}'s dark braid, a plain coral top"
    settings: dict[str, Any] = {"description": description, "releases": (release,), **changes}
    return Cameo(id=CameoId(name), name=name.title(), **settings)


AUDIENCES = (
    Audience(id="early", name="Early risers", tone="calm", setting="city streets before work"),
    Audience(id="club", name="Club runners", tone="bold"),
    Audience(id="new", name="New runners", tone="playful"),
)
CLAIMS = (
    Claim(id=ClaimId("c1"), text="Weighs 240 g", approved=True, substantiation="lab", disclosure="Size 42."),
    Claim(id=ClaimId("c2"), text="The lightest shoe we ever made", approved=False),
)


def runner(**changes: Any) -> Campaign:
    """A running shoe for three audiences, with an athlete, an approved claim and one that is not."""
    settings: dict[str, Any] = {
        "audiences": AUDIENCES,
        "claims": CLAIMS,
        "cameos": (cameo(),),
        "shots": 6,
        "brand": Brand(name="Fleet", legal_line="Fleet Ltd. Results differ."),
        **changes,
    }
    facts = ("Knitted upper without seams", "Sole of grippy rubber", "Weighs 200 g on a good day")
    return campaign("runner", "Get city runners to try the shoe", "Fleet Runner", "running shoes", *facts, **settings)


def takes_of(board: Storyboard, *, number: int = 1, rate: int = 30, extra: int = 0) -> tuple[Take, ...]:
    """A take for every shot, as long as was bought."""
    return tuple(
        Take(
            id=TakeId(f"{shot.id}-take-{number}"),
            shot=shot.id,
            number=number,
            purchase=PurchaseKey("p"),
            provider="fourths",
            model="m-1",
            job="j",
            prompt=Digest("b" * 64),
            media=Media(
                digest=Digest("c" * 64),
                media_type="video/mp4",
                width=720,
                height=1280,
                frames=shot.purchased_seconds * rate + extra,
                rate=rate,
            ),
            seconds=shot.purchased_seconds,
            price=nothing(),
            previz=True,
            stored_at=NOON,
        )
        for shot in board.shots
    )


BRIEFS: tuple[Campaign, ...] = (
    runner(),
    campaign("stride", "Launch a trail shoe", "Moss Trail", "shoes", "Lugs shaped like roots", "Dries overnight"),
    campaign(
        "morrow", "Introduce a house blend", "Morrow Blend", "coffee", "Roasted in small drums", "From one valley"
    ),
    campaign("kern", "Win back office drinkers of espresso", "Kern Espresso", "coffee", "Dark roast", "Whole beans"),
    campaign("fizz", "Make it the drink of the summer", "Fizz Lemonade", "soda", "Pressed lemons", "Glass bottle"),
    campaign("dew", "Build trust for a new serum", "Dew Serum", "skincare", "Made with rose water", "Glass dropper"),
    campaign("planly", "Get teams to sign up for a trial", "Planly", "software", "Works without an account"),
    campaign("oakline", "Sell the dining table", "Oakline Table", "furniture", "Solid oak", "Oiled by hand"),
    campaign("velo", "Get commuters on a bike", "Velo City", "bicycles", "Belt drive", "Lights built in"),
    campaign("crumb", "Visit the bakery on Saturdays", "Crumb Loaf", "bread", "Baked each morning", "Stone oven"),
    campaign("click", "A present for rainy days", "Click Blocks", "toys", "Beech wood", "Water based paint"),
    campaign(
        "halt", "Fill the hotel in spring", "Hotel Halt", "travel", "Rooms with balconies", "Breakfast in the yard"
    ),
    campaign("tally", "Explain an account for small shops", "Tally", "banking", "One account", "Photo of a receipt"),
    campaign(
        "grip", "More people in the climbing gym", "Grip Pass", "fitness", "Open day and night", "Chalk at the desk"
    ),
    campaign("wag", "Show how dogs love it", "Wag Bowl", "pet supplies", "Heavy base", "Wipes clean"),
    campaign("seam", "Reveal the winter coat", "Seam Coat", "fashion", "Boiled wool", "Two inside pockets"),
    campaign("hush", "Announce the new headphones", "Hush Phones", "headphones", "Folds flat", "Braided cable"),
    campaign("fern", "A garden on every balcony", "Fern Pot", "plants", "Clay from the region", "Waters itself"),
    campaign("quill", "Bring people back to handwriting", "Quill Notebook", "stationery", "Sewn binding"),
    campaign("orbit", "Say what it is and why it is useful", "Orbit", "thing", "Fits in a pocket", "Comes in blue"),
)
