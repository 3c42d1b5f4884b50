"""Encoded pieces, remembered by the key of everything that determines their bytes."""

from sqlalchemy import select

from callsheet.domain.identity import Digest
from callsheet.storage.database import Transaction
from callsheet.storage.table import SEGMENTS
from callsheet.storage.upsert import insert_once


def remember(tx: Transaction, key: str, digest: Digest) -> None:
    """Remember where a piece's bytes are."""
    insert_once(tx, SEGMENTS, {"workspace": tx.workspace, "key": key, "digest": digest})


def recall(tx: Transaction, key: str) -> Digest | None:
    """The piece's bytes, if it was encoded before."""
    row = tx.execute(
        select(SEGMENTS.c.digest).where(SEGMENTS.c.workspace == tx.workspace, SEGMENTS.c.key == key)
    ).first()
    return None if row is None else Digest(row.digest)
