"""A placement is where an ad runs, and the specification a file must meet to run there."""

from collections.abc import Iterable
from fractions import Fraction
from typing import Annotated

from pydantic import Field, WithJsonSchema

from callsheet.domain.identity import PlacementId
from callsheet.domain.record import Record, Seconds, Value


class Safe(Value):
    """The margins in which a platform may put its own words and buttons: permille of the frame's height and width."""

    top: int = Field(default=50, ge=0, le=450)
    right: int = Field(default=50, ge=0, le=450)
    bottom: int = Field(default=50, ge=0, le=450)
    left: int = Field(default=50, ge=0, le=450)

    def holds(self, other: "Safe") -> bool:
        """Whether what keeps these margins keeps the others too."""
        return all(getattr(self, side) >= getattr(other, side) for side in _SIDES)

    def box(self, frame: tuple[int, int]) -> tuple[Fraction, Fraction, Fraction, Fraction]:
        """The area inside the margins, in pixels: left, top, right, bottom."""
        width, height = (Fraction(length, 1000) for length in frame)
        return width * self.left, height * self.top, width * (1000 - self.right), height * (1000 - self.bottom)


_SIDES = ("top", "right", "bottom", "left")

TITLE_SAFE = Safe()
"""A frame without known overlays: the safe title area of SMPTE ST 2046-1, the inner 90 % each way."""

UPRIGHT: dict[str, Safe] = {
    "tiktok": Safe(top=125, right=220, bottom=344, left=111),
    "meta": Safe(top=140, right=60, bottom=350, left=60),
    "youtube": Safe(top=150, right=178, bottom=350, left=45),
}
"""What covers an upright film, where a platform says so; as of November 2026.

TikTok publishes pictures, not figures; these were measured from those of its video ad specifications
(ads.tiktok.com/help/article/video-ads-specifications), with the buttons at the right as a margin of the whole frame.
Meta: 14 % above, 35 % below, 6 % at each side of Reels (Meta Business Help, safe zones). YouTube: 288, 192, 672 and 48
pixels of 1080 x 1920 in Shorts (Google Ads Help, vertical video). They move with every version of the apps.
"""


class Placement(Record):
    """A place an ad runs in: size (pixels), frame rate (frames a second), loudness (LUFS, EBU R 128) and length."""

    id: PlacementId = Field(pattern=r"^[a-z][a-z0-9-]{0,31}$")
    width: int = Field(default=720, ge=64, le=3840, multiple_of=2)
    height: int = Field(default=1280, ge=64, le=3840, multiple_of=2)
    rate: int = Field(default=30, ge=24, le=60)
    loudness: int = Field(default=-14, ge=-31, le=-10, description="Integrated loudness target in LUFS.")
    max_seconds: Seconds = Fraction(60)
    platforms: tuple[str, ...] = Field(
        default=(), description="Where it will be uploaded: tiktok, youtube, meta, ...; when absent, anywhere."
    )
    safe: Annotated[Safe | None, WithJsonSchema(Safe.model_json_schema())] = Field(
        default=None, description="Margins of your own; when absent, those of the platforms."
    )

    @property
    def size(self) -> str:
        """`WIDTHxHEIGHT`, as the providers write it."""
        return f"{self.width}x{self.height}"

    @property
    def aspect(self) -> Fraction:
        """Width over height."""
        return Fraction(self.width, self.height)

    @property
    def margins(self) -> Safe:
        """What must stay free: as written, or what its platforms cover; what any covers, where one is not known."""
        if self.safe is not None:
            return self.safe
        if self.aspect > Fraction(2, 3):
            return TITLE_SAFE
        are_known = bool(self.platforms) and all(one in UPRIGHT for one in self.platforms)
        return _widest([UPRIGHT[one] for one in self.platforms] if are_known else UPRIGHT.values())


def _widest(margins: Iterable[Safe]) -> Safe:
    every = (TITLE_SAFE, *margins)
    return Safe.model_validate({side: max(getattr(one, side) for one in every) for side in _SIDES})


VERTICAL = Placement(id=PlacementId("vertical"))
SQUARE = Placement(id=PlacementId("square"), width=720, height=720)
