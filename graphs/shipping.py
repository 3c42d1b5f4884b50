"""Ships files: exactly the bytes that a release gate approved, each once, in place of what was there before."""

import asyncio
from collections.abc import Collection, Sequence
from functools import partial

from callsheet.domain.casting import refused_roles
from callsheet.domain.cut import Cut, Deliverable
from callsheet.domain.error import Refused
from callsheet.domain.event import CredentialsVerified
from callsheet.domain.finding import Finding
from callsheet.domain.identity import GateId, PublicationId
from callsheet.domain.labelling import upload_flags, upload_sheet
from callsheet.domain.run import Run
from callsheet.domain.showing import Showing
from callsheet.graphs.consent import Ask
from callsheet.graphs.credentials import check_published
from callsheet.graphs.crew import Crew
from callsheet.jobs.order import CalledOff
from callsheet.storage import document, publication
from callsheet.storage import gate as gates
from callsheet.storage import stop as words
from callsheet.storage.database import Transaction
from callsheet.storage.ledger import record
from callsheet.storage.publication import Publication
from callsheet.tools.publish.port import Parcel, Publisher


class NotApproved(Refused):
    """A file was about to leave that no decision covers. Nothing was published."""


async def ship(crew: Crew, run: Run, gate: GateId, files: Sequence[Deliverable], may_show: Ask) -> tuple[Finding, ...]:
    """Publish files and withdraw what they replace. Doing it again changes nothing. Raises NotApproved or CalledOff.

    `may_show` is asked before each file, and again in the transaction that writes down that it is out: what went out
    while consent ended is taken down at once. What it found is returned; then nothing more goes out.
    """
    approved = await crew.database.read(lambda tx: _approved(tx, gate))
    for file in files:
        if file.file not in approved:
            raise NotApproved(f"{file.name} ({file.file[:12]}) is not what was approved at {gate}")
    publisher = crew.publisher(run)
    before = await crew.database.read(lambda tx: publication.of_run(tx, run.id))
    await crew.database.read(partial(_check_not_called_off, run=run))
    up = {old.id for old in before if old.state == "up"}
    out: set[PublicationId] = set()
    for file in files:
        if found := await crew.database.read(may_show):
            return found
        sent, found = await _send(crew, run, gate, file, publisher, up, may_show)
        if found:
            return found
        out.add(sent)
    for old in before:
        if old.state == "up" and old.id not in out:
            await publisher.take_down(old.id)
            withdrawn = partial(publication.take_down, publication=old.id, reason="replaced by a newer cut")
            await crew.database.write(withdrawn)
    return ()


async def call_back(crew: Crew, run: Run, gate: GateId, files: Sequence[Deliverable], found: Sequence[Finding]) -> None:
    """Take down the files with those people, also what a try that was cut off had sent and not written down."""
    publisher = crew.publisher(run)
    for file in files:
        sent = await publisher.find(await _parcel(crew, file)) if await _shows(crew, file, found) else None
        if sent is not None:
            kept = _publication(crew, run, gate, file, sent, publisher)
            await crew.database.write(partial(publication.keep, publication=kept))
            await _take_down(crew, publisher, sent)


async def _send(
    crew: Crew,
    run: Run,
    gate: GateId,
    file: Deliverable,
    publisher: Publisher,
    up: Collection[PublicationId],
    may_show: Ask,
) -> tuple[PublicationId, tuple[Finding, ...]]:
    sent = await publisher.publish(await _parcel(crew, file))
    if sent in up:
        return sent, ()
    read = await check_published(crew, publisher, sent, file)
    kept = _publication(crew, run, gate, file, sent, publisher)

    def write_down(tx: Transaction) -> tuple[Finding, ...]:
        _keep(tx, kept, read)
        return may_show(tx)

    found = await crew.database.write(write_down)
    if await _shows(crew, file, found):
        await _take_down(crew, publisher, sent)
    return sent, found


async def _shows(crew: Crew, file: Deliverable, found: Sequence[Finding]) -> bool:
    """Whether a shot that may not be shown any more is in the file."""
    refused = {shot for shot, _ in refused_roles(found)}
    return bool(refused) and any(clip.shot in refused for clip in (await crew.archive.load(Cut, file.cut)).clips)


async def _take_down(crew: Crew, publisher: Publisher, sent: PublicationId) -> None:
    await publisher.take_down(sent)
    reason = "somebody in it may not be shown any more"
    await crew.database.write(partial(publication.take_down, publication=sent, reason=reason))


async def _parcel(crew: Crew, file: Deliverable) -> Parcel:
    path = await asyncio.to_thread(crew.media.path, file.file)
    said = (await crew.archive.load(Cut, file.cut)).labelling
    return Parcel(
        name=file.name,
        placement=file.placement,
        file=path,
        approved=file.file,
        flags=upload_flags(said) if said else {},
        disclosures=upload_sheet(said) if said else {},
    )


def _publication(
    crew: Crew, run: Run, gate: GateId, file: Deliverable, sent: PublicationId, publisher: Publisher
) -> Publication:
    return Publication(
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


def _keep(tx: Transaction, kept: Publication, read: CredentialsVerified | None) -> None:
    publication.keep(tx, kept)
    if read is not None:
        record(tx, kept.run, read)


def _check_not_called_off(tx: Transaction, run: Run) -> None:
    stop = words.of_run(tx, run.id, run.campaign)
    if stop is not None and stop.kind == "cancel":
        raise CalledOff(f"nothing was published: {stop}")


def _approved(tx: Transaction, gate_id: GateId) -> frozenset[str]:
    gate = gates.find(tx, gate_id)
    if gate.kind != "release" or gates.verdict_at(tx, gate.id).answer != "approve":
        return frozenset()
    return frozenset(file.file for file in document.fetch(tx, Showing, gate.shown).files)
