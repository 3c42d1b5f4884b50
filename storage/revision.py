"""Revisioned records: a record that changes gets a new revision, and the earlier ones stay."""

from typing import Literal

from sqlalchemy import func, select

from callsheet.storage.database import Transaction
from callsheet.storage.table import REVISIONS

Kind = Literal["cameo", "claim"]


def latest(tx: Transaction, kind: Kind, wanted: tuple[str, ...]) -> list[str]:
    """The newest body of each of these records; those nobody knows are left out."""
    found: list[str] = []
    for one in wanted:
        row = tx.execute(
            select(REVISIONS.c.body)
            .where(REVISIONS.c.workspace == tx.workspace, REVISIONS.c.kind == kind, REVISIONS.c.id == one)
            .order_by(REVISIONS.c.revision.desc())
            .limit(1)
        ).first()
        if row is not None:
            found.append(str(row.body))
    return found


def history(tx: Transaction, kind: Kind, name: str) -> list[str]:
    """Every body a record ever had, oldest first."""
    query = select(REVISIONS.c.body).where(
        REVISIONS.c.workspace == tx.workspace, REVISIONS.c.kind == kind, REVISIONS.c.id == name
    )
    return [str(row.body) for row in tx.execute(query.order_by(REVISIONS.c.revision))]


def names(tx: Transaction, kind: Kind) -> tuple[str, ...]:
    """The id of every record of that kind, sorted."""
    query = select(REVISIONS.c.id).where(REVISIONS.c.workspace == tx.workspace, REVISIONS.c.kind == kind).distinct()
    return tuple(sorted(str(row.id) for row in tx.execute(query)))


def revise(tx: Transaction, kind: Kind, name: str, body: str) -> int | None:
    """Keep a new revision and return its number; nothing when the newest says the same."""
    if latest(tx, kind, (name,)) == [body]:
        return None
    count = tx.execute(
        select(func.count())
        .select_from(REVISIONS)
        .where(REVISIONS.c.workspace == tx.workspace, REVISIONS.c.kind == kind, REVISIONS.c.id == name)
    ).scalar_one()
    tx.execute(
        REVISIONS.insert(),
        {
            "workspace": tx.workspace,
            "kind": kind,
            "id": name,
            "revision": count + 1,
            "at": tx.now.isoformat(),
            "body": body,
        },
    )
    return int(count) + 1
