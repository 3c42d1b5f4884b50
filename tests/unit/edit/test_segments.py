"""How a cut is divided, and what decides that a piece is the same piece."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from unit.edit.footage import Reel, caption, clip, small_cut

from callsheet.domain.cut import Super
from callsheet.tools.edit import CutInvalid, segments, soundtrack
from callsheet.tools.edit.reframe import LARGEST_CROP, reframe


def test_the_pieces_add_up_to_the_cut(reel: Reel) -> None:
    cut = small_cut(reel)
    pieces = segments(cut)
    assert [(piece.kind, piece.frames) for piece in pieces] == [
        ("clip", 40), ("dissolve", 9), ("clip", 26), ("dip", 8), ("clip", 22), ("card", 30),
    ]  # fmt: skip
    assert sum(piece.frames for piece in pieces) == cut.frames


def test_a_dissolve_borrows_frames_from_beyond_the_out_point(reel: Reel) -> None:
    dissolve = segments(small_cut(reel))[1]
    assert [source.first for source in dissolve.sources] == [45, 0]


def test_a_changed_caption_changes_the_keys_of_the_pieces_it_touches_and_no_other(reel: Reel) -> None:
    before = segments(small_cut(reel, supers=(caption("one", 5, 20), caption("two", 60, 30))))
    after = segments(small_cut(reel, supers=(caption("one", 5, 20), caption("three", 60, 30))))
    assert [a.key == b.key for a, b in zip(before, after, strict=True)] == [True, True, False, False, False, True]


def test_the_same_piece_has_the_same_key_in_another_variant(reel: Reel) -> None:
    cut = small_cut(reel)
    other = cut.model_copy(update={"variant": "b", "clips": (cut.clips[1], cut.clips[0])})
    assert segments(cut)[2].key == segments(other)[1].key
    assert segments(cut)[2].key != segments(cut.model_copy(update={"width": 162}))[2].key


def test_a_caption_leaves_the_sound_alone(reel: Reel) -> None:
    cut = small_cut(reel)
    assert soundtrack(cut).key == soundtrack(small_cut(reel, supers=(caption("one", 5, 20),))).key
    assert soundtrack(cut).key != soundtrack(cut.model_copy(update={"loudness": -16})).key


def test_legal_supers_over_the_end_card_join_its_legal_line(reel: Reel) -> None:
    legal = Super(kind="legal", text="Paid partnership.", start=100, frames=35)
    card = segments(small_cut(reel, supers=(legal,)))[-1].card
    assert card is not None
    assert card.legal == ("Terms apply.", "Paid partnership.")


def test_a_previz_end_card_says_so(reel: Reel) -> None:
    cut = small_cut(reel)
    assert segments(cut)[-1].words == ()
    assert [words.text for words in segments(cut.model_copy(update={"previz": True}))[-1].words] == ["PREVIZ"]


def test_a_transition_longer_than_its_clip_is_refused(reel: Reel) -> None:
    cut = small_cut(reel)
    entered = clip(2, reel.takes[1], 5, kind="dissolve", entry=9)
    with pytest.raises(CutInvalid, match=r"shot\.2 takes 9 frames of a clip of 5"):
        segments(cut.model_copy(update={"clips": (cut.clips[0], entered)}))


@given(
    st.tuples(st.integers(16, 4000), st.integers(16, 4000)),
    st.tuples(st.integers(8, 1000).map(lambda half: 2 * half), st.integers(8, 1000).map(lambda half: 2 * half)),
)
def test_a_reframed_picture_fills_the_frame_or_fits_in_it(source: tuple[int, int], frame: tuple[int, int]) -> None:
    shown = reframe(source, frame)
    loss = 1 - min(Fraction(frame[0], source[0]), Fraction(frame[1], source[1])) / max(
        Fraction(frame[0], source[0]), Fraction(frame[1], source[1])
    )
    assert (shown.how == "fill") == (loss <= LARGEST_CROP)
    assert shown.width % 2 == 0
    assert shown.height % 2 == 0
    if shown.how == "fill":
        assert shown.width >= frame[0]
        assert shown.height >= frame[1]
    else:
        assert shown.width <= frame[0]
        assert shown.height <= frame[1]


def test_every_frame_of_a_previz_cut_says_so_and_no_other_cut_does(reel: Reel) -> None:
    cut = small_cut(reel, supers=(caption("one", 5, 20),))
    for piece in segments(cut.model_copy(update={"previz": True})):
        marks = [words for words in piece.words if words.text == "PREVIZ"]
        assert [(mark.kind, mark.start, mark.frames) for mark in marks] == [("label", 0, piece.frames)]
    assert not any(words.text == "PREVIZ" for piece in segments(cut) for words in piece.words)
