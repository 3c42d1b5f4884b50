"""The right to be the one worker: a lock that the system, or the database, frees when its holder dies."""

import fcntl
from pathlib import Path
from typing import IO, Protocol

from sqlalchemy import Connection, text
from sqlalchemy.exc import SQLAlchemyError

from callsheet.jobs.connection import open_engine

_WORKER_LOCK = 7_305_103


class Leadership(Protocol):
    """One process at a time may hold it."""

    def try_take(self) -> bool:
        """Take the lead if it is free, or keep it."""
        ...

    def holds(self) -> bool:
        """Whether the lead that was taken is still ours: a lost connection may have given it to another process."""
        ...

    def give_up(self) -> None:
        """Let another process lead."""
        ...


class Lead:
    """The right to be the one worker of an embedded engine: a lock that the system frees when its holder dies."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: IO[str] | None = None

    def try_take(self) -> bool:
        """Take the lead if it is free."""
        if self._file is not None:
            return True
        self._path.parent.mkdir(parents=True, exist_ok=True)
        file = self._path.open("w")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            return False
        self._file = file
        return True

    def holds(self) -> bool:
        """Whether it is ours: the system takes it from nobody who lives."""
        return self._file is not None

    def give_up(self) -> None:
        """Let another process lead."""
        if self._file is not None:
            self._file.close()
            self._file = None


class PostgresLead:
    """The lead of a workspace in Postgres: an advisory lock that lives as long as its connection."""

    def __init__(self, url: str) -> None:
        self._engine = open_engine(url)
        self._connection: Connection | None = None

    def try_take(self) -> bool:
        """Take the lead if it is free."""
        if self._connection is not None:
            return True
        connection = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        if connection.execute(text("select pg_try_advisory_lock(:lock)"), {"lock": _WORKER_LOCK}).scalar_one():
            self._connection = connection
            return True
        connection.close()
        return False

    def holds(self) -> bool:
        """Whether the connection that holds the lock still lives."""
        if self._connection is None:
            return False
        try:
            self._connection.execute(text("select 1"))
        except SQLAlchemyError:
            self._connection.invalidate()
            self._connection = None
            return False
        return True

    def give_up(self) -> None:
        """Let another process lead."""
        if self._connection is not None:
            self._connection.execute(text("select pg_advisory_unlock(:lock)"), {"lock": _WORKER_LOCK})
            self._connection.close()
            self._connection = None
        self._engine.dispose()
