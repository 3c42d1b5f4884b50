"""A workspace as the first version left it: its tables, and the rows it wrote while it bought."""

from datetime import datetime
from typing import Any

from contracts.buyer import PRICE, SHOWN, order
from sqlalchemy import Connection, text

from callsheet.domain.event import SecondsCommitted, SecondsReleased, SecondsReserved
from callsheet.domain.identity import PurchaseKey, RunId, ShotId
from callsheet.domain.ledger import Entry, Event, seal
from callsheet.domain.purchase import Order
from callsheet.domain.run import Run

TABLES = """
CREATE TABLE runs (workspace VARCHAR(200) NOT NULL, id VARCHAR(200) NOT NULL, folder TEXT NOT NULL,
    status VARCHAR(20) NOT NULL, started_at VARCHAR(40) NOT NULL, body TEXT NOT NULL, PRIMARY KEY (workspace, id));
CREATE TABLE purchases (workspace VARCHAR(200) NOT NULL, key VARCHAR(200) NOT NULL, run VARCHAR(200) NOT NULL,
    state VARCHAR(20) NOT NULL, attempt INTEGER NOT NULL, job TEXT NOT NULL, reason TEXT NOT NULL,
    intended_at VARCHAR(40) NOT NULL, release VARCHAR(200) NOT NULL, seconds INTEGER NOT NULL,
    amount VARCHAR(40) NOT NULL, currency VARCHAR(3) NOT NULL, "order" TEXT NOT NULL, PRIMARY KEY (workspace, key));
CREATE INDEX purchases_by_run ON purchases (workspace, run);
CREATE TABLE book (workspace VARCHAR(200) NOT NULL, run VARCHAR(200) NOT NULL, position INTEGER NOT NULL,
    purchase VARCHAR(200) NOT NULL, verb VARCHAR(10) NOT NULL, seconds INTEGER NOT NULL, amount VARCHAR(40) NOT NULL,
    currency VARCHAR(3) NOT NULL, PRIMARY KEY (workspace, run, position));
CREATE TABLE ledger (workspace VARCHAR(200) NOT NULL, run VARCHAR(200) NOT NULL, chain VARCHAR(200) NOT NULL,
    position INTEGER NOT NULL, written INTEGER NOT NULL, entry TEXT NOT NULL,
    PRIMARY KEY (workspace, run, chain, position))
"""


class FirstVersion:
    """Writes rows as that version did, in one workspace."""

    def __init__(self, connection: Connection, workspace: str = "w") -> None:
        self._connection, self._workspace = connection, workspace
        self._chains: dict[tuple[str, str], Entry] = {}
        self._counts: dict[tuple[str, str], int] = {}

    def begin(self, run: RunId, campaign: str, at: datetime) -> None:
        """A run."""
        begun = Run(id=run, campaign=campaign, bundle=SHOWN, folder=f"/{run}", out="/out", started_at=at)
        row = {"id": run, "folder": begun.folder, "status": "running", "started_at": at.isoformat()}
        self._insert("runs", **row, body=begun.model_dump_json())

    def purchase(self, run: RunId, take: int, state: str, job: str = "") -> None:
        """The journal's row, as it stands in the end."""
        row = {"key": order(take).key, "run": run, "state": state, "attempt": 1, "job": job, "reason": ""}
        money = {"seconds": 4, "amount": str(PRICE.amount), "currency": "USD"}
        self._insert("purchases", **row, intended_at="", release="", **money, order=order(take).model_dump_json())

    def enter(self, run: RunId, take: int, verb: str, at: datetime) -> None:
        """A line of the book with its event."""
        bought: Order = order(take)
        line = {"purchase": bought.key, "seconds": 4, "money": PRICE}
        events: dict[str, Event] = {
            "reserve": SecondsReserved.model_validate({**line, "shot": ShotId("s1"), "take": take}),
            "commit": SecondsCommitted.model_validate(line),
            "release": SecondsReleased.model_validate({**line, "reason": "no"}),
        }
        self._log(run, bought.key, events[verb], at)
        row = {"run": run, "position": self._count("book", run), "purchase": bought.key, "verb": verb}
        self._insert("book", **row, seconds=4, amount=str(PRICE.amount), currency="USD")

    def _log(self, run: RunId, key: PurchaseKey, event: Event, at: datetime) -> None:
        chain = f"take:{key}"
        entry = seal(run, chain, event, at, self._chains.get((run, chain)))
        self._chains[run, chain] = entry
        row = {"run": run, "chain": chain, "position": entry.index, "written": self._count("ledger", run)}
        self._insert("ledger", **row, entry=entry.model_dump_json())

    def _count(self, table: str, run: RunId) -> int:
        self._counts[table, run] = self._counts.get((table, run), -1) + 1
        return self._counts[table, run]

    def _insert(self, table: str, **row: Any) -> None:
        row = {"workspace": self._workspace, **row}
        names, marks = ", ".join(f'"{name}"' for name in row), ", ".join(f":{name}" for name in row)
        self._connection.execute(text(f"INSERT INTO {table} ({names}) VALUES ({marks})"), row)


def create(connection: Connection) -> None:
    """Its tables."""
    for statement in TABLES.strip().split(";"):
        connection.execute(text(statement))
