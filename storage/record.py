"""Cameos and claims: revisioned records of the workspace, seeded from the campaign, read again at every gate.

A revocation lives here and beats any file: seeding never takes one back.
"""

from typing import Literal

from sqlalchemy import func, select

from callsheet.domain.cameo import Cameo
from callsheet.domain.claim import Claim
from callsheet.domain.identity import ReleaseId
from callsheet.storage.database import Transaction
from callsheet.storage.table import REVISIONS, REVOCATIONS
from callsheet.storage.upsert import insert_once

Kind = Literal["cameo", "claim"]


def seed(tx: Transaction, cameos: tuple[Cameo, ...], claims: tuple[Claim, ...]) -> None:
    """Bring the campaign's records in. One that says the same as the latest revision makes no new one."""
    for cameo in cameos:
        _revise(tx, "cameo", cameo.id, cameo.model_dump_json())
    for claim in claims:
        _revise(tx, "claim", claim.id, claim.model_dump_json())


def cameos(tx: Transaction, wanted: tuple[str, ...]) -> tuple[Cameo, ...]:
    """The latest revision of each of these cameos."""
    return tuple(Cameo.model_validate_json(body) for body in _latest(tx, "cameo", wanted))


def claims(tx: Transaction, wanted: tuple[str, ...]) -> tuple[Claim, ...]:
    """The latest revision of each of these claims."""
    return tuple(Claim.model_validate_json(body) for body in _latest(tx, "claim", wanted))


def revoke(tx: Transaction, release: ReleaseId, reason: str) -> bool:
    """End a permission now. False when it was revoked before."""
    return insert_once(
        tx, REVOCATIONS, {"workspace": tx.workspace, "release": release, "at": tx.now.isoformat(), "reason": reason}
    )


def revoked(tx: Transaction) -> frozenset[ReleaseId]:
    """Every revoked release."""
    rows = tx.execute(select(REVOCATIONS.c.release).where(REVOCATIONS.c.workspace == tx.workspace))
    return frozenset(ReleaseId(row.release) for row in rows)


def _latest(tx: Transaction, kind: Kind, wanted: tuple[str, ...]) -> list[str]:
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


def _revise(tx: Transaction, kind: Kind, name: str, body: str) -> None:
    if _latest(tx, kind, (name,)) == [body]:
        return
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
