"""Insert a row unless its key is there already, in either dialect."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite

from callsheet.storage.database import Transaction


def insert_once(tx: Transaction, table: Table, row: Mapping[str, Any]) -> bool:
    """Insert the row. False when a row of that key was there, which is then left as it is."""
    dialect = postgresql if tx.connection.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(table).values(**row).on_conflict_do_nothing().returning(table.c.workspace)
    return tx.execute(statement).first() is not None  # a driver may not count what an insert did
