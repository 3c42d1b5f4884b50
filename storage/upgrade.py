"""Brings a workspace of an earlier version up to date: columns and indexes that it lacks, and its book, once.

Called under the schema lock, in the transaction that makes missing tables. What the book of the first version says
becomes postings, and its table goes: a program of that version then stops instead of writing where nobody looks.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

from sqlalchemy import Column, Connection, Inspector, Table, column, inspect, or_, select, table, text, update
from sqlalchemy.schema import CreateColumn

from callsheet.domain.budget import Balance, BookEntry, in_currency, post
from callsheet.domain.identity import PurseId, RunId
from callsheet.domain.purchase import Bill
from callsheet.domain.purse import Charge
from callsheet.storage.posting import Line, empty_line, read_entry, row_of
from callsheet.storage.table import LEDGER, METADATA, POSTINGS, PURCHASES, RUNS, job_mark
from callsheet.storage.upgrade_release import carry_words

_BOOK_COLUMNS = ("workspace", "run", "position", "purchase", "verb", "seconds", "amount", "currency")
_BOOK = table("book", *(column(name) for name in _BOOK_COLUMNS))
_OF_MONEY = ("SecondsReserved", "SecondsCommitted", "SecondsReleased")
_UNKNOWN = datetime(1970, 1, 1, tzinfo=UTC)


def upgrade(connection: Connection) -> None:
    """Make every table, column and index that there is to be, and carry an old book over."""
    before = inspect(connection)
    present = set(before.get_table_names())
    METADATA.create_all(connection)
    for one in METADATA.sorted_tables:
        if one.name in present:
            _complete(connection, before, one)
    if _BOOK.name in present:
        _carry_book(connection)
    carry_words(connection, present)


def _complete(connection: Connection, before: Inspector, one: Table) -> None:
    known = {each["name"] for each in before.get_columns(one.name)}
    missing = [each for each in one.columns if each.name not in known]
    for each in missing:
        _add_column(connection, one, each)
    if PURCHASES.c.job_mark in missing:
        _mark_jobs(connection)
    indexes = {each["name"] for each in before.get_indexes(one.name)}
    for index in one.indexes:
        if index.name not in indexes:
            index.create(connection)


def _add_column(connection: Connection, one: Table, added: Column[Any]) -> None:
    words = CreateColumn(added).compile(dialect=connection.dialect)
    connection.execute(text(f"ALTER TABLE {one.name} ADD COLUMN {words}"))


def _mark_jobs(connection: Connection) -> None:
    """Should two purchases name the same render, the first keeps it: the index allows no more."""
    owned: set[tuple[str, str]] = set()
    query = select(PURCHASES.c.workspace, PURCHASES.c.key, PURCHASES.c.job).where(PURCHASES.c.job != "")
    for row in connection.execute(query.order_by(PURCHASES.c.intended_at, PURCHASES.c.key)).all():
        if (row.workspace, row.job) not in owned:
            owned.add((row.workspace, row.job))
            its = update(PURCHASES).where(PURCHASES.c.workspace == row.workspace, PURCHASES.c.key == row.key)
            connection.execute(its.values(job_mark=job_mark(row.job)))


class _Old(NamedTuple):
    """A line of the first version's book, with the moment that the ledger gives for it."""

    at: datetime
    workspace: str
    run: RunId
    position: int
    entry: BookEntry


def _carry_book(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("LOCK TABLE book IN ACCESS EXCLUSIVE MODE"))
    campaigns = {
        (row.workspace, row.id): str(json.loads(row.body).get("campaign", ""))
        for row in connection.execute(select(RUNS.c.workspace, RUNS.c.id, RUNS.c.body))
    }
    orders = connection.execute(select(PURCHASES.c.workspace, PURCHASES.c.key, PURCHASES.c.order))
    accounts = {(row.workspace, row.key): str(json.loads(row.order).get("account", "")) for row in orders}
    charges: dict[tuple[str, str], tuple[Charge, Bill]] = {}
    purses = _Purses()
    for old in sorted(_old_book(connection), key=lambda one: one[:-1]):
        its, entry = (old.workspace, old.entry.purchase), old.entry
        hold: Bill | None = None
        if entry.verb == "reserve":
            charge = Charge(
                run=old.run,
                campaign=campaigns.get((old.workspace, old.run), ""),
                account=accounts.get(its, ""),
                day=old.at.date() if old.at > _UNKNOWN else None,
            )
            charges[its] = charge, Bill(seconds=entry.seconds, money=entry.money)
        else:
            charge, hold = charges[its]
        connection.execute(POSTINGS.insert(), [purses.post(old.workspace, one, entry, hold) for one in charge.purses])
    _charge_purchases(connection, {its: charge for its, (charge, _) in charges.items()})
    connection.execute(text("DROP TABLE book"))


def _old_book(connection: Connection) -> Iterator[_Old]:
    moments = _moments(connection)
    rows = connection.execute(select(_BOOK).order_by(_BOOK.c.workspace, _BOOK.c.run, _BOOK.c.position)).mappings()
    for row in rows:
        at = next(moments.get((row["workspace"], row["run"]), iter(())), _UNKNOWN)
        yield _Old(at, row["workspace"], RunId(row["run"]), row["position"], read_entry(row))


def _moments(connection: Connection) -> dict[tuple[str, str], Iterator[datetime]]:
    """When each line of a run's book was written: book and ledger were always written together."""
    found: dict[tuple[str, str], list[datetime]] = {}
    of_money = or_(*(LEDGER.c.entry.contains(f'"{kind}"', autoescape=True) for kind in _OF_MONEY))
    rows = connection.execute(
        select(LEDGER.c.workspace, LEDGER.c.run, LEDGER.c.entry).where(of_money).order_by(LEDGER.c.written)
    )
    for row in rows:
        found.setdefault((row.workspace, row.run), []).append(_moment(row.entry))
    return {run: iter(moments) for run, moments in found.items()}


def _moment(entry: str) -> datetime:
    """The moment of a ledger entry. One that cannot be read any more must not keep a workspace from opening."""
    try:
        return datetime.fromisoformat(json.loads(entry)["at"]).astimezone(UTC)
    except (ValueError, KeyError, TypeError):
        return _UNKNOWN


class _Purses:
    """Where every purse stands while the old book is entered, line by line."""

    def __init__(self) -> None:
        self._lines: dict[tuple[str, PurseId], Line] = {}
        self._money: dict[tuple[str, PurseId, str], Balance] = {}

    def post(self, workspace: str, purse: PurseId, entry: BookEntry, hold: Bill | None) -> dict[str, str | int]:
        """The row of an entry, after all that were entered before."""
        currency = entry.money.currency
        line = self._lines.get((workspace, purse), empty_line(currency))
        money = self._money.get((workspace, purse, currency))
        line = Line(line.postings, in_currency(line.balance, money, currency))
        after = post(line.balance, entry, hold)
        self._lines[workspace, purse] = Line(line.postings + 1, after)
        self._money[workspace, purse, currency] = after
        return row_of(workspace, purse, line.postings, entry, after)


def _charge_purchases(connection: Connection, charges: Mapping[tuple[str, str], Charge]) -> None:
    for (workspace, key), charge in charges.items():
        its = update(PURCHASES).where(PURCHASES.c.workspace == workspace, PURCHASES.c.key == key)
        connection.execute(its.values(campaign=charge.campaign, day=str(charge.day) if charge.day else ""))
