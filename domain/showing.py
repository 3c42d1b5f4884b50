"""What people are shown at a gate, exactly. Its hash is what they approve."""

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


class ShownFile(Record):
    """A finished file at release: where it runs, and the exact bytes that would ship."""

    name: str
    variant: VariantId
    placement: PlacementId
    file: Digest
    essence: Digest
    credentials: str


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
