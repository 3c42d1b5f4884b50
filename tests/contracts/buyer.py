"""A buyer that a process of its own can import: who reserves takes, and what it orders."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from callsheet.domain.budget import Admitted, Allowance
from callsheet.domain.campaign import Caps
from callsheet.domain.event import PurchaseIntended, RunStarted
from callsheet.domain.gate import Decision, Gate
from callsheet.domain.identity import Digest, GateId, PurchaseKey, RunId
from callsheet.domain.money import Money
from callsheet.domain.principal import Principal
from callsheet.domain.purchase import Order
from callsheet.domain.run import Run
from callsheet.storage import gate as gates
from callsheet.storage import purchase as journal
from callsheet.storage import run as runs
from callsheet.storage.database import Database, Transaction

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
RUN = RunId("spring-1")
PRICE = Money(amount=Decimal("0.40"))
SHOWN = Digest("a" * 64)
PLENTY = 10**6


def noon() -> datetime:
    return NOON


def order(take: int, **changes: Any) -> Order:
    wanted = {"workspace": "w", "provider": "p", "account": "a", "model": "m", "prompt": "a shoe", "seconds": 4}
    return Order.model_validate({**wanted, "size": "720x1280", "shot": "s1", "take": take, **changes})


def greenlight(tx: Transaction, run: RunId = RUN, campaign: str = "spring", money: Money = PRICE) -> None:
    """A run for which people approved more than it will ever ask for."""
    started = RunStarted(bundle=SHOWN, campaign=campaign, provider="p", model="m", policy="people", seed=0)
    begun = Run(id=run, campaign=campaign, bundle=SHOWN, folder=f"/{run}", out="/out", started_at=tx.now)
    runs.start(tx, begun, started)
    allowance = Allowance(seconds=PLENTY, money=money.times(PLENTY))
    gate = Gate(
        id=GateId(f"g.{run}"), run=run, kind="greenlight", round=0, shown=SHOWN, allowance=allowance, opened_at=tx.now
    )
    gates.open_gate(tx, gate)
    gates.decide(tx, Decision(gate=gate.id, answer="approve", by=Principal(name="Ada"), shown=SHOWN, at=tx.now))


def intend(tx: Transaction, key: PurchaseKey) -> None:
    """Write down that the request is about to be sent."""
    sent = {"purchase": key, "attempt": 1, "prompt": SHOWN, "references": (), "size": "720x1280"}
    journal.intend(tx, PurchaseIntended.model_validate({**sent, "provider": "p", "model": "m"}))


def reserve_in_a_process(url: str, take: int) -> bool:
    opened = Database(url, "w", noon)
    try:
        return isinstance(opened.write_now(lambda tx: journal.reserve(tx, RUN, order(take), PRICE)), Admitted)
    finally:
        opened.close()


def hammer(url: str, run: RunId, first: int, caps: Caps, takes: int) -> int:
    """Reserve so many takes one after the other. How many were admitted."""
    opened = Database(url, "w", noon)

    def reserve(take: int) -> bool:
        reserved = opened.write_now(lambda tx: journal.reserve(tx, run, order(take), PRICE, caps, "spring", "t"))
        return isinstance(reserved, Admitted)

    try:
        return sum(reserve(take) for take in range(first, first + takes))
    finally:
        opened.close()
