"""Takes publications down: each on its own, so that one that cannot be taken down, or read, keeps no other one up."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

from callsheet.domain.cameo import Cameo, Uncovered, check_release
from callsheet.domain.campaign import Campaign
from callsheet.domain.casting import use_of
from callsheet.domain.error import CallsheetError
from callsheet.domain.identity import PlacementId, PublicationId, RunId
from callsheet.domain.run import Run
from callsheet.domain.stop import AffectedPublication
from callsheet.jobs.word import Word
from callsheet.storage import casting, document, publication
from callsheet.storage import run as runs
from callsheet.storage.database import Database, Transaction
from callsheet.storage.publication import Publication
from callsheet.tools.publish.port import Publisher, Slot

PublisherOf = Callable[[Run], Publisher]
_ARRIVES_WITHIN = timedelta(days=1)
"""What its channel does not show so long after it was to be sent was never sent. Our own figure: far above the time
that any upload takes."""


async def take_down(
    database: Database, publisher: PublisherOf, word: Word, person: Cameo
) -> tuple[AffectedPublication, ...]:
    """Take down every publication with the person that no release covers in its place. One that fails is named."""
    found: list[AffectedPublication] = []
    for one in word.runs:
        try:
            run, out = await database.read(partial(_out, run_id=one.run, person=person))
        except Exception as error:  # noqa: BLE001 - whatever cannot be read of a run, the films of others come down
            found += await _unread(database, one.run, error)
            continue
        for film, against in out:
            if against is None:
                covered = "another release covers this placement"
                found.append(_said(film).model_copy(update={"state": "up", "why": covered}))
            else:
                reason = f"consent ended: {'; '.join(against.reasons)}"
                found.append(await withdraw(database, publisher, run, film, reason))
    return tuple(found)


async def withdraw(
    database: Database, publisher: PublisherOf, run: Run, out: Publication, reason: str
) -> AffectedPublication:
    """Take one publication down and say how it stands. Whatever goes wrong is said too, and never raised."""
    said = _said(out)
    try:
        after = await fetch_back(database, publisher(run), out, reason)
    except Exception as error:  # noqa: BLE001 - a publisher is anybody's: one that breaks keeps no other film up
        why = f"{in_words(error)}; take it down at {out.adapter} by hand, or say it again"
        return said.model_copy(update={"state": "failed", "why": why})
    if after.state == "sending":
        why = f"a worker was about to send it, and {out.adapter} does not show it; say it again to look again"
        return said.model_copy(update={"state": "sending", "why": why})
    never = out.state == "sending" and after.id == out.id
    why = f"it was about to be sent, and never came to {out.adapter}" if never else ""
    return said.model_copy(update={"publication": after.id, "state": "down", "why": why})


async def fetch_back(database: Database, publisher: Publisher, out: Publication, reason: str) -> Publication:
    """Take a publication down, write down both, and return how it stands then. Twice is harmless.

    What is `sending` is looked for at its channel. One that is not there stays `sending`, for whoever sends it may only
    be slow; a day after it was begun it is struck out.
    """
    found = out.id if out.state != "sending" else await publisher.find(slot_of(out))
    if found is None:
        return await database.write(partial(_not_there, out=out))
    await publisher.take_down(found)
    arrived = out.model_copy(update={"id": found, "state": "up"})

    def write_down(tx: Transaction) -> Publication:
        if out.state == "sending":
            publication.keep(tx, arrived)
        return publication.take_down(tx, found, reason)

    return await database.write(write_down)


def slot_of(out: Publication) -> Slot:
    """Where to look for it at its channel."""
    return Slot(name=out.name, placement=out.placement, approved=out.file)


def in_words(error: Exception) -> str:
    """An error as a sentence; one that nobody foresaw with its kind."""
    return str(error) if isinstance(error, CallsheetError) else f"{type(error).__name__}: {error}"


def _out(tx: Transaction, run_id: RunId, person: Cameo) -> tuple[Run, list[tuple[Publication, Uncovered | None]]]:
    """What a run has out with the person, and what stands against it in its place."""
    run = runs.find(tx, run_id)
    published = [out for out in publication.of_run(tx, run_id) if out.state != "down"]
    files = casting.files_with(tx, run_id, person.id) if published else frozenset()
    campaign = document.readable(tx, Campaign, run.bundle)
    return run, [(out, _against(tx, campaign, person, out.placement)) for out in published if out.file in files]


def _against(tx: Transaction, campaign: Campaign | None, person: Cameo, placement: PlacementId) -> Uncovered | None:
    if campaign is None:
        return Uncovered(reasons=("its frozen campaign cannot be read, so no release can be said to cover it",))
    verdict = check_release(person, use_of(campaign, (placement,)), tx.now)
    return verdict if isinstance(verdict, Uncovered) else None


def _not_there(tx: Transaction, out: Publication) -> Publication:
    if tx.now - out.at < _ARRIVES_WITHIN:
        return out
    publication.drop(tx, out)
    return out.model_copy(update={"state": "down"})


def _said(out: Publication) -> AffectedPublication:
    return AffectedPublication(
        publication=out.id, run=out.run, name=out.name, placement=out.placement, adapter=out.adapter, state="up"
    )


async def _unread(database: Database, run: RunId, error: Exception) -> list[AffectedPublication]:
    """What a run has out, where nobody can read whether the person is in it: all of it is named."""
    why = f"its records cannot be read ({in_words(error)}): look whether the person is in it, and take it down by hand"
    try:
        published = await database.read(lambda tx: publication.of_run(tx, run))
    except Exception:  # noqa: BLE001 - as above: then the run alone can be named
        everything = AffectedPublication(
            publication=PublicationId(""), run=run, name=f"what {run} published", placement=PlacementId("any place"),
            adapter="its channel", state="failed",
        )  # fmt: skip
        return [everything.model_copy(update={"why": why})]
    out = [_said(one) for one in published if one.state != "down"]
    return [one.model_copy(update={"state": "failed", "why": why}) for one in out]
