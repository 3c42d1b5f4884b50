"""The end card: the product's own picture, headline, button, address and legal line, composed for any frame."""

from dataclasses import dataclass, replace

from PIL import Image

from callsheet.tools.edit.backdrop import backdrop
from callsheet.tools.edit.layer import Layer, even, panel, rounded, shadow_of, write
from callsheet.tools.edit.legal import set_card_line
from callsheet.tools.edit.lettering import is_tall
from callsheet.tools.edit.palette import Colour, Palette, contrast, ink_on, mix
from callsheet.tools.edit.picture import Picture, contained
from callsheet.tools.edit.segment import Card
from callsheet.tools.edit.typeface import BLACK, BOLD, SEMIBOLD, TextBlock, set_text


@dataclass(frozen=True)
class DrawnCard:
    """The card in layers: the ground, the product (it moves), words in the order they appear, the legal line."""

    ground: Image.Image
    product: Layer | None
    words: tuple[Layer, ...]
    legal: tuple[Layer, ...]


@dataclass(frozen=True)
class _Column:
    """Where the words stand: a box, and how they are set in it."""

    left: float
    top: float
    width: float
    bottom: float
    align: str

    @property
    def anchor(self) -> float:
        return self.left + (self.width / 2 if self.align == "middle" else 0)


@dataclass(frozen=True)
class _Set:
    """A drawn line of the card; `inset` pixels at its left belong to its shadow."""

    image: Image.Image
    inset: int = 0


def draw_card(
    card: Card, picture: Picture | None, frame: tuple[int, int], colours: tuple[str, ...], below: float = 0
) -> DrawnCard:
    """Compose an end card. Every word is inside the safe area; nothing overlaps. Raises GlyphMissing.

    It begins `below` that many pixels from the top: a label stands above.
    """
    palette = Palette.of(colours)
    wide, grand = frame[0] > frame[1] * 1.3, picture is None
    column = _column(frame, wide=wide, grand=grand)
    column = replace(column, top=max(column.top, below))
    legal = _legal(card, frame, palette.ground, column)
    floor = min([column.bottom, *(layer.y - frame[1] * 0.02 for layer in legal)])
    centred = wide or grand
    room = (floor - column.top) * (1.0 if centred else 0.56)
    stack, gap = _stack_that_fits(card, frame, palette, column, room, grand=grand)
    height = _height(stack, gap)
    top = (column.top + floor - height) / 2 if centred else floor - height
    words = _placed(stack, column, top, gap)
    stage = _stage(frame, wide=wide, top=column.top, floor=floor if wide else top - gap * 1.1)
    product = _product(picture, stage) if picture is not None else None
    focus, radius = _light(frame, stage, lit=product is not None)
    return DrawnCard(backdrop(frame, palette, focus, radius), product, words, legal)


def _unit(frame: tuple[int, int]) -> float:
    return min(frame) / 720


def _column(frame: tuple[int, int], *, wide: bool, grand: bool) -> _Column:
    width, height = frame
    top, floor = (0.10, 0.83) if is_tall(frame) else (0.085, 0.95)
    if wide and not grand:
        return _Column(width * 0.54, height * top, width * 0.40, height * floor, "left")
    side = 0.09 if not wide else 0.16
    return _Column(width * side, height * top, width * (1 - 2 * side), height * floor, "left" if grand else "middle")


def _stack_that_fits(
    card: Card, frame: tuple[int, int], palette: Palette, column: _Column, room: float, *, grand: bool
) -> tuple[list[_Set], float]:
    """The words as large as the room allows: the product keeps its share of the frame."""
    for share in (1.0, 0.92, 0.84, 0.76, 0.68, 0.6):
        unit = _unit(frame) * share
        stack, gap = _stack(card, unit, palette, column, grand=grand), 26 * unit
        if _height(stack, gap) <= room:
            break
    return stack, gap


def _height(stack: list[_Set], gap: float) -> float:
    return sum(each.image.height for each in stack) + gap * max(0, len(stack) - 1)


def _stack(card: Card, unit: float, palette: Palette, column: _Column, *, grand: bool) -> list[_Set]:
    """Headline, button and address as pictures, from top to bottom; what is empty is left out."""
    ink, width = ink_on(palette.ground), round(column.width)
    stack = []
    if card.headline.strip():
        size, lines = (92 * unit, 4) if grand else (64 * unit, 2)
        block = set_text(card.headline, size=size, weight=BLACK, width=width, lines=lines, shrink=0.6)
        stack.append(_set(block, ink, column.align, bar=palette.accent if grand else None, unit=unit))
    if card.call_to_action.strip():
        stack.append(_button(card.call_to_action, unit, palette, width))
    if card.url.strip():
        block = set_text(card.url, size=29 * unit, weight=SEMIBOLD, width=width, lines=1)
        stack.append(_set(block, mix(ink, palette.ground, 0.12), column.align, bar=None, unit=unit))
    return stack


