"""Documents: campaigns, storyboards, call sheets, quotes, cuts, decisions. Named by the hash of their content."""

from typing import TypeVar

from sqlalchemy import select

from callsheet.domain.error import NotFound
from callsheet.domain.identity import Digest
from callsheet.domain.record import Record, canonical_json, digest_of
from callsheet.storage.database import Transaction
from callsheet.storage.table import DOCUMENTS
from callsheet.storage.upsert import insert_once

R = TypeVar("R", bound=Record)


def keep(tx: Transaction, record: Record) -> Digest:
    """Keep a document and return its name. Keeping the same document again changes nothing."""
    body = record.model_dump(mode="json")
    digest = digest_of(body)
    row = {"workspace": tx.workspace, "digest": digest, "kind": type(record).__name__, "body": canonical_json(body)}
    insert_once(tx, DOCUMENTS, row)
    return digest


def is_redacted(tx: Transaction, digest: Digest) -> bool:
    """Whether a person was taken out of it on request, so that it is not word for word what the hash names."""
    query = select(DOCUMENTS.c.redacted_at).where(DOCUMENTS.c.workspace == tx.workspace, DOCUMENTS.c.digest == digest)
    return any(row.redacted_at for row in tx.execute(query))


def readable(tx: Transaction, kind: type[R], digest: Digest) -> R | None:
    """The document of that name; nothing where it is gone, or does not read as one any more."""
    try:
        return fetch(tx, kind, digest)
    except (NotFound, ValueError):  # what does not validate is a ValueError
        return None


def fetch(tx: Transaction, kind: type[R], digest: Digest) -> R:
    """The document of that name. Raises NotFound."""
    row = tx.execute(
        select(DOCUMENTS.c.body).where(
            DOCUMENTS.c.workspace == tx.workspace, DOCUMENTS.c.digest == digest, DOCUMENTS.c.kind == kind.__name__
        )
    ).first()
    if row is None:
        raise NotFound(
            f"no {kind.__name__} {digest[:12]} in this workspace; is CALLSHEET_HOME the one the run began in?"
        )
    return kind.model_validate_json(row.body)
