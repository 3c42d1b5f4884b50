"""Whatever two processes do with one workspace, no cap is passed by admission, nothing leaks, and the book adds up."""

import shutil
import tempfile
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, get_args

import pytest
from contracts.buyer import NOON, greenlight, intend, order
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import event

from callsheet.domain.budget import Admitted, Balance
from callsheet.domain.campaign import Cap, Caps
from callsheet.domain.identity import PurchaseKey, PurseId, RunId
from callsheet.domain.money import Money
from callsheet.domain.purchase import ENDED_UNBOUGHT, PAID, Bill, NoSuchStep, PurchaseState, Step, advance
from callsheet.storage import book
from callsheet.storage import purchase as journal
from callsheet.storage.database import Database, Transaction
from callsheet.storage.ledger import head_of

RUNS = (RunId("spring-1"), RunId("spring-2"), RunId("autumn-1"))
TIERS = ("720p", "1080p")


def price(seconds: int) -> Money:
    return Money(amount=Decimal(seconds) / 10)


TIGHT: dict[str, dict[str, Any]] = {
    "campaign": {"seconds": 19},
    "campaign's money": {"money": price(19)},
    "tier": {"tiers": {"720p": {"seconds": 13}}},
    "day": {"day": {"seconds": 13}},
    "day's money": {"day": {"money": price(13)}},
    "all": {"seconds": 30, "day": {"seconds": 18}, "tiers": {"720p": {"seconds": 21}}},
}
LENGTHS = (3, 4, 8)
STEPS: tuple[Step, ...] = get_args(Step)
S = PurchaseState
TO_AN_END: dict[PurchaseState, Step] = {
    S.RESERVED: "cancel", S.INTENDED: "refuse", S.AMBIGUOUS: "write_off", S.SUBMITTED: "fail", S.RENDERED: "store",
}  # fmt: skip
TO_A_TAKE: dict[PurchaseState, Step] = {
    S.RESERVED: "intend", S.INTENDED: "accept", S.AMBIGUOUS: "find", S.SUBMITTED: "complete", S.RENDERED: "store",
}  # fmt: skip


def ways(state: PurchaseState) -> list[Step]:
    """The steps that a purchase can take from there."""
    found = []
    for step in STEPS:
        with suppress(NoSuchStep):
            advance(state, step)
            found.append(step)
    return found


BILLS = st.none() | st.builds(
    lambda made, rate: Bill(seconds=made, money=price(rate * made)), st.integers(1, 12), st.integers(0, 2)
)
RARELY = st.sampled_from([False, False, False, True])


class Gone(Exception):
    """The process is gone before its commit."""


@dataclass
class Told:
    """What the machine expects of a purse, kept in plain whole numbers: seconds, and tenths of a dollar."""

    held: Counter[PurchaseKey] = field(default_factory=Counter)
    spent_seconds: int = 0
    spent_tenths: int = 0
    billed_beyond: int = 0

    @property
    def balance(self) -> Balance:
        held = sum(self.held.values())
        spent = Money(amount=Decimal(self.spent_tenths) / 10)
        return Balance(held_seconds=held, held=price(held), spent_seconds=self.spent_seconds, spent=spent)

    @property
    def seconds(self) -> int:
        return sum(self.held.values()) + self.spent_seconds

    def fits(self, seconds: int, cap: Cap | Caps) -> bool:
        tenths = sum(self.held.values()) + self.spent_tenths + seconds
        is_cheap = cap.money is None or tenths <= cap.money.amount * 10
        return is_cheap and (cap.seconds is None or self.seconds + seconds <= cap.seconds)


