"""Whatever two processes do with one workspace, no cap is passed by admission, nothing leaks, and the book adds up."""

import shutil
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from contracts.buyer import NOON, greenlight, intend, order
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import event

from callsheet.domain.budget import Admitted, Balance
from callsheet.domain.campaign import Cap, Caps
from callsheet.domain.identity import PurchaseKey, PurseId, RunId
from callsheet.domain.money import Money
from callsheet.domain.purchase import ENDED_UNBOUGHT, PAID, Bill, NoSuchStep, PurchaseState, Step
from callsheet.storage import book
from callsheet.storage import purchase as journal
from callsheet.storage.database import Database, Transaction
from callsheet.storage.ledger import head_of

RUNS = (RunId("spring-1"), RunId("spring-2"), RunId("autumn-1"))
TIERS = ("720p", "1080p")
CAPS = Caps(
    seconds=60,
    money=Money(amount=Decimal("5.6")),
    day=Cap(seconds=28, money=Money(amount=Decimal("2.4"))),
    tiers={"720p": Cap(seconds=40)},
)
DAY_CAP = Cap(seconds=36, money=Money(amount=Decimal("3.2")))
STEPS: tuple[Step, ...] = (
    "accept", "busy", "lose", "find", "absent", "refuse", "complete", "store", "reject", "fail", "vanish", "write_off",
    "cancel",
)  # fmt: skip
LAST: dict[PurchaseState, Step] = {
    PurchaseState.RESERVED: "cancel",
    PurchaseState.INTENDED: "refuse",
    PurchaseState.AMBIGUOUS: "write_off",
    PurchaseState.SUBMITTED: "fail",
    PurchaseState.RENDERED: "store",
}


def price(seconds: int) -> Money:
    return Money(amount=Decimal(seconds) / 10)


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

    def fits(self, seconds: int, cap: Cap | Caps) -> bool:
        after = self.balance
        is_short = cap.seconds is None or after.seconds + seconds <= cap.seconds
        return is_short and (cap.money is None or after.money + price(seconds) <= cap.money)


class Budget(RuleBasedStateMachine):
    """Two views of one database file buy takes of three runs in two campaigns, day after day."""

    @initialize()
    def open(self) -> None:
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
        view=st.integers(0, 1),
        run=st.sampled_from(RUNS),
        take=st.integers(1, 8),
        seconds=st.sampled_from([4, 8, 12]),
        tier=st.sampled_from(TIERS),
        dies=st.booleans(),
    )
    def reserve(self, view: int, run: RunId, take: int, seconds: int, tier: str, dies: bool) -> None:
        wanted, campaign = order(take, seconds=seconds), run.rpartition("-")[0]

        def work(tx: Transaction) -> Any:
            verdict = journal.reserve(tx, run, wanted, price(seconds), CAPS, campaign, tier, DAY_CAP)
            if dies:
                raise Gone
            return verdict

        try:
            verdict = self.views[view].write_now(work)
        except Gone:
            return
        if self.states.get(wanted.key, PurchaseState.FAILED) not in ENDED_UNBOUGHT:
            assert verdict == Admitted()
            return
        day = self.now.date()
        under: dict[str, Cap | Caps | None] = {
            f"run:{run}": None,
            f"campaign:{campaign}": CAPS,
            f"tier:{campaign}:{tier}": CAPS.tiers.get(tier),
            f"campaign-day:{campaign}:{day}": CAPS.day,
            f"day:a:{day}": DAY_CAP,
        }
        purses = {PurseId(name): cap for name, cap in under.items()}
        self.caps |= {name: cap for name, cap in purses.items() if cap is not None}
        told = {name: self.purses.setdefault(name, Told()) for name in purses}
        fits = all(cap is None or told[name].fits(seconds, cap) for name, cap in purses.items())
        assert isinstance(verdict, Admitted) is fits
        if fits:
            self.states[wanted.key], self.open_in[wanted.key] = PurchaseState.RESERVED, tuple(purses)
            for one in told.values():
                one.held[wanted.key] = seconds

    @rule(view=st.integers(0, 1), take=st.integers(1, 8), seconds=st.sampled_from([4, 8, 12]))
    def ask(self, view: int, take: int, seconds: int) -> None:
        """The request is about to be sent."""
        key = order(take, seconds=seconds).key
        if self.states.get(key) is PurchaseState.RESERVED:
            self.views[view].write_now(lambda tx: intend(tx, key))
            self.states[key] = PurchaseState.INTENDED

    @rule(
        view=st.integers(0, 1),
        which=st.integers(0, 100),
        step=st.sampled_from(STEPS),
        billed=st.none() | st.integers(1, 20),
        dies=st.booleans(),
    )
    def move(self, view: int, which: int, step: Step, billed: int | None, dies: bool) -> None:
        under_way = sorted(self.open_in)
        if not under_way:
            return
        key = under_way[which % len(under_way)]
        bill = Bill(seconds=billed, money=price(2 * billed)) if billed else None

        def work(tx: Transaction) -> journal.Purchase:
            after = journal.move(tx, key, step, bill=bill)
            if dies:
                raise Gone
            return after

        try:
            after = self.views[view].write_now(work)
        except (Gone, NoSuchStep):
            return
        self._end(after)

    @rule(hours=st.sampled_from([1, 13, 24]))
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
            assert cap.seconds is None or told.balance.seconds - told.billed_beyond <= cap.seconds

    def teardown(self) -> None:
        for key in list(self.open_in):
            step = LAST[self.states[key]]
            self._end(self.views[0].write_now(lambda tx, key=key, step=step: journal.move(tx, key, step)))  # type: ignore[misc]  # mypy cannot type a lambda's default
        self.every_purse_says_what_is_expected()
        for told in self.purses.values():
            assert told.balance.held_seconds == 0
        self.views[1].read_now(book.verify)
        assert all(self.views[1].read_now(lambda tx: [head_of(tx, run) for run in RUNS]))
        for view in self.views:
            view.close()
        shutil.rmtree(self.folder)


TestBudget = Budget.TestCase
TestBudget.settings = settings(max_examples=25, stateful_step_count=40, deadline=None)
