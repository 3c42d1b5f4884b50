"""A take is one attempt at a shot: one paid render result. Takes are numbered and kept."""

from fractions import Fraction
from typing import Literal

from pydantic import AwareDatetime, Field

from callsheet.domain.cut import Media
from callsheet.domain.identity import CameoId, Digest, PurchaseKey, ReleaseId, ShotId, TakeId
from callsheet.domain.money import Money
from callsheet.domain.record import Record


class Take(Record):
    """A take that exists: its bytes are in the media store, verified."""

    kind: Literal["take"] = "take"
    id: TakeId
    shot: ShotId
    number: int = Field(ge=1)
    purchase: PurchaseKey
    provider: str
    model: str
    job: str = Field(description="The provider's own name for the render.")
    prompt: Digest
    media: Media
    seconds: int
    price: Money
    previz: bool = False
    cameo: CameoId | None = None
    release: ReleaseId | None = None
    scanned: tuple[str, ...] = Field(
        default=(), description="Which checks looked at it; what is missing was not checked."
    )
    not_scanned: tuple[str, ...] = Field(default=(), description="The checks that were not made: `speech: why`.")
    noticed: tuple[str, ...] = Field(default=(), description="What a scan saw that a person should look at.")
    stored_at: AwareDatetime

    @property
    def length(self) -> Fraction:
        """Seconds of picture it really holds."""
        if self.media.frames is None or self.media.rate is None:
            return Fraction(self.seconds)
        return Fraction(self.media.frames, self.media.rate)


class Pending(Record):
    """A take that does not exist yet, or never will: where its purchase stands, and why."""

    kind: Literal["pending"] = "pending"
    shot: ShotId
    number: int
    purchase: PurchaseKey
    state: str
    reason: str = ""
