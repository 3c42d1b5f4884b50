"""Insert a row unless its key is there already, in either dialect."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite

from callsheet.storage.database import Transaction


def insert_once(tx: Transaction, table: Table, row: Mapping[str, Any]) -> bool:
    """Insert the row. False when a row of that key was there, which is then left as it is."""
    dialect = postgresql if tx.connection.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(table).values(**row).on_conflict_do_nothing().returning(table.c.workspace)
    return tx.execute(statement).first() is not None  # a driver may not count what an insert did


def insert_missing(tx: Transaction, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert the rows whose keys are not there, many at once; the others are left as they are."""
    dialect = postgresql if tx.connection.dialect.name == "postgresql" else sqlite
    if rows:
        tx.execute(dialect.insert(table).on_conflict_do_nothing(), [dict(row) for row in rows])
