"""How a size is said on wires that have no pixels: the shape of the frame and the length of its shorter side."""

from dataclasses import dataclass
from math import gcd


@dataclass(frozen=True)
class Framing:
    """A frame as many providers name it: `9:16` at `720`."""

    aspect_ratio: str
    short_side: int


def framing_of(size: str) -> Framing:
    """The framing of `WIDTHxHEIGHT`, exactly: 720x1280 is 9:16 at 720, and 480x854 is no 9:16."""
    width, height = (int(side) for side in size.split("x"))
    unit = gcd(width, height)
    return Framing(f"{width // unit}:{height // unit}", min(width, height))
