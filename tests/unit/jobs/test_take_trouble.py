"""What the buyer does when a provider refuses, fails, bills otherwise, hangs, or may not be asked any more."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

import pytest
from unit.jobs.rig import MARA, NOON, PRICE, RUN, SECONDS, Rig, order, prepare

from callsheet.domain.error import ProviderTrouble, ReleaseMissing
from callsheet.domain.money import Money
from callsheet.domain.purchase import PurchaseState
from callsheet.domain.trouble import Trouble
from callsheet.jobs.buying import whole
from callsheet.jobs.order import (
    CalledOff,
    ModelRetired,
    PurchaseAmbiguous,
    ShootPaused,
    StillRendering,
    TakeOrder,
    TakeUnsound,
    WrongServer,
)
from callsheet.storage import cameo as people
from callsheet.storage import purchase as journal
from callsheet.storage import stop as stops
from callsheet.storage.purchase import Purchase
from callsheet.tools.video.fake import Faults
from callsheet.tools.video.port import AnswerLost, ProviderBusy, RenderJob, RenderRequest


@pytest.fixture
def rig(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rig]:
    folder = tmp_path_factory.mktemp("trouble")
    rig = Rig(prepare(folder, takes_paid_for=2), folder / "home")
    yield rig
    rig.database.close()


async def buy(rig: Rig, wanted: TakeOrder | None = None) -> None:
    await rig.process()((wanted or order()).model_dump(mode="json"))


def purchase_of(rig: Rig, wanted: TakeOrder | None = None) -> Purchase:
    return rig.look(lambda tx: journal.current(tx, (wanted or order()).order.key))


@pytest.mark.parametrize("trouble", Trouble)
async def test_a_refusal_costs_nothing_and_keeps_its_kind(rig: Rig, trouble: Trouble) -> None:
    rig.api.faults, rig.api.refusal = Faults(refused=1), trouble
    with pytest.raises(ProviderTrouble, match="does not like the prompt"):
        await buy(rig)
    assert (purchase_of(rig).state, purchase_of(rig).trouble) == (PurchaseState.FAILED, trouble)
    rig.assert_books_are_closed(bought=0)


@pytest.mark.parametrize("trouble", [Trouble.CONTENT_POLICY, None])
async def test_a_failed_render_keeps_its_kind_and_a_failure_of_no_kind_may_be_tried_again(
    rig: Rig, trouble: Trouble | None
) -> None:
    rig.api.faults, rig.api.failure = Faults(failed=1), trouble
    with pytest.raises(ProviderTrouble, match="not allowed"):
        await buy(rig)
    assert purchase_of(rig).trouble is (trouble or Trouble.RETRYABLE)
    await buy(rig)
    assert purchase_of(rig).trouble is None
    rig.assert_books_are_closed(bought=1)


async def test_what_the_provider_billed_is_what_is_spent(rig: Rig) -> None:
    rig.api.cost = Decimal("0.37")
    await buy(rig)
    book = rig.book()
    assert (book.spent_seconds, book.spent, book.held_seconds) == (SECONDS, Money(amount=Decimal("0.37")), 0)
    assert (take := rig.take(order())) is not None
    assert take.price == Money(amount=Decimal("0.37"))


async def test_a_render_shorter_than_ordered_is_kept_aside_and_paid_by_its_length(rig: Rig) -> None:
    rig.api.makes = 2
    with pytest.raises(TakeUnsound, match="made 2 s, ordered were 4 s"):
        await buy(rig)
    assert (rig.book().spent_seconds, rig.book().spent) == (2, PRICE.times(1) - Money(amount=Decimal("0.20")))
    assert rig.take(order()) is None


async def test_a_failure_that_was_billed_is_paid(rig: Rig) -> None:
    rig.api.faults, rig.api.cost = Faults(vanished=1), Decimal("0.40")
    with pytest.raises(TakeUnsound):
        await buy(rig)
    assert rig.book().spent == PRICE
    assert rig.book().held_seconds == 0


async def test_a_look_that_hangs_ends_at_the_deadline_and_the_take_is_adopted_later(rig: Rig) -> None:
    async def never() -> None:
        await asyncio.Event().wait()

    rig.api.answers = never
    buyer = rig.process()
    object.__setattr__(buyer.patience, "deadline", 0.05)
    with pytest.raises(StillRendering, match="do not buy it again"):
        await buyer(order().model_dump(mode="json"))
    assert purchase_of(rig).state is PurchaseState.SUBMITTED
    rig.api.answers = None
    await buy(rig)
    rig.assert_books_are_closed(bought=1)


async def test_an_end_that_is_seen_in_the_last_look_wins_over_the_deadline(rig: Rig) -> None:
    rig.api.looks = 10**6

    async def finished_at_the_deadline() -> None:
        if rig.watch.seconds >= 600 and rig.api.bill:
            rig.api.hurry(rig.api.bill[0].job.id)

    rig.api.answers = finished_at_the_deadline
    await buy(rig)
    assert rig.watch.seconds < 610
    rig.assert_books_are_closed(bought=1)


async def test_a_model_that_has_retired_is_not_asked(rig: Rig) -> None:
    day = NOON.date()
    with pytest.raises(ModelRetired, match=r"retired on .*another provider"):
        await buy(rig, order(retires=day))
    rig.assert_books_are_closed(bought=0)
    await buy(rig, order(retires=day + timedelta(days=1)))
    rig.assert_books_are_closed(bought=1)


@pytest.mark.parametrize("tag", ["all", f"run:{RUN}", "campaign:spring", f"cameo:{MARA}", "take"])
async def test_nothing_is_asked_for_while_it_is_paused(rig: Rig, tag: str) -> None:
    wanted = order(campaign="spring")
    named = f"take:{wanted.order.key}" if tag == "take" else tag
    rig.change(lambda tx: stops.say(tx, named, "pause", "the client wants to think"))
    with pytest.raises(ShootPaused, match="wants to think"):
        await buy(rig, wanted)
    rig.assert_books_are_closed(bought=0)
    rig.change(lambda tx: stops.lift(tx, named))
    await buy(rig, wanted)
    rig.assert_books_are_closed(bought=1)


async def test_a_pause_between_two_tries_gives_back_what_was_held(rig: Rig) -> None:
    rig.api.faults = Faults(busy=3)
    rig.watch.seconds = 0.0

    async def pause_when_asked(seconds: float) -> None:
        rig.change(lambda tx: stops.say(tx, "all", "pause"))
        await rig.watch.sleep(seconds)

    buyer = rig.process()
    object.__setattr__(buyer.patience, "sleep", pause_when_asked)
    with pytest.raises(ShootPaused):
        await buyer(order().model_dump(mode="json"))
    rig.assert_books_are_closed(bought=0)


async def test_a_take_that_was_called_off_is_stopped_at_the_provider(rig: Rig) -> None:
    rig.api.looks = 10**6
    wanted = order(campaign="spring")

    async def call_off() -> None:
        rig.change(lambda tx: stops.say(tx, "campaign:spring", "cancel", "the client changed their mind"))

    rig.api.answers = call_off
    with pytest.raises(ProviderTrouble, match="stopped at the provider"):
        await buy(rig, wanted)
    rig.assert_books_are_closed(bought=0)
    with pytest.raises(CalledOff, match="changed their mind"):
        await buy(rig, wanted)


async def test_a_called_off_take_that_arrives_all_the_same_is_locked_away(rig: Rig) -> None:
    rig.api.looks = 0
    wanted = order(campaign="spring")
    rig.api.answers = None
    buyer = rig.process()
    told = buyer.inspect

    async def call_off_then_inspect(path: object, ordered: object) -> object:
        rig.change(lambda tx: stops.say(tx, f"run:{RUN}", "cancel"))
        return await told(path, ordered)  # type: ignore[arg-type]  # handed through as it came

    object.__setattr__(buyer, "inspect", call_off_then_inspect)
    with pytest.raises(TakeUnsound, match="locked away"):
        await buyer(wanted.model_dump(mode="json"))
    assert rig.take(wanted) is None
    rig.assert_books_are_closed(bought=1)


async def test_a_lost_answer_of_a_take_that_was_called_off_counts_as_paid_and_holds_nothing(rig: Rig) -> None:
    wanted = order(campaign="spring", lists_jobs=False)
    rig.api.faults = Faults(lost_after_accept=1)
    with pytest.raises(PurchaseAmbiguous):
        await buy(rig, wanted)
    rig.change(lambda tx: stops.say(tx, "campaign:spring", "cancel", "enough"))
    with pytest.raises(TakeUnsound, match="called off"):
        await buy(rig, wanted)
    rig.assert_books_are_closed(bought=1)


async def test_a_take_that_exists_is_not_used_after_its_release_ended(rig: Rig) -> None:
    await buy(rig)
    rig.change(lambda tx: people.revoke(tx, MARA, next(iter({purchase_of(rig).release or ""})), "she asked"))  # type: ignore[arg-type]  # the release of the take
    with pytest.raises(ReleaseMissing):
        await buy(rig)


async def test_a_provider_that_asks_for_hours_is_left_alone_and_nothing_is_held_meanwhile(rig: Rig) -> None:
    async def busy_for_hours(*_: object, **__: object) -> None:
        raise ProviderBusy("come back tomorrow", retry_after=36_000)

    buyer = rig.process()
    rig.api.create = busy_for_hours  # type: ignore[method-assign, assignment]  # a provider that is shut
    with pytest.raises(ProviderTrouble, match="come back tomorrow"):
        await buyer(order().model_dump(mode="json"))
    assert rig.watch.seconds == 0
    rig.assert_books_are_closed(bought=0)


async def test_a_worker_that_leads_to_another_server_touches_nothing(rig: Rig) -> None:
    """There every render would look lost, and would be written off or bought again."""
    rig.api.looks = 10**6
    with pytest.raises(StillRendering):
        await buy(rig, order(server="a"))
    elsewhere = rig.process()
    object.__setattr__(elsewhere, "server", "b")
    with pytest.raises(WrongServer, match="CALLSHEET_VIDEO_URL"):
        await elsewhere(order(server="a").model_dump(mode="json"))
    assert purchase_of(rig).state is PurchaseState.SUBMITTED
    assert len(rig.api.asked) == 1


async def test_a_render_that_comes_to_light_late_is_found_though_it_was_asked_for_again_since(rig: Rig) -> None:
    rig.api.faults = Faults(lost_after_accept=1, list_lags=100)
    real, tries = rig.api.create, 0

    async def lose_again(request: RenderRequest, idempotency_key: str) -> RenderJob:
        nonlocal tries
        tries += 1
        if tries == 2:
            rig.api.faults = Faults()
            raise AnswerLost("lost once more, before it was read")
        return await real(request, idempotency_key)

    buyer = rig.process()
    rig.api.create = lose_again  # type: ignore[method-assign]  # the second request is lost, too
    await buyer(order().model_dump(mode="json"))
    assert tries == 2, "the first render was found, so there was no third request"
    rig.assert_books_are_closed(bought=1)


async def test_what_was_held_on_another_day_is_held_anew_for_today(rig: Rig) -> None:
    wanted = order(campaign="spring", tier="720p")
    rig.change(lambda tx: journal.reserve(tx, RUN, wanted.order, wanted.money, None, "spring", "720p"))
    rig.watch.seconds = 86_400.0
    await buy(rig, wanted)
    assert purchase_of(rig, wanted).charge.day == (NOON + timedelta(days=1)).date()
    rig.assert_books_are_closed(bought=1)


async def test_odd_figures_of_a_provider_neither_stop_a_take_nor_free_money(rig: Rig) -> None:
    rig.api.cost = Decimal(-5)
    await buy(rig)
    rig.assert_books_are_closed(bought=1)
    assert [whole(one) for one in ("4", 4, "²", "9" * 40, "-4", "4.0", None, "")] == [4, 4, *[None] * 6]


async def test_one_idempotency_key_holds_until_the_purchase_is_begun_anew(rig: Rig) -> None:
    """A provider that honours it replays the render whose answer was lost, even if its list never shows it."""
    rig.api.faults = Faults(busy=1, lost_before_accept=1, failed=1)
    with pytest.raises(ProviderTrouble):
        await buy(rig)
    assert len(rig.api.asked) == 3
    assert len(set(rig.api.asked)) == 1
    await buy(rig)
    assert len(rig.api.asked) == 4
    assert len(set(rig.api.asked)) == 2


async def test_a_webhook_makes_the_next_look_come_sooner_and_is_never_the_result(rig: Rig) -> None:
    """Whoever rings says nothing about how the render ended: that is asked for, as ever."""
    rung: list[str] = []

    async def ring_at_once(job: str, _seconds: float) -> None:
        rung.append(job)

    rig.api.looks = 3
    buyer = rig.process()
    object.__setattr__(buyer.patience, "bell", ring_at_once)
    await buyer(order().model_dump(mode="json"))
    assert rung == ["video_1"] * 3
    assert rig.watch.seconds == 0
    rig.assert_books_are_closed(bought=1)
