"""The book: every hold, spending and giving back, purse by purse. Each posting carries the balance after it."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import RowMapping, Select, bindparam, select

from callsheet.domain.budget import Balance, BookEntry, balances, in_currency, post
from callsheet.domain.identity import PurseId
from callsheet.domain.purchase import Bill
from callsheet.storage.database import Transaction
from callsheet.storage.posting import Line, empty_line, read_balance, read_entry, row_of
from callsheet.storage.table import POSTINGS

_LAST = (
    select(POSTINGS)
    .where(POSTINGS.c.workspace == bindparam("in_workspace"), POSTINGS.c.purse == bindparam("of_purse"))
    .order_by(POSTINGS.c.position.desc())
    .limit(1)
)
_LAST_IN_CURRENCY = _LAST.where(POSTINGS.c.currency == bindparam("of_currency"))


class BookBroken(ValueError):
    """The book does not add up: a balance that was written is not what its postings come to."""


def balance_of(tx: Transaction, purse: PurseId, currency: str = "USD") -> Balance:
    """What a purse holds and has spent, in the currency it was last used in; `currency` is that of an unused one."""
    last = _read(tx, _LAST, purse)
    return read_balance(last) if last else empty_line(currency).balance


def open_purses(tx: Transaction, purses: Iterable[PurseId], currency: str) -> Mapping[PurseId, Line]:
    """Where several purses stand. Reads the last posting of each, however many there are."""
    return {purse: _line(tx, purse, currency) for purse in purses}


def enter(tx: Transaction, purses: Mapping[PurseId, Line], entry: BookEntry, hold: Bill | None = None) -> None:
    """Write one entry to every purse as it stands. `hold` is what the purchase held until now."""
    rows = [
        row_of(tx.workspace, purse, line.postings, entry, post(line.balance, entry, hold))
        for purse, line in purses.items()
    ]
    tx.execute(POSTINGS.insert(), rows)


def verify(tx: Transaction) -> None:
    """Fold every purse from its first posting and compare each balance that was written. Raises BookBroken."""
    purses = tx.execute(select(POSTINGS.c.purse).where(POSTINGS.c.workspace == tx.workspace).distinct())
    for purse in sorted(row.purse for row in purses):
        query = select(POSTINGS).where(POSTINGS.c.workspace == tx.workspace, POSTINGS.c.purse == purse)
        rows = tx.execute(query.order_by(POSTINGS.c.position)).mappings().all()
        for number, (row, after) in enumerate(zip(rows, balances(map(read_entry, rows)), strict=True)):
            if row["position"] != number:
                raise BookBroken(f"{purse}: posting {number} is missing")
            if read_balance(row) != after:
                raise BookBroken(f"{purse}: the balance after posting {number} is not what the postings come to")


def _line(tx: Transaction, purse: PurseId, currency: str) -> Line:
    last = _read(tx, _LAST, purse)
    if last is None:
        return empty_line(currency)
    balance = read_balance(last)
    if last["currency"] != currency:
        before = _read(tx, _LAST_IN_CURRENCY, purse, currency)
        balance = in_currency(balance, read_balance(before) if before else None, currency)
    return Line(last["position"] + 1, balance)


def _read(tx: Transaction, query: Select[Any], purse: PurseId, currency: str = "") -> RowMapping | None:
    values = {"in_workspace": tx.workspace, "of_purse": purse, "of_currency": currency}
    found: RowMapping | None = tx.execute(query, values).mappings().first()
    return found
