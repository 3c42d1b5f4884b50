"""What is called off is not bought, what can be stopped is stopped at once, and what was paid for is locked away."""

import asyncio
from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path

import pytest
from contracts.desk import until
from unit.jobs.lot import Lot, batch_of, opened, orders
from unit.jobs.rig import RUN, Rig, approve, prepare

from callsheet.domain.error import WrongUse
from callsheet.domain.identity import RunId
from callsheet.domain.purchase import OPEN, PurchaseState
from callsheet.domain.stop import CallOff, Fate
from callsheet.jobs.port import CANCELLED, Batch, Done, Undone
from callsheet.storage import run as runs
from callsheet.storage import stop as stops

TAGS = [("fake", tag) for tag in ("run:spring-1", "campaign:spring", "cameo:mara", "all")] + [("engine", "cameo:mara")]


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return prepare(tmp_path_factory.mktemp("stops"), takes_paid_for=8)


@pytest.fixture(params=["fake", "engine"])
async def lot(request: pytest.FixtureRequest, prepared: Path, tmp_path: Path) -> AsyncIterator[Lot]:
    rig = Rig(prepared, tmp_path / "home")
    async with opened(request.param, rig) as found:
        yield found
    rig.database.close()


async def three_under_way(lot: Lot) -> Batch:
    """Six takes are wanted, and the lane lets three of them be rendered at once."""
    one = batch_of(orders(6, campaign="spring"))
    await lot.jobs.submit(one)
    await until(lambda: [a.state for a in lot.purchases()].count(PurchaseState.SUBMITTED) == 3)
    return one


def counted(report: CallOff) -> dict[Fate, int]:
    return {fate: len(found) for fate in Fate if (found := report.having(fate))}


@pytest.mark.parametrize(("lot", "tag"), TAGS, indirect=["lot"])
async def test_queued_takes_are_never_asked_for_and_renders_are_stopped_at_the_provider(lot: Lot, tag: str) -> None:
    async with lot.jobs.work(lot.work()):
        one = await three_under_way(lot)
        report = await lot.call_off(tag)
        assert counted(report) == {Fate.NEVER_ASKED: 3, Fate.STOPPED: 3}
        assert report.runs == (RUN,)
        outcome = await lot.jobs.outcome(one)
        assert {type(undone) for undone in outcome.values()} == {Undone}
        assert list(outcome.values()).count(CANCELLED) >= 3
        await lot.jobs.submit(one)
        assert all(
            isinstance(undone, Undone) and undone.needs_person for undone in (await lot.jobs.outcome(one)).values()
        )
    assert len(lot.stage.asked) == 3
    lot.rig.assert_books_are_closed(bought=0)


async def test_a_render_that_cannot_be_stopped_is_paid_for_and_locked_away(lot: Lot) -> None:
    async with lot.jobs.work(lot.work()):
        one = await three_under_way(lot)
        stubborn = lot.stage.names()[1]
        lot.stage.unstoppable.add(stubborn)
        report = await lot.call_off("cameo:mara")
        assert counted(report) == {Fate.NEVER_ASKED: 3, Fate.STOPPED: 2, Fate.RUNS_ON: 1}
        assert report.having(Fate.RUNS_ON)[0].job == stubborn
        lot.stage.hurry(stubborn)
        assert all(isinstance(undone, Undone) for undone in (await lot.jobs.outcome(one)).values())
    (locked,) = [a for a in lot.purchases() if a.job == stubborn]
    assert locked.state is PurchaseState.REJECTED
    assert "locked away" in locked.reason
    lot.rig.assert_books_are_closed(bought=1)


async def test_one_take_is_called_off_and_the_others_are_shot(lot: Lot) -> None:
    async with lot.jobs.work(lot.work()):
        one = await three_under_way(lot)
        victim = lot.purchases()[0]
        report = await lot.call_off(f"take:{victim.key}")
        assert [(a.purchase, a.fate) for a in report.takes] == [(victim.key, Fate.STOPPED)]
        await until(lambda: len(lot.stage.names()) == 4)
        outcome = await outcome_soon(lot, one)
    assert sorted(type(a).__name__ for a in outcome.values()) == ["Done"] * 5 + ["Undone"]
    lot.rig.assert_books_are_closed(bought=5)


