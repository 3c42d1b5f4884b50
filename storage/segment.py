"""Encoded pieces, remembered by the key of everything that determines their bytes."""

from collections.abc import Iterable

from sqlalchemy import delete, select

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


def forget(tx: Transaction, keys: Iterable[str]) -> tuple[Digest, ...]:
    """Forget these pieces; the bytes that no other piece has, which may go too."""
    mine = SEGMENTS.c.workspace == tx.workspace
    wanted = sorted(set(keys))
    gone = {
        Digest(row.digest)
        for key in wanted
        for row in tx.execute(delete(SEGMENTS).where(mine, SEGMENTS.c.key == key).returning(SEGMENTS.c.digest))
    }
    kept = {row.digest for row in tx.execute(select(SEGMENTS.c.digest).where(mine))}
    return tuple(sorted(gone - kept))
