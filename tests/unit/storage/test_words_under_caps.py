"""Words are paid from the same purses as takes: whatever is asked and answered, no cap on money is passed."""

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from contracts.buyer import intend, order
from hypothesis import given, settings
from hypothesis import strategies as st

from callsheet.domain.budget import Allowance, Balance, OverBudget
from callsheet.domain.campaign import Campaign, Caps
from callsheet.domain.event import RunStarted
from callsheet.domain.gate import Decision, Gate
from callsheet.domain.identity import Digest, GateId, RunId
from callsheet.domain.money import Money, Unpriced, nothing
from callsheet.domain.principal import Principal
from callsheet.domain.purchase import Step
from callsheet.domain.purse import Charge
from callsheet.domain.run import Run
from callsheet.domain.writing import UNPRICED, WordPrice, WordsWritten, expected_words, told_of
from callsheet.storage import book, document, words
from callsheet.storage import gate as gates
from callsheet.storage import purchase as journal
from callsheet.storage import run as runs
from callsheet.storage.database import Database, Transaction
from callsheet.storage.ledger import entries
from callsheet.storage.words import Held
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
        plenty = Allowance(seconds=10**6, money=Money(amount=Decimal(10**6)))
        gate = Gate(
            id=GateId("g"), run=RUN, kind="greenlight", round=0, shown=bundle, allowance=plenty, opened_at=tx.now
        )
        gates.open_gate(tx, gate)
        gates.decide(tx, Decision(gate=gate.id, answer="approve", by=Principal(name="Ada"), shown=bundle, at=tx.now))

    def make() -> Database:
        database = Database(f"sqlite:///{place / f'{next(made)}.db'}", "default", lambda: NOW)
        database.write_now(begin)
        return database

    return make


ENDED: dict[str, tuple[Step, ...]] = {
    "is a take, asked for": ("intend", "accept"),
    "is a take, refused": ("intend", "refuse"),
    "is a take, paid": ("intend", "accept", "complete", "store"),
}
WRITTEN = ("settles", "is useless", "dies", "comes back late")
MILLIONTHS = st.builds(lambda tenths, odd: tenths * 100_000 + odd, st.integers(0, 60), st.integers(1, 99))
"""Up to six dollars, so that a few steps fill the cap of ten: one wide range would mostly give tiny sums."""
steps = st.lists(st.tuples(MILLIONTHS, st.fractions(0, 1), st.sampled_from((*WRITTEN, *ENDED))), max_size=12)


def written(money: Money, ending: str, task: Digest) -> WordsWritten:
    return WordsWritten(
        prompt="p", by="m", attempts=1, input_tokens=1, output_tokens=1, is_usable=ending == "settles", money=money,
        task=task,
    )  # fmt: skip


def write_down(database: Database, said: WordsWritten, held: Held) -> None:
    database.write_now(lambda tx: words.write_down(tx, RUN, said, held))


def one_take(tx: Transaction, number: int, money: Money, caps: Caps, ending: str) -> bool:
    """Reserve a take of the same campaign, and see it to its end. Whether it was admitted."""
    wanted = order(number)
    if isinstance(journal.reserve(tx, RUN, wanted, money, caps, "pocket", "720p"), OverBudget):
        return False
    for step in ENDED[ending]:
        if step == "intend":
            intend(tx, wanted.key)
        else:
            journal.move(tx, wanted.key, step)
    return True


def balance(database: Database) -> Balance:
    return database.read_now(lambda tx: book.balance_of(tx, Charge(run=RUN, campaign="pocket").of_campaign))


