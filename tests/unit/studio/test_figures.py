"""The figures and charts behind the page."""

from dataclasses import replace
from fractions import Fraction

import pytest
from unit.studio.fixture import RUN, Played

from callsheet.studio.audience import audience
from callsheet.studio.board import boards, changed, trimmed
from callsheet.studio.chart import Bar, Line, Span, bars, retention
from callsheet.studio.cost import costs
from callsheet.studio.doubt import doubts
from callsheet.studio.story import Story, gather
from callsheet.studio.words import seconds, share


@pytest.fixture(scope="module")
def story(played: Played) -> Story:
    return played.database.read_now(lambda tx: gather(tx, RUN))


def test_shares_of_files_and_what_is_in_no_cut_add_up_to_the_books(story: Story) -> None:
    figures = costs(story)
    assert sum(one.cost for one in figures.files) + figures.unused_cost == figures.spent == Fraction(6, 5)
    assert sum(one.bought for one in figures.files) + figures.unused_bought == figures.bought == 12
    assert figures.used == 3
    assert figures.per_finished_second == Fraction(6, 5) / 2


def test_a_replaced_shot_stands_before_its_successor_and_is_not_final(story: Story) -> None:
    assert [(one.shot, one.is_final) for one in costs(story).shots] == [
        ("shot.1", True),
        ("shot.2", False),
        ("shot.2.r1", True),
    ]


def test_a_round_ends_with_what_was_concluded_from_it(story: Story) -> None:
    assert [one.number for one in story.rounds] == [0, 1]
    assert [one.conclusion.kind for one in story.rounds if one.conclusion] == ["reshoot", "keep"]
    assert [(old, new) for _, old, new in changed(story)] == [("shot.2", "shot.2.r1")]


def test_a_panel_shows_the_circled_take_and_its_citations(story: Story) -> None:
    (board,) = boards(story)
    first, second = board.panels
    assert (first.person, first.share) == ("Ines Calder", 50)
    assert second.take is not None
    assert (second.take.shot, second.replaces) == ("shot.2.r1", "shot.2")
    assert [(one.kind, one.text) for one in second.cited] == [
        ("fact", "Folds flat"),
        ("claim", "Made with recycled steel"),
    ]


def test_a_curve_of_a_later_round_is_drawn_over_the_one_before(story: Story) -> None:
    before, after = (read.curves[0].chart for read in audience(story))
    assert before.count("<polyline") == 1
    assert after.count("<polyline") == 2
    assert "faint" in after


def test_a_simulated_reading_leaves_no_curve_without_its_stamp(story: Story) -> None:
    assert all("SIMULATION" in curve.chart for read in audience(story) for curve in read.curves)
    measured = tuple(one.model_copy(update={"simulated": False}) for one in story.rounds[1].readings)
    real = replace(story, rounds=(replace(story.rounds[1], number=0, readings=measured),))
    assert all("SIMULATION" not in curve.chart for read in audience(real) for curve in read.curves)


def test_what_nobody_checked_is_said_once(story: Story) -> None:
    found = doubts(story, (), ("no picture of 1234",))
    assert "Not scanned: faces." in found
    assert "No picture of 1234." in found
    assert len(found) == len(set(found))


def test_labels_of_charts_are_text() -> None:
    drawn = bars("<b>", [Bar("</text><script>", 2, 1, '"&')])
    assert "<script>" not in drawn
    assert "&lt;b&gt;" in drawn


def test_a_bar_is_as_long_as_its_share_of_the_longest() -> None:
    drawn = bars("", [Bar("a", 8, 8, ""), Bar("b", 4, 2, "")])
    lengths = [
        float(part.split('"')[0])
        for part in drawn.split('height="13"')[0:4]
        for part in [part.rpartition('width="')[2]]
    ]
    assert lengths[0] == lengths[1] == 2 * lengths[2] == 4 * lengths[3]


def test_an_empty_chart_is_still_a_picture() -> None:
    assert "<svg" in bars("nothing", [])
    assert "<svg" in retention("nothing", [Line("a", (1.0,))], [Span("s", 0, 0)], 0)


@pytest.mark.parametrize(
    ("length", "text"),
    [(Fraction(4), "4 s"), (Fraction(9, 2), "4.5 s"), (Fraction(1, 3), "0.33 s"), (Fraction(0), "0 s"), (100, "100 s")],
)
def test_lengths_are_written_as_people_do(length: Fraction | int, text: str) -> None:
    assert seconds(length) == text


def test_small_shares_of_money_do_not_vanish() -> None:
    assert share(Fraction(1, 300), "USD") == "$0.0033"
    assert share(Fraction(27, 2), "EUR") == "EUR 13.50"
    assert share(Fraction(0), "USD") == "$0.00"


def test_a_trim_is_a_panel_that_plays_shorter_than_before(story: Story) -> None:
    first = story.rounds[0]
    (variant,) = first.storyboard.variants
    shorter = variant.panels[1].model_copy(update={"seconds": Fraction(1, 2)})
    after = variant.model_copy(update={"panels": (variant.panels[0], shorter)})
    board = first.storyboard.model_copy(update={"variants": (after,)})
    cut_again = replace(story, rounds=(first, replace(first, number=1, storyboard=board)))
    assert [(shot, old, new) for _, _, shot, old, new in trimmed(cut_again)] == [("shot.2", 1, Fraction(1, 2))]
    assert changed(cut_again) == ()