async def outcome_soon(lot: Lot, one: Batch) -> dict[object, object]:
    """Let every render end, those that begin meanwhile too."""
    waiting = asyncio.ensure_future(lot.jobs.outcome(one))
    while not waiting.done():
        for name in lot.stage.names():
            lot.stage.hurry(name)
        await asyncio.sleep(0.02)
    return dict(waiting.result())


async def test_a_request_in_flight_is_stopped_as_soon_as_it_is_answered(lot: Lot) -> None:
    async with lot.jobs.work(lot.work()):
        lot.stage.doors.clear()
        one = batch_of(orders(2, campaign="spring"))
        await lot.jobs.submit(one)
        await until(lambda: lot.stage.waiting == 2)
        calling_off = asyncio.create_task(lot.call_off("run:spring-1"))
        await asyncio.sleep(0.3)
        assert not calling_off.done()
        lot.stage.doors.set()
        assert counted(await calling_off) == {Fate.STOPPED: 2}
        await lot.jobs.outcome(one)
    lot.rig.assert_books_are_closed(bought=0)


async def test_a_word_whose_speaker_died_is_kept_by_the_workers_and_finished_by_saying_it_again(lot: Lot) -> None:
    async with lot.jobs.work(lot.work()):
        one = await three_under_way(lot)
        lot.stage.unstoppable.update(lot.stage.names())  # the workers notice the word themselves, and ask in vain
        lot.rig.change(lambda tx: stops.call_off(tx, "run:spring-1", "", ()))
        await asyncio.sleep(0.3)
        assert len(lot.stage.asked) == 3
        lot.stage.unstoppable.clear()
        report = await lot.call_off("run:spring-1")
        assert set(counted(report)) <= {Fate.NEVER_ASKED, Fate.STOPPED, Fate.OVER}
        await lot.jobs.outcome(one)
        again = await lot.call_off("run:spring-1")
        assert Fate.STOPPED not in counted(again)
    lot.rig.assert_books_are_closed(bought=0)


@pytest.mark.parametrize("lot", ["engine"], indirect=True)
async def test_where_nobody_works_the_speaker_alone_stops_what_is_under_way(lot: Lot) -> None:
    async with lot.jobs.work(lot.work()):
        one = await three_under_way(lot)
    stubborn = lot.stage.names()[0]
    lot.stage.unstoppable.add(stubborn)
    report = await lot.call_off("run:spring-1")
    assert counted(report) == {Fate.NEVER_ASKED: 3, Fate.STOPPED: 2, Fate.RUNS_ON: 1}
    lot.stage.hurry(stubborn)
    async with lot.jobs.work(lot.work()):
        await lot.jobs.outcome(one)
    assert [a.state for a in lot.purchases() if a.state in OPEN] == []
    lot.rig.assert_books_are_closed(bought=1)


async def test_a_run_that_is_called_off_is_at_its_end_and_says_why(lot: Lot) -> None:
    async with lot.jobs.work(lot.work()):
        await three_under_way(lot)
        await lot.call_off("campaign:spring")
    run = lot.rig.look(lambda tx: runs.find(tx, RUN))
    assert (run.status, run.reason) == ("cancelled", "they asked us to")
    assert lot.rig.events("ShootCancelled") == 1
    stopped = {one.tag for one in lot.rig.look(stops.every)}
    assert stopped == {"campaign:spring", "run:spring-1"}


async def test_a_finished_run_is_not_called_off(lot: Lot) -> None:
    lot.rig.change(lambda tx: runs.set_status(tx, RUN, "finished"))
    with pytest.raises(WrongUse, match="spring-1 is finished"):
        await lot.call_off("run:spring-1")
    assert lot.rig.look(stops.every) == ()


