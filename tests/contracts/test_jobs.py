"""The Jobs port: what the fake promises in memory, the engine keeps on disk."""

import asyncio
from collections.abc import AsyncIterator, Iterator

import pytest
from contracts.desk import NAMES, PATIENCE, Desk, batch, ended, opened, until

from callsheet.domain.error import CallsheetError, OverBudget, ProviderTrouble
from callsheet.domain.identity import BatchId, JobId, RunId
from callsheet.domain.trouble import Trouble
from callsheet.jobs.order import PurchaseAmbiguous, TakeNotMade
from callsheet.jobs.port import CANCELLED, Batch, Done, Jobs, Lane, Undone


@pytest.fixture(scope="module")
def desk() -> Desk:
    return Desk()


@pytest.fixture(scope="module", params=["fake", "engine"])
async def jobs(
    request: pytest.FixtureRequest, desk: Desk, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Jobs]:
    async with opened(request.param, tmp_path_factory.mktemp("jobs"), desk) as found:
        yield found


@pytest.fixture(autouse=True)
def closed(desk: Desk) -> Iterator[None]:
    """Every test begins with jobs that wait, and lets them go at its end."""
    desk.open.clear()
    yield
    desk.open.set()


async def test_what_a_job_made_reaches_whoever_handed_it_in(jobs: Jobs) -> None:
    one = batch("a", "b")
    await jobs.submit(one)
    assert await ended(jobs, one) == {
        id_: Done(result={"said": id_, "try": 1}) for id_ in (job.id for job in one.jobs)
    }  # fmt: skip


async def test_handing_a_batch_in_again_adopts_what_runs_and_what_is_done(jobs: Jobs, desk: Desk) -> None:
    one = batch("a", "b", waits=True)
    for _ in range(3):
        await jobs.submit(one)
    await until(lambda: all(desk.begun[job.id] for job in one.jobs))
    await jobs.submit(one)
    desk.open.set()
    first = await ended(jobs, one)
    await jobs.submit(one)
    assert await ended(jobs, one) == first
    assert [desk.begun[job.id] for job in one.jobs] == [1, 1]


async def test_what_failed_is_tried_anew_and_what_succeeded_is_not(jobs: Jobs, desk: Desk) -> None:
    one = batch("good", "bad")
    good, bad = (job.id for job in one.jobs)
    desk.failures[bad] = [OverBudget("first"), OverBudget("second")]
    for word in ("first", "second"):
        await jobs.submit(one)
        outcome = await ended(jobs, one)
        assert (type(outcome[good]), outcome[bad]) == (Done, Undone(reason=word))
    await jobs.submit(one)
    outcome = await ended(jobs, one)
    assert outcome[bad] == Done(result={"said": bad, "try": 3})
    assert (desk.begun[good], desk.begun[bad]) == (1, 3)


async def test_the_outcome_waits_for_the_last_job(jobs: Jobs, desk: Desk) -> None:
    one = batch("slow", "slower", waits=True)
    await jobs.submit(one)
    waiting = asyncio.create_task(ended(jobs, one))
    await until(lambda: all(desk.begun[job.id] for job in one.jobs))
    await asyncio.sleep(0.3)
    assert not waiting.done()
    desk.open.set()
    assert len(await waiting) == 2


async def test_nothing_handed_in_is_done_at_once(jobs: Jobs) -> None:
    one = batch()
    await jobs.submit(one)
    assert await ended(jobs, one) == {}


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (OverBudget("this take needs 4 s; 0 s are left"), "this take needs 4 s; 0 s are left"),
        (CallsheetError("naïve — 走る"), "naïve — 走る"),
        (ValueError("of no use"), "ValueError: of no use"),
        (KeyError("s1"), "KeyError: 's1'"),
    ],
)
async def test_why_a_job_failed_reaches_people_as_a_sentence(
    jobs: Jobs, desk: Desk, error: Exception, reason: str
) -> None:
    one = batch("a")
    desk.failures[one.jobs[0].id] = [error]
    await jobs.submit(one)
    assert await ended(jobs, one) == {one.jobs[0].id: Undone(reason=reason)}


