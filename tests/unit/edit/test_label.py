"""The label that says how a film was made can be read, is large enough, and covers no other words."""

from fractions import Fraction
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from unit.edit.footage import Reel, small_cut

from callsheet.domain.cut import Cut, Super
from callsheet.domain.identity import PlacementId
from callsheet.domain.placement import Placement, Safe
from callsheet.tools.edit import encode_segment, segments
from callsheet.tools.edit.card import draw_card
from callsheet.tools.edit.label import draw_mark, mark_floor
from callsheet.tools.edit.layer import Layer
from callsheet.tools.edit.lettering import letter
from callsheet.tools.edit.palette import contrast
from callsheet.tools.edit.segment import Card, Mark, SuperKind, Words
from callsheet.tools.ffmpeg import ffmpeg_exe
from callsheet.tools.process import run_process

FRAMES = [(720, 1280), (720, 720), (720, 900), (1280, 720), (160, 284), (1080, 1920)]
HEIGHTS = [24, 50]
TEXT = "AI-generated, synthetic performer"
LONG = "Tested by an independent laboratory in 2026 on twenty-four runners over ten kilometres; results vary."
PALETTE = ("#0b1b2b", "#ff5a36")


def mark(frame: tuple[int, int], height: int = 24, text: str = TEXT) -> Mark:
    placement = Placement(id=PlacementId("here"), width=frame[0], height=frame[1])
    return Mark(text=text, height=height, safe=placement.margins)


def drawn(kind: SuperKind, text: str, frame: tuple[int, int], of: Mark | None = None) -> Layer:
    return letter(Words(kind=kind, text=text, start=0, frames=30, mark=of), frame, PALETTE)


def box(layer: Layer) -> tuple[int, int, int, int]:
    return layer.x, layer.y, layer.x + layer.image.width, layer.y + layer.image.height


def meet(one: Layer, other: Layer) -> bool:
    a, b = box(one), box(other)
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def letters(layer: Layer) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    """Which pixels are ink: white and opaque, where the panel is night and half through."""
    channels = np.asarray(layer.image.convert("RGBA"))[..., :3]
    return np.asarray(channels.min(axis=2) > 200, dtype=np.bool_)


@pytest.mark.parametrize("frame", FRAMES)
@pytest.mark.parametrize("height", HEIGHTS)
def test_the_label_stands_in_the_safe_area_and_no_other_words_touch_it(frame: tuple[int, int], height: int) -> None:
    asked = mark(frame, height)
    others = [
        drawn(kind, LONG, frame, asked if kind == "callout" else None) for kind in ("caption", "callout", "legal")
    ]
    label, previz = drawn("label", TEXT, frame, asked), drawn("label", "PREVIZ", frame)
    left, top, right, bottom = asked.safe.box(frame)
    assert left <= box(label)[0] < box(label)[2] <= right
    assert top <= box(label)[1] < box(label)[3] <= bottom
    assert not [pair for pair in combinations([label, previz, *others], 2) if meet(*pair)]


@pytest.mark.parametrize("frame", FRAMES)
@pytest.mark.parametrize("height", HEIGHTS)
def test_its_capitals_are_as_high_as_was_demanded(frame: tuple[int, int], height: int) -> None:
    """Measured on the drawn pixels of a capital without overshoot."""
    ink = letters(draw_mark(mark(frame, height, "H"), frame))
    rows = np.flatnonzero(ink.any(axis=1))
    assert rows[-1] - rows[0] + 1 >= Fraction(height * min(frame), 1000)


def test_it_takes_more_lines_and_never_smaller_type() -> None:
    frame = (720, 1280)
    one, many = draw_mark(mark(frame, 50, "AI"), frame), draw_mark(mark(frame, 50, f"{TEXT} · {TEXT}"), frame)
    assert many.image.height > 2.5 * one.image.height


@pytest.mark.parametrize("ground", [(255, 255, 255), (0, 0, 0), (128, 128, 128), (255, 212, 59)])
def test_it_can_be_read_on_any_picture(ground: tuple[int, int, int]) -> None:
    layer = draw_mark(mark((720, 1280)), (720, 1280))
    under = Image.new("RGBA", layer.image.size, (*ground, 255))
    under.alpha_composite(layer.image)
    middle = under.getpixel((4, layer.image.height // 2))
    assert isinstance(middle, tuple)
    assert contrast((255, 255, 255), (int(middle[0]), int(middle[1]), int(middle[2]))) >= 7


@pytest.mark.parametrize("frame", FRAMES)
@pytest.mark.parametrize("height", HEIGHTS)
def test_the_end_card_begins_below_it(frame: tuple[int, int], height: int) -> None:
    asked = mark(frame, height)
    label = drawn("label", TEXT, frame, asked)
    card = Card(
        picture=None, headline="Run lighter every day", call_to_action="Shop", url="shop.example", legal=(LONG,)
    )
    made = draw_card(card, None, frame, PALETTE, mark_floor(asked, frame))
    assert not [layer for layer in (*made.words, *made.legal) if meet(layer, label)]


def test_callouts_never_jump_while_a_label_comes_and_goes(reel: Reel) -> None:
    label = Super(kind="label", text=TEXT, start=0, frames=30, height=24)
    callout = Super(kind="callout", text="212 g", start=5, frames=70)
    pieces = segments(small_cut(reel, supers=(label, callout)))
    frame = (pieces[0].width, pieces[0].height)
    shown = [letter(words, frame, PALETTE) for piece in pieces for words in piece.words if words.kind == "callout"]
    assert len(shown) > 2
    assert len({layer.y for layer in shown}) == 1
    assert not meet(shown[0], letter(pieces[0].words[0], frame, PALETTE))
    assert pieces[0].words[0].kind == "label"


def test_a_cut_without_a_label_is_laid_out_as_before(reel: Reel) -> None:
    callout = Super(kind="callout", text="212 g", start=5, frames=30)
    (words,) = (each for each in segments(small_cut(reel, supers=(callout,)))[0].words if each.kind == "callout")
    assert words.mark is None


async def test_the_label_is_read_by_a_machine_on_every_piece_of_a_film(reel: Reel, tmp_path: Path) -> None:
    """Reads frames of footage and of the end card, in a previz cut with a caption, as a viewer's telephone might."""
    engine = pytest.importorskip("rapidocr", reason="comes with the extra for scanning").RapidOCR()
    words = (
        Super(kind="label", text=TEXT, start=0, frames=135, height=24),
        Super(kind="caption", text="Before the city wakes", start=0, frames=40),
    )
    made: Cut = small_cut(reel, supers=words, width=720, height=1280).model_copy(
        update={"previz": True, "safe": Safe(top=150, left=111, right=220, bottom=350)}
    )
    pieces = segments(made)
    for number in (0, len(pieces) - 1):
        film = await encode_segment(pieces[number], reel.files, tmp_path / f"{number}.mp4")
        still = tmp_path / f"{number}.png"
        argv = [ffmpeg_exe(), "-y", "-loglevel", "error", "-i", str(film), "-frames:v", "1", str(still)]
        await run_process(argv, timeout=60)
        read = "".join(engine(str(still)).txts or ()).replace(" ", "").casefold()
        assert "ai-generated" in read.replace("al-", "ai-"), "a capital I of this typeface is the small l's twin"
        assert "syntheticperformer" in read
