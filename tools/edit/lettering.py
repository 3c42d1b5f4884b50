"""Words on screen: where captions, callouts, legal lines and labels stand, and how they are drawn.

Each kind has a zone of its own, so kinds never overlap; words of one kind that share time are stacked. On a tall frame
the lower 17 % and the right edge are left to the platform's own buttons. The label that says how a film was made has
the upper left corner of the safe area, and callouts stand under it; both stand below the slate of a previz take.
"""

from PIL import Image

from callsheet.domain.slate import Box
from callsheet.tools.edit.label import below, draw_mark, mark_floor
from callsheet.tools.edit.layer import Layer, even, panel, write
from callsheet.tools.edit.legal import SUPER_SIZE, set_super
from callsheet.tools.edit.palette import WHITE, Colour, Palette
from callsheet.tools.edit.segment import PREVIZ, Words
from callsheet.tools.edit.typeface import BOLD, LEADING, SEMIBOLD, SMALLEST, TextBlock, set_text

_NIGHT: Colour = (9, 11, 16)
_CAPTION = 41
"""Type of a caption, in pixels of a frame whose shorter side has 720."""
_SHARES = (0.88, 0.76, 0.64, 0.52)


def letter(words: Words, frame: tuple[int, int], palette: tuple[str, ...]) -> Layer:
    """Draw one super for a frame (width, height in pixels). Raises GlyphMissing."""
    if words.kind == "label" and words.mark is not None:
        return draw_mark(words.mark, frame, _taken(words, frame))
    if words.kind == "callout":
        return _callout(words, frame, palette)
    image = _draw(words.kind, words.text, frame, palette)
    if words.kind == "label":
        x, y = _from_above(words, image.size, frame, palette)
    else:
        x, floor = (frame[0] - image.width) / 2, _legal_floor(frame) if words.kind == "legal" else _caption_floor(frame)
        y = floor - image.height - sum(_beside(words, text, frame, palette)[1] for text in words.beside)
    return Layer(image, even(max(0, x)), even(min(max(0, y), frame[1] - image.height)))


def _callout(words: Words, frame: tuple[int, int], palette: tuple[str, ...]) -> Layer:
    """As large as usual; smaller where a slate leaves less room above two lines of caption."""
    ceiling = _caption_floor(frame) - (2 * _CAPTION * LEADING + 32) * _unit(frame)

    def at(share: float) -> Layer:
        image = _draw(words.kind, words.text, frame, palette, share)
        x, y = _from_above(words, image.size, frame, palette)
        return Layer(image, even(max(0, x)), even(min(max(0, y), frame[1] - image.height)))

    usual = at(1.0)
    if not words.slates or usual.y + usual.image.height <= ceiling:
        return usual
    smaller = (at(share) for share in _SHARES)
    return next((one for one in smaller if one.y + one.image.height <= ceiling), at(_SHARES[-1]))


def _from_above(
    words: Words, size: tuple[int, int], frame: tuple[int, int], palette: tuple[str, ...]
) -> tuple[float, float]:
    """Callouts stand at the left, under the cut's label; a label without a size at the right. Each takes the first
    place below those placed before it where nothing is covered.
    """
    width, height = frame
    taken = _taken(words, frame)
    if words.kind == "label":
        right, y = width * 0.945, height * (0.055 if is_tall(frame) else 0.05)
    else:
        right, y = 0.0, height * (0.105 if is_tall(frame) else 0.125)
    x = width * 0.06
    if words.kind == "callout" and words.mark is not None:
        x, y = draw_mark(words.mark, frame, taken).x, max(y, mark_floor(words.mark, frame, taken))
    for text in words.beside:
        wide, pitch = _beside(words, text, frame, palette)
        high = pitch - even(_unit(frame) * 10)
        y = below(taken, (right - wide if right else x, y), (wide, high), frame) + pitch
    x = right - size[0] if right else x
    return x, below(taken, (x, y), size, frame)


def _beside(words: Words, text: str, frame: tuple[int, int], palette: tuple[str, ...]) -> tuple[int, int]:
    """The width of words of the same kind, and how much further the next ones stand."""
    image = _draw(words.kind, text, frame, palette)
    return image.width, image.height + even(_unit(frame) * 10)


def _taken(words: Words, frame: tuple[int, int]) -> tuple[Box, ...]:
    """What the takes show that must stay seen, and the house's own mark of a previz, which stands before all others."""
    if not words.slates or (words.kind == "label" and words.mark is None):
        return words.slates
    mark = letter(Words(kind="label", text=PREVIZ, start=0, frames=1, slates=words.slates), frame, ())
    return (*words.slates, (mark.x, mark.y, mark.x + mark.image.width, mark.y + mark.image.height))


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


def _draw(kind: str, text: str, frame: tuple[int, int], palette: tuple[str, ...], share: float = 1.0) -> Image.Image:
    unit = _unit(frame) * share
    match kind:
        case "caption":
            block = set_text(text, size=_CAPTION * unit, weight=SEMIBOLD, width=_measure(frame, 0.82, 0.66), lines=2)
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
