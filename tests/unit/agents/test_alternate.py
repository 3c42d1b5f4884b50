"""The Editor labels its cuts as their markets ask, and makes an alternate only where somebody wants it."""

from datetime import date

import pytest
from unit.agents.briefs import cameo, runner, takes_of

from callsheet.agents.cutting.label import facts_of
from callsheet.agents.director import Director
from callsheet.agents.editor import Editor
from callsheet.domain.campaign import Campaign
from callsheet.domain.cut import Cut, Super
from callsheet.domain.placement import SQUARE, VERTICAL
from callsheet.domain.storyboard import Storyboard
from callsheet.graphs.label import judge_labels, undrawable_labels
from callsheet.tools.writer import HouseWriter

DAY = date(2026, 11, 22)
BRIEF = runner(placements=(VERTICAL, SQUARE), markets=("US", "GB", "DE"), cameos=())


@pytest.fixture(scope="module")
async def board() -> Storyboard:
    return await Director(HouseWriter()).plan(BRIEF)


def cuts(board: Storyboard, brief: Campaign = BRIEF, day: date | None = DAY, locale: str = "en-US") -> tuple[Cut, ...]:
    editor = Editor((lambda: day) if day else None)
    return editor.cut(brief, board, editor.circle(takes_of(board), board), locale)


def label_of(cut: Cut) -> Super | None:
    return next((one for one in cut.supers if one.kind == "label"), None)


def test_one_cut_carries_the_strictest_label_of_all_its_markets(board: Storyboard) -> None:
    made = cuts(board)
    assert len(made) == 6
    for cut in made:
        label = label_of(cut)
        assert label is not None
        assert (label.start, label.frames) == (0, cut.frames)
        assert label.text == "AI-generated, synthetic performer"
        assert (cut.markets, cut.alternate) == (("US", "GB", "DE"), "")
    assert all(cut.safe in (VERTICAL.margins, SQUARE.margins) for cut in made)


def test_where_required_each_group_of_markets_has_a_cut_under_a_name_of_its_own(board: Storyboard) -> None:
    made = cuts(board, BRIEF.model_copy(update={"labels": "where_required", "placements": (VERTICAL,)}))
    assert [(cut.markets, cut.alternate) for cut in made[:3]] == [
        (("GB",), ""), (("DE",), "alt-de"), (("US",), "alt-us"),
    ]  # fmt: skip
    assert [label.text if (label := label_of(cut)) else "" for cut in made[:3]] == [
        "", "AI-generated", "AI-generated, synthetic performer",
    ]  # fmt: skip
    assert made[1].name == "runner_a_vertical_en-US_alt-de"
    assert len({cut.name for cut in made}) == len(made) == 9
    assert {cut.clips for cut in made if cut.variant == "a"} == {made[0].clips}


def test_an_alternate_differs_from_its_base_in_the_label_alone(board: Storyboard) -> None:
    base, other, _ = cuts(board, BRIEF.model_copy(update={"labels": "where_required", "placements": (SQUARE,)}))[:3]
    own = {"alternate", "markets", "labelling", "supers"}
    assert base.model_dump(exclude=own) == other.model_dump(exclude=own)
    assert [one for one in other.supers if one.kind != "label"] == list(base.supers)


def test_markets_that_ask_for_the_same_share_a_cut(board: Storyboard) -> None:
    brief = BRIEF.model_copy(update={"labels": "where_required", "markets": ("DE", "FR"), "placements": (VERTICAL,)})
    assert [(cut.markets, cut.alternate) for cut in cuts(board, brief)[:1]] == [(("DE", "FR"), "")]
    assert len(cuts(board, brief)) == 3


def test_the_label_speaks_the_language_of_the_cut(board: Storyboard) -> None:
    label = label_of(cuts(board, locale="de-DE")[0])
    assert label is not None
    assert label.text == "KI-generiert, synthetische Darsteller"