async def test_jobs_that_are_named_are_cancelled_and_the_others_go_on(jobs: Jobs, desk: Desk) -> None:
    touched, other = (
        batch("a", "b", tags=("cameo:mara", "shot:s1"), waits=True),
        batch("c", tags=("cameo:zoe",), waits=True),
    )
    await jobs.submit(touched)
    await jobs.submit(other)
    await until(lambda: all(desk.begun[job.id] for job in (*touched.jobs, *other.jobs)))
    assert await jobs.cancel([job.id for job in touched.jobs]) == 2
    assert await jobs.cancel([JobId("nobody")]) == await jobs.cancel([]) == 0
    outcome = await ended(jobs, touched)
    assert set(outcome.values()) == {CANCELLED}
    desk.open.set()
    assert isinstance((await ended(jobs, other))[other.jobs[0].id], Done)
    assert await jobs.cancel([job.id for job in other.jobs]) == 0


async def test_only_what_ended_without_success_is_done_again(jobs: Jobs, desk: Desk) -> None:
    one = batch("good", "bad", lane=Lane("again", "a", 4))
    good, bad = (job.id for job in one.jobs)
    desk.failures[bad] = [OverBudget("no")]
    await jobs.submit(one)
    await ended(jobs, one)
    waiting = batch("waits", waits=True)
    await jobs.submit(waiting)
    assert await jobs.again([good, bad, waiting.jobs[0].id, JobId("nobody")]) == 1
    assert (await ended(jobs, one))[bad] == Done(result={"said": bad, "try": 2})
    assert desk.begun[good] == 1
    desk.open.set()
    await ended(jobs, waiting)
    assert desk.begun[waiting.jobs[0].id] == 1


async def test_every_job_with_a_tag_is_named_with_all_its_tags(jobs: Jobs) -> None:
    one = batch("a", "b", tags=("shot:s1", "cameo:eve"))
    await jobs.submit(one)
    await ended(jobs, one)
    found = await jobs.tagged("cameo:eve")
    assert {id_: set(tags) for id_, tags in found.items()} == {
        job.id: {f"run:{one.run}", "shot:s1", "cameo:eve"} for job in one.jobs
    }
    assert await jobs.tagged("cameo:nobody") == {}


@pytest.mark.parametrize(
    ("error", "needs_person"),
    [
        (ProviderTrouble("the server is down"), False),
        (TakeNotMade("it failed", Trouble.RETRYABLE), False),
        (TakeNotMade("no credit is left", Trouble.QUOTA), True),
        (PurchaseAmbiguous("nobody can say"), True),
        (OverBudget("too much"), True),
        (ValueError("a bug"), True),
    ],
)
async def test_whoever_handed_a_job_in_learns_whether_a_person_is_needed(
    jobs: Jobs, desk: Desk, error: Exception, needs_person: bool
) -> None:
    one = batch("a")
    desk.failures[one.jobs[0].id] = [error]
    await jobs.submit(one)
    (outcome,) = (await ended(jobs, one)).values()
    assert isinstance(outcome, Undone)
    assert outcome.needs_person is needs_person


async def test_no_lane_ever_holds_more_than_its_provider_and_its_account_allow(jobs: Jobs, desk: Desk) -> None:
    lanes = [Lane("kling", "a", 3, 2), Lane("kling", "b", 3, 2), Lane("veo", "a", 1), Lane("veo", "b", 1)]
    batches = [batch(*"123456", takes=0.05, lane=lane) for lane in lanes]
    for one in batches:
        await jobs.submit(one)
    for one in batches:
        await ended(jobs, one)
    assert (desk.most["kling"], desk.most["veo"]) == (3, 1)
    assert {desk.most[place] for place in ("kling/a", "kling/b")} == {2}


async def test_a_lane_follows_the_limits_it_was_handed_in_with_last(jobs: Jobs, desk: Desk) -> None:
    narrow = batch(*"123", lane=Lane("wan", "a", 1), waits=True)
    await jobs.submit(narrow)
    await until(lambda: desk.now["wan"] == 1)
    await asyncio.sleep(0.3)
    assert desk.now["wan"] == 1
    wide = batch("4", lane=Lane("wan", "a", 3), waits=True)
    await jobs.submit(wide)
    await until(lambda: desk.now["wan"] == 3)
    desk.open.set()
    await ended(jobs, narrow)
    await ended(jobs, wide)


