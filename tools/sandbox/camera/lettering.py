"""Letters on pictures: the Inter typeface, and text that is sure to have a glyph for everything it shows."""

from functools import cache

import fontpkg
from PIL import ImageFont

_KNOWN = frozenset(" !\"#%&'()*+,-./0123456789:;=?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]_abcdefghijklmnopqrstuvwxyz·×–—°")


@cache
def typeface(size: int, weight: int) -> ImageFont.FreeTypeFont:
    """Inter at a size in pixels and a weight from 100 to 900."""
    font = ImageFont.truetype(str(fontpkg.path("Inter")), size)
    font.set_variation_by_axes([max(14, min(32, size)), weight])
    return font


def printable(text: str) -> str:
    """The text without anything that could come out as an empty box."""
    return "".join(letter for letter in text if letter in _KNOWN)