def _set(block: TextBlock, ink: Colour, align: str, *, bar: Colour | None, unit: float) -> _Set:
    over = even(34 * unit) if bar is not None else 0
    image = Image.new("RGBA", (even(block.width) + 4, even(block.height) + over), (*ink, 0))
    if bar is not None:
        stroke = panel((max(4, even(96 * unit)), max(2, even(10 * unit))), 5 * unit, bar, 1)
        image.paste(stroke, ((image.width - stroke.width) // 2 if align == "middle" else 0, 0))
    write(image, block, image.width / 2 if align == "middle" else 0, over, ink, align=align)
    return _Set(image)


def _button(text: str, unit: float, palette: Palette, width: int) -> _Set:
    """A pill in the accent colour with a soft shadow around it."""
    side, above, spread = 46 * unit, 21 * unit, even(16 * unit)
    block = set_text(text, size=36 * unit, weight=BOLD, width=round(width - 2 * side), lines=1)
    size = even(block.width + 2 * side), even(block.height + 2 * above)
    pill = panel(size, min(size[1] / 2, 44 * unit), palette.accent, 1)
    write(pill, block, size[0] / 2, above, ink_on(palette.accent), align="middle")
    image = shadow_of(pill.getchannel("A"), 8 * unit, 0.34, spread)
    image.alpha_composite(pill, (spread, max(0, spread - even(5 * unit))))
    return _Set(image, inset=spread)


def _placed(stack: list[_Set], column: _Column, top: float, gap: float) -> tuple[Layer, ...]:
    layers, y = [], top
    for each in stack:
        x = column.anchor - (each.image.width / 2 if column.align == "middle" else each.inset)
        layers.append(Layer(each.image, even(max(0, x)), even(y)))
        y += each.image.height + gap
    return tuple(layers)


def _legal(card: Card, frame: tuple[int, int], ground: Colour, column: _Column) -> tuple[Layer, ...]:
    """The legal lines as one, at the foot: quiet, never below a contrast of 4.5 (WCAG 2, AA)."""
    if not card.legal:
        return ()
    left = column.align == "left" and column.left < frame[0] / 4
    block = set_card_line(" · ".join(card.legal), frame, round(column.width if left else frame[0] * 0.86))
    ink = ink_on(ground)
    quiet = mix(ink, ground, 0.22)
    colour = quiet if contrast(quiet, ground) >= 4.5 else ink
    image = Image.new("RGBA", (even(block.width) + 4, even(block.height)), (*colour, 0))
    write(image, block, 0 if left else image.width / 2, 0, colour, align="left" if left else "middle")
    x = column.left if left else (frame[0] - image.width) / 2
    return (Layer(image, even(x), even(column.bottom - image.height)),)


_Box = tuple[float, float, float, float]


def _stage(frame: tuple[int, int], *, wide: bool, top: float, floor: float) -> _Box:
    """The room for the product: left of the words on a wide frame, above them on any other."""
    if wide:
        return frame[0] * 0.06, max(frame[1] * 0.11, top), frame[0] * 0.49, frame[1] * 0.86
    return frame[0] * 0.10, top, frame[0] * 0.90, max(top + 16, floor)


def _light(frame: tuple[int, int], stage: _Box, *, lit: bool) -> tuple[tuple[float, float], float]:
    if not lit:
        return (frame[0] * 0.86, frame[1] * 0.14), max(frame) * 0.27
    left, top, right, bottom = stage
    return ((left + right) / 2, (top + bottom) / 2), min(right - left, bottom - top) * 0.56


def _product(picture: Picture, stage: _Box) -> Layer:
    """The whole picture with a soft shadow; a photograph with a ground of its own becomes a card with round corners."""
    left, top, right, bottom = stage
    room = max(8, round(right - left)), max(8, round(bottom - top))
    spread = even(min(room) * 0.09)
    inner = room[0] - spread, room[1] - spread
    shape = contained(picture.image, inner) if picture.is_cut_out else _framed(picture, inner)
    image = shadow_of(shape.getchannel("A"), spread * 0.42, 0.40, spread)
    image.alpha_composite(shape, (spread, spread - even(spread * 0.22)))
    size = even(image.width), even(image.height)
    x, y = (left + right - size[0]) / 2, (top + bottom - size[1]) / 2
    return Layer(image.resize(size) if size != image.size else image, even(x), even(y))


def _framed(picture: Picture, room: tuple[int, int]) -> Image.Image:
    colour, plain = picture.border
    mat = round(min(room) * 0.05) if plain else 0
    whole = contained(picture.image, (room[0] - 2 * mat, room[1] - 2 * mat))
    image = Image.new("RGBA", (whole.width + 2 * mat, whole.height + 2 * mat), (*colour, 255))
    image.alpha_composite(whole, (mat, mat))
    image.putalpha(rounded(image.size, min(room) * 0.055))
    return image
