"""What a workspace remembers of its runs: the ledger, when its jobs worked, how many bytes its databases hold."""

import sqlite3
from collections import Counter
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Any

from callsheet.domain.identity import RunId
from callsheet.domain.ledger import Entry
from callsheet.storage.database import Database
from callsheet.storage.ledger import entries
from callsheet.wiring import wall_clock

DATABASES = ("workspace.db", "engine.db")
ON_VIDEO = ("segment", "conform", "sign")
"""Queues whose jobs work on video even when every take is there already."""


def ledger_of(home: Path, run: str) -> tuple[Entry, ...]:
    """Every entry of a run, in the order of writing."""
    database = Database(f"sqlite:///{home / 'workspace.db'}", "default", wall_clock)
    try:
        return database.read_now(lambda tx: entries(tx, RunId(run)))
    finally:
        database.close()


def takes_in(ledger: Iterable[Entry]) -> int:
    """How many takes a run bought or adopted."""
    return sum(1 for one in ledger if one.kind in ("TakeStored", "TakeAdopted"))


def seconds_on_video(home: Path, run: str) -> float:
    """For how long at least one job was at work on video for a run, by the engine's own times."""
    marks = ",".join("?" * len(ON_VIDEO))
    found = _rows(
        home / "engine.db",
        "select o.started_at_epoch_ms, o.completed_at_epoch_ms from operation_outputs o join workflow_status w "
        f"using (workflow_uuid) where w.queue_name in ({marks}) and w.workflow_uuid like ?",
        (*ON_VIDEO, f"{run}.%"),
    )
    return covered(found) / 1000


def covered(spans: Iterable[tuple[int, int]]) -> int:
    """The length of the union of spans."""
    total, until = 0, 0
    for start, end in sorted(spans):
        total += max(0, end - max(start, until))
        until = max(until, end)
    return total


def steps_of(home: Path, run: str) -> int:
    """Checkpoints that the graph wrote for a run."""
    return int(_rows(home / "workspace.db", "select count(*) from checkpoints where thread_id = ?", (run,))[0][0])


def bytes_by_table(home: Path) -> Counter[str]:
    """Bytes on disk of every table with its indexes, as `workspace.ledger`."""
    found: Counter[str] = Counter()
    for name in DATABASES:
        for table, size in _sizes(home / name):
            found[f"{name.removesuffix('.db')}.{table}"] += size
    return found


def bytes_of(home: Path) -> int:
    """Bytes of the databases of a workspace that is closed."""
    return sum(path.stat().st_size for name in DATABASES for path in home.glob(f"{name}*"))


def _sizes(path: Path) -> list[tuple[str, int]]:
    statement = "select m.tbl_name, sum(s.pgsize) from dbstat s join sqlite_master m using (name) group by m.tbl_name"
    try:
        return _rows(path, statement)
    except sqlite3.OperationalError:  # this SQLite was built without the table that tells sizes
        return []


def _rows(path: Path, statement: str, values: tuple[str, ...] = ()) -> list[Any]:
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        return connection.execute(statement, values).fetchall()
