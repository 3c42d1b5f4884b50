"""The archive: documents by hash and the ledger, as the crew uses them between two transactions of their own."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from callsheet.domain.identity import Digest, RunId
from callsheet.domain.ledger import Event
from callsheet.domain.record import Record
from callsheet.storage import document
from callsheet.storage.database import Database, Transaction
from callsheet.storage.ledger import record

R = TypeVar("R", bound=Record)


class Archive:
    """Keeps and finds documents; writes what happened."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def load(self, kind: type[R], digest: str) -> R:
        """The document of that name. Raises NotFound."""
        return await self._database.read(lambda tx: document.fetch(tx, kind, Digest(digest)))

    async def keep(self, run: str, thing: Record, event: Callable[[Digest], Event] | None = None) -> Digest:
        """Keep a document and, in the same transaction, write what it means. Repeating it adds to the ledger alone."""
        return await self._database.write(lambda tx: _keep(tx, RunId(run), thing, event))

    async def keep_all(self, things: Sequence[Record]) -> tuple[Digest, ...]:
        """Keep documents in one transaction; their names in the same order."""
        return await self._database.write(lambda tx: tuple(document.keep(tx, one) for one in things))

    async def log(self, run: str, *events: Event) -> None:
        """Write what happened."""
        await self._database.write(lambda tx: [record(tx, RunId(run), event) for event in events])


def _keep(tx: Transaction, run: RunId, thing: Record, event: Callable[[Digest], Event] | None) -> Digest:
    digest = document.keep(tx, thing)
    if event is not None:
        record(tx, run, event(digest))
    return digest
