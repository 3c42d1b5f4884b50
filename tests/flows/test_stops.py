"""Whole runs that are held back or called off: nothing more is bought, and the run says where it stands and why."""

import asyncio
from pathlib import Path

import pytest

from callsheet import Callsheet, Settings
from callsheet.domain.error import WrongUse
from callsheet.domain.purchase import OPEN
from callsheet.domain.stop import Fate
from callsheet.jobs.calloff import call_off
from callsheet.session import CampaignRun
from callsheet.storage import purchase as journal
from callsheet.storage import stop as stops
from callsheet.storage.purchase import Purchase

PATIENCE = 60.0


def purchases(callsheet: Callsheet, run: CampaignRun) -> tuple[Purchase, ...]:
    return callsheet.studio.database.read_now(lambda tx: journal.of_run(tx, run.id))


async def at_the_greenlight(callsheet: Callsheet, folder: Path) -> CampaignRun:
    run = await callsheet.start(folder)
    assert (await run.go_on()).status == "waiting"
    return run


async def test_a_paused_run_buys_nothing_until_the_pause_is_lifted(pocket: Path, settings: Settings) -> None:
    async with Callsheet.open(settings) as callsheet:
        run = await at_the_greenlight(callsheet, pocket)
        database = callsheet.studio.database
        await database.write(lambda tx: stops.pause(tx, f"run:{run.id}", "the client is on the phone"))
        await run.decide("approve", by="ada")
        held = await run.go_on()
        assert held.status == "paused"
        assert "the client is on the phone" in held.reason
        assert purchases(callsheet, run) == ()
        await database.write(lambda tx: stops.end_pause_of_run(tx, run.id, held.campaign))
        assert (await run.go_on()).status == "waiting"
        assert {one.state for one in purchases(callsheet, run)} == {"settled"}


async def test_a_run_called_off_in_the_middle_of_its_shoot_ends_at_once_and_owes_nothing_more(
    pocket: Path, settings: Settings
) -> None:
    async with Callsheet.open(settings) as callsheet, Callsheet.open(settings, works=False) as elsewhere:
        run = await at_the_greenlight(callsheet, pocket)
        await run.decide("approve", by="ada")
        going_on = asyncio.create_task(run.go_on())
        async with asyncio.timeout(PATIENCE):
            while not any(one.job for one in purchases(callsheet, run)):  # noqa: ASYNC110 - a worker's loop writes it
                await asyncio.sleep(0.01)
        studio = elsewhere.studio
        report = await call_off(
            studio.database,
            callsheet.studio.lines,
            studio.jobs,
            studio.crew.publisher,
            f"run:{run.id}",
            "the client left",
        )
        async with asyncio.timeout(PATIENCE):
            ended = await going_on
        assert (ended.status, ended.reason) == ("cancelled", "the client left")
        assert len(report.takes) == 2
        async with asyncio.timeout(PATIENCE):
            while any(one.state in OPEN for one in purchases(callsheet, run)):  # noqa: ASYNC110 - a worker's loop writes it
                await asyncio.sleep(0.05)
        costs = await run.costs()
        assert costs.seconds_held == 0
        paid = {one.key for one in purchases(callsheet, run) if one.state in ("settled", "rejected")}
        assert paid == {one.purchase for one in report.takes if one.fate in (Fate.RUNS_ON, Fate.HERE)}
        assert (await run.go_on()).status == "cancelled"


async def test_a_run_called_off_at_a_gate_is_not_revived_by_an_answer(pocket: Path, settings: Settings) -> None:
    async with Callsheet.open(settings) as callsheet:
        run = await at_the_greenlight(callsheet, pocket)
        studio = callsheet.studio
        await call_off(studio.database, studio.lines, studio.jobs, studio.crew.publisher, "campaign:pocket")
        await run.decide("approve", by="ada")
        assert (await run.go_on()).status == "cancelled"
        assert purchases(callsheet, run) == ()
        with pytest.raises(WrongUse, match=r"campaign pocket was called off.*cancel --lift --campaign pocket"):
            await callsheet.start(pocket)
        await studio.database.write(lambda tx: stops.lift(tx, "campaign:pocket", "cancel"))
        again = await at_the_greenlight(callsheet, pocket)
        await again.decide("approve", by="ada")
        assert (await again.go_on()).status == "waiting"
        assert len(purchases(callsheet, again)) == 2
