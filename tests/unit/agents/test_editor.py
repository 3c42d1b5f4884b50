"""Cuts are exact to the frame, fit their placement, and give people time to read."""

from fractions import Fraction

import pytest
from unit.agents.briefs import runner, takes_of

from callsheet.agents.director import Director
from callsheet.agents.editor import Editor, TakeMissing
from callsheet.domain.cut import Cut
from callsheet.domain.identity import PlacementId, ShotId, VariantId
from callsheet.domain.placement import SQUARE, VERTICAL, Placement
from callsheet.domain.storyboard import Storyboard
from callsheet.domain.telemetry import TrimRequest
from callsheet.tools.writer import HouseWriter

BRIEF = runner(placements=(VERTICAL, SQUARE))
EDITOR = Editor()


@pytest.fixture(scope="module")
async def board() -> Storyboard:
    return await Director(HouseWriter()).plan(BRIEF)


def cuts(board: Storyboard, extra: int = 0, rate: int = 30, **changes: object) -> tuple[Cut, ...]:
    brief = BRIEF.model_copy(update=changes)
    return EDITOR.cut(brief, board, EDITOR.circle(takes_of(board, rate=rate, extra=extra), board), "en-US")


def test_every_variant_is_cut_for_every_placement_to_the_frame(board: Storyboard) -> None:
    made = cuts(board)
    assert {(cut.variant, cut.placement) for cut in made} == {(v, p) for v in "abc" for p in ("vertical", "square")}
    assert {cut.frames for cut in made} == {27 * 30}
    assert all(cut.previz for cut in made)
    assert all(cut.end_card.picture and cut.end_card.picture.digest == "a" * 64 for cut in made)


def test_no_frame_is_lost_when_lengths_do_not_divide(board: Storyboard) -> None:
    panels = tuple(panel.model_copy(update={"seconds": Fraction(10, 7)}) for panel in board.variants[0].panels)
    odd = board.model_copy(update={"variants": (board.variants[0].model_copy(update={"panels": panels}),)})
    made = cuts(odd, placements=(VERTICAL.model_copy(update={"rate": 25}),))
    assert sum(clip.frames for clip in made[0].clips) == round(Fraction(60, 7) * 25)


def test_a_take_of_another_rate_is_used_by_time(board: Storyboard) -> None:
    made = cuts(board, rate=24)
    assert {cut.frames for cut in made} == {27 * 30}


def test_a_dissolve_needs_frames_beyond_the_out_point(board: Storyboard) -> None:
    planned = [panel.transition.kind for panel in board.variants[0].panels]
    assert "dissolve" in planned
    assert {clip.transition.kind for clip in cuts(board)[0].clips} == {"cut"}
    assert [clip.transition.kind for clip in cuts(board, extra=60)[0].clips] == planned


def test_words_can_be_read_before_they_go(board: Storyboard) -> None:
    for cut in cuts(board):
        for words in cut.supers:
            assert words.frames >= cut.rate
            assert len(words.text) / (words.frames / cut.rate) <= 21
            assert words.start + words.frames <= cut.frames


def test_a_callout_keeps_its_citation_and_its_disclosure_stands_with_it(board: Storyboard) -> None:
    supers = cuts(board)[0].supers
    claimed = next(words for words in supers if words.claim == "c1" and words.kind == "callout")
    disclosed = next(words for words in supers if words.kind == "legal" and words.text == "Size 42.")
    assert disclosed.start <= claimed.start
    assert disclosed.start + disclosed.frames >= claimed.start + claimed.frames


def test_a_long_legal_line_begins_before_the_end_card(board: Storyboard) -> None:
    line = "Terms apply to every word of this. " * 5
    long = tuple(
        one.model_copy(update={"end_card": one.end_card.model_copy(update={"legal": line[:200]})})
        for one in board.variants
    )
    cut = cuts(board.model_copy(update={"variants": long}))[0]
    early = next(words for words in cut.supers if words.kind == "legal" and words.claim is None)
    assert (early.frames + cut.end_card.frames) / cut.rate * 21 >= len(line[:200])
    assert early.start + early.frames == cut.frames - cut.end_card.frames


def test_a_caption_nobody_could_read_is_left_out_and_named(board: Storyboard) -> None:
    first, *rest = board.variants[0].panels
    hasty = first.model_copy(update={"seconds": Fraction(1), "caption": "Far too many words for one single second"})
    variant = board.variants[0].model_copy(update={"panels": (hasty, *rest)})
    cut = cuts(board.model_copy(update={"variants": (variant,)}))[0]
    assert all("Far too many" not in words.text for words in cut.supers)
    assert any("Far too many" in note for note in cut.notes)


def test_a_cutdown_drops_middle_beats_and_names_them(board: Storyboard) -> None:
    short = Placement(id=PlacementId("bumper"), max_seconds=Fraction(15))
    cut = cuts(board, placements=(short,))[0]
    assert cut.frames == 15 * 30
    assert (cut.clips[0].shot, cut.clips[-1].shot) == ("shot.1", "shot.6")
    assert len(cut.clips) == 3
    assert any("without" in note and "bumper" in note for note in cut.notes)


def test_a_very_short_placement_is_still_kept(board: Storyboard) -> None:
    cut = cuts(board, placements=(Placement(id=PlacementId("six"), max_seconds=Fraction(6)),))[0]
    assert cut.frames <= 6 * 30


def test_the_newest_take_that_is_long_enough_is_circled_unless_told(board: Storyboard) -> None:
    first, second = takes_of(board, number=1), takes_of(board, number=2)
    cropped = second[0].model_copy(update={"media": second[0].media.model_copy(update={"frames": 30})})
    circled = EDITOR.circle((*first, cropped, *second[1:]), board)
    assert circled[ShotId("shot.1")].number == 1
    assert circled[ShotId("shot.2")].number == 2
    told = EDITOR.circle((*first, *second), board, {ShotId("shot.2"): first[1].id})
    assert told[ShotId("shot.2")].number == 1


def test_a_missing_take_is_named(board: Storyboard) -> None:
    with pytest.raises(TakeMissing, match=r"shot\.4"):
        EDITOR.cut(BRIEF, board, EDITOR.circle([t for t in takes_of(board) if t.shot != "shot.4"]), "en-US")


def test_a_trim_shortens_the_shot_wherever_it_plays_and_nothing_else(board: Storyboard) -> None:
    request = TrimRequest(variant=VariantId("a"), shot=ShotId("shot.2"), seconds=Fraction(2), reason="it drags")
    trimmed = EDITOR.trim(BRIEF, board, request)
    assert trimmed.shots == board.shots
    assert {variant.seconds for variant in trimmed.variants} == {25}
    assert {cut.frames for cut in cuts(trimmed)} == {25 * 30}
