"""What stops a purchase: an ended permission, an empty purse, an answer nobody can give. And what two buyers share."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import httpx
import pytest
from unit.jobs.rig import MARA, NOON, PRICE, RELEASE, RUN, SECONDS, Points, Rig, approve, order, prepare

from callsheet.domain.cameo import Cameo
from callsheet.domain.error import OverBudget, ProviderTrouble, ReleaseMissing
from callsheet.domain.identity import RunId
from callsheet.domain.ledger import verify
from callsheet.domain.purchase import PurchaseState
from callsheet.domain.take import Take
from callsheet.jobs.order import PurchaseAmbiguous, StillRendering, TakeOrder, TakeUnsound
from callsheet.storage import cameo as people
from callsheet.storage import purchase as journal
from callsheet.storage.ledger import entries, head_of
from callsheet.tools.video.catalog import load_provider
from callsheet.tools.video.fake import Faults
from callsheet.tools.video.port import AnswerLost, FetchFailed, RenderJob, RenderRequest
from callsheet.tools.video.videos import VideosApi

SECOND_RUN = RunId("summer-1")


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rig]:
    folder = tmp_path_factory.mktemp("buying")
    rig = Rig(prepare(folder, takes_paid_for=2), folder / "home")
    yield rig
    rig.database.close()


@pytest.fixture
def rig(workspace: Rig) -> Rig:
    workspace.begin()
    return workspace


def payload(**changes: Any) -> dict[str, Any]:
    return order(**changes).model_dump(mode="json")


class Meddler(Points):
    """Somebody who does something at one moment of the job."""

    def __init__(self, at: int, act: Any) -> None:
        super().__init__()
        self._when, self._act = at, act

    def here(self, name: str) -> None:
        if len(self.names) == self._when:
            self._act()
        super().here(name)


def revoke(rig: Rig) -> None:
    rig.change(lambda tx: people.revoke(tx, MARA, RELEASE, "she changed her mind"))


async def test_a_good_day_costs_one_take_and_leaves_a_full_story(rig: Rig) -> None:
    take = Take.model_validate(await rig.process()(payload()))
    assert (take.number, take.price, take.release, take.job) == (1, PRICE, RELEASE, "video_1")
    rig.assert_books_are_closed(bought=1)
    kinds = [entry.kind for entry in rig.look(lambda tx: entries(tx, RUN)) if entry.chain.startswith("take:")]
    assert kinds == [
        "SecondsReserved", "PurchaseIntended", "PurchaseMoved", "PurchaseMoved",
        "TakeStored", "PurchaseMoved", "SecondsCommitted",
    ]  # fmt: skip


async def test_handing_a_bought_take_in_again_changes_nothing(rig: Rig) -> None:
    first = await rig.process()(payload())
    head = rig.look(lambda tx: head_of(tx, RUN))
    assert await rig.process()(payload()) == first
    assert rig.look(lambda tx: head_of(tx, RUN)) == head
    rig.assert_books_are_closed(bought=1)


async def test_a_release_revoked_at_any_moment_before_the_intent_stops_the_purchase(rig: Rig) -> None:
    calls = Points()
    await rig.process(calls)(payload())
    create = calls.names.index("before create")
    intent = max(at for at in range(create) if calls.names[at] == "before write")
    for at in range(intent + 1):
        if calls.names[at] == "before commit":
            continue  # nobody else can write while a write is open
        rig.begin()
        with pytest.raises(ReleaseMissing, match="s1 may not be bought or used: release r1 was revoked"):
            await rig.process(Meddler(at, lambda: revoke(rig)))(payload())
        assert rig.api.asked == [], f"revoked {calls.names[at]} ({at})"
        rig.assert_books_are_closed(bought=0)


async def test_a_release_revoked_while_the_provider_is_busy_stops_the_next_try(rig: Rig) -> None:
    rig.api.faults = Faults(busy=1)
    calls = Points()
    await rig.process(calls)(payload())
    second = [at for at, name in enumerate(calls.names) if name == "before create"][1]
    rig.begin()
    rig.api.faults = Faults(busy=1)
    with pytest.raises(ReleaseMissing):
        await rig.process(Meddler(second - 3, lambda: revoke(rig)))(payload())
    assert len(rig.api.asked) == 1
    rig.assert_books_are_closed(bought=0)


@pytest.mark.parametrize("fault", [{"unseen_at_first": 10**6}, {"vanished": 1}], ids=str)
async def test_a_render_that_was_taken_and_is_gone_counts_as_paid(rig: Rig, fault: dict[str, int]) -> None:
    """Nobody can say it was not billed, so the approved seconds are spent and the next attempt is another take."""
    rig.api.faults = Faults(**fault)
    with pytest.raises(TakeUnsound, match="paid for"):
        await rig.process()(payload())
    rig.assert_books_are_closed(bought=1)


@pytest.mark.parametrize("status", [408, 409, 499, 500, 502])
async def test_an_answer_that_may_come_after_the_purchase_is_not_taken_for_a_refusal(status: int) -> None:
    def answer(_: httpx.Request) -> httpx.Response:
        return httpx.Response(status, json={"error": {"message": "Bearer sk-secret is odd"}})

    client = httpx.AsyncClient(transport=httpx.MockTransport(answer), base_url="http://provider/v1/")
    api = VideosApi(load_provider("sandbox"), lambda: client, "sk-secret")
    with pytest.raises(AnswerLost) as told:
        await api.create(RenderRequest(prompt="a shoe", seconds=4, size="720x1280", model="m"), "key")
    assert "sk-secret" not in str(told.value)
    await client.aclose()


@pytest.mark.parametrize("ahead", [-3600, 0, 3600])
async def test_a_list_is_searched_by_the_providers_own_clock(ahead: int) -> None:
    now = 1_800_000_000
    theirs = format_datetime(datetime.fromtimestamp(now + ahead, UTC), usegmt=True)
    words = {"object": "video", "status": "queued", "prompt": "a shoe", "seconds": "4", "size": "720x1280"}
    listed = [{"id": "new", "created_at": now + ahead, **words}, {"id": "old", "created_at": now + ahead - 60, **words}]

    def answer(_: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json={"data": listed, "has_more": False}, headers={"date": theirs})

    client = httpx.AsyncClient(transport=httpx.MockTransport(answer), base_url="http://provider/v1/")
    api = VideosApi(load_provider("sandbox"), lambda: client, clock=lambda: now)
    found = await api.find(RenderRequest(prompt="a shoe", seconds=4, size="720x1280", model="m"), now - 10)
    assert [job.id for job in found] == ["new"]
    await client.aclose()


async def test_a_listed_render_that_does_not_say_what_it_is_stops_a_second_purchase(rig: Rig) -> None:
    rig.api.faults = Faults(lost_after_accept=1)
    mute = rig.api.find

    async def find(request: RenderRequest, since: int) -> tuple[RenderJob, ...]:
        return tuple(replace(job, prompt=None) for job in await mute(request, since))

    rig.api.find = find  # type: ignore[method-assign]  # a provider whose list does not repeat prompts
    with pytest.raises(PurchaseAmbiguous, match="look at its own page"):
        await rig.process()(payload())
    assert len(rig.api.bill) == 1
    assert len(rig.api.asked) == 1


@pytest.mark.parametrize("fault", [{"refused": 1}, {"failed": 1}], ids=str)
async def test_what_failed_is_not_tried_again_once_the_permission_has_ended(rig: Rig, fault: dict[str, int]) -> None:
    rig.api.faults = Faults(**fault)
    with pytest.raises(ProviderTrouble):
        await rig.process()(payload())
    rig.watch.seconds += timedelta(days=400).total_seconds()
    with pytest.raises(ReleaseMissing, match="ended on"):
        await rig.process()(payload())
    rig.assert_books_are_closed(bought=0)


async def test_a_public_figure_or_a_stranger_is_never_bought(rig: Rig) -> None:
    rig.change(lambda tx: people.seed(tx, (Cameo(id=MARA, name="Mara", is_public_figure=True),)))
    with pytest.raises(ReleaseMissing, match="public figure"):
        await rig.process()(payload())
    with pytest.raises(ReleaseMissing, match="no cameo zoe in this workspace"):
        await rig.process()(payload(cameo="zoe"))
    rig.assert_books_are_closed(bought=0)


async def test_what_does_not_fit_the_approval_is_not_bought(rig: Rig) -> None:
    for take in (1, 2):
        await rig.process()(payload(take=take))
    with pytest.raises(OverBudget, match="s1 was not bought: this take needs 4 s; 0 s of 8 s are left"):
        await rig.process()(payload(take=3))
    rig.assert_books_are_closed(bought=2)


async def test_nothing_is_bought_for_a_run_nobody_approved(rig: Rig) -> None:
    with pytest.raises(OverBudget):
        await rig.process()(payload(run=RunId("nobody-1")))
    assert rig.api.asked == []


async def test_many_takes_at_once_never_pass_the_approval(rig: Rig) -> None:
    buyer = rig.process()
    results = await asyncio.gather(*(buyer(payload(take=take)) for take in range(1, 7)), return_exceptions=True)
    assert sum(isinstance(one, OverBudget) for one in results) == 4
    rig.assert_books_are_closed(bought=2)


async def test_two_runs_that_want_the_same_take_at_once_buy_it_once(rig: Rig) -> None:
    rig.change(lambda tx: approve(tx, 1, SECOND_RUN))
    buyer, create = rig.process(), rig.api.create

    async def slow(request: Any, idempotency_key: str) -> RenderJob:
        await asyncio.sleep(0.3)
        return await create(request, idempotency_key)

    rig.api.create = slow  # type: ignore[method-assign]  # the fake takes its time
    first, second = await asyncio.gather(buyer(payload()), buyer(payload(run=SECOND_RUN)))
    assert first == second
    rig.assert_books_are_closed(bought=1)
    assert rig.book(SECOND_RUN).seconds == 0


async def test_a_take_another_run_bought_is_adopted_once_for_nothing(rig: Rig) -> None:
    rig.change(lambda tx: approve(tx, 0, SECOND_RUN))
    bought = await rig.process()(payload())
    for _ in range(2):
        assert await rig.process()(payload(run=SECOND_RUN)) == bought
    assert (rig.events("TakeAdopted", SECOND_RUN), rig.events("TakeAdopted")) == (1, 0)
    rig.assert_books_are_closed(bought=1)
    assert rig.look(lambda tx: head_of(tx, SECOND_RUN))


async def test_takes_adopted_in_another_order_give_the_same_head(rig: Rig) -> None:
    heads = set()
    for takes in ((1, 2), (2, 1)):
        rig.begin()
        rig.change(lambda tx: approve(tx, 0, SECOND_RUN))
        for take in (1, 2):
            await rig.process()(payload(take=take))
        rig.watch.seconds = 1000.0
        for take in takes:
            await rig.process()(payload(take=take, run=SECOND_RUN))
        heads.add(verify(rig.look(lambda tx: entries(tx, SECOND_RUN))))
    assert len(heads) == 1


async def test_two_takes_in_the_same_words_never_share_a_render(rig: Rig) -> None:
    """Take 2 was sold, and its answer is on the way, when take 1 loses its request and looks for it in the list."""
    buyer, create, sold, arrives = rig.process(), rig.api.create, asyncio.Event(), asyncio.Event()

    async def answers_late(request: Any, idempotency_key: str) -> RenderJob:
        job = await create(request, idempotency_key)
        if job.id == "video_1":
            sold.set()
            await arrives.wait()
        return job

    rig.api.create = answers_late  # type: ignore[method-assign]  # the fake answers late, once
    second = asyncio.create_task(buyer(payload(take=2)))
    await sold.wait()
    rig.api.faults = Faults(lost_before_accept=1)
    one = Take.model_validate(await buyer(payload(take=1)))
    assert one.job == "video_1"
    arrives.set()
    other = Take.model_validate(await second)
    assert other.job != one.job
    assert other.media.digest != one.media.digest
    rig.assert_books_are_closed(bought=2)


async def test_a_failed_render_is_never_taken_for_the_answer_that_was_lost(rig: Rig) -> None:
    """The same words again, seconds later: the render that failed is in the list beside the one that was paid for."""
    rig.api.faults = Faults(failed=1)
    with pytest.raises(ProviderTrouble, match="the picture was not allowed"):
        await rig.process()(payload())
    rig.api.faults = Faults(lost_after_accept=1)
    take = Take.model_validate(await rig.process()(payload()))
    assert take.job == "video_2"
    rig.assert_books_are_closed(bought=1)


async def test_an_answer_that_is_lost_where_nothing_can_be_looked_up_waits_and_is_never_bought_again(rig: Rig) -> None:
    rig.api.faults = Faults(lost_after_accept=1)
    for _ in range(3):
        with pytest.raises(PurchaseAmbiguous, match="look at the provider's own page, then say so"):
            await rig.process()(payload(lists_jobs=False))
    assert len(rig.api.asked) == 1
    assert rig.book().held_seconds == SECONDS


async def test_a_render_that_takes_too_long_is_adopted_later(rig: Rig) -> None:
    rig.api.looks = 1000
    with pytest.raises(StillRendering, match="still rendering as video_1 after 600 s"):
        await rig.process()(payload())
    rig.api.hurry("video_1")
    await rig.process()(payload())
    assert len(rig.api.asked) == 1
    rig.assert_books_are_closed(bought=1)


async def test_a_take_that_cannot_be_fetched_yet_stays_paid_for_and_is_fetched_later(rig: Rig) -> None:
    rig.api.faults = Faults(fetch_fails=6)
    with pytest.raises(FetchFailed):
        await rig.process()(payload())
    assert rig.look(lambda tx: journal.current(tx, order().order.key)).state is PurchaseState.RENDERED
    await rig.process()(payload())
    rig.assert_books_are_closed(bought=1)


async def test_an_unusable_take_is_paid_kept_aside_and_never_bought_again_under_its_number(rig: Rig) -> None:
    rig.api.faults = Faults(unsound=1)
    for _ in range(2):
        with pytest.raises(TakeUnsound, match="paid for but cannot be used: it is black from end to end"):
            await rig.process()(payload())
    assert rig.take(TakeOrder.model_validate(payload())) is None
    assert len(list((rig.folder / "media").glob("*/*"))) == 1
    rig.assert_books_are_closed(bought=1)


async def test_a_provider_that_is_always_busy_is_given_up_and_nothing_stays_held(rig: Rig) -> None:
    rig.api.faults = Faults(busy=100)
    with pytest.raises(ProviderTrouble, match="given up after 6 tries"):
        await rig.process()(payload())
    rig.assert_books_are_closed(bought=0)


async def test_whatever_a_provider_says_about_a_failure_can_be_written_down(rig: Rig) -> None:
    hostile = "no\x00 \ud800 " + "x" * 100_000
    rig.change(lambda tx: journal.reserve(tx, RUN, order().order, order().money))
    rig.change(lambda tx: journal.move(tx, order().order.key, "cancel", reason=hostile))
    kept = rig.look(lambda tx: journal.current(tx, order().order.key)).reason
    assert kept.startswith("no ")
    assert len(kept) <= 500
    assert rig.look(lambda tx: head_of(tx, RUN))


async def test_the_moment_of_a_take_is_the_clocks(rig: Rig) -> None:
    take = Take.model_validate(await rig.process()(payload()))
    assert NOON <= take.stored_at < NOON + timedelta(minutes=1)
