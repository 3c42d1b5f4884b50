"""The brand's colours, given the parts they play on screen: ground, accent, ink."""

import colorsys
import re
from collections.abc import Sequence
from dataclasses import dataclass

Colour = tuple[int, int, int]

WHITE: Colour = (255, 255, 255)
INK: Colour = (17, 19, 24)
_HOUSE: tuple[Colour, ...] = ((24, 28, 38), (240, 101, 67), (245, 241, 234))
_HEX = re.compile(r"#?([0-9a-fA-F]{6}|[0-9a-fA-F]{3})")


@dataclass(frozen=True)
class Palette:
    """`ground` fills the end card, `accent` draws the eye (buttons, bars)."""

    ground: Colour
    accent: Colour

    @classmethod
    def of(cls, names: Sequence[str]) -> "Palette":
        """Cast a brand's colours (`#rrggbb`) in their parts: the first is the ground, the liveliest other the accent.

        Names that are no colour are passed over; a brand without colours gets the house's.
        """
        colours = tuple(colour for name in names if (colour := _parse(name)) is not None) or _HOUSE
        ground = colours[0]
        others = [colour for colour in colours[1:] if contrast(colour, ground) >= 1.6]
        accent = max(others, key=lambda colour: _liveliness(colour, ground)) if others else _invented_accent(ground)
        return cls(ground, accent)


def ink_on(ground: Colour) -> Colour:
    """White or near-black, whichever reads better on a colour."""
    return WHITE if contrast(WHITE, ground) >= contrast(INK, ground) * 0.62 else INK


def contrast(one: Colour, other: Colour) -> float:
    """The WCAG 2 contrast ratio of two colours, from 1 to 21."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def mix(one: Colour, other: Colour, share: float) -> Colour:
    """A colour between two others; `share` is the second's part."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


def _parse(name: str) -> Colour | None:
    match = _HEX.fullmatch(name.strip())
    if match is None:
        return None
    digits = match[1] if len(match[1]) == 6 else "".join(digit * 2 for digit in match[1])
    return int(digits[0:2], 16), int(digits[2:4], 16), int(digits[4:6], 16)


def _luminance(colour: Colour) -> float:
    parts = [value / 255 for value in colour]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _liveliness(colour: Colour, ground: Colour) -> float:
    _, saturation, value = colorsys.rgb_to_hsv(*(part / 255 for part in colour))
    return saturation * value + 0.05 * min(contrast(colour, ground), 6)


def _invented_accent(ground: Colour) -> Colour:
    """A brand of one colour is drawn with white or near-black beside it."""
    return ink_on(ground)
