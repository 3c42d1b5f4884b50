"""Words on screen: where captions, callouts, legal lines and labels stand, and how they are drawn.

Each kind has a zone of its own, so kinds never overlap; words of one kind that share time are stacked. On a tall frame
the lower 17 % and the right edge are left to the platform's own buttons. The label that says how a film was made has
the upper left corner of the safe area, and callouts stand under it.
"""

from PIL import Image

from callsheet.tools.edit.label import draw_mark, mark_floor
from callsheet.tools.edit.layer import Layer, even, panel, write
from callsheet.tools.edit.legal import SUPER_SIZE, set_super
from callsheet.tools.edit.palette import WHITE, Colour, Palette
from callsheet.tools.edit.segment import Words
from callsheet.tools.edit.typeface import BOLD, LEADING, SEMIBOLD, SMALLEST, TextBlock, set_text

_NIGHT: Colour = (9, 11, 16)


def letter(words: Words, frame: tuple[int, int], palette: tuple[str, ...]) -> Layer:
    """Draw one super for a frame (width, height in pixels). Raises GlyphMissing."""
    if words.kind == "label" and words.mark is not None:
        return draw_mark(words.mark, frame)
    image = _draw(words.kind, words.text, frame, palette)
    pitch = sum(_draw(words.kind, text, frame, palette).height + even(_unit(frame) * 10) for text in words.beside)
    width, height = frame
    x, y = {
        "caption": ((width - image.width) / 2, _caption_floor(frame) - image.height - pitch),
        "callout": (width * 0.06, height * (0.105 if is_tall(frame) else 0.125) + pitch),
        "legal": ((width - image.width) / 2, _legal_floor(frame) - image.height - pitch),
        "label": (width * 0.945 - image.width, height * (0.055 if is_tall(frame) else 0.05) + pitch),
    }[words.kind]
    if words.kind == "callout" and words.mark is not None:
        mark = draw_mark(words.mark, frame)
        x, y = mark.x, max(y, mark_floor(words.mark, frame) + pitch)
    return Layer(image, even(max(0, x)), even(min(max(0, y), height - image.height)))


def is_tall(frame: tuple[int, int]) -> bool:
    """Whether a frame is a telephone's, upright, with a platform's buttons over its lower part."""
    return frame[1] > frame[0] * 1.5


def _legal_floor(frame: tuple[int, int]) -> float:
    return frame[1] * (0.83 if is_tall(frame) else 0.955)


def _caption_floor(frame: tuple[int, int]) -> float:
    """Above three legal lines, whether there are any or not: captions never jump."""
    line = round(max(SMALLEST, SUPER_SIZE * _unit(frame)) * LEADING)
    return _legal_floor(frame) - 3 * line - 20 * _unit(frame)


def _unit(frame: tuple[int, int]) -> float:
    return min(frame) / 720


def _draw(kind: str, text: str, frame: tuple[int, int], palette: tuple[str, ...]) -> Image.Image:
    unit = _unit(frame)
    match kind:
        case "caption":
            block = set_text(text, size=41 * unit, weight=SEMIBOLD, width=_measure(frame, 0.82, 0.66), lines=2)
            return _boxed(block, unit * 22, unit * 11, unit * 14, 0.66)
        case "callout":
            block = set_text(text, size=46 * unit, weight=BOLD, width=_measure(frame, 0.74, 0.40), lines=2)
            return _barred(block, unit, Palette.of(palette).accent)
        case "legal":
            return _boxed(set_super(text, frame), unit * 12, unit * 6, unit * 7, 0.72)
        case _:
            block = set_text(text, size=18 * unit, weight=SEMIBOLD, width=_measure(frame, 0.5, 0.3), lines=1)
            return _boxed(block, unit * 14, unit * 6, unit * 18, 0.52)


def _measure(frame: tuple[int, int], narrow: float, wide: float) -> int:
    return round(frame[0] * (wide if frame[0] > frame[1] * 1.3 else narrow))


def _boxed(block: TextBlock, side: float, above: float, radius: float, opacity: float) -> Image.Image:
    size = even(block.width + 2 * side), even(block.height + 2 * above)
    image = panel(size, min(radius, size[1] / 2), _NIGHT, opacity)
    write(image, block, size[0] / 2, above, WHITE, align="middle")
    return image


def _barred(block: TextBlock, unit: float, accent: Colour) -> Image.Image:
    """A callout: the brand's accent as a bar at the left of a dark panel."""
    bar, side, above = max(2, even(unit * 8)), unit * 22, unit * 14
    size = even(bar + block.width + 2 * side), even(block.height + 2 * above)
    image = panel(size, unit * 6, _NIGHT, 0.74)
    stripe = Image.new("RGBA", (bar, size[1]), (*accent, 255))
    image.paste(stripe, (0, 0))
    write(image, block, bar + side, above, WHITE)
    return image
