"""A hundred clips by morning in ten batches of ten: each item is reported, and only what failed is bought anew."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from unit.jobs.lot import Lot, opened, orders
from unit.jobs.rig import RUN, Rig, prepare

from callsheet.jobs.port import Lane
from callsheet.jobs.shoot import in_batches, lane_of, render_job, shoot_in_batches
from callsheet.tools.video.catalog import load_provider

CLIPS, BAD = 100, 7
LANE = Lane("fake", "a", 10)


@pytest.fixture(params=["fake", "engine"])
async def lot(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Lot]:
    rig = Rig(prepare(tmp_path, takes_paid_for=CLIPS), tmp_path / "home")
    async with opened(request.param, rig) as found:
        found.stage.looks = 0
        async with found.jobs.work(found.work()):
            yield found
    rig.database.close()


async def test_a_hundred_clips_in_ten_batches_and_only_the_seven_that_failed_are_bought_anew(lot: Lot) -> None:
    wanted = [
        one.model_copy(update={"order": one.order.model_copy(update={"prompt": f"clip {number}"})})
        for number, one in enumerate(orders(CLIPS, campaign="spring"))
    ]
    lot.stage.overloaded = {f"clip {number}" for number in range(3, CLIPS, 15)}
    assert len(lot.stage.overloaded) == BAD

    evening = await shoot_in_batches(lot.jobs, wanted, "night", LANE)
    assert (len(evening.takes), len(evening.having("retry"))) == (CLIPS - BAD, BAD)
    assert {item.order.order.prompt for item in evening.having("retry")} == lot.stage.overloaded
    assert all("given up after 6 tries" in item.why for item in evening.having("retry"))
    assert len({item.batch for item in evening.items}) == 10
    assert len(lot.stage.bill) == CLIPS - BAD

    lot.stage.overloaded = set()
    morning = await shoot_in_batches(lot.jobs, wanted, "night", LANE)
    assert [item.state for item in morning.items] == ["done"] * CLIPS
    assert [item.batch for item in morning.items] == [item.batch for item in evening.items]
    lot.rig.assert_books_are_closed(bought=CLIPS)


@pytest.mark.parametrize("lot", ["fake"], indirect=True)
async def test_an_item_that_only_a_person_can_help_says_so(lot: Lot) -> None:
    lot.stage.faults.refused = 1
    report = await shoot_in_batches(lot.jobs, orders(2, campaign="spring"), "night", Lane("fake", "a", 1))
    assert [item.state for item in report.items] == ["person", "done"]
    assert report.reasons == (report.items[0].why,)


@pytest.mark.parametrize("lot", ["fake"], indirect=True)
async def test_a_shoot_of_nothing_is_done(lot: Lot) -> None:
    assert (await shoot_in_batches(lot.jobs, [], "night", LANE)).items == ()


def test_the_same_jobs_make_the_same_batches_and_none_is_left_out() -> None:
    jobs = [render_job(one, LANE, priority=3) for one in orders(23)]
    batches = in_batches(RUN, "night", jobs)
    assert [len(batch.jobs) for batch in batches] == [10, 10, 3]
    assert [job for batch in batches for job in batch.jobs] == jobs
    assert batches == in_batches(RUN, "night", list(jobs))
    assert {job.priority for job in jobs} == {3}


def test_a_lane_is_as_wide_as_the_provider_allows() -> None:
    provider = load_provider("sandbox").model_copy(update={"max_in_flight": 8, "max_in_flight_per_account": 5})
    assert lane_of(provider, "a") == Lane("sandbox", "a", 8, 5)
    assert (lane_of(provider, "a").room, Lane("sandbox", "a", 3, 9).room, Lane("sandbox", "a", 3).room) == (5, 3, 3)
