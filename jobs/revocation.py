"""A person takes back permission at 2 p.m.: from that transaction on no purchase begins with them, and all there is of
them has a named fate: takes, copies at providers, cuts, publications, runs.

One transaction writes the word, the events and which open questions are taken back. What follows only carries it out,
at the same time and each part safe to repeat: saying it again finishes a revocation that was cut short.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from datetime import datetime

from callsheet.domain.identity import CameoId, GateId, ReleaseId, RunId
from callsheet.domain.revocation import AffectedRun, RevocationReport
from callsheet.domain.run import AT_END, Run
from callsheet.jobs.alternate import begin_alternates
from callsheet.jobs.buying import ApiFor
from callsheet.jobs.forget import forget_person
from callsheet.jobs.port import Jobs
from callsheet.jobs.sweep import Sweep
from callsheet.jobs.withdrawal import PublisherOf, take_down
from callsheet.jobs.word import Word, cuts_of, say
from callsheet.storage import cameo as people
from callsheet.storage import gate as gates
from callsheet.storage import run as runs
from callsheet.storage.database import Database, Transaction

PATIENCE = 60.0
"""Seconds to wait for runs to reach the gate where people are asked about the film without the person."""
_GOES_ON = ("running", "waiting")


@dataclass(frozen=True)
class Desk:
    """Who carries a revocation out: the journal, the lines to providers, the queue and the publishers of runs."""

    database: Database
    api_for: ApiFor
    jobs: Jobs
    publisher: PublisherOf
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    patience: float = PATIENCE


async def revoke(desk: Desk, cameo: CameoId, release: ReleaseId | None = None, reason: str = "") -> RevocationReport:
    """End one release of a person, or all of them, now, and say what became of everything with them.

    Where another release covers a run's use, its renders go on. Nothing here works as a worker: `go_on` then brings the
    runs to the gate about the film without the person. Raises NotFound for a person or release nobody knows.
    """
    sweep = Sweep(desk.database, desk.api_for, desk.jobs, f"cameo:{cameo}")
    word = await sweep.begin(lambda tx, touched: say(tx, cameo, release, reason, touched), _uncovered)
    await sweep.until_still(desk.sleep)
    person = await desk.database.read(lambda tx: people.cameos(tx, (cameo,))[0])
    published, deletions, begun = await asyncio.gather(
        take_down(desk.database, desk.publisher, word, person),
        forget_person(desk.api_for, person, sweep.purchases, word.at),
        begin_alternates(desk.database, word),
    )
    going = (*word.runs, *begun)
    return RevocationReport(
        cameo=cameo,
        releases=word.releases,
        at=word.at,
        was_said_before=word.was_said_before,
        takes=sweep.takes,
        last_cancel_ms=sweep.last_cancel_ms,
        deletions=deletions,
        cuts=await desk.database.read(lambda tx: cuts_of(tx, word)),
        publications=published,
        runs=await desk.database.read(lambda tx: _as_they_stand(tx, going)),
    )


async def go_on(desk: Desk, report: RevocationReport) -> RevocationReport:
    """Have the runs go on without the person, as far as the gate where people are asked, and say where each stands."""
    await _wake(desk, [one.run for one in report.runs if not one.is_covered], report.at)
    standing = await desk.database.read(lambda tx: _as_they_stand(tx, report.runs))
    return report.model_copy(update={"runs": standing})


def _uncovered(word: Word) -> Collection[RunId]:
    return {one.run for one in word.runs if not one.is_covered}


async def _wake(desk: Desk, concerned: Collection[RunId], at: datetime) -> None:
    """Wait for runs not longer than anybody would: renders that could not be stopped may take an hour."""
    found = await desk.database.read(lambda tx: [runs.find(tx, one) for one in concerned])
    waking = [
        asyncio.ensure_future(desk.jobs.wake(one.id, f"revoked-{at.timestamp()}"))
        for one in found
        if one.status in _GOES_ON
    ]
    if not waking:
        return
    _, late = await asyncio.wait(waking, timeout=desk.patience)
    for one in late:
        one.cancel()
    await asyncio.gather(*waking, return_exceptions=True)  # a run that cannot go on says so itself


def _as_they_stand(tx: Transaction, concerned: Collection[AffectedRun]) -> tuple[AffectedRun, ...]:
    return tuple(_as_it_stands(tx, one) for one in concerned)


def _as_it_stands(tx: Transaction, one: AffectedRun) -> AffectedRun:
    run = runs.find(tx, one.run)
    open_ = [gate.id for gate in gates.gates_of(tx, run.id) if not gates.verdict_at(tx, gate.id).is_final]
    note = one.note if one.is_covered or run.status in AT_END else _note(run, open_)
    return one.model_copy(update={"status": run.status, "gate": open_[-1] if open_ else None, "note": note})


def _note(run: Run, open_: list[GateId]) -> str:
    if run.status in AT_END or open_:
        return ""
    if run.status == "running":
        return f"it is still at work; `callsheet status {run.id}` says when people are asked"
    return f"{run.status}: `callsheet resume {run.id}` goes on without the person"
