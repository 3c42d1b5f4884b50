"""What an order permits to be seen and heard in its take. Everything else is a surprise, and a surprise stops."""

from pydantic import Field

from callsheet.domain.identity import CameoId, Digest
from callsheet.domain.record import Record
from callsheet.domain.scan.report import Check


class Expected(Record):
    """What may be in the picture and in the sound of one take. The empty one permits no words and no names."""

    words: tuple[str, ...] = Field(default=(), description="What may be read in the picture, such as a previz slate.")
    lines: tuple[str, ...] = Field(default=(), description="What may be said, word for word.")
    names: tuple[str, ...] = Field(default=(), description="Names that may occur: the advertiser, the product.")
    people: int | None = Field(default=None, description="Faces at once at most; none: the plan does not say.")
    cast: CameoId | None = None
    may_match: bool = Field(default=False, description="Whether the release permits comparing faces with the person's.")
    likeness: tuple[Digest, ...] = Field(default=(), description="Pictures of the cast person, by their bytes.")
    product: Digest | None = Field(default=None, description="The picture that the product must match, by its bytes.")
    begins_from_product: bool = Field(
        default=True, description="The provider begins from that picture, so it must be found in the take."
    )
    language: str = Field(default="en", description="Language of what may be said.")

    slate: str = Field(default="", description="What a provider of previz prints over its pictures, in one line.")
    hidden: tuple[str, ...] = Field(
        default=(), exclude=True, description="Names of people that no evidence may carry; never written down itself."
    )

    @property
    def checks(self) -> tuple[Check, ...]:
        """The checks that concern such a take."""
        always: tuple[Check, ...] = ("text", "faces", "speech", "names", "nudity")
        cast: tuple[Check, ...] = ("cast",) if self.cast else ()
        return (*always, *cast, *(("product",) if self.product else ()))
