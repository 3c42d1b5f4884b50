"""The house typeface (Inter): what it can draw, and how words break into lines that fit."""

from dataclasses import dataclass
from functools import cache, lru_cache

import fontpkg
from PIL import Image, ImageDraw, ImageFont

from callsheet.tools.edit.error import GlyphMissing

REGULAR, MEDIUM, SEMIBOLD, BOLD, BLACK = 400, 500, 600, 700, 800
SMALLEST = 7
LEADING = 1.22
"""No type is smaller than this, in pixels; lines are this many sizes apart."""
_NO_CHARACTER = "\U0010ffff"


@dataclass(frozen=True)
class TextBlock:
    """Lines of text at one size, in pixels. `line` is the distance from one baseline to the next."""

    lines: tuple[str, ...]
    size: int
    weight: int
    width: int
    line: int

    @property
    def height(self) -> int:
        """From the top of the first line to the bottom of the last."""
        return self.line * len(self.lines)


@cache
def typeface(size: int, weight: int) -> ImageFont.FreeTypeFont:
    """Inter at a size in pixels. Basic layout: it is the same wherever Pillow runs."""
    face = ImageFont.truetype(str(fontpkg.path("Inter")), size, layout_engine=ImageFont.Layout.BASIC)
    face.set_variation_by_axes([min(32, max(14, size)), weight])
    return face


@lru_cache(maxsize=4096)
def _is_drawable(character: str) -> bool:
    return _drawn(character) != _drawn(_NO_CHARACTER)


def _drawn(character: str) -> bytes:
    image = Image.new("L", (48, 48), 0)
    ImageDraw.Draw(image).text((4, 34), character, font=typeface(24, REGULAR), fill=255, anchor="ls")
    return image.tobytes()


def missing_glyphs(text: str) -> tuple[str, ...]:
    """The characters of a text that the typeface cannot draw, each once. Empty when the text can be set."""
    return tuple(dict.fromkeys(character for character in tidy(text) if not _is_drawable(character)))


def tidy(text: str) -> str:
    """One line, single spaces."""
    return " ".join(text.split())


def set_text(text: str, *, size: float, weight: int, width: int, lines: int, shrink: float = 0.66) -> TextBlock:
    """Break a text into at most `lines` lines of at most `width` pixels, evenly filled.

    The type gets smaller, down to `shrink` of its size, before a text gets more lines than asked for. Raises
    GlyphMissing, naming the characters, rather than draw an empty box.
    """
    if missing := missing_glyphs(text):
        named = ", ".join(f"{character!r} (U+{ord(character):04X})" for character in missing)
        raise GlyphMissing(f"the typeface has no {named}, in {tidy(text)!r}; rewrite the text without it")
    words = tidy(text).split(" ")
    largest, smallest = max(SMALLEST, round(size)), max(SMALLEST, round(size * shrink))
    sizes = range(largest, smallest - 1, -1)
    pixels = next((each for each in sizes if len(_break(words, each, weight, width)) <= lines), smallest)
    even = _balance(words, pixels, weight, width, len(_break(words, pixels, weight, width)))
    face = typeface(pixels, weight)
    widest = max(round(face.getlength(line)) for line in even)
    return TextBlock(even, pixels, weight, widest, round(pixels * LEADING))


def _break(words: list[str], pixels: int, weight: int, width: int) -> tuple[str, ...]:
    """Fill lines greedily. A word wider than a line is broken by character."""
    face = typeface(pixels, weight)
    lines, line = [], ""
    for word in words:
        tried = f"{line} {word}" if line else word
        if face.getlength(tried) > width:
            if line:
                lines.append(line)
            tried = word
            while face.getlength(tried) > width and len(tried) > 1:
                fits = (end for end in range(len(tried) - 1, 0, -1) if face.getlength(tried[:end]) <= width)
                head = next(fits, 1)
                lines.append(tried[:head])
                tried = tried[head:]
        line = tried
    return (*lines, line)


def _balance(words: list[str], pixels: int, weight: int, width: int, count: int) -> tuple[str, ...]:
    """The narrowest setting with the same number of lines: no last line of one short word."""
    narrow, wide = width // max(1, count) // 2, width
    while wide - narrow > 4:
        middle = (narrow + wide) // 2
        fits = middle >= max(typeface(pixels, weight).getlength(word) for word in words)
        if fits and len(_break(words, pixels, weight, middle)) <= count:
            wide = middle
        else:
            narrow = middle
    return _break(words, pixels, weight, wide)
