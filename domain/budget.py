"""Seconds and money are reserved before a purchase, committed when it is settled, released when it fails.

The book is a fold over its entries; a total is never stored. Spend never passes what was approved.
"""

from collections.abc import Iterable
from typing import Literal

from callsheet.domain.campaign import Caps
from callsheet.domain.identity import PurchaseKey
from callsheet.domain.money import Money, nothing
from callsheet.domain.record import Record


class Allowance(Record):
    """What a person approved at one gate: so many purchased seconds, and so much money."""

    seconds: int
    money: Money


class BookEntry(Record):
    """One line of the book."""

    purchase: PurchaseKey
    verb: Literal["reserve", "commit", "release"]
    seconds: int
    money: Money


class Balance(Record):
    """What is held and what is spent."""

    held_seconds: int = 0
    spent_seconds: int = 0
    held: Money = nothing()
    spent: Money = nothing()

    @property
    def seconds(self) -> int:
        """Seconds that are no longer free."""
        return self.held_seconds + self.spent_seconds

    @property
    def money(self) -> Money:
        """Money that is no longer free."""
        return self.held + self.spent


class Admitted(Record):
    """The purchase fits."""

    kind: Literal["admitted"] = "admitted"


class OverBudget(Record):
    """The purchase does not fit: which limit, what it asks, what is left."""

    kind: Literal["over_budget"] = "over_budget"
    limit: Literal["seconds", "money"]
    asked: str
    left: str

    def __str__(self) -> str:
        return f"this take needs {self.asked}; {self.left} of the approved {self.limit} are left"


def balance(entries: Iterable[BookEntry], currency: str = "USD") -> Balance:
    """Fold the book. A reservation that was committed or released is no longer held.

    The book says which currency it is kept in; `currency` is that of an empty one.
    """
    book = list(entries)
    if book:
        currency = book[0].money.currency
    held: dict[PurchaseKey, tuple[int, Money]] = {}
    spent_seconds, spent = 0, nothing(currency)
    for entry in book:
        match entry.verb:
            case "reserve":
                held[entry.purchase] = (entry.seconds, entry.money)
            case "release":
                held.pop(entry.purchase, None)
            case "commit":
                held.pop(entry.purchase, None)
                spent_seconds += entry.seconds
                spent = spent + entry.money
    on_hold = nothing(currency)
    for _, money in held.values():
        on_hold = on_hold + money
    return Balance(
        held_seconds=sum(seconds for seconds, _ in held.values()),
        spent_seconds=spent_seconds,
        held=on_hold,
        spent=spent,
    )


def admit(
    now: Balance, seconds: int, money: Money, allowances: Iterable[Allowance], caps: Caps | None = None
) -> Admitted | OverBudget:
    """Say whether a take of this length and price still fits what was approved, and the campaign's own caps."""
    approved = list(allowances)
    cap_seconds = sum(one.seconds for one in approved)
    cap_money = nothing(money.currency)
    for one in approved:
        cap_money = cap_money + one.money
    if caps is not None:
        cap_seconds = min(cap_seconds, caps.seconds)
        cap_money = caps.money if caps.money is not None and caps.money < cap_money else cap_money
    if now.seconds + seconds > cap_seconds:
        return OverBudget(limit="seconds", asked=f"{seconds} s", left=f"{cap_seconds - now.seconds} s")
    if cap_money < now.money + money:
        return OverBudget(limit="money", asked=str(money), left=str(cap_money - now.money))
    return Admitted()
