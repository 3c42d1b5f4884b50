"""Readings are strict, simulations say what they are, and intervals are what the books say."""

from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from unit.agents.briefs import runner, takes_of

from callsheet.agents.director import Director
from callsheet.agents.editor import Editor
from callsheet.domain.cut import Cut
from callsheet.domain.identity import PlacementId, VariantId
from callsheet.domain.storyboard import Storyboard
from callsheet.domain.telemetry import Reading, chance_ahead, starts_for, wilson
from callsheet.tools.telemetry import (
    CsvTelemetry,
    NoTelemetry,
    SimulatedTelemetry,
    Telemetry,
    TelemetryInvalid,
    read_csv,
    simulate,
)
from callsheet.tools.writer import HouseWriter

GOOD = b"""variant,placement,second,viewers,clicks
a,vertical,0,1000,3
a,vertical,1,900,1
b,vertical,0,500,0
b,vertical,1,480,2
"""


@pytest.fixture(scope="module")
async def made() -> tuple[Storyboard, tuple[Cut, ...]]:
    board = await Director(HouseWriter()).plan(runner())
    editor = Editor()
    return board, editor.cut(runner(), board, editor.circle(takes_of(board), board), "en-US")


@pytest.mark.parametrize("telemetry", [CsvTelemetry(GOOD), SimulatedTelemetry(3), NoTelemetry()])
async def test_every_telemetry_reads_cuts(telemetry: Telemetry, made: tuple[Storyboard, tuple[Cut, ...]]) -> None:
    board, cuts = made
    for reading in await telemetry.read(board, cuts):
        assert (reading.variant, reading.placement) in {(cut.variant, cut.placement) for cut in cuts}


def test_a_csv_is_read_by_second() -> None:
    one, other = read_csv(GOOD)
    assert (one.variant, one.viewers, one.clicks, one.simulated) == ("a", (1000, 900), 4, False)
    assert other.viewers == (500, 480)


def test_every_problem_of_a_csv_is_named_with_its_line() -> None:
    bad = b"""variant,placement,second,viewers,clicks
a,vertical,0,1000,3
a,vertical,1,1200,1
b,vertical,0,many,0
b,vertical,1
,vertical,0,3,1
c,vertical,1,5,0
d,vertical,0,5,9
"""
    with pytest.raises(TelemetryInvalid) as refused:
        read_csv(bad)
    lines = [problem.split(":")[1] for problem in refused.value.problems]
    assert sorted(lines) == ["3", "4", "5", "6", "7", "8"]


@pytest.mark.parametrize("content", [b"", b"a,b\n1,2\n", b"\xff\xfe\x00", b"\x89PNG\r\n\x1a\n"])
def test_a_file_that_is_no_telemetry_is_refused(content: bytes) -> None:
    with pytest.raises(TelemetryInvalid):
        read_csv(content)


def test_an_audience_is_the_same_for_the_same_seed_and_says_it_is_simulated(
    made: tuple[Storyboard, tuple[Cut, ...]],
) -> None:
    board, cuts = made
    first, again, other = (simulate(seed, board, cuts, 0) for seed in (7, 7, 8))
    assert first == again
    assert first != other
    assert all(reading.simulated and "simulated" in reading.source for reading in first)
    assert all(len(reading.viewers) == 27 for reading in first)


@given(seed=st.integers(0, 10_000), viewers=st.integers(0, 50_000))
def test_any_audience_only_ever_shrinks(seed: int, viewers: int, made: tuple[Storyboard, tuple[Cut, ...]]) -> None:
    board, cuts = made
    for reading in simulate(seed, board, cuts[:1], 0, viewers):
        assert all(after <= before for before, after in pairwise(reading.viewers))


def test_a_reading_that_grows_or_clicks_too_much_is_no_reading() -> None:
    for viewers, clicks in (((10, 11), 0), ((10, 9), 11), ((10, -1), 0)):
        with pytest.raises(ValidationError):
            Reading(
                variant=VariantId("a"),
                placement=PlacementId("v"),
                viewers=viewers,
                clicks=clicks,
                simulated=False,
                source="test",
            )


def test_the_interval_is_the_one_of_the_books() -> None:
    """Wilson's interval for 10 of 100, as in Newcombe (1998)."""
    interval = wilson(10, 100)
    assert (interval.low, interval.high) == (Decimal("0.0552"), Decimal("0.1744"))
    assert wilson(0, 0).high == 1


def test_the_margin_says_how_many_viewers_it_takes() -> None:
    assert starts_for(Decimal("0.05")) == 385
    assert starts_for(Decimal("0.01")) == 9604


@given(st.integers(0, 2000), st.integers(0, 2000))
def test_chances_of_two_shares_add_up_to_one(one: int, other: int) -> None:
    first, second = wilson(one, 2000), wilson(other, 2000)
    assert abs(chance_ahead(first, second) + chance_ahead(second, first) - 1) <= Decimal("0.0002")
    assert (chance_ahead(first, second) >= Decimal("0.5")) == (one >= other) or one == other
