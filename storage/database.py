"""The workspace's database: SQLite by default, Postgres by URL. One transaction a call, on a thread of its own.

A state change and its ledger event belong to the same transaction: both are written through one `Transaction`.
"""

import asyncio
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import make_url

from callsheet.storage.upgrade import upgrade
from callsheet.storage.wal import keep_wal

T = TypeVar("T")
Clock = Callable[[], datetime]
_SCHEMA_LOCK = 7_305_101


@dataclass(frozen=True)
class Transaction:
    """An open transaction of one workspace, with the moment it began."""

    connection: Connection
    workspace: str
    now: datetime

    def execute(self, statement: Any, values: Any = None) -> Any:
        """Run one SQLAlchemy Core statement."""
        return self.connection.execute(statement) if values is None else self.connection.execute(statement, values)


class Database:
    """Opens transactions. `clock` gives the moment of each; `workspace` becomes part of every key."""

    def __init__(self, url: str, workspace: str, clock: Clock) -> None:
        self._engine = _open(url)
        self._workspace = workspace
        self._clock = clock
        self._create()

    async def write(self, work: Callable[[Transaction], T]) -> T:
        """Do `work` in one transaction that excludes other writers, and commit it before returning."""
        return await asyncio.to_thread(self.write_now, work)

    async def read(self, work: Callable[[Transaction], T]) -> T:
        """Do `work` on one consistent view."""
        return await asyncio.to_thread(self.read_now, work)

    def write_now(self, work: Callable[[Transaction], T]) -> T:
        """`write`, for a caller that is on a thread already."""
        with self._engine.connect().execution_options(callsheet_write=True) as connection, connection.begin():
            if connection.dialect.name == "postgresql":
                connection.execute(
                    text("select pg_advisory_xact_lock(hashtext(:workspace))"), {"workspace": self._workspace}
                )
            return work(Transaction(connection, self._workspace, self._clock()))

    def read_now(self, work: Callable[[Transaction], T]) -> T:
        """`read`, for a caller that is on a thread already."""
        with self._engine.connect() as connection:
            if connection.dialect.name == "postgresql":  # its default shows each statement the newest commits
                connection.execution_options(isolation_level="REPEATABLE READ")
            with connection.begin():
                return work(Transaction(connection, self._workspace, self._clock()))

    def compact(self) -> bool:
        """Free what was deleted, so that no byte of it stays in the file. False where that must wait."""
        return compact(self._engine)

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()

    def _create(self) -> None:
        with self._engine.connect().execution_options(callsheet_write=True) as connection, connection.begin():
            if connection.dialect.name == "postgresql":
                connection.execute(text("select pg_advisory_xact_lock(:lock)"), {"lock": _SCHEMA_LOCK})
            upgrade(connection)


def compact(engine: Engine) -> bool:
    """Rewrite a SQLite file without what was deleted, its log included. False on a server, which vacuums by itself."""
    if engine.dialect.name != "sqlite":
        return False
    with engine.connect() as connection:
        raw: Any = connection.connection.driver_connection
        try:
            raw.execute("VACUUM")
            busy, _, _ = raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        except sqlite3.OperationalError:  # somebody writes right now
            return False
    return not busy


def _open(url: str) -> Engine:
    parsed = make_url(url)
    if parsed.get_backend_name() == "postgresql":
        return create_engine(parsed.set(drivername="postgresql+psycopg"), pool_size=8, pool_pre_ping=True)
    if parsed.database:
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(parsed, connect_args={"timeout": 30})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # the driver must not open transactions of its own: BEGIN is sent below
    keep_wal(connection)
    for pragma in ("synchronous=FULL", "busy_timeout=30000"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("callsheet_write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