@settings(max_examples=60)
@given(steps=steps)
def test_no_sequence_of_takes_answers_failures_and_crashes_passes_the_cap(
    opened: Callable[[], Database], campaign: Campaign, steps: list[tuple[int, Fraction, str]]
) -> None:
    """Takes and words of one campaign share its purse: what is not admitted would have passed the cap, and no other."""
    database = opened()
    late: list[tuple[WordsWritten, Held]] = []
    used = nothing()  # what is held or paid by the plainest of sums, in parallel
    try:
        for number, (most, share, ending) in enumerate(steps):
            task, money = Digest(f"{number:064d}"), Money(amount=Decimal(most) / 1_000_000)
            if ending in ENDED:
                admitted = database.write_now(
                    lambda tx, n=number, m=money, e=ending: one_take(tx, n, m, campaign.caps, e)  # type: ignore[misc]  # mypy cannot type a lambda's default
                )
                kept = nothing() if ending.endswith("refused") else money
            else:
                held = database.write_now(lambda tx, t=task, m=money: words.reserve(tx, RUN, t, m, "default", None))
                admitted, kept = not isinstance(held, OverBudget), money
                if isinstance(held, Held) and ending == "comes back late":
                    late.append((written(money.times(share), ending, task), held))
                elif isinstance(held, Held) and ending != "dies":
                    kept = money.times(share)
                    write_down(database, written(kept, ending, task), held)
            assert admitted is (used + money <= CAP)
            used = used + kept if admitted else used
            assert balance(database).money <= CAP
        database.write_now(lambda tx: words.write_off(tx, RUN))
        for said, was in late:
            write_down(database, said, was)
        assert balance(database).money == used
        told = database.read_now(lambda tx: words.of_run(tx, RUN))
        paid = told.spent if told is not None else nothing()
        takes = database.read_now(lambda tx: journal.book_of(tx, RUN)).money
        assert paid + takes == used, "what the ledger says of words, and what the run's book says of takes"
        database.read_now(book.verify)
    finally:
        database.close()


def test_what_a_stop_left_held_is_paid_once_and_said_once(opened: Callable[[], Database]) -> None:
    database, money = opened(), Money(amount=Decimal(2))
    first, second = (Digest(letter * 64) for letter in "ab")
    try:
        held = database.write_now(lambda tx: words.reserve(tx, RUN, first, money, "default", None))
        other = database.write_now(lambda tx: words.reserve(tx, RUN, second, money, "default", None))
        assert isinstance(held, Held)
        assert isinstance(other, Held)
        assert (balance(database).spent, balance(database).held) == (money, money), "another task: the first is lost"
        write_down(database, written(money, "settles", first), held)
        assert (balance(database).spent, balance(database).held) == (money, money), "it was paid when it was lost"
        for _ in range(2):
            database.write_now(lambda tx: words.write_off(tx, RUN))
        assert (balance(database).spent, balance(database).held) == (money + money, nothing())
        lines = [one.body for one in database.read_now(lambda tx: entries(tx, RUN)) if one.kind == "WordsWritten"]
        assert [(one["attempts"], Decimal(one["money"]["amount"])) for one in lines] == [(0, 2), (1, 0), (0, 2)]
    finally:
        database.close()


def test_a_price_nobody_knows_leaves_every_sum_without_one() -> None:
    known = WordPrice(into=Decimal(2), out=Decimal(10))
    assert known.of(500_000, 100_000) == Money(amount=Decimal(2))
    assert isinstance(expected_words(UNPRICED, 2, 1), Unpriced)
    more, less = expected_words(known, 6, 2), expected_words(known, 2, 1)
    assert isinstance(more, Money) and isinstance(less, Money) and nothing() < less < more
    thinks = expected_words(known.model_copy(update={"thinking": 4_000}), 2, 1)
    assert isinstance(thinks, Money) and thinks - less == known.of(0, 42_000), "seven tasks, each half again, in full"
    one = WordsWritten(prompt="p", by="m", attempts=1, input_tokens=3, output_tokens=4, is_usable=True, money=CAP)
    summed = told_of([one.model_dump(mode="json")] * 2)
    assert summed is not None and (summed.spent, summed.tokens_in) == (CAP + CAP, 6)
    without = told_of([one.model_dump(mode="json"), one.model_copy(update={"money": None}).model_dump(mode="json")])
    assert without is not None and isinstance(without.spent, Unpriced)
    assert told_of([]) is None
