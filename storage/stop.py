"""Words to stop: written in one transaction, read in the transaction that would begin a purchase."""

from collections.abc import Collection, Iterable

from sqlalchemy import delete, select

from callsheet.domain.error import WrongUse
from callsheet.domain.event import BuyingPaused, PauseLifted, ShootCancelled
from callsheet.domain.identity import RunId
from callsheet.domain.run import AT_END, Run
from callsheet.domain.stop import EVERYTHING, Stop, StopKind
from callsheet.storage import run as runs
from callsheet.storage.database import Transaction
from callsheet.storage.ledger import record
from callsheet.storage.table import STOPS
from callsheet.storage.upsert import insert_once


def say(tx: Transaction, tag: str, kind: StopKind, reason: str = "") -> bool:
    """Stop everything with this tag from this transaction on. False when that was said before."""
    return insert_once(
        tx,
        STOPS,
        {"workspace": tx.workspace, "tag": tag, "kind": kind, "reason": reason, "at": tx.now.isoformat()},
    )


def lift(tx: Transaction, tag: str, kind: StopKind = "pause") -> bool:
    """Take the word back for what comes later. False when there was none.

    What was called off meanwhile stays so: a cancelled run is at its end, a take locked away stays locked.
    """
    row = STOPS.c.workspace == tx.workspace, STOPS.c.tag == tag, STOPS.c.kind == kind
    return tx.execute(delete(STOPS).where(*row).returning(STOPS.c.tag)).first() is not None


def find(tx: Transaction, tags: Iterable[str]) -> Stop | None:
    """What stops something that carries these tags; a cancel before a pause."""
    rows = tx.execute(
        select(STOPS)
        .where(STOPS.c.workspace == tx.workspace, STOPS.c.tag.in_(tuple(tags)))
        .order_by(STOPS.c.kind, STOPS.c.tag)
    ).mappings()
    return next((Stop(tag=row["tag"], kind=row["kind"], reason=row["reason"], at=row["at"]) for row in rows), None)


def of_run(tx: Transaction, run: RunId, campaign: str) -> Stop | None:
    """What stops a run as a whole."""
    return find(tx, (EVERYTHING, f"run:{run}", f"campaign:{campaign}"))


def every(tx: Transaction) -> tuple[Stop, ...]:
    """Every word that holds now, in order of tag."""
    rows = tx.execute(select(STOPS).where(STOPS.c.workspace == tx.workspace).order_by(STOPS.c.tag, STOPS.c.kind))
    return tuple(Stop(tag=row["tag"], kind=row["kind"], reason=row["reason"], at=row["at"]) for row in rows.mappings())


def pause(tx: Transaction, tag: str, reason: str = "") -> tuple[RunId, ...]:
    """Stop buying for a run, a campaign or everything, with an event in each run that is touched. Those runs."""
    touched = _runs_of(tx, tag)
    if say(tx, tag, "pause", reason):
        for run in touched:
            record(tx, run.id, BuyingPaused(tag=tag))
    return tuple(run.id for run in touched)


def end_pause(tx: Transaction, tag: str) -> bool:
    """Let buying go on, with an event in each run that is touched. False when nothing was paused under this tag."""
    if not lift(tx, tag):
        return False
    for run in _runs_of(tx, tag):
        record(tx, run.id, PauseLifted(tag=tag))
    return True


def end_pause_of_run(tx: Transaction, run: RunId, campaign: str) -> Stop | None:
    """Lift the run's own pause, as resuming it does. What still stands against buying for it, if anything does."""
    end_pause(tx, f"run:{run}")
    return of_run(tx, run, campaign)


def check_start(tx: Transaction, campaign: str) -> None:
    """Refuse to begin a run for which nothing could be bought. Raises WrongUse."""
    found = find(tx, (f"campaign:{campaign}",))
    if found is not None and found.kind == "cancel":
        raise WrongUse(f"{found}. To shoot it again: callsheet cancel --lift --campaign {campaign}")


def call_off(tx: Transaction, tag: str, reason: str, touched: Collection[RunId]) -> tuple[RunId, ...]:
    """Call off what carries this tag. A run, and each run of a campaign, comes to its end by it.

    `touched` are the runs that have such takes. Returns every run that is concerned. Raises WrongUse for a run that
    is at its end already. Said twice, it changes nothing the second time.
    """
    whole = _runs_of(tx, tag)
    some = tuple(one for one in runs.every(tx) if one.id in touched and one.status not in AT_END)
    say(tx, tag, "cancel", reason)
    for run in {one.id: one for one in (*whole, *some)}.values():
        if run in whole:
            say(tx, f"run:{run.id}", "cancel", reason)
            runs.set_status(tx, run.id, "cancelled", reason or f"{tag.replace(':', ' ')} was called off")
        record(tx, run.id, ShootCancelled(tag=tag))
    return tuple(dict.fromkeys([*(run.id for run in whole), *touched]))


def _runs_of(tx: Transaction, tag: str) -> tuple[Run, ...]:
    """The runs that a tag names as a whole and that are not at their end."""
    kind, _, name = tag.partition(":")
    if kind == "run" and (run := runs.find(tx, RunId(name))).status in ("finished", "rejected"):
        raise WrongUse(f"{run.id} is {run.status}: there is nothing to stop any more")
    return tuple(
        run
        for run in runs.every(tx)
        if run.status not in AT_END
        and (tag == EVERYTHING or name == {"run": run.id, "campaign": run.campaign}.get(kind))
    )
