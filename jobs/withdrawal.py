"""Takes publications down that show a person who may not be shown there any more, and says where each one stands."""

from collections.abc import Callable, Sequence
from functools import partial

from callsheet.domain.cameo import Cameo, Uncovered, check_release
from callsheet.domain.campaign import Campaign
from callsheet.domain.casting import use_of
from callsheet.domain.error import CallsheetError
from callsheet.domain.identity import PublicationId
from callsheet.domain.revocation import AffectedPublication
from callsheet.domain.run import Run
from callsheet.jobs.word import Word
from callsheet.storage import casting, document, publication
from callsheet.storage import run as runs
from callsheet.storage.database import Database, Transaction
from callsheet.storage.publication import Publication
from callsheet.tools.publish.port import Publisher, Slot

PublisherOf = Callable[[Run], Publisher]
_Out = tuple[Run, Publication, Uncovered | None]


async def take_down(
    database: Database, publisher: PublisherOf, word: Word, person: Cameo
) -> tuple[AffectedPublication, ...]:
    """Take down every publication with the person that no release covers in its place. One that fails is named."""
    found = await database.read(partial(_out, word=word, person=person))
    return tuple([await _withdrawn(database, publisher, *one) for one in found])


def _out(tx: Transaction, word: Word, person: Cameo) -> Sequence[_Out]:
    """What is out with the person, and what stands against it in its place."""
    found: list[_Out] = []
    for one in word.runs:
        published = [out for out in publication.of_run(tx, one.run) if out.state != "down"]
        if not published:
            continue
        run, files = runs.find(tx, one.run), casting.files_with(tx, one.run, person.id)
        campaign = document.fetch(tx, Campaign, run.bundle)
        for out in published:
            if out.file in files:
                verdict = check_release(person, use_of(campaign, (out.placement,)), tx.now)
                found.append((run, out, verdict if isinstance(verdict, Uncovered) else None))
    return found


async def _withdrawn(
    database: Database, publisher: PublisherOf, run: Run, out: Publication, against: Uncovered | None
) -> AffectedPublication:
    said = AffectedPublication(
        publication=out.id, run=run.id, name=out.name, placement=out.placement, adapter=out.adapter, state="up"
    )
    if against is None:
        return said.model_copy(update={"why": "another release covers this placement"})
    reason = f"consent ended: {'; '.join(against.reasons)}"
    try:
        gone = await fetch_back(database, publisher(run), out, reason)
    except (CallsheetError, OSError) as error:
        why = f"{error}; take it down at {out.adapter} by hand, or revoke again"
        return said.model_copy(update={"state": "failed", "why": why})
    if gone is None:
        why = f"a worker was about to send it, and {out.adapter} does not show it; revoke again to look again"
        return said.model_copy(update={"state": "sending", "why": why})
    return said.model_copy(update={"publication": gone, "state": "down"})


async def fetch_back(database: Database, publisher: Publisher, out: Publication, reason: str) -> PublicationId | None:
    """Take a publication down and write down both. What is `sending` is looked for first: None when it is not there.

    It stays `sending` then, for whoever sends it may only be slow. Twice is harmless.
    """
    found = out.id if out.state != "sending" else await publisher.find(slot_of(out))
    if found is None:
        return None
    await publisher.take_down(found)
    arrived = out.model_copy(update={"id": found, "state": "up"})

    def write_down(tx: Transaction) -> None:
        if out.state == "sending":
            publication.keep(tx, arrived)
        publication.take_down(tx, found, reason)

    await database.write(write_down)
    return found


def slot_of(out: Publication) -> Slot:
    """Where to look for it at its channel."""
    return Slot(name=out.name, placement=out.placement, approved=out.file)
