"""A workspace of the first version opens, with everything it held and spent where it belongs."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from contracts.buyer import NOON, PRICE, RUN, intend, noon, order
from contracts.first_version import FirstVersion, create
from sqlalchemy import Connection, create_engine, inspect, text
from sqlalchemy.engine import make_url

from callsheet.domain.budget import Admitted, Allowance, Balance, OverBudget
from callsheet.domain.campaign import Cap, Caps
from callsheet.domain.gate import Decision, Gate
from callsheet.domain.identity import GateId, PurseId, RunId
from callsheet.domain.principal import Principal
from callsheet.storage import book
from callsheet.storage import gate as gates
from callsheet.storage import purchase as journal
from callsheet.storage.database import Database, Transaction
from callsheet.storage.ledger import head_of
from callsheet.storage.table import METADATA

SECOND = RunId("spring-2")
YESTERDAY = NOON - timedelta(days=1)


def engine_of(url: str) -> Iterator[Connection]:
    place = make_url(url)
    if place.get_backend_name() == "postgresql":
        place = place.set(drivername="postgresql+psycopg")
    engine = create_engine(place)
    with engine.begin() as connection:
        yield connection
    engine.dispose()


@pytest.fixture
def old(url: str) -> str:
    """Yesterday spring-1 bought take 1, and take 2 failed. Today spring-2 reserved take 2 anew, and took 3 further."""
    for connection in engine_of(url):
        create(connection)
        for workspace in ("w", "w2"):
            first = FirstVersion(connection, workspace)
            first.begin(RUN, "spring", YESTERDAY)
            first.begin(SECOND, "spring", NOON)
            first.enter(RUN, 1, "reserve", YESTERDAY)
            first.enter(RUN, 2, "reserve", YESTERDAY)
            first.enter(RUN, 1, "commit", YESTERDAY + timedelta(minutes=1))
            first.enter(RUN, 2, "release", YESTERDAY + timedelta(minutes=2))
            first.enter(SECOND, 2, "reserve", NOON)
            first.enter(SECOND, 3, "reserve", NOON)
            first.purchase(RUN, 1, "settled", "video_1")
            first.purchase(SECOND, 2, "reserved")
            first.purchase(SECOND, 3, "submitted", "v" * 3000)
    return url


def balances(tx: Transaction, *names: str) -> list[Balance]:
    return [book.balance_of(tx, PurseId(name)) for name in names]


SPENT = Balance(spent_seconds=4, spent=PRICE)
HELD = Balance(held_seconds=8, held=PRICE.times(2))
BOTH = Balance(held_seconds=8, held=PRICE.times(2), spent_seconds=4, spent=PRICE)
OF_CAMPAIGN = ("campaign:spring", "campaign-day:spring:2026-11-21", "campaign-day:spring:2026-11-22")


def test_what_the_old_book_says_stands_in_every_purse(old: str) -> None:
    for workspace in ("w", "w2"):
        database = Database(old, workspace, noon)
        database.read_now(book.verify)
        assert database.read_now(lambda tx: [journal.book_of(tx, run) for run in (RUN, SECOND)]) == [SPENT, HELD]
        assert database.read_now(lambda tx: balances(tx, *OF_CAMPAIGN)) == [BOTH, SPENT, HELD]
        assert database.read_now(lambda tx: balances(tx, "day:a:2026-11-21", "day:a:2026-11-22")) == [SPENT, HELD]
        assert database.read_now(lambda tx: head_of(tx, RUN))
        database.close()


def test_a_purchase_that_was_under_way_goes_on_and_closes_its_books(old: str) -> None:
    database = Database(old, "w", noon)

    def finish(tx: Transaction) -> None:
        journal.move(tx, order(2).key, "cancel")
        journal.move(tx, order(3).key, "complete")
        journal.move(tx, order(3).key, "store")

    database.write_now(finish)
    assert database.read_now(lambda tx: journal.book_of(tx, SECOND)) == SPENT
    assert database.read_now(lambda tx: balances(tx, "campaign:spring")) == [
        Balance(spent_seconds=8, spent=PRICE.times(2))
    ]
    database.read_now(book.verify)
    database.close()


def test_what_was_spent_before_counts_against_the_caps(old: str) -> None:
    database = Database(old, "w", noon)

    def approve(tx: Transaction) -> None:
        allowance = Allowance(seconds=100, money=PRICE.times(100))
        asked = {"id": "g", "run": RUN, "kind": "topup", "round": 1, "shown": "a" * 64, "opened_at": NOON}
        gate = gates.open_gate(tx, Gate.model_validate({**asked, "allowance": allowance}))
        said = Decision(gate=GateId("g"), answer="approve", by=Principal(name="Ada"), shown=gate.shown, at=NOON)
        gates.decide(tx, said)

    def reserve(caps: Caps) -> Admitted | OverBudget:
        return database.write_now(lambda tx: journal.reserve(tx, RUN, order(9), PRICE, caps, "spring", "720p"))

    database.write_now(approve)
    assert "3 s of 15 s are left" in str(reserve(Caps(seconds=15)))
    assert "3 s of 11 s are left" in str(reserve(Caps(seconds=100, day=Cap(seconds=11))))
    assert reserve(Caps(seconds=16, day=Cap(seconds=12))) == Admitted()
    database.close()


def test_renders_of_old_purchases_keep_their_owner(old: str) -> None:
    database = Database(old, "w", noon)
    owners = database.read_now(lambda tx: [journal.owner_of(tx, job) for job in ("video_1", "v" * 3000, "other")])
    assert owners == [order(1).key, order(3).key, None]
    database.write_now(lambda tx: intend(tx, order(2).key))
    assert database.write_now(lambda tx: journal.accept(tx, order(2).key, "video_1")).state == "ambiguous"
    database.close()


def test_the_book_is_carried_over_once_whoever_opens_the_workspace(old: str) -> None:
    with ThreadPoolExecutor(4) as people:
        opened = list(people.map(lambda _: Database(old, "w", noon), range(4)))
    for database in opened:
        assert database.read_now(lambda tx: journal.book_of(tx, SECOND)) == HELD
        database.read_now(book.verify)
        database.close()


def test_an_upgraded_workspace_has_the_tables_of_a_new_one(old: str) -> None:
    Database(old, "w", noon).close()
    for connection in engine_of(old):
        seen = inspect(connection)
        assert set(seen.get_table_names()) == set(METADATA.tables)
        for table in METADATA.sorted_tables:
            assert {one["name"] for one in seen.get_columns(table.name)} == {one.name for one in table.columns}
            assert {one.name for one in table.indexes} <= {one["name"] for one in seen.get_indexes(table.name)}


def test_a_ledger_that_cannot_be_read_any_more_does_not_keep_the_workspace_closed(old: str) -> None:
    for connection in engine_of(old):
        connection.execute(text("UPDATE ledger SET entry = '{\"SecondsReserved\": '"))
    database = Database(old, "w", noon)
    assert database.read_now(lambda tx: journal.book_of(tx, SECOND)) == HELD
    assert database.read_now(lambda tx: balances(tx, "campaign:spring"))[0].seconds == 12
    database.read_now(book.verify)
    database.close()


def test_two_old_purchases_that_name_one_render_do_not_keep_the_workspace_closed(old: str) -> None:
    for connection in engine_of(old):
        connection.execute(text("UPDATE purchases SET job = 'video_1'"))
    database = Database(old, "w", noon)
    owner = database.read_now(lambda tx: journal.owner_of(tx, "video_1"))
    assert owner in {order(take).key for take in (1, 2, 3)}
    database.close()
