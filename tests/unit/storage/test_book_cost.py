"""A take costs the database as much work when it is the two hundredth of a workspace as when it is the fourth."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest
from contracts.buyer import PRICE, RUN, greenlight, intend, noon, order
from sqlalchemy import event

from callsheet.domain.campaign import Cap, Caps
from callsheet.storage import book
from callsheet.storage import purchase as journal
from callsheet.storage.database import Database, Transaction

T = TypeVar("T")
CAP = Cap(seconds=10**6, money=PRICE.times(10**6))
CAPS = Caps(seconds=10**6, money=PRICE.times(10**6), day=CAP, tiers={"720p": CAP})
TICK = 50


class Counted:
    """A database file that counts the steps its engine takes: the same on every machine, unlike time."""

    def __init__(self, file: Path) -> None:
        self.ticks = 0
        self.database = Database(f"sqlite:///{file}", "w", noon)
        event.listen(self.database._engine, "connect", self._count)
        self.database.close()

    def _count(self, raw: object, _record: object) -> None:
        raw.execute("PRAGMA synchronous=OFF")  # type: ignore[attr-defined]  # the driver's own connection
        raw.set_progress_handler(self._tick, TICK)  # type: ignore[attr-defined]  # the driver's own connection

    def _tick(self) -> int:
        self.ticks += 1
        return 0

    def steps(self, work: Callable[[], T]) -> int:
        before = self.ticks
        work()
        return (self.ticks - before) * TICK


@pytest.fixture
def counted(tmp_path: Path) -> Iterator[Counted]:
    opened = Counted(tmp_path / "workspace.db")
    opened.database.write_now(greenlight)
    yield opened
    opened.database.close()


def buy(database: Database, take: int) -> None:
    """One take from its reservation to its end."""
    key = order(take).key

    def whole(tx: Transaction) -> None:
        journal.reserve(tx, RUN, order(take), PRICE, CAPS, "spring", "720p", CAP)
        intend(tx, key)
        journal.accept(tx, key, f"video_{take}")
        journal.move(tx, key, "complete")
        journal.move(tx, key, "store")

    database.write_now(whole)


def test_the_two_hundredth_take_costs_what_the_fourth_did(counted: Counted) -> None:
    for take in range(3):
        buy(counted.database, take)
    early = counted.steps(lambda: buy(counted.database, 3))
    for take in range(4, 199):
        buy(counted.database, take)
    late = counted.steps(lambda: buy(counted.database, 199))
    assert early > 200
    assert late <= early * 1.2
    assert counted.database.read_now(lambda tx: journal.book_of(tx, RUN)).spent_seconds == 200 * 4
    counted.database.read_now(book.verify)


def test_what_a_run_spent_and_who_owns_a_render_is_read_as_fast_late_as_early(counted: Counted) -> None:
    def look() -> None:
        counted.database.read_now(lambda tx: (journal.book_of(tx, RUN), journal.owner_of(tx, "video_1")))

    for take in range(3):
        buy(counted.database, take)
    early = counted.steps(look)
    for take in range(3, 100):
        buy(counted.database, take)
    assert counted.steps(look) <= early + 2 * TICK
