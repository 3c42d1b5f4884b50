"""A posting as a row: one entry of the book in one purse, with the balance after it."""

from typing import NamedTuple

from sqlalchemy import RowMapping

from callsheet.domain.budget import Balance, BookEntry, in_currency
from callsheet.domain.identity import PurchaseKey, PurseId
from callsheet.domain.money import Money


class Line(NamedTuple):
    """Where a purse stands: how many postings it has, and its balance in one currency."""

    postings: int
    balance: Balance


def empty_line(currency: str) -> Line:
    """A purse in which nothing was ever entered."""
    return Line(0, in_currency(Balance(), None, currency))


def row_of(workspace: str, purse: PurseId, position: int, entry: BookEntry, after: Balance) -> dict[str, str | int]:
    """The row of an entry, with the balance after it."""
    return {
        "workspace": workspace,
        "purse": purse,
        "position": position,
        "purchase": entry.purchase,
        "verb": entry.verb,
        "seconds": entry.seconds,
        "amount": str(entry.money.amount),
        "currency": entry.money.currency,
        "held_seconds": after.held_seconds,
        "spent_seconds": after.spent_seconds,
        "held": str(after.held.amount),
        "spent": str(after.spent.amount),
    }


def read_entry(row: RowMapping) -> BookEntry:
    """What was entered."""
    return BookEntry(
        purchase=PurchaseKey(row["purchase"]),
        verb=row["verb"],
        seconds=row["seconds"],
        money=Money(amount=row["amount"], currency=row["currency"]),
    )


def read_balance(row: RowMapping) -> Balance:
    """The balance that was written with it."""
    return Balance(
        held_seconds=row["held_seconds"],
        spent_seconds=row["spent_seconds"],
        held=Money(amount=row["held"], currency=row["currency"]),
        spent=Money(amount=row["spent"], currency=row["currency"]),
    )
