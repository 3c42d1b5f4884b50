"""The engine's database connection."""

import sqlite3
import time
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import make_url

from callsheet.storage.wal import keep_wal

_HAS_SUBSECONDS = (3, 42)


def open_engine(url: str) -> Engine:
    """Open the engine's database. A SQLite file is put into WAL mode, so that clients read beside the worker.

    From Python 3.12 on the engine asks SQLite for fractions of a second, which SQLite knows only since 3.42; an older
    one is taught the function.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() == "postgresql":
        return create_engine(parsed.set(drivername="postgresql+psycopg"), pool_pre_ping=True)
    if parsed.database:
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(parsed, connect_args={"timeout": 30})
    event.listen(engine, "connect", _prepare)
    return engine


def _prepare(connection: Any, _record: Any) -> None:
    keep_wal(connection)
    if sqlite3.sqlite_version_info < _HAS_SUBSECONDS:
        connection.create_function("unixepoch", -1, _unixepoch)


def _unixepoch(*words: Any) -> float | int:
    return round(time.time(), 3) if words else int(time.time())