def test_a_cut_for_china_keeps_to_letters_we_have_and_is_stopped_with_the_reason(
    board: Storyboard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("callsheet.tools.edit.typeface.east_asian", lambda: None)
    brief = BRIEF.model_copy(update={"markets": ("CN",)})
    made = cuts(board, brief)
    label = label_of(made[0])
    assert label is not None
    assert label.text.isascii()
    (planned,) = undrawable_labels(brief, board, DAY)
    assert "'生'" in planned.evidence
    assert planned.weight == "stops"
    assert planned.place == "markets: CN"
    assert "callsheet[cjk]" in planned.fix
    assert undrawable_labels(BRIEF, board, DAY) == ()
    found = judge_labels(brief, made, board, DAY)
    assert {one.rule for one in found} == {"label: cn-labeling-explicit"}
    assert all("leave CN out" in one.fix for one in found)


def test_a_cut_for_china_is_labelled_in_chinese_where_a_typeface_has_the_letters(board: Storyboard) -> None:
    pytest.importorskip("manimgx_fonts_cjk", reason="comes with the extra for Chinese, Japanese and Korean")
    brief = BRIEF.model_copy(update={"markets": ("CN",)})
    made = cuts(board, brief)
    label = label_of(made[0])
    assert label is not None
    assert "AI生成" in label.text
    assert undrawable_labels(brief, board, DAY) == ()
    assert judge_labels(brief, made, board, DAY) == ()


def test_what_the_editor_cuts_clears_and_what_it_left_unlabelled_does_not(board: Storyboard) -> None:
    assert judge_labels(BRIEF, cuts(board), board, DAY) == ()
    found = judge_labels(BRIEF, cuts(board, day=None), board, DAY)
    assert {one.rule for one in found} == {"label: eu-ai-act-50-4", "label: us-ny-gbl-396-b"}
    assert all(one.weight == "stops" for one in found)


def test_a_law_that_came_in_since_the_cut_stops_it(board: Storyboard) -> None:
    before = cuts(board, day=date(2026, 6, 1))
    assert judge_labels(BRIEF, before, board, date(2026, 6, 1)) == ()
    assert judge_labels(BRIEF, before, board, DAY) != ()


async def test_a_cameo_is_a_replica_and_not_a_synthetic_performer() -> None:
    board = await Director(HouseWriter()).plan(runner(cameos=(cameo(),)))
    cast = [shot for shot in board.shots if shot.cameo is not None]
    facts = facts_of(BRIEF, cast, previz=False)
    assert (facts.shows_people, facts.has_performer, facts.has_replica) == (True, False, True)
    met = [shot.model_copy(update={"action": "meets a friend at the corner"}) for shot in cast]
    assert facts_of(BRIEF, met, previz=False).has_performer, "whoever a cameo meets is made up"
    anybody = [shot.model_copy(update={"cameo": None, "subject": "a runner in a coral top"}) for shot in cast]
    assert facts_of(BRIEF, anybody, previz=False).has_performer
    thing = [shot.model_copy(update={"cameo": None, "subject": "the shoe", "action": "stands still"}) for shot in cast]
    assert not facts_of(BRIEF, thing, previz=False).shows_people


async def test_a_product_named_after_a_person_is_not_one() -> None:
    brief = runner(cameos=(cameo(),))
    shot = (await Director(HouseWriter()).plan(brief)).shots[0]
    shoe = shot.model_copy(update={"cameo": None, "subject": "Fleet Runner", "action": "stands on wet asphalt"})
    assert not facts_of(brief, [shoe], previz=False).shows_people
    somebody = shoe.model_copy(update={"subject": "a fleet runner with the Fleet Runner"})
    assert facts_of(brief, [somebody], previz=False).has_performer


async def test_a_film_whose_people_are_all_cast_is_not_said_to_have_a_made_up_one() -> None:
    brief = runner(cameos=(cameo(),), markets=("US", "DE"))
    board = await Director(HouseWriter()).plan(brief)
    assert any(one.cameo for one in board.shots)
    plain = {"subject": "Fleet Runner", "action": "turns"}
    shots = tuple(one if one.cameo else one.model_copy(update=plain) for one in board.shots)
    made = board.model_copy(update={"shots": shots})
    labels = {one.text for cut in cuts(made, brief) for one in cut.supers if one.kind == "label"}
    assert labels == {"AI-generated"}
