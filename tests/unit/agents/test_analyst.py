"""The Analyst reads counts and nothing else; three pinned audiences end in keep, trim and reshoot."""

from decimal import Decimal
from fractions import Fraction

import pytest
from unit.agents.briefs import campaign, provider, runner, takes_of

from callsheet.agents.analyst import Analyst
from callsheet.agents.director import Director
from callsheet.agents.editor import Editor
from callsheet.domain.campaign import Campaign, Reshoots
from callsheet.domain.cut import Cut
from callsheet.domain.identity import PlacementId, VariantId
from callsheet.domain.placement import SQUARE, VERTICAL
from callsheet.domain.storyboard import Storyboard
from callsheet.domain.telemetry import AnalystDecision, Reading, ReshootRequest, TrimRequest
from callsheet.tools.telemetry import simulate
from callsheet.tools.writer import HouseWriter

KEEP, TRIM, RESHOOT = 3, 1, 2
RUNNER = runner(placements=(VERTICAL, SQUARE))
POCKET = campaign("pocket", "Show the lamp", "Dot Lamp", "lamp", "Fits a hand", seconds=Fraction(6), shots=2)
APART = runner(variants="reshoot")
DIRECTOR, EDITOR, ANALYST = Director(HouseWriter()), Editor(), Analyst()


def cut(brief: Campaign, board: Storyboard) -> tuple[Cut, ...]:
    return EDITOR.cut(brief, board, EDITOR.circle(takes_of(board), board), brief.locale)


def decide(brief: Campaign, board: Storyboard, seed: int, *, left: int = 1, viewers: int = 4000) -> AnalystDecision:
    made = cut(brief, board)
    return ANALYST.decide(brief, board, made, simulate(seed, board, made, board.round, viewers), left)


@pytest.mark.parametrize("brief", [RUNNER, POCKET, APART], ids=["runner", "pocket", "apart"])
async def test_three_pinned_audiences_end_in_keep_trim_and_reshoot(brief: Campaign) -> None:
    board = await DIRECTOR.plan(brief)
    assert decide(brief, board, KEEP).kind == "keep"
    trim, reshoot = decide(brief, board, TRIM), decide(brief, board, RESHOOT)
    assert isinstance(trim.request, TrimRequest)
    assert isinstance(reshoot.request, ReshootRequest)
    assert all(decision.simulated and "simulated" in decision.reason for decision in (trim, reshoot))


@pytest.mark.parametrize("brief", [RUNNER, POCKET, APART], ids=["runner", "pocket", "apart"])
@pytest.mark.parametrize("seed", range(1, 10))
async def test_what_was_mended_is_kept_after_one_round(brief: Campaign, seed: int) -> None:
    board = await DIRECTOR.plan(brief)
    first = decide(brief, board, seed)
    assert first.kind == {0: "keep", 1: "trim", 2: "reshoot"}[seed % 3]
    if isinstance(first.request, TrimRequest):
        board = EDITOR.trim(brief, board, first.request)
    elif isinstance(first.request, ReshootRequest):
        board = await DIRECTOR.revise(brief, board, first.request)
    assert decide(brief, board, seed).kind == "keep"


async def test_too_little_data_waits_and_says_how_much_is_missing() -> None:
    decision = decide(RUNNER, await DIRECTOR.plan(RUNNER), RESHOOT, viewers=100)
    assert decision.kind == "wait"
    assert "185 more for a" in decision.reason
    assert decision.request is None


async def test_no_readings_at_all_wait() -> None:
    board = await DIRECTOR.plan(RUNNER)
    assert ANALYST.decide(RUNNER, board, cut(RUNNER, board), (), 1).kind == "wait"


async def test_no_round_left_means_no_request() -> None:
    for seed in (TRIM, RESHOOT):
        decision = decide(RUNNER, await DIRECTOR.plan(RUNNER), seed, left=0)
        assert decision.kind == "keep"
        assert decision.request is None
        assert "no round is left" in decision.reason


async def test_a_reshoot_stays_within_the_seconds_of_a_round() -> None:
    board = await DIRECTOR.plan(RUNNER)
    request = decide(RUNNER, board, RESHOOT).request
    assert isinstance(request, ReshootRequest)
    assert request.seconds == 4
    poor = RUNNER.model_copy(update={"reshoots": Reshoots(seconds=3)})
    assert "not affordable" in decide(poor, board, RESHOOT).reason


async def test_a_sure_winner_moves_up_a_tier_and_says_how_sure() -> None:
    board = await DIRECTOR.plan(RUNNER)
    decision = decide(RUNNER, board, KEEP)
    assert decision.tier == "pro"
    assert "95 % interval" in decision.reason
    assert "chance" in decision.reason


def reading(variant: str, viewers: tuple[int, ...], clicks: int) -> Reading:
    return Reading(
        variant=VariantId(variant),
        placement=PlacementId("vertical"),
        viewers=viewers,
        clicks=clicks,
        simulated=False,
        source="telemetry.csv",
    )


async def test_what_nobody_clicks_is_stopped() -> None:
    board = await DIRECTOR.plan(POCKET)
    quiet = (reading("a", (9000, 8000, 7900, 7800, 7700, 7600), 0),)
    decision = ANALYST.decide(POCKET, board, cut(POCKET, board), quiet, 1)
    assert decision.kind == "stop"
    assert decision.stops == ("a",)
    assert not decision.simulated


async def test_two_variants_that_are_close_are_not_called_sure() -> None:
    brief = POCKET.model_copy(update={"audiences": RUNNER.audiences[:2], "provider": provider()})
    board = await DIRECTOR.plan(brief)
    curve = (1000, 850, 840, 830, 820, 810)
    decision = ANALYST.decide(brief, board, cut(brief, board), (reading("a", curve, 31), reading("b", curve, 30)), 1)
    assert (decision.kind, decision.variant, decision.stops) == ("keep", "a", ())
    assert decision.tier == "standard"


async def test_a_drop_is_put_on_the_shot_that_was_on_screen() -> None:
    board = await DIRECTOR.plan(RUNNER)
    steady = [Decimal(1000)]
    for second in range(26):
        steady.append(steady[-1] * (Decimal("0.80") if 8 <= second < 12 else Decimal("0.99")))
    curve = tuple(int(count * 10) for count in steady)
    readings = tuple(reading(variant, curve, clicks) for variant, clicks in (("a", 90), ("b", 20), ("c", 20)))
    decision = ANALYST.decide(RUNNER, board, cut(RUNNER, board), readings, 1)
    assert decision.kind == "reshoot"
    assert decision.shot == board.variants[0].panels[2].shot