class Budget(RuleBasedStateMachine):
    """Two views of one database file buy takes of three runs in two campaigns, day after day."""

    @initialize(
        tight=st.sampled_from(sorted(TIGHT)), day=st.sampled_from([None, None, Cap(seconds=17), Cap(money=price(17))])
    )
    def open(self, tight: str, day: Cap | None) -> None:
        """One cap is soon reached, so that each of them is."""
        self.limit = Caps.model_validate({"seconds": 10_000, **TIGHT[tight]})
        self.day_cap = day
        self.now, self.folder = NOON, Path(tempfile.mkdtemp(prefix="callsheet-budget-"))
        self.views = [self._view(), self._view()]
        for run in RUNS:
            self.views[0].write_now(lambda tx, run=run: greenlight(tx, run, run.rpartition("-")[0]))  # type: ignore[misc]  # mypy cannot type a lambda's default
        self.purses: dict[PurseId, Told] = {}
        self.caps: dict[PurseId, Cap | Caps] = {}
        self.open_in: dict[PurchaseKey, tuple[PurseId, ...]] = {}
        self.states: dict[PurchaseKey, PurchaseState] = {}

    def _view(self) -> Database:
        database = Database(f"sqlite:///{self.folder / 'workspace.db'}", "w", lambda: self.now)
        event.listen(database._engine, "connect", lambda raw, _: raw.execute("PRAGMA synchronous=OFF"))
        database.close()
        return database

    @rule(
        run=st.sampled_from(RUNS),
        tier=st.sampled_from(TIERS),
        takes=st.lists(
            st.tuples(st.integers(0, 1), st.integers(1, 12), st.sampled_from(LENGTHS)), min_size=1, max_size=5
        ),
        dies=RARELY,
    )
    def reserve(self, run: RunId, tier: str, takes: list[tuple[int, int, int]], dies: bool) -> None:
        """A run asks for some takes; the process that asks for the first of them may die before its commit."""
        for number, (view, take, seconds) in enumerate(takes):
            self._reserve(view, run, tier, take, seconds, dies and number == 0)

    def _reserve(self, view: int, run: RunId, tier: str, take: int, seconds: int, dies: bool) -> None:
        wanted, campaign = order(take, seconds=seconds), run.rpartition("-")[0]

        def work(tx: Transaction) -> Any:
            verdict = journal.reserve(tx, run, wanted, price(seconds), self.limit, campaign, tier, self.day_cap)
            if dies:
                raise Gone
            return verdict

        try:
            verdict = self.views[view].write_now(work)
        except Gone:
            return
        if self.states.get(wanted.key, S.FAILED) not in ENDED_UNBOUGHT:
            assert verdict == Admitted()
            return
        day = self.now.date()
        under: dict[str, Cap | Caps | None] = {
            f"run:{run}": None,
            f"campaign:{campaign}": self.limit,
            f"tier:{campaign}:{tier}": self.limit.tiers.get(tier),
            f"campaign-day:{campaign}:{day}": self.limit.day,
            f"day:a:{day}": self.day_cap,
        }
        purses = {PurseId(name): cap for name, cap in under.items()}
        self.caps |= {name: cap for name, cap in purses.items() if cap is not None}
        told = {name: self.purses.setdefault(name, Told()) for name in purses}
        fits = all(cap is None or told[name].fits(seconds, cap) for name, cap in purses.items())
        assert isinstance(verdict, Admitted) is fits
        if fits:
            self.states[wanted.key], self.open_in[wanted.key] = S.RESERVED, tuple(purses)
            for one in told.values():
                one.held[wanted.key] = seconds

    @rule(view=st.integers(0, 1), which=st.integers(0, 100), step=st.integers(0, 3), bill=BILLS, dies=RARELY)
    def move(self, view: int, which: int, step: int, bill: Bill | None, dies: bool) -> None:
        """One purchase that is under way takes one of the steps it can."""
        if not self.open_in:
            return
        key = sorted(self.open_in)[which % len(self.open_in)]
        steps = ways(self.states[key])
        self._take(view, key, steps[step % len(steps)], bill, dies)

    @rule(view=st.integers(0, 1), which=st.integers(0, 100), bill=BILLS)
    def pay(self, view: int, which: int, bill: Bill | None) -> None:
        """One purchase that is under way goes all the way to a take."""
        if not self.open_in:
            return
        key = sorted(self.open_in)[which % len(self.open_in)]
        while key in self.open_in:
            self._take(view, key, TO_A_TAKE[self.states[key]], bill, dies=False)

    @rule(view=st.integers(0, 1), which=st.integers(0, 100), step=st.sampled_from(STEPS))
    def try_anything(self, view: int, which: int, step: Step) -> None:
        """A step that a purchase cannot take changes nothing."""
        if self.states and step not in ways(self.states[key := sorted(self.states)[which % len(self.states)]]):
            with pytest.raises(NoSuchStep):
                self.views[view].write_now(lambda tx: journal.move(tx, key, step))

    def _take(self, view: int, key: PurchaseKey, step: Step, bill: Bill | None, dies: bool) -> None:
        def work(tx: Transaction) -> journal.Purchase:
            if step == "intend":
                intend(tx, key)
                after = journal.current(tx, key)
            else:
                after = journal.move(tx, key, step, bill=bill if step in ("complete", "vanish") else None)
            if dies:
                raise Gone
            return after

        with suppress(Gone):
            self._end(self.views[view].write_now(work))

    @rule(hours=st.sampled_from([1, 1, 13]))
    def wait(self, hours: int) -> None:
        self.now += timedelta(hours=hours)

    def _end(self, after: journal.Purchase) -> None:
        self.states[after.key] = after.state
        if after.state not in ENDED_UNBOUGHT | PAID:
            return
        for name in self.open_in.pop(after.key):
            told = self.purses[name]
            held = told.held.pop(after.key)
            if after.state in PAID:
                cost = after.billed or after.reserved
                told.spent_seconds += cost.seconds
                told.spent_tenths += int(cost.money.amount * 10)
                told.billed_beyond += max(0, cost.seconds - held)

    @invariant()
    def every_purse_says_what_is_expected(self) -> None:
        def look(tx: Transaction) -> dict[PurseId, Balance]:
            return {name: book.balance_of(tx, name) for name in self.purses}

        for view in self.views:
            assert view.read_now(look) == {name: told.balance for name, told in self.purses.items()}

    @invariant()
    def only_bills_pass_a_cap(self) -> None:
        for name, cap in self.caps.items():
            told = self.purses[name]
            assert cap.seconds is None or told.seconds - told.billed_beyond <= cap.seconds

    def teardown(self) -> None:
        for key in list(self.open_in):
            step = TO_AN_END[self.states[key]]
            self._end(self.views[0].write_now(lambda tx, key=key, step=step: journal.move(tx, key, step)))  # type: ignore[misc]  # mypy cannot type a lambda's default
        self.every_purse_says_what_is_expected()
        for told in self.purses.values():
            assert told.held.total() == 0
        self.views[1].read_now(book.verify)
        assert all(self.views[1].read_now(lambda tx: [head_of(tx, run) for run in RUNS]))
        for view in self.views:
            view.close()
        shutil.rmtree(self.folder)


TestBudget = Budget.TestCase
TestBudget.settings = settings(max_examples=25, stateful_step_count=40, deadline=None)
