"""However purchases interleave, spend never passes what was approved, and nothing stays held when all have ended."""

from decimal import Decimal
from itertools import groupby

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callsheet.domain.budget import (
    Admitted,
    Allowance,
    Balance,
    BookEntry,
    OverBudget,
    admit,
    approval,
    balance,
    balances,
)
from callsheet.domain.identity import PurchaseKey, RunId
from callsheet.domain.money import Money, nothing
from callsheet.domain.purchase import Bill

TAKES = st.integers(min_value=0, max_value=5)
SECONDS = st.integers(min_value=1, max_value=12)
CENTS = st.integers(min_value=0, max_value=1200)
STEPS = st.lists(
    st.tuples(TAKES, st.sampled_from(["reserve", "reserve", "commit", "release"]), SECONDS, CENTS), max_size=40
)


def usd(cents: int) -> Money:
    return Money(amount=Decimal(cents) / 100)


def asked(now: Balance, seconds: int, money: Money, allowances: list[Allowance]) -> Admitted | OverBudget:
    return admit(Bill(seconds=seconds, money=money), [approval(RunId("spring-1"), allowances, now)])


class Desk:
    """Keeps a book as the journal does: one reservation a take at a time, and only what was admitted."""

    def __init__(self, allowances: list[Allowance]) -> None:
        self.allowances = allowances
        self.book: list[BookEntry] = []
        self.open: dict[int, tuple[int, Money]] = {}
        self.paid: set[int] = set()

    def step(self, take: int, verb: str, seconds: int, money: Money) -> None:
        if verb == "reserve" and take not in self.open and take not in self.paid:
            if isinstance(asked(balance(self.book), seconds, money, self.allowances), Admitted):
                self.open[take] = (seconds, money)
                self._write(take, "reserve")
        elif verb == "commit" and take in self.open:
            self._write(take, "commit")
            self.paid.add(take)
            del self.open[take]
        elif verb == "release" and take in self.open:
            self._write(take, "release")
            del self.open[take]

    def end_all(self) -> None:
        for take in list(self.open):
            self.step(take, "release", 0, nothing())

    def _write(self, take: int, verb: str) -> None:
        seconds, money = self.open[take]
        self.book.append(
            BookEntry.model_validate({"purchase": f"p{take}", "verb": verb, "seconds": seconds, "money": money})
        )


def approved(*pairs: tuple[int, int]) -> list[Allowance]:
    return [Allowance(seconds=seconds, money=usd(cents)) for seconds, cents in pairs]


@pytest.mark.parametrize("tight", ["seconds", "money"])
@given(st.lists(st.integers(1, 15), min_size=1, max_size=3), STEPS)
def test_no_interleaving_of_takes_passes_what_was_approved(
    tight: str, caps: list[int], steps: list[tuple[int, str, int, int]]
) -> None:
    plenty = 10**6
    desk = Desk(approved(*((cap, plenty) if tight == "seconds" else (plenty, cap * 100) for cap in caps)))
    most_seconds, most_money = sum(one.seconds for one in desk.allowances), nothing()
    for one in desk.allowances:
        most_money = most_money + one.money
    for take, verb, seconds, cents in steps:
        desk.step(take, verb, seconds, usd(cents))
        now = balance(desk.book)
        assert now.seconds <= most_seconds
        assert now.money <= most_money


@given(STEPS)
def test_nothing_stays_held_when_every_take_has_ended(steps: list[tuple[int, str, int, int]]) -> None:
    desk = Desk(approved((60, 6000)))
    for take, verb, seconds, cents in steps:
        desk.step(take, verb, seconds, usd(cents))
    desk.end_all()
    ended = balance(desk.book)
    assert (ended.held_seconds, ended.held) == (0, nothing())
    committed = [entry for entry in desk.book if entry.verb == "commit"]
    assert ended.spent_seconds == sum(entry.seconds for entry in committed)
    assert ended.spent == sum((entry.money for entry in committed), nothing())


