"""What went out, where it stands, and how it was taken down."""

from collections.abc import Collection
from typing import Literal

from pydantic import AwareDatetime
from sqlalchemy import delete, select, update

from callsheet.domain.error import NotFound
from callsheet.domain.event import Published, TakenDown
from callsheet.domain.identity import Digest, GateId, PlacementId, PublicationId, RunId, VariantId
from callsheet.domain.record import Record, digest_of
from callsheet.storage.database import Transaction
from callsheet.storage.ledger import record
from callsheet.storage.table import PUBLICATIONS
from callsheet.storage.upsert import insert_once


class Publication(Record):
    """One file in one place.

    `sending` is written down before a file leaves, when the channel has given it no id yet: a worker that dies may
    have sent it, or not. Whoever meets it asks the channel.
    """

    id: PublicationId
    run: RunId
    gate: GateId
    name: str
    file: Digest
    variant: VariantId
    placement: PlacementId
    adapter: str
    state: Literal["sending", "up", "down"] = "up"
    at: AwareDatetime

    @property
    def standing(self) -> str:
        """Where it stands, in words."""
        return "perhaps out" if self.state == "sending" else self.state


def begin(tx: Transaction, publication: Publication) -> Publication | None:
    """Write down that a file is about to leave, before it does: then no film is out that no book knows.

    `publication` needs no id of the channel yet. What is known to be out already stays as it is. Returns what the book
    said of this file in this place before: `up`, or `sending` from a try that was cut off; None when it is new.
    """
    seal, mark = _seal(publication), _sending(publication)
    alike = [one for one in of_run(tx, publication.run) if one.state != "down" and _seal(one) == seal]
    up = next((one for one in alike if one.state == "up"), None)
    if up is not None:
        return up
    sending = publication.model_copy(update={"id": mark, "state": "sending"})
    row = {"workspace": tx.workspace, "id": sending.id, "run": sending.run, "body": sending.model_dump_json()}
    if not insert_once(tx, PUBLICATIONS, row):
        where = (PUBLICATIONS.c.workspace == tx.workspace, PUBLICATIONS.c.id == sending.id)
        tx.execute(update(PUBLICATIONS).where(*where).values(body=row["body"]))
    return alike[0] if alike else None


def is_sending(tx: Transaction, publication: Publication) -> bool:
    """Whether this file was about to leave for its place, and nobody wrote down yet whether it did."""
    return any(one.id == _sending(publication) for one in of_run(tx, publication.run))


def drop(tx: Transaction, publication: Publication) -> None:
    """Strike out that a file was about to leave: it did not."""
    sending = _sending(publication)
    tx.execute(delete(PUBLICATIONS).where(PUBLICATIONS.c.workspace == tx.workspace, PUBLICATIONS.c.id == sending))


def keep(tx: Transaction, publication: Publication) -> None:
    """Record that a file went out: once, until it is taken down and goes out again. It is not on its way any more."""
    drop(tx, publication)
    row = {
        "workspace": tx.workspace,
        "id": publication.id,
        "run": publication.run,
        "body": publication.model_dump_json(),
    }
    where = (PUBLICATIONS.c.workspace == tx.workspace, PUBLICATIONS.c.id == publication.id)
    is_new = insert_once(tx, PUBLICATIONS, row)
    if not is_new:
        known = Publication.model_validate_json(tx.execute(select(PUBLICATIONS.c.body).where(*where)).scalar_one())
        is_new = known.state == "down"
        if is_new:
            tx.execute(update(PUBLICATIONS).where(*where).values(body=publication.model_dump_json()))
    if is_new:
        event = Published(
            **publication.model_dump(include={"name", "file", "gate", "placement", "adapter"}),
            publication=publication.id,
        )
        record(tx, publication.run, event)


def of_run(tx: Transaction, run: RunId) -> tuple[Publication, ...]:
    """Everything a run published, in order of time."""
    rows = tx.execute(
        select(PUBLICATIONS.c.body).where(PUBLICATIONS.c.workspace == tx.workspace, PUBLICATIONS.c.run == run)
    )
    found = (Publication.model_validate_json(row.body) for row in rows)
    return tuple(sorted(found, key=lambda one: (one.at, one.id)))


def perhaps_out(tx: Transaction, files: Collection[Digest] | None = None) -> tuple[Publication, ...]:
    """Everything, or what is of these files, that was about to leave when nobody wrote down whether it did."""
    rows = tx.execute(select(PUBLICATIONS.c.body).where(PUBLICATIONS.c.workspace == tx.workspace))
    found = (Publication.model_validate_json(row.body) for row in rows)
    wanted = (one for one in found if one.state == "sending" and (files is None or one.file in files))
    return tuple(sorted(wanted, key=lambda one: (one.at, one.id)))


def take_down(tx: Transaction, publication: PublicationId, reason: str) -> Publication:
    """Record that a file was withdrawn."""
    where = (PUBLICATIONS.c.workspace == tx.workspace, PUBLICATIONS.c.id == publication)
    row = tx.execute(select(PUBLICATIONS.c.body).where(*where)).first()
    if row is None:
        raise NotFound(f"no publication {publication} in this workspace")
    before = Publication.model_validate_json(row.body)
    if before.state == "down":
        return before
    after = before.model_copy(update={"state": "down"})
    tx.execute(update(PUBLICATIONS).where(*where).values(body=after.model_dump_json()))
    record(tx, after.run, TakenDown(publication=publication, reason=reason))
    return after


def _seal(publication: Publication) -> tuple[str, ...]:
    """What makes it this file in this place, whatever the channel calls it."""
    return (publication.run, publication.adapter, publication.placement, publication.name, publication.file)


def _sending(publication: Publication) -> PublicationId:
    return PublicationId(f"sending-{digest_of(list(_seal(publication)))[:16]}")
