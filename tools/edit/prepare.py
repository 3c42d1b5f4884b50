"""What the encoder is given for one piece: its inputs, drawn and found, and the filter graph over them."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from callsheet.domain.identity import Digest
from callsheet.tools.edit.card import draw_card
from callsheet.tools.edit.filtergraph import Overlay, card_graph, overlay_graph, picture_graph
from callsheet.tools.edit.handover import named
from callsheet.tools.edit.label import floor_of
from callsheet.tools.edit.layer import Layer
from callsheet.tools.edit.lettering import letter
from callsheet.tools.edit.picture import fill_frame, open_picture
from callsheet.tools.edit.segment import Card, Segment, Words

_FADES = {"caption": (3, 3, 0), "callout": (9, 6, 18), "legal": (0, 0, 0), "label": (0, 0, 0)}
"""Frames to fade in, frames to fade out, pixels to slide on a frame 720 wide. Legal lines and labels stand at once."""
_CARD_FADE, _CARD_STEP = 9, 5


@dataclass(frozen=True)
class Prepared:
    """The encoder's inputs, each as its arguments, and the graph that ends in `[out]`."""

    inputs: tuple[tuple[str, ...], ...]
    graph: str


def prepare(segment: Segment, media: Mapping[Digest, Path], folder: Path) -> Prepared:
    """Draw a piece's words and pictures as files in `folder`. Raises GlyphMissing or PictureUnfit."""
    desk = _Desk(segment, folder)
    if segment.card is not None:
        graph, overlays = _card(desk, segment.card, media)
    else:
        graph, overlays = _footage(desk, media), []
    begin = len(desk.inputs) - len(overlays)
    for words in segment.words:
        layer = letter(words, desk.frame, segment.palette)
        desk.draw(layer.image)
        overlays.append(_super(words, layer, desk.frame))
    return Prepared(tuple(desk.inputs), f"{graph};{overlay_graph(segment, overlays, begin)}")


class _Desk:
    """Collects the inputs of one piece."""

    def __init__(self, segment: Segment, folder: Path) -> None:
        self.segment, self.folder = segment, folder
        self.frame = (segment.width, segment.height)
        self.inputs: list[tuple[str, ...]] = []

    def draw(self, image: Image.Image) -> None:
        """A picture as an input. The PNG reader is named because a `%` in a folder's name would mean a sequence."""
        file = self.folder / f"layer{len(self.inputs)}.png"
        image.save(file, "PNG", compress_level=1)
        self.inputs.append(("-f", "png_pipe", "-framerate", str(self.segment.rate), "-i", named(file)))

    def play(self, file: Path) -> None:
        """A take as an input. What does not say its colours is taken for HD video."""
        self.inputs.append(("-threads", "1", "-an", "-colorspace", "bt709", "-i", named(file)))


def _footage(desk: _Desk, media: Mapping[Digest, Path]) -> str:
    for source in desk.segment.sources:
        if source.still:
            desk.draw(fill_frame(open_picture(media[source.media]).image, desk.frame))
        else:
            desk.play(media[source.media])
    return picture_graph(desk.segment)


def _card(desk: _Desk, card: Card, media: Mapping[Digest, Path]) -> tuple[str, list[Overlay]]:
    picture = open_picture(media[card.picture]) if card.picture is not None else None
    labels = [letter(words, desk.frame, desk.segment.palette) for words in desk.segment.words]
    below = max((floor_of(label, desk.frame) for label in labels), default=0)
    drawn = draw_card(card, picture, desk.frame, desk.segment.palette, below)
    desk.draw(drawn.ground)
    if drawn.product is not None:
        desk.draw(drawn.product.image)
    frames = desk.segment.frames
    fade, step = min(_CARD_FADE, frames // 6), min(_CARD_STEP, frames // 12)
    overlays = []
    for order, layer in enumerate(drawn.words):
        desk.draw(layer.image)
        start = step * order
        overlays.append(Overlay(layer.x, layer.y, start, frames - start, fade_in=fade))
    for layer in drawn.legal:
        desk.draw(layer.image)
        overlays.append(Overlay(layer.x, layer.y, 0, frames))
    return card_graph(desk.segment, (drawn.product.x, drawn.product.y) if drawn.product else None), overlays


def _super(words: Words, layer: Layer, frame: tuple[int, int]) -> Overlay:
    fade_in, fade_out, slide = _FADES[words.kind]
    most = words.frames // 4
    travel = round(slide * min(frame) / 720)
    return Overlay(
        layer.x, layer.y, words.start, words.frames,
        fade_in=min(fade_in, most), fade_out=min(fade_out, most), slide=min(travel, layer.x),
    )  # fmt: skip
