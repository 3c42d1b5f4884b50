"""Cameos and claims: revisioned records of the workspace, seeded from the campaign, read again at every gate.

A revocation lives here and beats any file: seeding never takes one back.
"""

from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Table, func, select

from callsheet.domain.cameo import Cameo, Release
from callsheet.domain.claim import Claim
from callsheet.domain.error import WrongUse
from callsheet.domain.identity import Digest, ReleaseId
from callsheet.domain.record import digest_of
from callsheet.domain.seen import fold
from callsheet.storage.database import Transaction
from callsheet.storage.table import REVISIONS, REVOCATIONS, USE_APPROVALS
from callsheet.storage.upsert import insert_once

Kind = Literal["cameo", "claim"]


def seed(tx: Transaction, campaign: str, cameos: tuple[Cameo, ...], claims: tuple[Claim, ...]) -> None:
    """Bring a campaign's records in. One that says the same as the latest revision makes no new one.

    Raises WrongUse when a cameo's id already belongs to a person of another name.
    """
    for cameo in cameos:
        _same_person(tx, cameo)
        _revise(tx, "cameo", cameo.id, cameo.model_dump_json())
    for key, claim in _keyed(campaign, claims):
        _revise(tx, "claim", key, claim.model_dump_json())


def cameos(tx: Transaction, wanted: tuple[str, ...]) -> tuple[Cameo, ...]:
    """The latest revision of each of these cameos, with what was revoked and approved since."""
    return overlaid(tx, tuple(Cameo.model_validate_json(body) for body in _latest(tx, "cameo", wanted)))


def overlaid(tx: Transaction, cameos: tuple[Cameo, ...]) -> tuple[Cameo, ...]:
    """These people with the workspace's own words about their releases: whatever a file says, those hold."""
    revoked = {row.release: datetime.fromisoformat(row.at) for row in _words_about(tx, REVOCATIONS)}
    approved: dict[str, list[Digest]] = {}
    for row in _words_about(tx, USE_APPROVALS):
        approved.setdefault(row.release, []).append(Digest(row.use))

    def with_words(release: Release) -> Release:
        uses = tuple(sorted(approved.get(release.id, ())))
        return release.model_copy(update={"revoked_at": revoked.get(release.id), "approved_uses": uses})

    return tuple(one.model_copy(update={"releases": tuple(map(with_words, one.releases))}) for one in cameos)


def claims(tx: Transaction, campaign: str, wanted: tuple[Claim, ...]) -> tuple[Claim, ...]:
    """The latest revision of each of these claims of this campaign, found by wording, under the id it has here."""
    return tuple(
        Claim.model_validate_json(body).model_copy(update={"id": claim.id})
        for key, claim in _keyed(campaign, wanted)
        for body in _latest(tx, "claim", (key,))
    )


def revoke(tx: Transaction, release: ReleaseId, reason: str) -> bool:
    """End a permission now. False when it was revoked before."""
    return insert_once(
        tx, REVOCATIONS, {"workspace": tx.workspace, "release": release, "at": tx.now.isoformat(), "reason": reason}
    )


def _keyed(campaign: str, claims: tuple[Claim, ...]) -> list[tuple[str, Claim]]:
    """Claims by campaign and wording: ids such as c1 are counted anew in every campaign and every file.

    The same wording may stand twice, for two markets or seasons; then its place among its equals tells them apart.
    """
    keyed: list[tuple[str, Claim]] = []
    before: dict[str, int] = {}
    for claim in claims:
        wording = fold(claim.text)
        keyed.append((digest_of([campaign, wording, before.get(wording, 0)]), claim))
        before[wording] = before.get(wording, 0) + 1
    return keyed


def _same_person(tx: Transaction, cameo: Cameo) -> None:
    for known in cameos(tx, (cameo.id,)):
        if fold(known.name) != fold(cameo.name):
            raise WrongUse(
                f"the cameo {cameo.id} is {known.name} in this workspace and {cameo.name} in this campaign; "
                f"give {cameo.name} an id of their own under cameos, or write the name as {known.name}"
            )


def _words_about(tx: Transaction, words: Table) -> Any:
    return tx.execute(select(words).where(words.c.workspace == tx.workspace))


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
