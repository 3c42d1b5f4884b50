"""How people were used: read from every run's ledger, its cuts and its takes."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select

from callsheet.domain.appearance import Appearance, appearances
from callsheet.domain.cameo import Cameo, Royalty
from callsheet.domain.cut import Cut
from callsheet.domain.error import NotFound
from callsheet.domain.identity import CameoId, Digest, ReleaseId, RunId, TakeId
from callsheet.domain.royalty import Statement, statement
from callsheet.domain.seen import fold
from callsheet.domain.take import Take
from callsheet.storage import cameo as people
from callsheet.storage import document
from callsheet.storage import run as runs
from callsheet.storage.database import Transaction
from callsheet.storage.ledger import entries
from callsheet.storage.table import REVISIONS, TAKES


def takes_of(tx: Transaction, cameos: Iterable[CameoId]) -> dict[TakeId, Take]:
    """Every take with one of these people in it, oldest first."""
    wanted = set(cameos)
    rows = tx.execute(select(TAKES.c.body).where(TAKES.c.workspace == tx.workspace))
    found = (Take.model_validate_json(row.body) for row in rows)
    mine = sorted((one for one in found if one.cameo in wanted), key=lambda one: (one.stored_at, one.id))
    return {one.id: one for one in mine}


def appearances_of(tx: Transaction, cast: dict[TakeId, Take]) -> tuple[Appearance, ...]:
    """Where these takes are in the cuts of every run, oldest run first."""
    found: list[Appearance] = []
    for run in runs.every(tx) if cast else ():
        found.extend(_in_run(tx, run.id, cast))
    return tuple(found)


def statement_of(
    tx: Transaction, owner: str, starts: datetime | None = None, ends: datetime | None = None
) -> Statement:
    """What an owner is owed, at the terms that stand now. Raises NotFound naming the owners there are."""
    everybody = people.every(tx)
    owners = {fold(one.licensor): one.licensor for one in everybody}
    named = owners.get(fold(owner)) or next((one.licensor for one in everybody if one.id == owner), None)
    if named is None:
        raise NotFound(
            f"Nobody here licenses as {owner}; there are: {', '.join(sorted(owners.values())) or 'none yet'}."
        )
    mine = [one for one in everybody if fold(one.licensor) == fold(named)]
    cast = takes_of(tx, [one.id for one in mine])
    alike = [one.model_copy(update={"owner": named}) for one in mine]
    return statement(named, alike, appearances_of(tx, cast), cast, terms_of(tx, mine), starts, ends)


def terms_of(tx: Transaction, cameos: Iterable[Cameo]) -> dict[tuple[CameoId, ReleaseId], Royalty]:
    """What each release pays, as it was last written: a release that a later file leaves out is paid all the same."""
    terms: dict[tuple[CameoId, ReleaseId], Royalty] = {}
    for person in cameos:
        rows = tx.execute(
            select(REVISIONS.c.body)
            .where(REVISIONS.c.workspace == tx.workspace, REVISIONS.c.kind == "cameo", REVISIONS.c.id == person.id)
            .order_by(REVISIONS.c.revision)
        )
        for row in rows:
            for release in Cameo.model_validate_json(row.body).releases:
                terms.pop((person.id, release.id), None)
                if release.royalty is not None:
                    terms[person.id, release.id] = release.royalty
    return terms


def _in_run(tx: Transaction, run: RunId, cast: dict[TakeId, Take]) -> tuple[Appearance, ...]:
    ledger = entries(tx, run)
    laid_out = {
        Digest(one.body["cut"])
        for one in ledger
        if one.kind == "CutAssembled" and any(take in cast for take in one.body["takes"])
    }
    return appearances(run, ledger, {digest: document.fetch(tx, Cut, digest) for digest in laid_out}, cast)
