"""Everything a render job needs, on a real database file, with a clock that only moves when somebody waits."""

import asyncio
import shutil
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

from crash.mortal import MortalDatabase, Points

from callsheet.domain.budget import Allowance, Balance
from callsheet.domain.cameo import Cameo, Release, Use
from callsheet.domain.cut import Media
from callsheet.domain.event import RunStarted
from callsheet.domain.gate import Decision, Gate
from callsheet.domain.identity import CameoId, Digest, GateId, ReleaseId, RunId
from callsheet.domain.money import Money
from callsheet.domain.principal import Principal
from callsheet.domain.purchase import OPEN, Order
from callsheet.domain.run import Run
from callsheet.domain.take import Take
from callsheet.jobs.order import Patience, TakeOrder, Unsound
from callsheet.jobs.render import TakeBuyer
from callsheet.storage import cameo as people
from callsheet.storage import gate as gates
from callsheet.storage import purchase as journal
from callsheet.storage import run as runs
from callsheet.storage import take as takes
from callsheet.storage.database import Database, Transaction
from callsheet.storage.ledger import entries, head_of
from callsheet.storage.media import FolderStore
from callsheet.tools.video.fake import UNSOUND, FakeVideo

T = TypeVar("T")
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
RUN, MARA, RELEASE = RunId("spring-1"), CameoId("mara"), ReleaseId("r1")
SECONDS, PRICE = 4, Money(amount=Decimal("0.40"))


class Watch:
    """A clock in seconds that moves when somebody sleeps."""

    def __init__(self) -> None:
        self.seconds = 0.0

    async def sleep(self, seconds: float) -> None:
        self.seconds += seconds
        await asyncio.sleep(0)

    def now(self) -> datetime:
        return NOON + timedelta(seconds=self.seconds)

    def patience(self, deadline: float = 600.0) -> Patience:
        return Patience(deadline=deadline, first_look=1.0, sleep=self.sleep, clock=lambda: self.seconds)


@dataclass
class MortalVideo:
    """A provider whose client may die before and after each call."""

    api: FakeVideo
    points: Points

    def __getattr__(self, name: str) -> Callable[..., Awaitable[Any]]:
        async def call(*args: Any, **named: Any) -> Any:
            self.points.here(f"before {name}")
            done = await getattr(self.api, name)(*args, **named)
            self.points.here(f"after {name}")
            return done

        return call


async def inspect(path: Path, order: Order) -> Media | Unsound:
    """Sound unless the fake says otherwise."""
    if UNSOUND in await asyncio.to_thread(path.read_bytes):
        return Unsound(reasons=("it is black from end to end",))
    return Media(
        digest=Digest("0" * 64), media_type="video/mp4", width=720, height=1280, frames=order.seconds * 30, rate=30
    )


def order(take: int = 1, cast: bool = True, run: RunId = RUN, **changes: Any) -> TakeOrder:
    """One take of one shot, with somebody in it."""
    wanted = {
        "workspace": "w", "provider": "fake", "account": "a", "model": "fake-1", "prompt": "[s1] a shoe on wet asphalt",
        "seconds": SECONDS, "size": "720x1280", "shot": "s1", "take": take,
    }  # fmt: skip
    use = Use(media=("vertical",), territories=("US",))
    return TakeOrder.model_validate(
        {"run": run, "order": wanted, "money": PRICE, "cameo": MARA if cast else None, "use": use if cast else None}
        | changes
    )


def approve(tx: Transaction, takes_paid_for: int, run: RunId = RUN) -> None:
    """A run with a greenlight for so many takes."""
    allowance = Allowance(seconds=SECONDS * takes_paid_for, money=PRICE.times(takes_paid_for))
    shown = Digest("a" * 64)
    started = RunStarted(bundle=shown, campaign="spring", provider="fake", model="fake-1", policy="people", seed=0)
    runs.start(tx, Run(id=run, campaign="spring", bundle=shown, folder=f"/{run}", out="/", started_at=tx.now), started)
    gate = Gate(
        id=GateId(f"g.{run}"), run=run, kind="greenlight", round=0, shown=shown, allowance=allowance, opened_at=tx.now
    )
    gates.open_gate(tx, gate)
    gates.decide(tx, Decision(gate=gate.id, answer="approve", by=Principal(name="Ada"), shown=shown, at=tx.now))


def cast(tx: Transaction) -> None:
    """Somebody who may appear."""
    release = Release(id=RELEASE, starts=NOON - timedelta(days=1), ends=NOON + timedelta(days=365))
    people.seed(tx, (Cameo(id=MARA, name="Mara", releases=(release,)),))


def prepare(folder: Path, takes_paid_for: int) -> Path:
    """A database file in which that many takes are approved, to be copied for each story."""
    file = folder / f"approved-{takes_paid_for}.db"
    database = Database(f"sqlite:///{file}", "w", lambda: NOON)
    database.write_now(lambda tx: (approve(tx, takes_paid_for), cast(tx)))
    database.close()
    return file


class Rig:
    """Stories told one after another: a workspace on disk, a provider, and processes that come and go."""

    def __init__(self, prepared: Path, folder: Path) -> None:
        self.folder, self._prepared = folder, prepared
        self._file = folder / "workspace.db"
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(prepared, self._file)
        self.watch = Watch()
        self.database = MortalDatabase(f"sqlite:///{self._file}", self.watch.now)
        self.begin()

    def begin(self) -> None:
        """A new story: the workspace as it was prepared, a provider that has sold nothing."""
        self.database.close()
        for part in self.folder.glob("workspace.db-*"):
            part.unlink()
        shutil.copyfile(self._prepared, self._file)
        shutil.rmtree(self.folder / "media", ignore_errors=True)
        self.watch.seconds = 0.0
        self.api = FakeVideo(clock=lambda: self.watch.now().timestamp())

    def process(self, points: Points | None = None) -> TakeBuyer:
        """A new process: it knows nothing but what is on disk and at the provider."""
        self.database.points = points or Points()
        api: Any = MortalVideo(self.api, self.database.points)
        return TakeBuyer(
            self.database, FolderStore(self.folder / "media"), lambda _provider: api, inspect, self.watch.patience()
        )

    def look(self, work: Callable[[Transaction], T]) -> T:
        return self.database.read_now(work)

    def change(self, work: Callable[[Transaction], T]) -> T:
        return self.database.write_now(work)

    def book(self, run: RunId = RUN) -> Balance:
        return self.look(lambda tx: journal.book_of(tx, run))

    def events(self, kind: str, run: RunId = RUN) -> int:
        return self.look(lambda tx: sum(1 for entry in entries(tx, run) if entry.kind == kind))

    def take(self, wanted: TakeOrder) -> Take | None:
        return self.look(lambda tx: takes.find(tx, wanted.order.key))

    def assert_books_are_closed(self, bought: int, run: RunId = RUN) -> None:
        """The provider's bill, the book and the journal agree; nothing is held; the ledger verifies."""
        assert len(self.api.bill) == bought, [sold.job.id for sold in self.api.bill]
        book = self.book(run)
        assert (book.held_seconds, book.held.amount) == (0, Decimal(0))
        assert (book.spent_seconds, book.spent) == (SECONDS * bought, PRICE.times(bought))
        assert [one for one in self.look(lambda tx: journal.of_run(tx, run)) if one.state in OPEN] == []
        assert self.look(lambda tx: head_of(tx, run))
        assert self.events("PurchaseIntended", run) >= len(set(self.api.asked))
