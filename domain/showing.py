"""What people are shown at a gate, exactly. Its hash is what they approve."""

from collections.abc import Sequence

from pydantic import Field

from callsheet.domain.campaign import GateKind
from callsheet.domain.identity import Digest, PlacementId, PurchaseKey, ShotId, TakeId, VariantId
from callsheet.domain.money import Money, Unpriced
from callsheet.domain.record import Record


class ShownTake(Record):
    """A take at dailies: which it is, and the bytes."""

    shot: ShotId
    take: TakeId
    number: int
    media: Digest
    circled: bool


class ShownPurchase(Record):
    """A purchase of which nobody can say whether it was made: what was asked for, when, and what is known."""

    purchase: PurchaseKey
    shot: ShotId
    take: int
    seconds: int
    money: Money
    provider: str
    attempt: int
    intended_at: str
    reason: str


def market_words(markets: Sequence[str], alternate: str) -> str:
    """Where a cut runs: `for GB`, `alternate for DE`; nothing where it runs in all markets of the campaign."""
    where = ", ".join(markets)
    if alternate:
        return f"alternate for {where or alternate}"
    return f"for {where}" if where else ""


class ShownFile(Record):
    """A finished file at release: where it runs, and the exact bytes that would ship."""

    name: str
    variant: VariantId
    placement: PlacementId
    file: Digest
    essence: Digest
    credentials: str
    markets: tuple[str, ...] = Field(default=(), description="Where it runs; all of the campaign's when absent.")
    alternate: str = Field(default="", description="Which alternate it is, where markets ask for stricter labels.")

    @property
    def runs(self) -> str:
        """Where it runs, in words; empty where it runs everywhere."""
        return market_words(self.markets, self.alternate)


class Showing(Record):
    """Everything a decision is about. Money and seconds are what approval permits at most."""

    kind: GateKind
    round: int
    question: str
    storyboard: Digest
    call_sheet: Digest | None = None
    quote: Digest | None = None
    seconds: int = 0
    expected: Money | Unpriced | None = None
    most: Money | None = None
    takes: tuple[ShownTake, ...] = ()
    purchases: tuple[ShownPurchase, ...] = ()
    files: tuple[ShownFile, ...] = ()
    notices: tuple[str, ...] = Field(
        default=(), description="What is not approved, not scanned, or otherwise worth knowing."
    )

    @property
    def is_split(self) -> bool:
        """Whether files for different markets are shown together, so that each must say where it runs."""
        return len({one.runs for one in self.files}) > 1