async def test_what_is_urgent_begins_first_in_its_lane(jobs: Jobs, desk: Desk) -> None:
    lane = Lane("luma", "a", 1)
    first = batch("first", lane=lane, waits=True)
    await jobs.submit(first)
    await until(lambda: desk.now["luma"] == 1)
    whenever, usual, urgent = (batch(*"12", lane=lane, priority=priority) for priority in (100, 10, 1))
    for one in (whenever, usual, urgent):
        await jobs.submit(one)
    desk.open.set()
    for one in (whenever, usual, urgent):
        await ended(jobs, one)
    begun = [
        word
        for word in desk.order
        if desk.begun[word] and word in {job.id for one in (whenever, usual, urgent) for job in one.jobs}
    ]
    assert begun == [job.id for one in (urgent, usual, whenever) for job in one.jobs]


async def test_a_whole_run_is_found_by_its_own_tag_cancelled_and_can_be_handed_in_again(jobs: Jobs, desk: Desk) -> None:
    one = batch("a", "b", waits=True)
    await jobs.submit(one)
    await until(lambda: all(desk.begun[job.id] for job in one.jobs))
    assert await jobs.cancel(tuple(await jobs.tagged(f"run:{one.run}"))) == 2
    assert all(isinstance(done, Undone) for done in (await ended(jobs, one)).values())
    desk.open.set()
    await jobs.submit(one)
    assert all(isinstance(done, Done) for done in (await ended(jobs, one)).values())


async def test_progress_counts_what_has_ended_of_each_batch(jobs: Jobs, desk: Desk) -> None:
    waiting = batch("a", "b", waits=True)
    done = Batch(id=BatchId(f"{waiting.run}.zdone"), run=waiting.run, jobs=batch("x", "y", "z", run=waiting.run).jobs)
    desk.failures[done.jobs[0].id] = [OverBudget("no")]
    await jobs.submit(waiting)
    await jobs.submit(done)
    await ended(jobs, done)
    seen = {one.batch: (one.kind, one.done, one.total) for one in await jobs.progress(waiting.run)}
    assert seen == {waiting.id: ("render", 0, 2), done.id: ("render", 3, 3)}
    desk.open.set()
    await ended(jobs, waiting)
    assert [(one.done, one.total) for one in await jobs.progress(waiting.run)] == [(2, 2), (3, 3)]
    assert list(await jobs.progress(RunId("nobody"))) == []


async def test_a_run_is_advanced_once_for_each_key(jobs: Jobs, desk: Desk) -> None:
    run = RunId(f"r{next(NAMES)}")
    for key in ("start", "start", "approve", "start"):
        async with asyncio.timeout(PATIENCE):
            await jobs.wake(run, key)
    assert desk.driven[run] == 2


async def test_everybody_who_wakes_a_run_waits_until_it_stands_still(jobs: Jobs, desk: Desk) -> None:
    run = RunId(f"slow{next(NAMES)}")
    wakers = [asyncio.create_task(jobs.wake(run, "start")) for _ in range(3)]
    await until(lambda: desk.driven[run] == 1)
    await asyncio.sleep(0.3)
    assert not any(waker.done() for waker in wakers)
    desk.open.set()
    async with asyncio.timeout(PATIENCE):
        await asyncio.gather(*wakers)
    assert desk.driven[run] == 1


async def test_what_is_forgotten_leaves_nothing_behind_and_what_is_under_way_stays(jobs: Jobs, desk: Desk) -> None:
    """An order may describe a person: when they ask to be forgotten, the queue's own books must not keep it."""
    past, running = batch("forgotten"), batch("kept", waits=True)
    await jobs.submit(past)
    await ended(jobs, past)
    await jobs.submit(running)
    await until(lambda: all(desk.begun[job.id] for job in running.jobs))
    assert await jobs.forget(f"run:{past.run}") >= 1
    assert await jobs.forget(f"run:{past.run}") == 0
    desk.open.set()
    assert all(isinstance(one, Done) for one in (await ended(jobs, running)).values())
    await jobs.submit(past)
    await ended(jobs, past)
    assert desk.begun[past.jobs[0].id] == 2, "nothing of it was left to adopt"
