"""The book keeps every purse's balance and its whole history, in each dialect, whoever writes at the same time."""

import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from contracts.buyer import NOON, PRICE, RUN, greenlight, hammer, intend, noon, order
from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import IntegrityError

from callsheet.domain.budget import Admitted, Balance, OverBudget
from callsheet.domain.campaign import Cap, Caps
from callsheet.domain.identity import RunId
from callsheet.domain.money import Money
from callsheet.domain.purchase import Bill
from callsheet.domain.trouble import Trouble
from callsheet.storage import book
from callsheet.storage import purchase as journal
from callsheet.storage.book import BookBroken
from callsheet.storage.database import Database, Transaction
from callsheet.storage.ledger import entries
from callsheet.storage.table import POSTINGS, PURCHASES

SECOND, AUTUMN = RunId("spring-2"), RunId("autumn-1")
ROOMY = Caps(seconds=10_000)


class Day:
    """A clock that is set."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now


def reserve(database: Database, take: int, run: RunId = RUN, **changes: Any) -> Admitted | OverBudget:
    asked = {"caps": ROOMY, "campaign": str(run).rpartition("-")[0], "tier": "720p", **changes}
    price = asked.pop("price", PRICE)
    return database.write_now(lambda tx: journal.reserve(tx, run, order(take), price, **asked))


def buy(tx: Transaction, take: int, bill: Bill | None = None) -> None:
    """Everything after the reservation, to the end."""
    key = order(take).key
    intend(tx, key)
    journal.accept(tx, key, f"video_{take}")
    journal.move(tx, key, "complete", bill=bill)
    journal.move(tx, key, "store")


def purses(database: Database, take: int) -> dict[str, Balance]:
    def look(tx: Transaction) -> dict[str, Balance]:
        charge = journal.current(tx, order(take).key).charge
        return {purse: book.balance_of(tx, purse) for purse in charge.purses}

    return database.read_now(look)


@pytest.fixture
def opened(database: Database) -> Database:
    for run in (RUN, SECOND, AUTUMN):
        database.write_now(lambda tx, run=run: greenlight(tx, run, run.rpartition("-")[0]))  # type: ignore[misc]  # mypy cannot type a lambda's default
    return database


def test_a_take_is_entered_in_every_purse_that_pays_for_it(opened: Database) -> None:
    assert reserve(opened, 1) == Admitted()
    held = Balance(held_seconds=4, held=PRICE)
    assert purses(opened, 1) == {
        "run:spring-1": held,
        "campaign:spring": held,
        "tier:spring:720p": held,
        "campaign-day:spring:2026-11-22": held,
        "day:a:2026-11-22": held,
    }
    opened.write_now(lambda tx: buy(tx, 1))
    assert set(map(repr, purses(opened, 1).values())) == {repr(Balance(spent_seconds=4, spent=PRICE))}
    opened.read_now(book.verify)


def test_a_campaigns_cap_holds_over_all_its_runs(opened: Database) -> None:
    caps = Caps(seconds=8)
    assert reserve(opened, 1, caps=caps) == Admitted()
    assert reserve(opened, 2, SECOND, caps=caps) == Admitted()
    refused = reserve(opened, 3, SECOND, caps=caps)
    assert "0 s of 8 s are left of the cap of campaign spring over all its runs (caps.seconds)" in str(refused)
    assert reserve(opened, 3, AUTUMN, caps=caps) == Admitted()
    opened.write_now(lambda tx: journal.move(tx, order(1).key, "cancel"))
    assert reserve(opened, 4, SECOND, caps=caps) == Admitted()


def test_a_day_is_over_at_midnight_utc_and_a_take_counts_on_the_day_it_was_reserved(url: str) -> None:
    day = Day()
    database = Database(url, "w", day)
    database.write_now(greenlight)
    caps = Caps(seconds=10_000, day=Cap(seconds=8))
    assert reserve(database, 1, caps=caps) == Admitted()
    day.now = NOON + timedelta(hours=11, minutes=59)
    assert reserve(database, 2, caps=caps) == Admitted()
    assert isinstance(reserve(database, 3, caps=caps), OverBudget)
    day.now = NOON + timedelta(hours=12)
    assert reserve(database, 3, caps=caps) == Admitted()
    database.write_now(lambda tx: buy(tx, 1))
    assert purses(database, 1)["campaign-day:spring:2026-11-22"].spent_seconds == 4
    assert purses(database, 3)["campaign-day:spring:2026-11-23"] == Balance(held_seconds=4, held=PRICE)
    database.read_now(book.verify)
    database.close()


def test_the_days_cap_of_the_account_counts_every_campaign(opened: Database) -> None:
    cap = Cap(seconds=8)
    assert reserve(opened, 1, day_cap=cap) == Admitted()
    assert reserve(opened, 2, AUTUMN, day_cap=cap) == Admitted()
    assert "all campaigns for 2026-11-22 (setting day_seconds)" in str(reserve(opened, 3, SECOND, day_cap=cap))


def test_what_was_billed_is_what_is_spent_even_beyond_the_reservation(opened: Database) -> None:
    less, more = Bill(seconds=3, money=PRICE.times(1)), Bill(seconds=6, money=PRICE.times(2))
    for take, bill in ((1, less), (2, more)):
        reserve(opened, take, caps=Caps(seconds=8))
        opened.write_now(lambda tx, take=take, bill=bill: buy(tx, take, bill))  # type: ignore[misc]  # mypy cannot type a lambda's default
    bought = opened.read_now(lambda tx: [journal.current(tx, order(take).key) for take in (1, 2)])
    assert [one.billed for one in bought] == [less, more]
    assert set(map(repr, purses(opened, 2).values())) == {repr(Balance(spent_seconds=9, spent=PRICE.times(3)))}
    committed = [one.body for one in opened.read_now(lambda tx: entries(tx, RUN)) if one.kind == "SecondsCommitted"]
    assert [one["seconds"] for one in committed] == [3, 6]
    assert isinstance(reserve(opened, 3, caps=Caps(seconds=8)), OverBudget)
    opened.read_now(book.verify)


def test_a_bill_in_another_currency_is_reckoned_in_our_own_price(opened: Database) -> None:
    reserve(opened, 1)
    opened.write_now(lambda tx: buy(tx, 1, Bill(seconds=8, money=Money(amount=Decimal(9), currency="EUR"))))
    assert purses(opened, 1)["run:spring-1"] == Balance(spent_seconds=8, spent=PRICE.times(2))


def test_what_ends_unbought_frees_all_of_it_and_what_is_written_off_is_paid(opened: Database) -> None:
    def begin(tx: Transaction, take: int) -> None:
        intend(tx, order(take).key)
        journal.move(tx, order(take).key, "lose")

    for take in (1, 2):
        reserve(opened, take)
        opened.write_now(lambda tx, take=take: begin(tx, take))  # type: ignore[misc]  # mypy cannot type a lambda's default
    opened.write_now(lambda tx: journal.move(tx, order(1).key, "write_off", reason="Ada says it was made"))
    opened.write_now(lambda tx: (journal.move(tx, order(2).key, "absent"), journal.move(tx, order(2).key, "cancel")))
    assert purses(opened, 1)["run:spring-1"] == Balance(spent_seconds=4, spent=PRICE)
    assert opened.read_now(lambda tx: journal.paid_takes(tx, RUN)) == 1


def test_trouble_is_kept_until_the_take_is_reserved_anew(opened: Database) -> None:
    key = order(1).key
    reserve(opened, 1)
    opened.write_now(lambda tx: intend(tx, key))
    opened.write_now(
        lambda tx: journal.move(
            tx, key, "refuse", reason="no", trouble=Trouble.CONTENT_POLICY, bill=Bill(seconds=9, money=PRICE)
        )
    )
    failed = opened.read_now(lambda tx: journal.current(tx, key))
    assert failed.trouble is Trouble.CONTENT_POLICY
    moved = [one.body for one in opened.read_now(lambda tx: entries(tx, RUN)) if one.kind == "PurchaseMoved"]
    assert moved[-1]["trouble"] == "content_policy"
    assert reserve(opened, 1, SECOND) == Admitted()
    anew = opened.read_now(lambda tx: journal.current(tx, key))
    assert (anew.trouble, anew.billed, anew.job, anew.run) == (None, None, "", SECOND)
    assert opened.read_now(lambda tx: journal.book_of(tx, RUN)) == Balance()
    opened.read_now(book.verify)


def test_the_database_itself_refuses_a_second_owner_of_a_render(opened: Database) -> None:
    for take in (1, 2):
        reserve(opened, take)
        opened.write_now(lambda tx, take=take: intend(tx, order(take).key))  # type: ignore[misc]  # mypy cannot type a lambda's default
    opened.write_now(lambda tx: journal.accept(tx, order(1).key, "v" * 3000))
    with pytest.raises(IntegrityError):
        opened.write_now(lambda tx: journal.move(tx, order(2).key, "accept", job="v" * 3000))


@pytest.mark.parametrize("job", ["", "video\x00", "video\ud800"])
def test_a_render_whose_name_cannot_be_kept_is_a_lost_answer(opened: Database, job: str) -> None:
    reserve(opened, 1)
    opened.write_now(lambda tx: intend(tx, order(1).key))
    assert opened.write_now(lambda tx: journal.accept(tx, order(1).key, job)).state == "ambiguous"


def test_two_currencies_share_a_day_and_each_keeps_its_own_money(opened: Database) -> None:
    euros = Money(amount=Decimal(3), currency="EUR")
    opened.write_now(lambda tx: greenlight(tx, RunId("winter-1"), "winter", euros))
    reserve(opened, 1)
    assert reserve(opened, 2, RunId("winter-1"), price=euros) == Admitted()
    assert purses(opened, 2)["day:a:2026-11-22"] == Balance(
        held_seconds=8, held=euros, spent=Money(amount=Decimal(0), currency="EUR")
    )
    reserve(opened, 3)
    assert purses(opened, 3)["day:a:2026-11-22"] == Balance(held_seconds=12, held=PRICE.times(2))
    opened.write_now(lambda tx: journal.move(tx, order(2).key, "cancel"))
    opened.read_now(book.verify)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (update(POSTINGS).where(POSTINGS.c.position == 1).values(spent_seconds=0), "balance after posting 1"),
        (update(POSTINGS).where(POSTINGS.c.position == 0).values(amount="0.1"), "balance after posting 0"),
        (delete(POSTINGS).where(POSTINGS.c.position == 0), "posting 0 is missing"),
    ],
)
def test_a_posting_changed_behind_our_back_is_found(opened: Database, change: Any, words: str) -> None:
    reserve(opened, 1)
    opened.write_now(lambda tx: buy(tx, 1))
    opened.write_now(lambda tx: tx.execute(change.where(POSTINGS.c.purse == "campaign:spring")))
    with pytest.raises(BookBroken, match=f"campaign:spring: .*{words}"):
        opened.read_now(book.verify)


def test_processes_that_hammer_one_campaign_reach_its_cap_exactly(url: str, opened: Database) -> None:
    caps, runs = Caps(seconds=37 * 4 + 3), [RUN, SECOND]
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as processes:
        admitted = list(processes.map(hammer, [url] * 2, runs, [1, 1001], [caps] * 2, [50] * 2))
    assert sum(admitted) == 37
    held = [opened.read_now(lambda tx, run=run: journal.book_of(tx, run)).held_seconds for run in runs]  # type: ignore[misc]  # mypy cannot type a lambda's default
    assert held == [4 * one for one in admitted]
    count = select(func.count()).select_from(PURCHASES)
    assert opened.read_now(lambda tx: tx.execute(count).scalar_one()) == 37
    opened.read_now(book.verify)


def test_each_workspace_has_a_book_of_its_own(url: str, opened: Database) -> None:
    other = Database(url, "w2", noon)
    other.write_now(greenlight)
    for database in (opened, other):
        assert reserve(database, 1, caps=Caps(seconds=4)) == Admitted()
    other.close()