@given(STEPS)
def test_the_balance_is_the_same_however_the_takes_were_interleaved(steps: list[tuple[int, str, int, int]]) -> None:
    desk = Desk(approved((1000, 100000)))
    for take, verb, seconds, cents in steps:
        desk.step(take, verb, seconds, usd(cents))
    by_take = sorted(desk.book, key=lambda entry: entry.purchase)
    assert balance(by_take) == balance(desk.book)
    assert sum(1 for _ in groupby(by_take, key=lambda entry: entry.purchase)) <= 6


@given(st.integers(1, 60), SECONDS, CENTS)
def test_a_take_that_failed_and_is_tried_again_is_held_once(tries: int, seconds: int, cents: int) -> None:
    desk = Desk(approved((seconds, cents)))
    for _ in range(tries):
        desk.step(0, "reserve", seconds, usd(cents))
        desk.step(0, "release", seconds, usd(cents))
    desk.step(0, "reserve", seconds, usd(cents))
    assert balance(desk.book) == Balance(held_seconds=seconds, held=usd(cents))
    desk.step(0, "commit", seconds, usd(cents))
    assert balance(desk.book) == Balance(spent_seconds=seconds, spent=usd(cents))


def test_the_very_last_second_and_cent_may_be_spent_and_not_one_more() -> None:
    spent = Balance(spent_seconds=8, spent=usd(80))
    assert asked(spent, 4, usd(20), approved((12, 100))) == Admitted()
    too_long = asked(spent, 5, usd(20), approved((12, 100)))
    too_dear = asked(spent, 4, usd(21), approved((12, 100)))
    assert isinstance(too_long, OverBudget)
    assert isinstance(too_dear, OverBudget)
    assert (too_long.limit, too_dear.limit) == ("seconds", "money")
    assert str(too_dear).startswith(
        "this take needs $0.21; $0.20 of $1.00 is left of what was approved for run spring-1: "
    )


def test_nothing_may_be_bought_before_anybody_approved() -> None:
    assert isinstance(asked(Balance(), 1, nothing(), []), OverBudget)


def test_an_approval_in_another_currency_permits_no_money() -> None:
    euros = Allowance(seconds=8, money=Money(amount=Decimal(9), currency="EUR"))
    assert isinstance(asked(Balance(), 4, usd(1), [euros]), OverBudget)
    assert asked(Balance(), 4, usd(1), [euros, *approved((0, 1))]) == Admitted()


def test_a_book_kept_in_another_currency_is_read_in_that_currency() -> None:
    euros = Money(amount=Decimal("1.20"), currency="EUR")
    entry = BookEntry(purchase=PurchaseKey("p"), verb="commit", seconds=4, money=euros)
    assert balance([entry]).spent == euros
    assert balance([], "EUR").spent == nothing("EUR")


def test_a_purse_of_two_currencies_adds_seconds_and_keeps_money_apart() -> None:
    euros = Money(amount=Decimal(3), currency="EUR")
    book = [
        BookEntry(purchase=PurchaseKey("a"), verb="reserve", seconds=4, money=usd(40)),
        BookEntry(purchase=PurchaseKey("b"), verb="reserve", seconds=8, money=euros),
        BookEntry(purchase=PurchaseKey("a"), verb="commit", seconds=4, money=usd(40)),
    ]
    after = list(balances(book))
    assert [one.seconds for one in after] == [4, 12, 12]
    assert after[1].held == euros
    assert after[2] == Balance(held_seconds=8, spent_seconds=4, held=nothing(), spent=usd(40))


@given(CENTS, CENTS, SECONDS, SECONDS)
def test_a_bill_takes_the_place_of_what_was_held_for_it(held: int, billed: int, seconds: int, made: int) -> None:
    book = [
        BookEntry(purchase=PurchaseKey("a"), verb="reserve", seconds=seconds, money=usd(held)),
        BookEntry(purchase=PurchaseKey("a"), verb="commit", seconds=made, money=usd(billed)),
    ]
    assert balance(book) == Balance(spent_seconds=made, spent=usd(billed))
