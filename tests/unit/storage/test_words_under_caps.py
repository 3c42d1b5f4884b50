"""Words are paid from the same purses as takes: whatever is asked and answered, no cap on money is passed."""

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callsheet.domain.budget import OverBudget
from callsheet.domain.campaign import Campaign
from callsheet.domain.event import RunStarted
from callsheet.domain.identity import Digest, RunId
from callsheet.domain.money import Money, Unpriced, nothing
from callsheet.domain.purse import Charge
from callsheet.domain.run import Run
from callsheet.domain.writing import UNPRICED, WordPrice, WordsWritten, expected_words, told_of
from callsheet.storage import book, document, words
from callsheet.storage import run as runs
from callsheet.storage.database import Database, Transaction
from callsheet.tools.intake import read_campaign, write_example

NOW = datetime(2026, 11, 23, tzinfo=UTC)
RUN = RunId("pocket-1")
CAP = Money(amount=Decimal(10))


@pytest.fixture(scope="module")
def campaign(tmp_path_factory: pytest.TempPathFactory) -> Campaign:
    folder = tmp_path_factory.mktemp("words") / "pocket"
    write_example(folder, "pocket")
    found = read_campaign(folder, NOW.date()).campaign
    assert found.caps.money == CAP
    return found


@pytest.fixture(scope="module")
def opened(campaign: Campaign, tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Database]:
    made = iter(range(10_000))
    place: Path = tmp_path_factory.mktemp("books")

    def begin(tx: Transaction) -> None:
        bundle = document.keep(tx, campaign)
        began = Run(id=RUN, campaign="pocket", bundle=bundle, folder="f", out="o", policy="people", started_at=NOW)
        event = RunStarted(bundle=bundle, campaign="pocket", provider="p", model="m", policy="people", seed=0)
        runs.start(tx, began, event)

    def make() -> Database:
        database = Database(f"sqlite:///{place / f'{next(made)}.db'}", "default", lambda: NOW)
        database.write_now(begin)
        return database

    return make


steps = st.lists(
    st.tuples(
        st.integers(1, 6_000_000), st.fractions(0, 1), st.sampled_from(["settles", "is useless", "dies", "dies twice"])
    ),
    max_size=8,
)


@given(steps=steps)
def test_no_sequence_of_answers_failures_and_crashes_passes_the_cap(
    opened: Callable[[], Database], steps: list[tuple[int, object, str]]
) -> None:
    database = opened()
    try:
        for number, (most, share, ending) in enumerate(steps):
            task, money = Digest(f"{number:064d}"), Money(amount=Decimal(most) / 1_000_000)
            for _ in range(2 if ending == "dies twice" else 1):
                held = database.write_now(lambda tx, t=task, m=money: words.reserve(tx, RUN, t, m, "default", None))
                if isinstance(held, OverBudget):
                    break
            if not isinstance(held, OverBudget) and not ending.startswith("dies"):
                paid = money.times(share)  # type: ignore[arg-type]  # a Fraction, as Hypothesis makes it
                said = WordsWritten(
                    prompt="p", by="m", attempts=1, input_tokens=1, output_tokens=1,
                    is_usable=ending == "settles", money=paid, task=task,
                )  # fmt: skip
                database.write_now(lambda tx, s=said, h=held: words.write_down(tx, RUN, s, h))
            purse = database.read_now(lambda tx: book.balance_of(tx, Charge(run=RUN, campaign="pocket").of_campaign))
            assert purse.money <= CAP
        database.read_now(book.verify)
    finally:
        database.close()


def test_a_price_nobody_knows_leaves_every_sum_without_one() -> None:
    known = WordPrice(into=Decimal(2), out=Decimal(10))
    assert known.of(500_000, 100_000) == Money(amount=Decimal(2))
    assert isinstance(expected_words(UNPRICED, 2, 1), Unpriced)
    more, less = expected_words(known, 6, 2), expected_words(known, 2, 1)
    assert isinstance(more, Money) and isinstance(less, Money) and nothing() < less < more
    one = WordsWritten(prompt="p", by="m", attempts=1, input_tokens=3, output_tokens=4, is_usable=True, money=CAP)
    summed = told_of([one.model_dump(mode="json")] * 2)
    assert summed is not None and (summed.spent, summed.tokens_in) == (CAP + CAP, 6)
    without = told_of([one.model_dump(mode="json"), one.model_copy(update={"money": None}).model_dump(mode="json")])
    assert without is not None and isinstance(without.spent, Unpriced)
    assert told_of([]) is None
