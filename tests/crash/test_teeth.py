"""The matrix can fail: with one rule of safe buying taken out, it says what was bought twice, lost or left held."""

from collections.abc import Callable
from typing import Any

import pytest
from crash.matrix import Row, try_fault
from crash.world import Ground, lay_ground

from callsheet.domain.error import NotFound
from callsheet.domain.purchase import PurchaseState
from callsheet.jobs import render
from callsheet.jobs.buying import Buying
from callsheet.jobs.order import TakeOrder
from callsheet.jobs.submit import submit
from callsheet.storage import purchase as journal
from callsheet.storage.purchase import Purchase


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Ground:
    return lay_ground(tmp_path_factory.mktemp("teeth"))


async def ask_again_at_once(buying: Buying, wanted: TakeOrder, purchase: Purchase) -> Purchase:
    """What a client does that takes a lost answer for a purchase that was not made."""
    return await buying.move(purchase, "absent", "nobody looked")


async def ask_before_writing_down(buying: Buying, wanted: TakeOrder, purchase: Purchase) -> Purchase:
    """What a client does that writes its intent down when the answer is there."""
    request = await buying.request(wanted.order)
    key = f"{purchase.key}-{purchase.attempt + 1}"
    job = await buying.api.create(request, idempotency_key=key)

    class Answered:
        async def turn(self) -> None:
            """Nothing is sent any more."""

        async def create(self, *_: Any, **__: Any) -> Any:
            return job

    answered: Any = Answered()
    return await submit(
        Buying(buying.database, buying.media, answered, buying.inspect, buying.scan, buying.patience), wanted, purchase
    )


def tried(ground: Ground, fault: str, stride: int) -> Row:
    return try_fault(ground, fault, stride)


def test_it_sees_a_lost_answer_taken_for_no_purchase(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(render, "reconcile", ask_again_at_once)
    assert tried(ground, "500_after", 97).bought_twice > 0


def test_it_sees_a_purchase_that_was_not_written_down_first(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(render, "submit", ask_before_writing_down)
    row = tried(ground, "none", 7)
    assert row.bought_twice + row.lost > 0


def test_it_sees_a_reservation_that_was_not_given_back(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    settle: Callable[..., None] = journal._settle

    def forgetful(tx: Any, purchase: Purchase, *rest: Any) -> None:
        if purchase.state is not PurchaseState.FAILED:
            settle(tx, purchase, *rest)

    monkeypatch.setattr(journal, "_settle", forgetful)
    assert tried(ground, "moderation_flaky", 127).open > 0


def test_it_sees_a_take_that_was_paid_for_and_not_handed_on(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    fetch = render.fetch

    async def careless(buying: Buying, wanted: TakeOrder, purchase: Purchase) -> Purchase:
        done = await fetch(buying, wanted, purchase)
        for kept in buying.media._root.glob("*/*"):  # type: ignore[attr-defined]  # the stories keep media in a folder
            kept.unlink()
        return done

    monkeypatch.setattr(render, "fetch", careless)
    with pytest.raises(NotFound, match="media store has no"):
        tried(ground, "none", 1000)
