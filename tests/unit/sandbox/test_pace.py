"""Seeded times: drawn from a job's number, the same for whoever looks and however often."""

import statistics
from typing import Any

import pytest
from unit.sandbox.conftest import Counter, Open


@pytest.fixture
def counter(open_counter: Open) -> Counter:
    return open_counter(stock=True, pace="seeded", sold_seconds=(1, 5))


async def history(counter: Counter, ids: list[str], step: float, until: float) -> dict[str, list[tuple[str, int]]]:
    """What each job said at every step."""
    told: dict[str, list[tuple[str, int]]] = {job_id: [] for job_id in ids}
    start = counter.clock()
    while counter.clock() < start + until:
        for job_id in ids:
            video = await counter.retrieve(job_id)
            told[job_id].append((video["status"], video["progress"]))
        counter.clock.advance(step)
    return told


async def sold(counter: Counter, count: int, **fields: Any) -> list[str]:
    return [(await counter.create(f"shot {i}", **fields)).json()["id"] for i in range(count)]


async def test_states_and_progress_only_go_forward_and_the_end_stays(counter: Counter) -> None:
    order = ["queued", "in_progress", "completed"]
    for told in (await history(counter, await sold(counter, 4, seconds="5"), 7, 400)).values():
        assert [order.index(status) for status, _ in told] == sorted(order.index(status) for status, _ in told)
        assert [progress for _, progress in told] == sorted(progress for _, progress in told)
        assert all((progress == 100) == (status == "completed") for status, progress in told)
        assert told[0] == ("queued", 0) and told[-1] == ("completed", 100)


async def test_times_do_not_depend_on_who_looks_or_when(counter: Counter, open_counter: Open) -> None:
    watched, left = await sold(counter, 2, seconds="5")
    await history(counter, [watched], 3, 600)
    rows = {row["id"]: row for row in await counter.ledger()}
    again = open_counter(stock=True, pace="seeded", sold_seconds=(1, 5))
    assert {row["id"]: row for row in await again.ledger()} == rows
    for job_id in (watched, left):
        video = await counter.retrieve(job_id)
        assert video["completed_at"] == int(rows[job_id]["ended_at"]) < counter.clock()
        assert rows[job_id]["billed_at"] == rows[job_id]["ended_at"]


async def test_a_camera_that_is_behind_does_not_show(open_counter: Open) -> None:
    counter = open_counter(pace="seeded")
    (job_id,) = await sold(counter, 1)
    counter.clock.advance(1000)
    video = await counter.retrieve(job_id)
    assert (video["status"], video["completed_at"]) == ("completed", int(counter.sandbox.find(job_id).ends_at))


async def test_the_same_seed_and_number_draw_the_same_times(tmp_path: Any, open_counter: Open) -> None:
    spans = []
    for folder in ("one", "two"):
        counter = open_counter(folder=tmp_path / folder, stock=True, pace="seeded", stock_folder=tmp_path / "stock")
        counter.clock.advance(17)
        await sold(counter, 3)
        jobs = counter.sandbox.book.all()
        spans.append(
            [(round(job.starts_at - job.created_at, 6), round(job.ends_at - job.starts_at, 6)) for job in jobs]
        )
    assert spans[0] == spans[1]
    assert len(set(spans[0])) == 3


async def test_five_seconds_take_as_long_as_was_measured(counter: Counter) -> None:
    await sold(counter, 60, seconds="5")
    jobs = counter.sandbox.book.all()
    waits = [job.starts_at - job.created_at for job in jobs]
    takes = [job.ends_at - job.starts_at for job in jobs]
    assert 1 <= min(waits) < 3 and 8 < max(waits) <= 10
    assert 50 < statistics.median(takes) < 75
    assert min(takes) >= 30 and max(takes) < 250


async def test_no_more_jobs_are_in_flight_than_there_is_room_for(open_counter: Open) -> None:
    counter = open_counter(stock=True, pace="seeded", max_in_flight=2)
    ids = await sold(counter, 6)
    told = await history(counter, ids, 2, 300)
    most = max(sum(told[job_id][step][0] == "in_progress" for job_id in ids) for step in range(len(told[ids[0]])))
    assert most == 2
    assert {told[job_id][-1][0] for job_id in ids} == {"completed"}


async def test_a_reset_forgets_all_but_never_gives_a_number_twice(counter: Counter) -> None:
    (first,) = await sold(counter, 1)
    await counter.play("500_before")
    assert (await counter.http.post("/_sim/reset")).json() == {"reset": True}
    assert await counter.ledger() == []
    assert (await counter.http.get("/_sim/scenario")).json() == {"faults": []}
    assert (await sold(counter, 1))[0] != first
