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


def alone(tx: Transaction, keys: Iterable[str]) -> tuple[Digest, ...]:
    """The bytes of these pieces that no other piece has."""
    wanted = set(keys)
    rows = tx.execute(select(SEGMENTS.c.key, SEGMENTS.c.digest).where(SEGMENTS.c.workspace == tx.workspace)).all()
    kept = {row.digest for row in rows if row.key not in wanted}
    return tuple(sorted({Digest(row.digest) for row in rows if row.key in wanted} - kept))


def forget(tx: Transaction, keys: Iterable[str]) -> None:
    """Forget these pieces, once their bytes are gone: nothing else says which those were."""
    for key in sorted(set(keys)):
        tx.execute(delete(SEGMENTS).where(SEGMENTS.c.workspace == tx.workspace, SEGMENTS.c.key == key))
