"""A campaign as people write it. Only `goal` and `product.name` are required; every other key has a stated default."""

from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema

from callsheet.domain.campaign import Brand, Cap, Caps, Reshoots
from callsheet.domain.labelling import Policy
from callsheet.domain.placement import Placement
from callsheet.domain.record import Record, Seconds
from callsheet.tools.intake.spelling import (
    NAME,
    Color,
    Country,
    Line,
    Market,
    Shorthand,
    Words,
    WrittenMoney,
    read_many,
    read_placement,
)
from callsheet.tools.intake.wording import MOST_RECORDS, WrittenClaim, WrittenDisclosure, WrittenTopic
from callsheet.tools.intake.written_cameo import WrittenCameo

ID_HELP = "Made from the position or the name when absent."
OptionalId = Annotated[str | None, Field(default=None, pattern=NAME, description=ID_HELP)]
ShortName = Annotated[Line, Field(min_length=2, max_length=40)]
Price = Annotated[Decimal, Field(ge=0, le=1000, description="Price of one second.")]
Markets = Annotated[tuple[Market, ...], BeforeValidator(read_many), Field(min_length=1)]


class WrittenFact(Shorthand):
    """One thing the catalog says about the product; a callout is one of these, word for word."""

    main: ClassVar[str] = "text"
    id: OptionalId = None
    text: Line = Field(min_length=3, max_length=80)


class WrittenProduct(Record):
    """What is advertised."""

    name: Line = Field(min_length=1, max_length=60)
    short_names: tuple[ShortName, ...] = Field(
        default=(), max_length=8, description="Other names it goes by, such as Runner 2; a figure in one is no claim."
    )
    category: Line = Field(default="product", max_length=40, description="A word or two: running shoes, coffee.")
    description: str = Field(default="", max_length=400)
    url: Line = Field(default="", max_length=100, pattern=r"^\S*$", description="Shown on the end card.")
    image: str | None = Field(default=None, description="PNG, JPEG or WebP inside the campaign folder.")
    facts: tuple[WrittenFact, ...] = Field(default=(), description="Or in catalog.yaml.")


class WrittenAudience(Shorthand):
    """A segment and the hypothesis about what moves it. One variant is made for each."""

    main: ClassVar[str] = "name"
    id: OptionalId = None
    name: Line = Field(min_length=1, max_length=60)
    hypothesis: str = Field(default="", max_length=200)
    tone: Line = Field(default="", max_length=60)
    setting: Line = Field(default="", max_length=80, description="Where these people are, in words for a picture.")


class WrittenBrand(Brand):
    """How the advertiser looks and speaks. Or in brand.yaml."""

    name: Line = Field(default="", max_length=60)
    palette: tuple[Color, ...] = Field(default=Brand().palette, min_length=2, max_length=6)
    legal_line: Line = Field(default="", max_length=200)
    call_to_action: Line = Field(default=Brand().call_to_action, min_length=1, max_length=40)
    avoid: Words = Field(default=(), description="Words and pictures the brand never uses.")


class WrittenCap(Cap):
    """The most that may be spent, in purchased seconds and in money; what is absent is not limited."""

    money: WrittenMoney | None = None


class WrittenCaps(Record):
    """The most that the campaign may spend over all its runs, in purchased seconds and in money."""

    seconds: int = Field(default=Caps().seconds, gt=0)
    money: WrittenMoney | None = None
    day: WrittenCap | None = Field(default=None, description="The same for each calendar day, UTC.")
    tiers: dict[str, WrittenCap] = Field(
        default={}, description="The same for each price tier of the provider, by the tier's name."
    )


class WrittenTelemetry(Shorthand):
    """Where readings come from: `simulation` (seeded), `csv` (telemetry.csv beside this file), or `none` yet.

    When nothing is written: telemetry.csv if it is there; else simulation with seed 2 for a provider that draws
    previz, and none for a real one.
    """

    main: ClassVar[str] = "kind"
    kind: Literal["csv", "simulation", "none"] = "none"
    seed: int = Field(default=1, ge=0)


def _one_price_for_all(value: Any) -> Any:
    return value if isinstance(value, dict) else {"*": value}


WrittenPlacement = Annotated[
    Placement,
    BeforeValidator(read_placement),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "description": "A known placement."},
                Placement.model_json_schema(),
            ]
        }
    ),
]


