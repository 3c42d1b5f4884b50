"""How large a legal text is drawn, so that clearance can say whether anybody could read it."""

from callsheet.domain.words.owed import DrawnHeight
from callsheet.tools.edit.typeface import MEDIUM, TextBlock, missing_glyphs, set_text

SUPER_SIZE, CARD_SIZE = 20, 19
"""Type of a legal super and of the end card's legal line, in pixels of a frame whose shorter side has 720."""
_LINES = 3


def set_super(text: str, frame: tuple[int, int]) -> TextBlock:
    """A legal super, broken into lines. Raises GlyphMissing."""
    width = round(frame[0] * 0.84)
    return set_text(text, size=SUPER_SIZE * min(frame) / 720, weight=MEDIUM, width=width, lines=_LINES, shrink=0.85)


def set_card_line(text: str, frame: tuple[int, int], width: int) -> TextBlock:
    """The end card's legal line, broken into lines of so many pixels. Raises GlyphMissing."""
    return set_text(text, size=CARD_SIZE * min(frame) / 720, weight=MEDIUM, width=width, lines=_LINES, shrink=0.84)


def drawn_legal(text: str, width: int, height: int, on_card: bool) -> DrawnHeight:
    """The size of a legal text in a frame, in pixels: on the end card, in the narrowest column that it may get."""
    absent = missing_glyphs(text)
    shown = "".join(mark for mark in text if mark not in absent) or "-"
    frame = width, height
    narrow = round(width * (0.68 if width > height * 1.3 else 0.82))
    block = set_card_line(shown, frame, narrow) if on_card else set_super(shown, frame)
    return DrawnHeight(pixels=block.size, width=width, height=height)
