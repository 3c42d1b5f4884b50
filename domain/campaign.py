"""The campaign: everything a run is given, validated and frozen by hash when the run starts.

Brief, catalog, audiences, brand and prices are frozen. Cameos and claims here are the seed of the workspace's own
revisioned records, which are read again at every gate.
"""

from fractions import Fraction
from typing import Literal

from pydantic import Field

from callsheet.domain.cameo import Cameo
from callsheet.domain.claim import Claim, Disclosure, Topic
from callsheet.domain.frozen import FrozenPrompt
from callsheet.domain.identity import Digest, FactId
from callsheet.domain.labelling import Policy
from callsheet.domain.money import Money
from callsheet.domain.placement import VERTICAL, Placement
from callsheet.domain.provider import Provider
from callsheet.domain.record import Record, Seconds, Value

GateKind = Literal["greenlight", "purchase", "dailies", "release", "topup", "writer"]


class Asset(Value):
    """A file of the campaign folder, by content: its bytes are in the media store under `digest`."""

    path: str
    digest: Digest
    media_type: str
    width: int
    height: int


class Fact(Record):
    """One thing the catalog says about the product. A callout cites exactly one."""

    id: FactId
    text: str = Field(min_length=3, max_length=80)


class Product(Record):
    """What is advertised."""

    name: str = Field(min_length=1, max_length=60)
    short_names: tuple[str, ...] = Field(default=(), description="Other names it goes by: names, and no claims.")
    category: str = Field(default="product", max_length=40)
    description: str = Field(default="", max_length=400)
    url: str = ""
    image: Asset | None = None
    facts: tuple[Fact, ...] = ()


class Audience(Record):
    """A segment and the hypothesis about what moves it. One variant is made for each."""

    id: str = Field(pattern=r"^[a-z][a-z0-9-]{0,31}$")
    name: str
    hypothesis: str = Field(default="", max_length=200)
    tone: str = Field(default="", max_length=60)
    setting: str = Field(default="", max_length=80, description="Where these people are, in words for a picture.")


class Brand(Record):
    """How the advertiser looks and speaks."""

    name: str = ""
    palette: tuple[str, ...] = Field(default=("#0f172a", "#f97316", "#f8fafc"), min_length=2, max_length=6)
    tone: str = "warm and direct"
    legal_line: str = ""
    call_to_action: str = "Find yours"
    avoid: tuple[str, ...] = Field(default=(), description="Words and pictures the brand never uses.")


class Cap(Record):
    """The most that may be spent, in purchased seconds and in money; what is absent is not limited."""

    seconds: int | None = Field(default=None, gt=0)
    money: Money | None = None


class Caps(Record):
    """The most that may be spent, in purchased seconds and in money, by a campaign over all its runs."""

    seconds: int = Field(default=120, gt=0)
    money: Money | None = None
    day: Cap | None = Field(default=None, description="The same for each calendar day, UTC.")
    tiers: dict[str, Cap] = Field(default={}, description="The same for each price tier of the provider, by its name.")

    def of_plan(self, tier: str) -> tuple[Cap, ...]:
        """Every cap that a plan at one price tier must keep."""
        parts = (Cap(seconds=self.seconds, money=self.money), self.day, self.tiers.get(tier))
        return tuple(part for part in parts if part is not None)


class Reshoots(Record):
    """What the Analyst may ask for after publishing: rounds, and seconds a round."""

    rounds: int = Field(default=1, ge=0, le=5)
    seconds: int = Field(default=12, ge=0)


class TelemetrySource(Record):
    """Where readings come from: a CSV of the campaign folder, the seeded simulation, or nowhere yet."""

    kind: Literal["csv", "simulation", "none"] = "none"
    asset: Digest | None = None
    seed: int = 1


class Campaign(Record):
    """One validated bundle."""

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,47}$")
    goal: str = Field(min_length=3, max_length=400)
    product: Product
    brand: Brand = Brand()
    audiences: tuple[Audience, ...] = Field(
        default=(Audience(id="everyone", name="Everyone"),), min_length=1, max_length=5
    )
    placements: tuple[Placement, ...] = Field(default=(VERTICAL,), min_length=1)
    markets: tuple[str, ...] = ("US",)
    locale: str = Field(default="en-US", description="BCP 47 tag of the words on screen.")
    labels: Policy = Field(
        default="everywhere",
        description="`everywhere`: one cut with the strictest label of its markets. `where_required`: alternates.",
    )
    seconds: Seconds = Field(default=Fraction(16), description="Wanted length of the master, end card included.")
    end_card_seconds: Seconds = Field(default=Fraction(3), description="How long the end card stays.")
    shots: int | None = Field(
        default=None, ge=1, le=12, description="Number of shots; chosen by the Director when absent."
    )
    max_shot_seconds: Seconds = Fraction(5)
    variants: Literal["recut", "reshoot"] = Field(
        default="recut", description="`recut`: variants share takes. `reshoot`: every variant shoots its own."
    )
    cameos: tuple[Cameo, ...] = ()
    claims: tuple[Claim, ...] = ()
    disclosures: tuple[Disclosure, ...] = ()
    topics: tuple[Topic, ...] = ()
    caps: Caps = Caps()
    provider: Provider
    size: str = Field(default="720x1280", description="Size bought from the provider.")
    takes: int = Field(default=1, ge=1, le=4, description="Shooting ratio: takes bought for each shot.")
    priority: int = Field(default=10, ge=1, le=100, description="Whose renders queue first: 1 is urgent, 100 can wait.")
    reshoots: Reshoots = Reshoots()
    telemetry: TelemetrySource = TelemetrySource()
    dailies: bool | None = Field(default=None, description="Stop at dailies; by default only with a real provider.")
    prompts: tuple[FrozenPrompt, ...] = Field(
        default=(), description="The words the crew is given, frozen; none: the newest of the program that runs."
    )

    @property
    def stops_at_dailies(self) -> bool:
        """Whether a person looks at the takes before the edit."""
        return self.dailies if self.dailies is not None else not self.provider.previz