class WrittenCampaign(Record):
    """A campaign folder's `campaign.yaml`. Sections marked so may be in a file of their own instead."""

    name: str | None = Field(
        default=None, pattern=r"^[a-z0-9][a-z0-9-]{0,47}$", description="The folder's name when absent."
    )
    goal: str = Field(min_length=3, max_length=400, description="What the films are for, in a sentence.")
    product: WrittenProduct
    brand: WrittenBrand = Field(default=WrittenBrand(), description="Or in brand.yaml.")
    audiences: tuple[WrittenAudience, ...] = Field(
        default=(WrittenAudience(id="everyone", name="Everyone"),),
        min_length=1,
        max_length=5,
        description="One variant is made for each. Or in audiences.yaml.",
    )
    placements: tuple[WrittenPlacement, ...] = Field(
        default=(Placement.model_validate({"id": "vertical"}),),
        min_length=1,
        max_length=6,
        description="Where the films run. Or in placements.yaml.",
    )
    markets: Annotated[tuple[Country, ...], BeforeValidator(read_many)] = Field(
        default=("US",), min_length=1, description="Two-letter country codes."
    )
    locale: str = Field(
        default="en-US", pattern=r"^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$", description="BCP 47 tag of the words on screen."
    )
    labels: Policy = Field(
        default="everywhere",
        description="everywhere: every market sees the strictest AI label of any. where_required: a cut of its own "
        "for each group of markets that asks for another label, or for none.",
    )
    seconds: Seconds = Field(default=Fraction(16), description="Wanted length of the master, end card included.")
    end_card_seconds: Seconds = Field(default=Fraction(3), description="How long the end card stays.")
    shots: int | None = Field(default=None, ge=1, le=12, description="Chosen by the Director when absent.")
    max_shot_seconds: Seconds = Field(default=Fraction(5), description="The longest a shot may play.")
    variants: Literal["recut", "reshoot"] = Field(
        default="recut", description="recut: variants share takes. reshoot: every variant shoots its own."
    )
    cameos: tuple[WrittenCameo, ...] = Field(default=(), max_length=10, description="Or in cameos.yaml.")
    claims: tuple[WrittenClaim, ...] = Field(default=(), max_length=MOST_RECORDS, description="Or in claims.yaml.")
    disclosures: tuple[WrittenDisclosure, ...] = Field(
        default=(), max_length=MOST_RECORDS, description="Or in disclosures.yaml."
    )
    topics: tuple[WrittenTopic, ...] = Field(default=(), max_length=MOST_RECORDS, description="Or in topics.yaml.")
    caps: WrittenCaps = WrittenCaps()
    provider: str = Field(default="sandbox", description="A provider of the packaged catalog.")
    prices: Annotated[dict[str, Price], BeforeValidator(_one_price_for_all)] = Field(
        default={}, description="Your own prices of a second: one number, or one for a size or tier."
    )
    size: str | None = Field(
        default=None,
        pattern=r"^[1-9]\d{1,3}x[1-9]\d{1,3}$",
        description="Size bought. The first placement's size when the provider sells it; else the nearest it sells.",
    )
    takes: int = Field(default=1, ge=1, le=4, description="Takes bought for each shot.")
    priority: int = Field(default=10, ge=1, le=100, description="Whose renders queue first: 1 urgent, 100 can wait.")
    reshoots: Reshoots = Reshoots()
    telemetry: WrittenTelemetry | None = Field(
        default=None,
        description="Where readings come from: simulation, csv or none. When absent: telemetry.csv if it is there; "
        "else simulation with seed 2 for a provider that draws previz (the sandbox), none for a real one.",
    )
    dailies: bool | None = Field(default=None, description="Stop at dailies; by default only with a real provider.")
    prompts: dict[str, Line] = Field(
        default={},
        max_length=40,
        description="The words the crew is given, by role/task: a pinned version such as v1 or v1#0123456789ab, or a "
        "prompt file of your own inside the folder. `callsheet prompts list` names them.",
    )


SECTIONS: dict[str, tuple[str, ...]] = {
    "catalog.yaml": ("product", "facts"),
    "cameos.yaml": ("cameos",),
    "claims.yaml": ("claims",),
    "disclosures.yaml": ("disclosures",),
    "topics.yaml": ("topics",),
    "audiences.yaml": ("audiences",),
    "brand.yaml": ("brand",),
    "placements.yaml": ("placements",),
}
"""Files that may carry a section of the campaign, and which."""
MAIN_FILE = "campaign.yaml"
TELEMETRY_FILE = "telemetry.csv"
SAMPLE_FACTS = ("Made for everyday use", "Ready when you are", "Looks good wherever you take it")
"""What a new folder says about any product, until somebody says what is true of this one."""
