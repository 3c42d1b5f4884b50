"""Who is cast in a run, and who is seen in its cuts and files, as the ledger and the takes say."""

from collections.abc import Mapping

from sqlalchemy import select

from callsheet.domain.identity import CameoId, Digest, RunId, TakeId
from callsheet.domain.ledger import Entry, current_body
from callsheet.domain.take import Take
from callsheet.storage.database import Transaction
from callsheet.storage.ledger import RUN_CHAIN
from callsheet.storage.table import LEDGER, TAKES


def cast_of(tx: Transaction, run: RunId) -> frozenset[CameoId]:
    """Everybody in the latest call sheet of a run."""
    for entry in reversed(_of_run(tx, run)):
        if entry.kind == "CallSheetDrawn":
            return frozenset(CameoId(role[1]) for role in current_body(entry)["roles"])
    return frozenset()


def cuts_with(tx: Transaction, run: RunId, cameo: CameoId) -> Mapping[Digest, tuple[str, str]]:
    """The cuts of a run in which the person is seen: variant and placement of each."""
    assembled = [current_body(entry) for entry in _of_run(tx, run) if entry.kind == "CutAssembled"]
    shows = _takes_with(tx, cameo, {TakeId(take) for body in assembled for take in body["takes"]})
    return {
        Digest(body["cut"]): (body["variant"], body["placement"]) for body in assembled if shows & set(body["takes"])
    }


def files_with(tx: Transaction, run: RunId, cameo: CameoId) -> frozenset[Digest]:
    """The finished files of a run in which the person is seen."""
    cuts = cuts_with(tx, run, cameo)
    finished = (current_body(entry) for entry in _of_run(tx, run) if entry.kind == "DeliverableFinished")
    return frozenset(Digest(body["file"]) for body in finished if body["cut"] in cuts)


def _takes_with(tx: Transaction, cameo: CameoId, ids: set[TakeId]) -> set[str]:
    rows = tx.execute(select(TAKES.c.body).where(TAKES.c.workspace == tx.workspace, TAKES.c.id.in_(sorted(ids))))
    found = (Take.model_validate_json(row.body) for row in rows)
    return {take.id for take in found if take.cameo == cameo}


def _of_run(tx: Transaction, run: RunId) -> list[Entry]:
    rows = tx.execute(
        select(LEDGER.c.entry)
        .where(LEDGER.c.workspace == tx.workspace, LEDGER.c.run == run, LEDGER.c.chain == RUN_CHAIN)
        .order_by(LEDGER.c.position)
    )
    return [Entry.model_validate_json(row.entry) for row in rows]
