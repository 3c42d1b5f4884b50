"""In a previz nothing covers anything: slate, PREVIZ mark, label, callouts, captions, legal lines, end card."""

from itertools import combinations

import pytest
from unit.edit.footage import Reel, clip, small_cut

from callsheet.domain.cut import Cut, Media, Super
from callsheet.domain.identity import Digest, PlacementId
from callsheet.domain.placement import TITLE_SAFE, UPRIGHT, Placement, Safe
from callsheet.domain.slate import Box
from callsheet.tools.edit import segments
from callsheet.tools.edit.card import draw_card
from callsheet.tools.edit.label import floor_of
from callsheet.tools.edit.layer import Layer
from callsheet.tools.edit.lettering import letter
from callsheet.tools.edit.segment import Card, Segment

FRAMES = [(160, 284), (360, 640), (720, 1280), (1080, 1920), (1280, 720), (1080, 1080)]
TAKES = [(720, 1280), (1280, 720), (1024, 1024)]
TEXT = "AI-generated, synthetic performer"
TWO = f"{TEXT} · KI-generiert, synthetische Darsteller"
CALLOUT = "Knitted upper without a single seam, from the heel to the toe, washable at 30 °C"
CAPTION = "She runs the river loop before the whole city wakes up, and once again in the evening."
LEGAL = "Tested by an independent laboratory in 2026 on twenty-four runners over ten kilometres; results vary."
PALETTE = ("#0b1b2b", "#ff5a36")
SAFES = {"own": None, "title": TITLE_SAFE, "tiktok": UPRIGHT["tiktok"], "indented": Safe(left=200)}


def previz(reel: Reel, frame: tuple[int, int], take: tuple[int, int], height: int, safe: Safe, text: str) -> Cut:
    shown = Media(digest=Digest("a" * 64), media_type="video/mp4", width=take[0], height=take[1], frames=60, rate=30)
    words = (
        Super(kind="label", text=text, start=0, frames=60, height=height),
        Super(kind="callout", text=CALLOUT, start=0, frames=30),
        Super(kind="caption", text=CAPTION, start=0, frames=30),
        Super(kind="legal", text=LEGAL, start=0, frames=30),
    )
    made = small_cut(reel, supers=words, width=frame[0], height=frame[1])
    return made.model_copy(update={"clips": (clip(1, shown, 45),), "previz": True, "safe": safe})


def drawn(piece: Segment, frame: tuple[int, int]) -> dict[str, Box]:
    layers = {words.text: letter(words, frame, PALETTE) for words in piece.words}
    return {text: box(layer) for text, layer in layers.items()}


def box(layer: Layer) -> Box:
    return layer.x, layer.y, layer.x + layer.image.width, layer.y + layer.image.height


def meet(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


HARD = [(24, TEXT, "own"), (24, TWO, "indented"), (50, TEXT, "tiktok"), (50, TEXT, "title")]


@pytest.mark.parametrize("frame", FRAMES)
@pytest.mark.parametrize("take", TAKES)
@pytest.mark.parametrize(("height", "text", "safe"), HARD)
def test_nothing_covers_the_slate_nor_any_other_words(
    reel: Reel, frame: tuple[int, int], take: tuple[int, int], safe: str, height: int, text: str
) -> None:
    own = Placement(id=PlacementId("here"), width=frame[0], height=frame[1]).margins
    given = SAFES[safe] if safe != "tiktok" or frame[1] > 1.5 * frame[0] else None
    cut = previz(reel, frame, take, height, given or own, text)
    piece = segments(cut)[0]
    (slate,) = piece.words[0].slates
    found = {**drawn(piece, frame), "slate": slate}
    assert set(found) == {text, "PREVIZ", CALLOUT, CAPTION, LEGAL, "slate"}
    pairs = combinations(found, 2)
    assert [pair for pair in pairs if meet(found[pair[0]], found[pair[1]])] == []
    left, top, right, bottom = cut.safe.box(frame)
    assert left <= found[text][0] < found[text][2] <= right
    assert top <= found[text][1] < found[text][3] <= bottom


@pytest.mark.parametrize("frame", FRAMES)
@pytest.mark.parametrize("height", [24, 50])
def test_the_end_card_begins_below_the_label_and_the_mark_of_a_previz(
    reel: Reel, frame: tuple[int, int], height: int
) -> None:
    piece = segments(previz(reel, frame, frame, height, TITLE_SAFE, TEXT))[-1]
    labels = [letter(words, frame, PALETTE) for words in piece.words]
    card = Card(picture=None, headline="Run lighter every day", call_to_action="Shop", url="x.example", legal=(LEGAL,))
    made = draw_card(card, None, frame, PALETTE, max(floor_of(one, frame) for one in labels))
    everything = [box(layer) for layer in (*labels, *made.words, *made.legal)]
    assert len(labels) == 2
    assert [pair for pair in combinations(everything, 2) if pair[0] in map(box, labels) and meet(*pair)] == []


def test_callouts_that_share_time_give_way_one_after_the_other(reel: Reel) -> None:
    frame = (160, 284)
    cut = previz(reel, frame, frame, 24, TITLE_SAFE, TEXT)
    others = tuple(Super(kind="callout", text=text, start=0, frames=30) for text in ("212 g", "Dries in an hour"))
    words = (cut.supers[0], *others, *cut.supers[2:])
    piece = segments(cut.model_copy(update={"supers": words}))[0]
    found = {**drawn(piece, frame), "slate": piece.words[0].slates[0]}
    assert [pair for pair in combinations(found, 2) if meet(found[pair[0]], found[pair[1]])] == []


def test_a_film_that_is_no_previz_has_no_slate_to_keep_clear(reel: Reel) -> None:
    cut = previz(reel, (720, 1280), (720, 1280), 24, TITLE_SAFE, TEXT).model_copy(update={"previz": False})
    assert {words.slates for words in segments(cut)[0].words} == {()}