async def test_what_another_run_is_buying_is_left_to_it(lot: Lot) -> None:
    autumn = RunId("autumn-1")
    lot.rig.change(lambda tx: approve(tx, 8, autumn))
    async with lot.jobs.work(lot.work()):
        await three_under_way(lot)
        same = [
            one for one in orders(6, campaign="autumn", run=autumn) if one.order.key in {a.key for a in lot.purchases()}
        ]
        await lot.jobs.submit(batch_of(same))
        report = await lot.call_off("run:autumn-1")
        assert (report.takes, report.runs) == ((), (autumn,))
        assert [a.state for a in lot.purchases()].count(PurchaseState.SUBMITTED) == 3
    assert lot.rig.book().held.amount > Decimal(0)


async def test_what_is_held_while_the_provider_is_busy_is_free_again_at_once(lot: Lot) -> None:
    lot.stage.overloaded, lot.stage.busy_for = {"[s1] a shoe on wet asphalt"}, 250.0
    async with lot.jobs.work(lot.work()):
        await lot.jobs.submit(batch_of(orders(2, campaign="spring")))
        await until(
            lambda: [a.state for a in lot.purchases()] == [PurchaseState.RESERVED] * 2 and lot.stage.waiting == 2
        )
        assert counted(await lot.call_off("cameo:mara")) == {Fate.NEVER_ASKED: 2}
        lot.rig.assert_books_are_closed(bought=0)


async def test_a_render_nobody_watches_any_more_is_watched_again_so_that_it_is_locked_away(lot: Lot) -> None:
    async with lot.jobs.work(lot.work(deadline=0.2)):
        one = batch_of(orders(1, campaign="spring"))
        await lot.jobs.submit(one)
        (undone,) = (await lot.jobs.outcome(one)).values()
        assert isinstance(undone, Undone)
        assert "still rendering" in undone.reason
        (stubborn,) = lot.stage.names()
        lot.stage.unstoppable.add(stubborn)
        lot.stage.hurry(stubborn)
        assert counted(await lot.call_off("run:spring-1")) == {Fate.RUNS_ON: 1}
        await until(lambda: lot.purchases()[0].state is PurchaseState.REJECTED)
    lot.rig.assert_books_are_closed(bought=1)


async def test_while_it_is_paused_nothing_new_is_bought_and_what_is_under_way_is_fetched(lot: Lot) -> None:
    async with lot.jobs.work(lot.work()):
        one = await three_under_way(lot)
        lot.rig.change(lambda tx: stops.pause(tx, "run:spring-1", "lunch"))
        outcome = await outcome_soon(lot, one)
        assert sorted(type(a).__name__ for a in outcome.values()) == ["Done"] * 3 + ["Undone"] * 3
        assert any(
            isinstance(a, Undone) and "is paused" in a.reason and "lunch" in a.reason and a.needs_person
            for a in outcome.values()
        )
        await lot.jobs.submit(one)
        await lot.jobs.outcome(one)
        assert len(lot.stage.asked) == 3
        assert lot.rig.change(lambda tx: stops.end_pause_of_run(tx, RUN, "spring")) is None
        await lot.jobs.submit(one)
        assert {type(a) for a in (await outcome_soon(lot, one)).values()} == {Done}
    lot.rig.assert_books_are_closed(bought=6)
    assert (lot.rig.events("BuyingPaused"), lot.rig.events("PauseLifted")) == (1, 1)


async def test_a_pause_of_everything_outlives_the_resuming_of_a_run(lot: Lot) -> None:
    lot.rig.change(lambda tx: (stops.pause(tx, "all"), stops.pause(tx, "run:spring-1")))
    left = lot.rig.change(lambda tx: stops.end_pause_of_run(tx, RUN, "spring"))
    assert left is not None
    assert str(left).startswith("everything is paused, 2026-11-22")
    assert lot.rig.change(lambda tx: stops.end_pause(tx, "all"))
    assert not lot.rig.change(lambda tx: stops.end_pause(tx, "all"))
