"""The label that says how a film was made: in the safe area, as large as was demanded, legible on any picture."""

from collections.abc import Sequence
from fractions import Fraction
from math import ceil

from callsheet.domain.slate import Box
from callsheet.tools.edit.layer import Layer, even, panel, write
from callsheet.tools.edit.palette import WHITE, Colour
from callsheet.tools.edit.segment import Mark
from callsheet.tools.edit.typeface import SEMIBOLD, Face, TextBlock, face_of, set_text, typeface

_NIGHT: Colour = (9, 11, 16)
_OPACITY = 0.80
"""White on this panel over a white picture still has a contrast of 8 (WCAG 2 asks for 4.5)."""
_LINES = 2


def draw_mark(mark: Mark, frame: tuple[int, int], taken: Sequence[Box] = ()) -> Layer:
    """Draw the label at the upper left of the safe area, below what is taken there: more lines, never smaller type.
    Raises GlyphMissing.
    """
    left, top, _, _ = mark.safe.box(frame)
    block = _block(mark, frame)
    side, above = _side(block.size), round(block.size * 0.28)
    size = even(block.width + 2 * side), even(block.height + 2 * above)
    image = panel(size, min(block.size * 0.5, size[1] / 2), _NIGHT, _OPACITY)
    write(image, block, side, above, WHITE)
    x, y = 2 * -(-left // 2), 2 * -(-top // 2)
    return Layer(image, x, below(taken, (x, y), image.size, frame))


def mark_floor(mark: Mark, frame: tuple[int, int], taken: Sequence[Box] = ()) -> float:
    """Where other words may begin below the label, in pixels from the top."""
    return floor_of(draw_mark(mark, frame, taken), frame)


def floor_of(layer: Layer, frame: tuple[int, int]) -> float:
    """Where other words may begin below a layer, in pixels from the top."""
    return layer.y + layer.image.height + min(frame) / 72


def below(taken: Sequence[Box], at: tuple[float, float], size: tuple[int, int], frame: tuple[int, int]) -> int:
    """How far from the top something of this size stands at the nearest free place below the one it wants."""
    x, y = even(at[0]), even(at[1])
    for left, top, right, bottom in sorted(taken, key=lambda box: box[3]):
        if x < right and left < x + size[0] and y < bottom and top < y + size[1]:
            y = 2 * ceil((bottom + min(frame) / 144) / 2)
    return y


def capital_height(size: int, face: Face = "house") -> int:
    """The height of a capital letter of a typeface at a size, in pixels."""
    return round(-typeface(size, SEMIBOLD, face).getbbox("H", anchor="ls")[1])


def _side(size: int) -> int:
    return round(size * 0.55)


def _block(mark: Mark, frame: tuple[int, int]) -> TextBlock:
    wanted = -(-Fraction(mark.height * min(frame), 1000) // 1)
    face = face_of(mark.text)
    size = next(each for each in range(1, min(frame)) if capital_height(each, face) >= wanted)
    left, _, right, _ = mark.safe.box(frame)
    share = 0.5 if frame[0] > frame[1] * 1.3 else 0.7
    room = min(float(right - left), frame[0] * share) - 2 * _side(size)
    return set_text(mark.text, size=size, weight=SEMIBOLD, width=max(1, round(room)), lines=_LINES, shrink=1)
