"""Begins the film without the person: a new run of the same frozen campaign, in place of a finished one."""

from functools import partial

from callsheet.domain.campaign import Campaign
from callsheet.domain.error import WrongUse
from callsheet.domain.event import RunStarted
from callsheet.domain.identity import RunId
from callsheet.domain.revocation import AffectedRun
from callsheet.domain.run import Run
from callsheet.jobs.withdrawal import in_words
from callsheet.jobs.word import Word
from callsheet.storage import casting, document, publication
from callsheet.storage import run as runs
from callsheet.storage import stop as stops
from callsheet.storage.database import Database, Transaction


async def begin_alternates(database: Database, word: Word) -> tuple[AffectedRun, ...]:
    """One for each finished run that had the person out. Takes of other shots are adopted; nothing is bought unasked.

    Saying it again begins none twice. A run that cannot begin says why instead, and keeps no other from it.
    """
    begun: list[AffectedRun] = []
    for one in word.uncovered:
        try:
            run = await database.write(partial(_in_place_of, before=one.run, word=word))
        except Exception as error:  # noqa: BLE001 - whatever cannot be read of a run, the others get their film
            note = f"no alternate was begun: {in_words(error)}; `callsheet cameo revoke {word.cameo}` tries again"
            run = one.model_copy(update={"note": note})
        begun += [run] if run is not None else []
    return tuple(begun)


def _in_place_of(tx: Transaction, before: RunId, word: Word) -> AffectedRun | None:
    run = runs.find(tx, before)
    is_known = any(one.alternate_of == before for one in runs.every(tx))
    if run.status != "finished" or is_known or not _was_out(tx, run, word):
        return None
    return _begin(tx, run, word)


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
            "forked_from": None,
            "driver": "",
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
