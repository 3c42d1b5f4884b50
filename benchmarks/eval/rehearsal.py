"""One brief through a crew as the graph takes it: planned, cast, priced and cleared; a stopped plan goes back."""

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any

from benchmarks.eval.measure import captions_of, coverage, distinctness, seconds_of
from benchmarks.eval.watch import Watch, WatchedWriter
from callsheet.agents.director import Director
from callsheet.domain.campaign import Campaign
from callsheet.domain.clearance import stops
from callsheet.domain.finding import Finding
from callsheet.domain.identity import RunId
from callsheet.domain.storyboard import Storyboard
from callsheet.graphs.crew import Crew
from callsheet.graphs.plan import draw_call_sheet, judge_plan
from callsheet.graphs.routing import MOST_RETURNS
from callsheet.storage import cameo as people
from callsheet.storage import legal
from callsheet.storage.database import Transaction
from callsheet.tools.writer import HouseWriter, Writer, WriterFailed

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
"""The moment of every rehearsal: releases and claims are in force or not, whenever it is measured."""


@dataclass(frozen=True)
class Rehearsal:
    """What became of one brief. `outcome` is first_try, repaired, house, or stopped (cleared by nobody)."""

    brief: str
    outcome: str
    tasks: int
    attempts: int
    returns: int
    struck: int
    caught_before: dict[str, int]
    caught_at_gate: dict[str, int]
    bought: int
    wasted: float
    apart: float | None
    met: int
    demanded: int
    captions: int
    tokens_in: int
    tokens_out: int
    seconds: float
    failed: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    storyboard: dict[str, Any] = field(default_factory=dict)

    def line(self) -> dict[str, Any]:
        """Everything, for a line of JSON."""
        return asdict(self)


@dataclass(frozen=True)
class Stage:
    """The workspace that a rehearsal is judged in, and who writes. `whole`: the board is asked for in one call."""

    crew: Crew
    writer: Writer
    whole: bool
    clock: Callable[[], float] = time.monotonic

    async def rehearse(self, campaign: Campaign) -> Rehearsal:
        """Plan, cast and clear one brief; at most as many returns as a run has. Nothing is bought."""
        await self.crew.database.write(lambda tx: _bring_in(tx, campaign))
        watch, began = Watch(), self.clock()
        director = Director(WatchedWriter(self.writer, watch), lambda: NOW.date(), whole=self.whole)
        by_house = False
        try:
            board, left, returns, at_gate = await self._cleared(director, campaign)
        except WriterFailed:
            by_house = True
            board, left, returns, at_gate = await self._cleared(_house(), campaign)
        spotless = watch.is_spotless and not returns
        outcome = "stopped" if left else "house" if by_house else "first_try" if spotless else "repaired"
        bought, wasted = seconds_of(board)
        met, demanded = coverage(campaign, board, NOW.date())
        return Rehearsal(
            brief=campaign.name,
            outcome=outcome,
            tasks=watch.tasks,
            attempts=watch.attempts,
            returns=returns,
            struck=watch.struck,
            caught_before=dict(watch.caught),
            caught_at_gate=dict(at_gate),
            bought=bought,
            wasted=wasted,
            apart=distinctness(board),
            met=met,
            demanded=demanded,
            captions=captions_of(board),
            tokens_in=watch.tokens_in,
            tokens_out=watch.tokens_out,
            seconds=self.clock() - began,
            failed=watch.failed,
            remarks=[*watch.remarks, *(f"gate: {one}"[:300] for one in left)],
            storyboard=board.model_dump(mode="json"),
        )

    async def _cleared(
        self, director: Director, campaign: Campaign
    ) -> tuple[Storyboard, list[Finding], int, Counter[str]]:
        """The last plan, what still stops it, how often it came back, and every finding of the gate by its rule."""
        objections: list[Finding] = []
        at_gate: Counter[str] = Counter()
        board: Storyboard | None = None
        for returns in range(MOST_RETURNS):
            board = await director.plan(campaign, objections, current=board)
            sheet, refused = await draw_call_sheet(self.crew, campaign, board)
            run = RunId(f"{campaign.name}-eval")
            found = [*refused, *await judge_plan(self.crew, run, campaign, board, sheet)]
            stopping = list(stops(found))
            if not stopping:
                return board, [], returns, at_gate
            at_gate.update(one.rule for one in stopping)
            objections += [one for one in stopping if one not in objections]
        if board is None:
            raise AssertionError("a run may always plan once")
        return board, stopping, MOST_RETURNS, at_gate


def _house() -> Director:
    return Director(HouseWriter(), lambda: NOW.date())


def _bring_in(tx: Transaction, campaign: Campaign) -> None:
    people.seed(tx, campaign.cameos)
    legal.seed(tx, campaign)
