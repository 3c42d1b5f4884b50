"""Seconds and money are reserved before a purchase, committed when it is settled, released when it fails.

The book keeps a purse for each run, campaign, price tier and day. What a purse holds is a fold over its entries. A
take must fit every limit that its purses are under; only a bill above its reservation can pass one, and it is written
as it was billed.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Literal

from callsheet.domain.campaign import Cap, Caps
from callsheet.domain.identity import PurchaseKey, PurseId, RunId
from callsheet.domain.money import Money, nothing
from callsheet.domain.purchase import Bill
from callsheet.domain.purse import Charge
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


class Limit(Record):
    """One bound on spending: what it is called, the most it allows, and what is held and spent under it already."""

    name: str
    setting: str = ""
    seconds: int | None = None
    money: Money | None = None
    used: Balance
    remedy: str
    renews: bool = False


class Admitted(Record):
    """The purchase fits."""

    kind: Literal["admitted"] = "admitted"


class OverBudget(Record):
    """The purchase does not fit: which limit, what it asks, what is left, and what to do."""

    kind: Literal["over_budget"] = "over_budget"
    limit: Literal["seconds", "money"]
    name: str
    asked: str
    left: str
    remedy: str

    def __str__(self) -> str:
        return f"this take needs {self.asked}; {self.left} left of {self.name}: {self.remedy}"


def post(before: Balance, entry: BookEntry, hold: Bill | None = None) -> Balance:
    """The balance after an entry. `hold` is what was reserved for the purchase until now; it is no longer held."""
    held_seconds, held = before.held_seconds, before.held
    spent_seconds, spent = before.spent_seconds, before.spent
    if hold is not None:
        held_seconds, held = held_seconds - hold.seconds, held - hold.money
    match entry.verb:
        case "reserve":
            held_seconds, held = held_seconds + entry.seconds, held + entry.money
        case "commit":
            spent_seconds, spent = spent_seconds + entry.seconds, spent + entry.money
        case "release":
            pass
    return Balance(held_seconds=held_seconds, spent_seconds=spent_seconds, held=held, spent=spent)


def balances(entries: Iterable[BookEntry]) -> Iterator[Balance]:
    """Fold the book: the balance after each entry. Seconds count in any currency, money in that of the entry."""
    seconds, by_currency = Balance(), dict[str, Balance]()
    holds: dict[PurchaseKey, Bill] = {}
    for entry in entries:
        before = in_currency(seconds, by_currency.get(entry.money.currency), entry.money.currency)
        seconds = post(before, entry, holds.pop(entry.purchase, None))
        by_currency[entry.money.currency] = seconds
        if entry.verb == "reserve":
            holds[entry.purchase] = Bill(seconds=entry.seconds, money=entry.money)
        yield seconds


def balance(entries: Iterable[BookEntry], currency: str = "USD") -> Balance:
    """What the book comes to; `currency` is that of an empty one."""
    *_, last = (in_currency(Balance(), None, currency), *balances(entries))
    return last


def in_currency(seconds: Balance, money: Balance | None, currency: str) -> Balance:
    """The seconds of one balance with the money of another; without one, nothing of that currency."""
    held, spent = (money.held, money.spent) if money else (nothing(currency), nothing(currency))
    return Balance(held_seconds=seconds.held_seconds, spent_seconds=seconds.spent_seconds, held=held, spent=spent)


def limits(
    charge: Charge, caps: Caps | None, day_cap: Cap | None, used: Callable[[PurseId], Balance]
) -> tuple[Limit, ...]:
    """The caps that a charge is under: the campaign's over all its runs, its tier's, its day's, the account's day."""
    who = f"campaign {charge.campaign}" if charge.campaign else f"run {charge.run}"
    found: list[Limit] = []
    new_run = "shorten the plan, or raise the cap in campaign.yaml and start a new run"
    tomorrow = f"the day ends at midnight UTC; go on after it with `callsheet resume {charge.run}`, or raise the cap"
    if caps is not None:
        whole = Cap(seconds=caps.seconds, money=caps.money)
        found.append(_limit(f"the cap of {who} over all its runs", "caps.", whole, used(charge.of_campaign), new_run))
        if charge.tier in caps.tiers:
            name, setting = f"the cap of {who} for tier {charge.tier}", f"caps.tiers.{charge.tier}."
            found.append(_limit(name, setting, caps.tiers[charge.tier], used(charge.of_tier), new_run))
        if caps.day is not None and charge.day is not None:
            name = f"the cap of {who} for {charge.day}"
            found.append(_limit(name, "caps.day.", caps.day, used(charge.of_campaign_day), tomorrow, renews=True))
    if day_cap is not None and charge.of_day is not None:
        name = f"the cap of all campaigns for {charge.day}"
        found.append(_limit(name, "setting day_", day_cap, used(charge.of_day), tomorrow, renews=True))
    return tuple(found)


def approval(run: RunId, allowances: Iterable[Allowance], used: Balance) -> Limit:
    """What people approved for a run, gate by gate, as one limit. An approval in another currency gives no money."""
    approved = list(allowances)
    money = nothing(used.money.currency)
    for one in approved:
        money = money + one.money if one.money.currency == money.currency else money
    return Limit(
        name=f"what was approved for run {run}",
        seconds=sum(one.seconds for one in approved),
        money=money,
        used=used,
        remedy="nothing was bought; start a new run to have more approved",
    )


def admit(asked: Bill, under: Iterable[Limit]) -> Admitted | OverBudget:
    """Say whether a take of this length and price still fits every limit. The first that it does not fit is named."""
    for limit in under:
        if refused := _refusal(asked, limit):
            return refused
    return Admitted()


def _refusal(asked: Bill, limit: Limit) -> OverBudget | None:
    if limit.seconds is not None and limit.used.seconds + asked.seconds > limit.seconds:
        left = f"{max(0, limit.seconds - limit.used.seconds)} s"
        return _over("seconds", limit, f"{asked.seconds} s", f"{left} of {limit.seconds} s are")
    if limit.money is None:
        return None
    if limit.money.currency != asked.money.currency:
        return _over("money", limit, f"{asked.money} ({asked.money.currency})", f"nothing in {asked.money.currency} is")
    if limit.money < limit.used.money + asked.money:
        left_money = max(limit.money - limit.used.money, nothing(limit.money.currency), key=lambda one: one.amount)
        return _over("money", limit, str(asked.money), f"{left_money} of {limit.money} is")
    return None


def _over(what: Literal["seconds", "money"], limit: Limit, asked: str, left: str) -> OverBudget:
    name = f"{limit.name} ({limit.setting}{what})" if limit.setting else limit.name
    return OverBudget(limit=what, name=name, asked=asked, left=left, remedy=limit.remedy)


def _limit(name: str, setting: str, cap: Cap, used: Balance, remedy: str, renews: bool = False) -> Limit:
    return Limit(
        name=name, setting=setting, seconds=cap.seconds, money=cap.money, used=used, remedy=remedy, renews=renews
    )
