"""The house typeface (Inter), and Noto Sans CJK where it is installed (the extra `cjk`): what they can draw, and how
words break into lines that fit.
"""

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

import fontpkg
from PIL import Image, ImageDraw, ImageFont

from callsheet.tools.edit.error import GlyphMissing

REGULAR, MEDIUM, SEMIBOLD, BOLD, BLACK = 400, 500, 600, 700, 800
SMALLEST = 7
LEADING = 1.22
"""No type is smaller than this, in pixels; lines are this many sizes apart."""
REMEDY = "rewrite the text without it, or install one for Chinese, Japanese and Korean: pip install 'callsheet[cjk]'"
_NO_CHARACTER = "\U0010ffff"

Face = Literal["house", "japanese", "korean", "chinese"]
"""A typeface. The three beside the house's are one file: they draw the same sign as each language writes it."""
_NUMBERS: dict[Face, int] = {"japanese": 0, "korean": 1, "chinese": 2}
_KANA, _HANGUL = re.compile(r"[\u3041-\u30ff\uff66-\uff9f]"), re.compile(r"[\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3]")


@dataclass(frozen=True)
class TextBlock:
    """Lines of text at one size, in pixels. `line` is the distance from one baseline to the next."""

    lines: tuple[str, ...]
    size: int
    weight: int
    width: int
    line: int
    face: Face = "house"

    @property
    def height(self) -> int:
        """From the top of the first line to the bottom of the last."""
        return self.line * len(self.lines)


@cache
def typeface(size: int, weight: int, face: Face = "house") -> ImageFont.FreeTypeFont:
    """A typeface at a size in pixels. Basic layout: it is the same wherever Pillow runs."""
    basic = ImageFont.Layout.BASIC
    if face != "house":
        other = ImageFont.truetype(str(east_asian()), size, index=_NUMBERS[face], layout_engine=basic)
        other.set_variation_by_axes([weight])
        return other
    house = ImageFont.truetype(str(fontpkg.path("Inter")), size, layout_engine=basic)
    house.set_variation_by_axes([min(32, max(14, size)), weight])
    return house


def east_asian() -> Path | None:
    """The file of Noto Sans CJK, where the extra `cjk` is installed."""
    found = find_spec("manimgx_fonts_cjk")
    return Path(found.origin).parent / "NotoSansCJK-VF.otf.ttc" if found is not None and found.origin else None


def face_of(text: str) -> Face:
    """The typeface that a whole text is drawn in: the house's wherever it has every character."""
    if all(_is_drawable(character, "house") for character in tidy(text)) or east_asian() is None:
        return "house"
    face: Face = "japanese" if _KANA.search(text) else "korean" if _HANGUL.search(text) else "chinese"
    return face if all(_is_drawable(character, face) for character in tidy(text)) else "house"


@lru_cache(maxsize=4096)
def _is_drawable(character: str, face: Face) -> bool:
    return _drawn(character, face) != _drawn(_NO_CHARACTER, face)


def _drawn(character: str, face: Face) -> bytes:
    image = Image.new("L", (48, 48), 0)
    ImageDraw.Draw(image).text((4, 34), character, font=typeface(24, REGULAR, face), fill=255, anchor="ls")
    return image.tobytes()


def missing_glyphs(text: str) -> tuple[str, ...]:
    """The characters of a text that no typeface can draw, each once. Empty when the text can be set."""
    face = face_of(text)
    return tuple(dict.fromkeys(character for character in tidy(text) if not _is_drawable(character, face)))


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
        raise GlyphMissing(f"no typeface has {named}, in {tidy(text)!r}; {REMEDY}")
    words, drawn = tidy(text).split(" "), face_of(text)
    largest, smallest = max(SMALLEST, round(size)), max(SMALLEST, round(size * shrink))
    sizes = range(largest, smallest - 1, -1)
    pixels = next(
        (each for each in sizes if len(_break(words, typeface(each, weight, drawn), width)) <= lines), smallest
    )
    face = typeface(pixels, weight, drawn)
    even = _balance(words, face, width, len(_break(words, face, width)))
    widest = max(round(face.getlength(line)) for line in even)
    return TextBlock(even, pixels, weight, widest, round(pixels * LEADING), drawn)


def _break(words: list[str], face: ImageFont.FreeTypeFont, width: int) -> tuple[str, ...]:
    """Fill lines greedily. A word wider than a line is broken by character."""
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


def _balance(words: list[str], face: ImageFont.FreeTypeFont, width: int, count: int) -> tuple[str, ...]:
    """The narrowest setting with the same number of lines: no last line of one short word."""
    narrow, wide = width // max(1, count) // 2, width
    while wide - narrow > 4:
        middle = (narrow + wide) // 2
        fits = middle >= max(face.getlength(word) for word in words)
        if fits and len(_break(words, face, middle)) <= count:
            wide = middle
        else:
            narrow = middle
    return _break(words, face, wide)
