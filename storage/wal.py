"""SQLite's write-ahead log, switched on by whoever opens a file first."""

import sqlite3
import time

_TRIES = 300
_PAUSE_SECONDS = 0.1


def keep_wal(connection: sqlite3.Connection) -> None:
    """Put a SQLite file into WAL mode, so that readers and a writer do not wait for each other.

    Two that open a new file at one moment both want it to themselves, and SQLite refuses one of them at once whatever
    its busy timeout; it asks again, for half a minute. Raises `sqlite3.OperationalError` after that.
    """
    for left in reversed(range(_TRIES)):
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError:
            if not left:
                raise
            time.sleep(_PAUSE_SECONDS)
        else:
            return
