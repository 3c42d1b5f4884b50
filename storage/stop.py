"""Words to stop: written in one transaction, read in the transaction that would begin a purchase."""

from collections.abc import Iterable

from sqlalchemy import delete, select

from callsheet.domain.stop import Stop, StopKind
from callsheet.storage.database import Transaction
from callsheet.storage.table import STOPS
from callsheet.storage.upsert import insert_once


def say(tx: Transaction, tag: str, kind: StopKind, reason: str = "") -> bool:
    """Stop everything with this tag from this transaction on. False when that was said before."""
    return insert_once(
        tx,
        STOPS,
        {"workspace": tx.workspace, "tag": tag, "kind": kind, "reason": reason, "at": tx.now.isoformat()},
    )


def lift(tx: Transaction, tag: str) -> bool:
    """End a pause. False when there was none; what was called off stays called off."""
    row = STOPS.c.workspace == tx.workspace, STOPS.c.tag == tag, STOPS.c.kind == "pause"
    return tx.execute(delete(STOPS).where(*row).returning(STOPS.c.tag)).first() is not None


def find(tx: Transaction, tags: Iterable[str]) -> Stop | None:
    """What stops something that carries these tags; a cancel before a pause."""
    rows = tx.execute(
        select(STOPS)
        .where(STOPS.c.workspace == tx.workspace, STOPS.c.tag.in_(tuple(tags)))
        .order_by(STOPS.c.kind, STOPS.c.tag)
    ).mappings()
    return next((Stop(tag=row["tag"], kind=row["kind"], reason=row["reason"], at=row["at"]) for row in rows), None)


def every(tx: Transaction) -> tuple[Stop, ...]:
    """Every word that holds now, in order of tag."""
    rows = tx.execute(select(STOPS).where(STOPS.c.workspace == tx.workspace).order_by(STOPS.c.tag, STOPS.c.kind))
    return tuple(Stop(tag=row["tag"], kind=row["kind"], reason=row["reason"], at=row["at"]) for row in rows.mappings())
