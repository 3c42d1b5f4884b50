"""Words on screen: plain text whatever it says, inside the frame, never on top of each other."""

from itertools import combinations
from pathlib import Path

import pytest
from unit.edit.footage import Reel, caption, small_cut

from callsheet.domain.cut import Super
from callsheet.tools.edit import GlyphMissing, encode_segment, missing_glyphs, segments
from callsheet.tools.edit.layer import Layer
from callsheet.tools.edit.lettering import letter
from callsheet.tools.edit.palette import Palette, contrast, ink_on
from callsheet.tools.edit.segment import SuperKind, Words
from callsheet.tools.edit.typeface import set_text

FRAMES = [(720, 1280), (720, 720), (720, 900), (1280, 720), (160, 284)]
LONG = "Tested by an independent laboratory in 2026 on twenty-four runners over ten kilometres; results vary."
HOSTILE = [
    "it's 50%: [a]b;c,d=e",
    "%{pts\\:hms} %{n} $(reboot)",
    r"\N{\b1}{\an8}bold?",
    "<b>bold</b> <c.red>red</c>",
    "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft" * 2,
]


def drawn(kind: SuperKind, text: str, frame: tuple[int, int], beside: tuple[str, ...] = ()) -> Layer:
    return letter(Words(kind=kind, text=text, start=0, frames=30, beside=beside), frame, ("#0b1b2b", "#ff5a36"))


def meet(one: Layer, other: Layer) -> bool:
    return (
        one.x < other.x + other.image.width and other.x < one.x + one.image.width
        and one.y < other.y + other.image.height and other.y < one.y + one.image.height
    )  # fmt: skip


@pytest.mark.parametrize("frame", FRAMES)
def test_every_kind_of_words_has_a_place_of_its_own_in_the_safe_area(frame: tuple[int, int]) -> None:
    kinds: tuple[SuperKind, ...] = ("caption", "callout", "legal")
    layers = [*(drawn(kind, LONG, frame) for kind in kinds), drawn("label", "AI-generated", frame)]
    for layer in layers:
        assert layer.x >= 0.05 * frame[0]
        assert layer.x + layer.image.width <= 0.95 * frame[0] + 1
        assert layer.y >= 0.04 * frame[1]
        assert layer.y + layer.image.height <= 0.96 * frame[1] + 1
    assert not [pair for pair in combinations(layers, 2) if meet(*pair)]


def test_captions_stay_above_a_telephones_buttons() -> None:
    layer = drawn("caption", LONG, (720, 1280))
    assert layer.y > 0.6 * 1280
    assert layer.y + layer.image.height < 0.82 * 1280


def test_words_that_share_time_are_stacked() -> None:
    first, second = drawn("caption", "One.", (720, 1280)), drawn("caption", "Two.", (720, 1280), beside=("One.",))
    assert not meet(first, second)


@pytest.mark.parametrize("text", HOSTILE)
async def test_hostile_text_is_drawn_as_plain_text(text: str, reel: Reel, tmp_path: Path) -> None:
    supers = (caption(text, 0, 40), Super(kind="callout", text=text, start=0, frames=40))
    out = await encode_segment(segments(small_cut(reel, supers=supers))[0], reel.files, tmp_path / "a'%d:b.mp4")
    assert out.is_file()
    block = set_text(text, size=40, weight=600, width=600, lines=2)
    assert "".join(block.lines).replace(" ", "") == text.replace(" ", "")


@pytest.mark.parametrize(("text", "named"), [("Run 🏃 now", "U+1F3C3"), ("走る", "U+8D70"), ("a\u202eb", "U+202E")])
def test_a_character_the_typeface_lacks_is_an_error_that_names_it(
    text: str, named: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("callsheet.tools.edit.typeface.east_asian", lambda: None)
    assert missing_glyphs(text)
    with pytest.raises(GlyphMissing, match=named.replace("+", r"\+")):
        drawn("caption", text, (720, 1280))


def test_what_the_typeface_has_is_not_missing() -> None:
    assert missing_glyphs("Größe, naïve, Ελλάδα, Москва, Łódź: 12 € — “yes” ™\n½") == ()


def test_two_lines_are_filled_evenly() -> None:
    block = set_text("Every morning before the city wakes, she runs", size=41, weight=600, width=590, lines=2)
    assert len(block.lines) == 2
    assert min(map(len, block.lines)) / max(map(len, block.lines)) > 0.7


@pytest.mark.parametrize(
    "colours", [(), ("#ffffff",), ("#000", "#111"), ("#5a2bd6",), ("#f4f1ea", "#1f6f54"), ("red",)]
)
def test_any_palette_gives_a_legible_card(colours: tuple[str, ...]) -> None:
    palette = Palette.of(colours)
    assert contrast(ink_on(palette.ground), palette.ground) >= 3
    assert contrast(palette.accent, palette.ground) >= 1.5
    assert contrast(ink_on(palette.accent), palette.accent) >= 2.8
