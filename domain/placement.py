"""A placement is where an ad runs, and the specification a file must meet to run there."""

from fractions import Fraction

from pydantic import Field

from callsheet.domain.identity import PlacementId
from callsheet.domain.record import Record, Seconds


class Placement(Record):
    """A place an ad runs in: size (pixels), frame rate (frames a second), loudness (LUFS, EBU R 128) and length."""

    id: PlacementId = Field(pattern=r"^[a-z][a-z0-9-]{0,31}$")
    width: int = Field(default=720, ge=64, le=3840, multiple_of=2)
    height: int = Field(default=1280, ge=64, le=3840, multiple_of=2)
    rate: int = Field(default=30, ge=24, le=60)
    loudness: int = Field(default=-14, ge=-31, le=-10, description="Integrated loudness target in LUFS.")
    max_seconds: Seconds = Fraction(60)

    @property
    def size(self) -> str:
        """`WIDTHxHEIGHT`, as the providers write it."""
        return f"{self.width}x{self.height}"

    @property
    def aspect(self) -> Fraction:
        """Width over height."""
        return Fraction(self.width, self.height)


VERTICAL = Placement(id=PlacementId("vertical"))
SQUARE = Placement(id=PlacementId("square"), width=720, height=720)
