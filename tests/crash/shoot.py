"""A shoot of six takes: three shots, two takes of each in the same words, somebody in the middle shot.

What is bought, what a run does with takes that fail, and how many it works on at once.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from crash.mortal import Crash, Points

from callsheet.domain.budget import Allowance
from callsheet.domain.cameo import Cameo, Release, Use
from callsheet.domain.error import CallsheetError
from callsheet.domain.event import RunStarted
from callsheet.domain.gate import Decision, Gate
from callsheet.domain.identity import CameoId, Digest, GateId, ReleaseId, RunId
from callsheet.domain.money import Money
from callsheet.domain.principal import Principal
from callsheet.domain.purchase import PurchaseState
from callsheet.domain.run import Run
from callsheet.domain.take import Take
from callsheet.jobs.order import TakeOrder
from callsheet.storage import cameo as people
from callsheet.storage import gate as gates
from callsheet.storage import purchase as journal
from callsheet.storage import run as runs
from callsheet.storage.database import Database, Transaction

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
RUN, MARA = RunId("spring-1"), CameoId("mara")
SHOTS: Mapping[str, CameoId | None] = {"s1": None, "s2": MARA, "s3": None}
TAKES_A_SHOT = 2
WANTED = TAKES_A_SHOT * len(SHOTS)
SECONDS, SIZE, PRICE = 4, "160x284", Money(amount=Decimal("0.40"))
AT_ONCE = 3
_ROUNDS = 2

Buy = Callable[[Mapping[str, Any]], Awaitable[Mapping[str, Any]]]
Came = Mapping[str, Any] | Exception
HandIn = Callable[[Sequence[TakeOrder]], Awaitable[Sequence[Came]]]


@dataclass(frozen=True)
class Story:
    """Which run this is; its name is in every prompt, so that stories may share one provider."""

    name: str = "story"
    lists_jobs: bool = True

    def order(self, shot: str, take: int) -> TakeOrder:
        """One take of one shot."""
        order = {
            "workspace": "w", "provider": "sandbox", "account": "a", "model": "previz-1", "seconds": SECONDS,
            "prompt": f"[{shot}] {self.name}: a shoe on wet asphalt", "size": SIZE, "shot": shot, "take": take,
        }  # fmt: skip
        cameo = SHOTS[shot]
        use = Use(media=("vertical",), territories=("US",)) if cameo else None
        return TakeOrder.model_validate(
            {"run": RUN, "campaign": "spring", "order": order, "money": PRICE, "cameo": cameo, "use": use}
            | {"lists_jobs": self.lists_jobs}
        )

    def wanted(self, tx: Transaction) -> tuple[TakeOrder, ...]:
        """Every take that is still wanted: one that arrived unusable is passed over for one more."""
        found: list[TakeOrder] = []
        for shot in SHOTS:
            number, left = 1, TAKES_A_SHOT
            while left:
                order = self.order(shot, number)
                known = journal.find(tx, order.order.key)
                if known is None or known.state is not PurchaseState.REJECTED:
                    found.append(order)
                    left -= 1
                number += 1
        return tuple(found)


@dataclass(frozen=True)
class Shot:
    """What one process came back with: the takes it can cut, and why others are missing."""

    takes: tuple[Take, ...]
    missing: tuple[Exception, ...]

    @property
    def is_complete(self) -> bool:
        return not self.missing


async def shoot(story: Story, database: Database, hand_in: HandIn) -> Shot:
    """Hand in every wanted take, and once more what failed, as a run does."""
    shot = Shot((), ())
    for _ in range(_ROUNDS):
        came = await hand_in(await database.read(story.wanted))
        takes = tuple(Take.model_validate(one) for one in came if not isinstance(one, Exception))
        shot = Shot(takes, tuple(one for one in came if isinstance(one, Exception)))
        if shot.is_complete:
            break
    return shot


def a_few_at_once(buy: Buy, points: Points) -> HandIn:
    """Works on so many takes at once as the queue would. When one of them finds the process dead, all are."""

    async def hand_in(orders: Sequence[TakeOrder]) -> list[Came]:
        slots = asyncio.Semaphore(AT_ONCE)

        async def one(order: TakeOrder) -> Mapping[str, Any]:
            async with slots:
                return await buy(order.model_dump(mode="json"))

        tasks = [asyncio.create_task(one(order), name=f"{order.order.shot}.{order.order.take}") for order in orders]
        pending = set(tasks)
        while pending and not points.is_dead:
            _, pending = await asyncio.wait(pending, return_when=asyncio.FIRST_EXCEPTION)
        for task in pending:
            task.cancel()
        came = await asyncio.gather(*tasks, return_exceptions=True)
        if points.is_dead:
            raise Crash(points.names[-1])
        return [_expected(one) for one in came]

    return hand_in


def _expected(came: Mapping[str, Any] | BaseException) -> Came:
    """A take, or a reason that a person can read. Anything else is a defect."""
    if isinstance(came, BaseException) and not isinstance(came, CallsheetError):
        raise came
    return came


def approve(tx: Transaction, takes_paid_for: int) -> None:
    """A run with a greenlight for so many takes, and somebody who may appear in them."""
    allowance = Allowance(seconds=SECONDS * takes_paid_for, money=PRICE.times(takes_paid_for))
    shown = Digest("a" * 64)
    started = RunStarted(bundle=shown, campaign="spring", provider="sandbox", model="previz-1", policy="people", seed=0)
    runs.start(tx, Run(id=RUN, campaign="spring", bundle=shown, folder="/spring", out="/", started_at=tx.now), started)
    gate = Gate(
        id=GateId(f"g.{RUN}"), run=RUN, kind="greenlight", round=0, shown=shown, allowance=allowance, opened_at=tx.now
    )
    gates.open_gate(tx, gate)
    gates.decide(tx, Decision(gate=gate.id, answer="approve", by=Principal(name="Ada"), shown=shown, at=tx.now))
    release = Release(id=ReleaseId("r1"), starts=NOON - timedelta(days=1), ends=NOON + timedelta(days=365))
    people.seed(tx, (Cameo(id=MARA, name="Mara", releases=(release,)),))


def prepare(folder: Path) -> Path:
    """A database file in which a shoot is approved, each take twice over, to be copied for every story."""
    file = folder / "approved.db"
    database = Database(f"sqlite:///{file}", "w", lambda: NOON)
    database.write_now(lambda tx: approve(tx, 2 * WANTED))
    database.close()
    return file
