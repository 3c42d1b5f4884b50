"""A workspace in which so many takes are approved, and the orders for them: what measuring begins with."""

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from callsheet.domain.budget import Allowance
from callsheet.domain.cut import Media
from callsheet.domain.event import RunStarted
from callsheet.domain.gate import Decision, Gate
from callsheet.domain.identity import Digest, GateId, RunId
from callsheet.domain.money import Money
from callsheet.domain.principal import Principal
from callsheet.domain.purchase import Order
from callsheet.domain.run import Run
from callsheet.jobs.order import TakeOrder
from callsheet.storage import gate as gates
from callsheet.storage import run as runs
from callsheet.storage.database import Database, Transaction

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
RUN = RunId("bench-1")
SECONDS, SIZE, PRICE = 4, "160x284", Money(amount=Decimal("0.40"))


def order(number: int) -> TakeOrder:
    """One take, the only one of its shot."""
    wanted = {
        "workspace": "w", "provider": "sandbox", "account": "a", "model": "previz-1", "seconds": SECONDS, "size": SIZE,
        "prompt": f"[s{number}] a shoe on wet asphalt", "shot": f"s{number}", "take": 1,
    }  # fmt: skip
    return TakeOrder.model_validate({"run": RUN, "campaign": "bench", "order": wanted, "money": PRICE})


def approved(home: Path, takes: int, now: Callable[[], datetime]) -> Database:
    """Open a new workspace in which that many takes are approved."""
    database = Database(f"sqlite:///{home / 'workspace.db'}", "w", now)
    database.write_now(lambda tx: _approve(tx, takes))
    return database


async def sound(path: Path, order: Order) -> Media:
    """Finds nothing wrong with a take: inspecting is ffmpeg's work and measured elsewhere."""
    del path
    width, height = (int(side) for side in order.size.split("x"))
    return Media(
        digest=Digest("0" * 64), media_type="video/mp4", width=width, height=height, frames=order.seconds * 30, rate=30
    )


def _approve(tx: Transaction, takes: int) -> None:
    shown = Digest("a" * 64)
    started = RunStarted(bundle=shown, campaign="bench", provider="sandbox", model="previz-1", policy="people", seed=0)
    runs.start(tx, Run(id=RUN, campaign="bench", bundle=shown, folder="/bench", out="/", started_at=tx.now), started)
    allowance = Allowance(seconds=SECONDS * takes, money=PRICE.times(takes))
    gate = Gate(
        id=GateId(f"g.{RUN}"), run=RUN, kind="greenlight", round=0, shown=shown, allowance=allowance, opened_at=tx.now
    )
    gates.open_gate(tx, gate)
    gates.decide(tx, Decision(gate=gate.id, answer="approve", by=Principal(name="Ada"), shown=shown, at=tx.now))
