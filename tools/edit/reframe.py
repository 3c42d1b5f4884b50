"""How a picture of one shape fills a frame of another."""

from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor
from typing import Literal

from callsheet.domain.slate import Box, slate_place

LARGEST_CROP = Fraction(1, 4)
"""A crop may lose this part of the picture; beyond it the whole picture is shown on a blurred copy of itself."""


@dataclass(frozen=True)
class Reframe:
    """`fill`: scale to `width` x `height`, cut the frame out of its middle. `contain`: scale, lay on a blurred copy."""

    how: Literal["fill", "contain"]
    width: int
    height: int


def reframe(source: tuple[int, int], frame: tuple[int, int]) -> Reframe:
    """Choose how a source (width, height in pixels) is shown in a frame. All lengths come out even."""
    wide, high = Fraction(frame[0], source[0]), Fraction(frame[1], source[1])
    if 1 - min(wide, high) / max(wide, high) <= LARGEST_CROP:
        scale = max(wide, high)
        return Reframe("fill", max(_even(source[0] * scale), frame[0]), max(_even(source[1] * scale), frame[1]))
    scale = min(wide, high)
    return Reframe("contain", min(_even(source[0] * scale), frame[0]), min(_even(source[1] * scale), frame[1]))


def slate_in(source: tuple[int, int], frame: tuple[int, int]) -> Box:
    """Where the slate of a previz of one size stands in a frame of another, in pixels of the frame."""
    shown, place = reframe(source, frame), slate_place(*source)
    wide, high = shown.width / source[0], shown.height / source[1]
    x, y = (frame[0] - shown.width) / 2, (frame[1] - shown.height) / 2
    left, top = floor(place.left * wide + x), floor(place.top * high + y)
    return left, top, ceil(place.right * wide + x), ceil(place.bottom * high + y)


def _even(length: Fraction) -> int:
    return max(2, 2 * round(length / 2))
