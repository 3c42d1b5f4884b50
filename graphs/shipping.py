"""Ships files: exactly the bytes that a release gate approved, each once, in place of what was there before."""

import asyncio
from collections.abc import Sequence
from functools import partial

from callsheet.domain.cut import Deliverable
from callsheet.domain.error import Refused
from callsheet.domain.identity import GateId, PublicationId
from callsheet.domain.run import Run
from callsheet.domain.showing import Showing
from callsheet.graphs.crew import Crew
from callsheet.jobs.order import CalledOff
from callsheet.storage import document, publication
from callsheet.storage import gate as gates
from callsheet.storage import stop as words
from callsheet.storage.database import Transaction
from callsheet.storage.publication import Publication
from callsheet.tools.publish.port import Parcel, Publisher


class NotApproved(Refused):
    """A file was about to leave that no decision covers. Nothing was published."""


async def ship(crew: Crew, run: Run, gate: GateId, files: Sequence[Deliverable]) -> None:
    """Publish files and withdraw what they replace. Doing it again changes nothing. Raises NotApproved or CalledOff."""
    approved = await crew.database.read(lambda tx: _approved(tx, gate))
    for file in files:
        if file.file not in approved:
            raise NotApproved(f"{file.name} ({file.file[:12]}) is not what was approved at {gate}")
    publisher = crew.publisher(run)
    before = await crew.database.read(lambda tx: publication.of_run(tx, run.id))
    await crew.database.read(partial(_check_not_called_off, run=run))
    out = {await _send(crew, run, gate, file, publisher) for file in files}
    for old in before:
        if old.state == "up" and old.id not in out:
            await publisher.take_down(old.id)
            withdrawn = partial(publication.take_down, publication=old.id, reason="replaced by a newer cut")
            await crew.database.write(withdrawn)


async def _send(crew: Crew, run: Run, gate: GateId, file: Deliverable, publisher: Publisher) -> PublicationId:
    path = await asyncio.to_thread(crew.media.path, file.file)
    sent = await publisher.publish(Parcel(name=file.name, placement=file.placement, file=path, approved=file.file))
    kept = Publication(
        id=sent,
        run=run.id,
        gate=gate,
        name=file.name,
        file=file.file,
        variant=file.variant,
        placement=file.placement,
        adapter=publisher.name,
        at=crew.clock(),
    )
    await crew.database.write(partial(publication.keep, publication=kept))
    return sent


def _check_not_called_off(tx: Transaction, run: Run) -> None:
    stop = words.of_run(tx, run.id, run.campaign)
    if stop is not None and stop.kind == "cancel":
        raise CalledOff(f"nothing was published: {stop}")


def _approved(tx: Transaction, gate_id: GateId) -> frozenset[str]:
    gate = gates.find(tx, gate_id)
    if gate.kind != "release" or gates.verdict_at(tx, gate.id).answer != "approve":
        return frozenset()
    return frozenset(file.file for file in document.fetch(tx, Showing, gate.shown).files)
