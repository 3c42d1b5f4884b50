"""Which jobs belong to which batch and run, and what each touches. Written before a job is queued."""

from collections.abc import Sequence

from sqlalchemy import select

from callsheet.domain.identity import BatchId, JobId, RunId
from callsheet.storage.database import Transaction
from callsheet.storage.table import TAGS
from callsheet.storage.upsert import insert_missing


def tag(tx: Transaction, batch: BatchId, run: RunId, jobs: Sequence[tuple[JobId, str, Sequence[str]]]) -> None:
    """Write the tags of a batch's jobs."""
    rows = [
        {"workspace": tx.workspace, "job": job, "tag": one, "batch": batch, "kind": kind}
        for job, kind, tags in jobs
        for one in dict.fromkeys((f"run:{run}", *tags))
    ]
    insert_missing(tx, TAGS, rows)


def tagged(tx: Transaction, tag: str) -> dict[JobId, tuple[str, ...]]:
    """Every job with a tag, and all its tags."""
    named = select(TAGS.c.job).where(TAGS.c.workspace == tx.workspace, TAGS.c.tag == tag)
    rows = tx.execute(
        select(TAGS.c.job, TAGS.c.tag)
        .where(TAGS.c.workspace == tx.workspace, TAGS.c.job.in_(named))
        .order_by(TAGS.c.job, TAGS.c.tag)
    )
    found: dict[JobId, list[str]] = {}
    for row in rows:
        found.setdefault(JobId(row.job), []).append(str(row.tag))
    return {job: tuple(tags) for job, tags in found.items()}


def keys(tx: Transaction, beginning: str) -> tuple[str, ...]:
    """The purchase keys that begin so, of takes that were ever handed in."""
    rows = tx.execute(
        select(TAGS.c.tag)
        .where(TAGS.c.workspace == tx.workspace, TAGS.c.tag.startswith(f"take:{beginning}", autoescape=True))
        .distinct()
        .order_by(TAGS.c.tag)
    )
    return tuple(str(row.tag).removeprefix("take:") for row in rows)


def batches(tx: Transaction, run: RunId) -> tuple[tuple[str, str, tuple[JobId, ...]], ...]:
    """The batches of a run with their kind and jobs, in order of name."""
    rows = tx.execute(
        select(TAGS.c.batch, TAGS.c.kind, TAGS.c.job)
        .where(TAGS.c.workspace == tx.workspace, TAGS.c.tag == f"run:{run}")
        .order_by(TAGS.c.batch, TAGS.c.job)
    )
    found: dict[tuple[str, str], list[JobId]] = {}
    for row in rows:
        found.setdefault((str(row.batch), str(row.kind)), []).append(JobId(row.job))
    return tuple((batch, kind, tuple(jobs)) for (batch, kind), jobs in found.items())
