"""Runs: started, found again, ended."""

from collections.abc import Iterable

from sqlalchemy import select, update

from callsheet.domain.error import NotFound, WrongUse
from callsheet.domain.event import RunStarted
from callsheet.domain.identity import RunId
from callsheet.domain.run import UNFINISHED, Run, RunStatus
from callsheet.storage.database import Transaction
from callsheet.storage.ledger import record
from callsheet.storage.table import RUNS


def start(tx: Transaction, run: Run, event: RunStarted) -> None:
    """Begin a run. A folder that has an unfinished one is refused, and the run is named; a fork goes on beside it."""
    for other in unfinished(tx):
        if other.folder == run.folder and run.forked_from is None:
            raise WrongUse(
                f"{run.folder} has an unfinished run, {other.id}: go on with `callsheet resume {other.id}`, "
                f"or end it with `callsheet decide {other.id} reject`"
            )
    tx.execute(
        RUNS.insert(),
        {
            "workspace": tx.workspace,
            "id": run.id,
            "folder": run.folder,
            "status": run.status,
            "started_at": run.started_at.isoformat(),
            "body": run.model_dump_json(),
        },
    )
    record(tx, run.id, event)


def find(tx: Transaction, run_id: RunId) -> Run:
    """The run of that id. Raises NotFound naming the runs there are."""
    row = tx.execute(select(RUNS.c.body).where(RUNS.c.workspace == tx.workspace, RUNS.c.id == run_id)).first()
    if row is None:
        known = ", ".join(run.id for run in every(tx)) or "none yet"
        raise NotFound(f"no run {run_id} in this workspace; there are: {known}")
    return Run.model_validate_json(row.body)


def every(tx: Transaction, statuses: Iterable[RunStatus] = ()) -> tuple[Run, ...]:
    """All runs, oldest first, or those of some statuses."""
    query = select(RUNS.c.body).where(RUNS.c.workspace == tx.workspace).order_by(RUNS.c.started_at, RUNS.c.id)
    if wanted := tuple(statuses):
        query = query.where(RUNS.c.status.in_(wanted))
    return tuple(Run.model_validate_json(row.body) for row in tx.execute(query))


def unfinished(tx: Transaction) -> tuple[Run, ...]:
    """Runs that still have something to do or to decide."""
    return every(tx, UNFINISHED)


def claim(tx: Transaction, run_id: RunId, driver: str) -> Run:
    """Give a run to whoever advances it: a LangGraph thread. It belongs to one. Raises WrongUse naming the other."""
    run = find(tx, run_id)
    if run.driver and run.driver != driver:
        raise WrongUse(
            f"{run_id} is advanced in thread {run.driver} already; answer and resume it there. If that thread is gone: "
            f"callsheet resume {run_id} --take-over"
        )
    return _put(tx, run.model_copy(update={"driver": driver}))


def release(tx: Transaction, run_id: RunId) -> Run:
    """Take a run from whoever advances it: the next one who comes begins its graph anew and adopts what was bought."""
    return _put(tx, find(tx, run_id).model_copy(update={"driver": ""}))


def set_status(tx: Transaction, run_id: RunId, status: RunStatus, reason: str = "") -> Run:
    """Say where the run stands. One that was called off stays so, whatever still happens in it."""
    before = find(tx, run_id)
    if before.status == "cancelled":
        return before
    return _put(tx, before.model_copy(update={"status": status, "reason": reason}))


def _put(tx: Transaction, run: Run) -> Run:
    tx.execute(
        update(RUNS)
        .where(RUNS.c.workspace == tx.workspace, RUNS.c.id == run.id)
        .values(status=run.status, body=run.model_dump_json())
    )
    return run
