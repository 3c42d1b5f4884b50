"""Begins the film without the person: a new run of the same frozen campaign, in place of a finished one."""

from callsheet.domain.campaign import Campaign
from callsheet.domain.error import WrongUse
from callsheet.domain.event import RunStarted
from callsheet.domain.identity import RunId
from callsheet.domain.revocation import AffectedRun
from callsheet.domain.run import Run
from callsheet.jobs.word import Word
from callsheet.storage import casting, document, publication
from callsheet.storage import run as runs
from callsheet.storage import stop as stops
from callsheet.storage.database import Transaction


def begin_alternates(tx: Transaction, word: Word) -> tuple[AffectedRun, ...]:
    """One for each finished run that had the person out. Takes of other shots are adopted; nothing is bought unasked.

    Saying it again begins none twice. A run that cannot begin says why instead.
    """
    known = {one.alternate_of for one in runs.every(tx)}
    finished = [runs.find(tx, one.run) for one in word.uncovered]
    return tuple(
        _begin(tx, run, word)
        for run in finished
        if run.status == "finished" and run.id not in known and _was_out(tx, run, word)
    )


def _was_out(tx: Transaction, run: Run, word: Word) -> bool:
    files = casting.files_with(tx, run.id, word.cameo)
    return any(one.file in files for one in publication.of_run(tx, run.id))


def _begin(tx: Transaction, before: Run, word: Word) -> AffectedRun:
    campaign = document.fetch(tx, Campaign, before.bundle)
    number = 1 + sum(1 for run in runs.every(tx) if run.campaign == campaign.name)
    run = before.model_copy(
        update={
            "id": RunId(f"{campaign.name}-{number}"),
            "policy": "people",
            "status": "running",
            "reason": "",
            "started_at": tx.now,
            "alternate_of": before.id,
            "notices": (f"alternate of {before.id} without {word.cameo}, whose consent ended", *before.notices),
        }
    )
    started = RunStarted(
        bundle=run.bundle,
        campaign=campaign.name,
        provider=campaign.provider.name,
        model=campaign.provider.model,
        policy=run.policy,
        seed=run.seed,
    )
    try:
        stops.check_start(tx, campaign.name)
        runs.start(tx, run, started)
    except WrongUse as error:
        return AffectedRun(run=before.id, status=before.status, reasons=(), note=f"no alternate was begun: {error}")
    return AffectedRun(run=run.id, status=run.status, alternate_of=before.id)
