"""Ships files: exactly the bytes that a release gate approved, each once, in place of what was there before.

The book knows of a file before it leaves (`sending`), so no crash leaves one out that nobody takes down. Whoever goes
on asks the channel first whether it is there.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from callsheet.domain.campaign import Campaign
from callsheet.domain.casting import refused_roles
from callsheet.domain.cut import Cut, Deliverable
from callsheet.domain.error import ProviderTrouble, Refused
from callsheet.domain.event import CredentialsVerified
from callsheet.domain.finding import Finding
from callsheet.domain.identity import Digest, GateId, PublicationId
from callsheet.domain.run import Run
from callsheet.domain.showing import Showing, ShownFile
from callsheet.domain.storyboard import Storyboard
from callsheet.graphs.consent import Ask
from callsheet.graphs.credentials import PublishedDiffers, check_published
from callsheet.graphs.crew import Crew
from callsheet.graphs.parcel import parcel
from callsheet.jobs.order import CalledOff
from callsheet.jobs.withdrawal import withdraw
from callsheet.storage import document, publication
from callsheet.storage import gate as gates
from callsheet.storage import stop as words
from callsheet.storage.database import Transaction
from callsheet.storage.ledger import record
from callsheet.storage.publication import Publication
from callsheet.tools.publish.port import NameUnusable, NotTheApprovedFile, Parcel, Publisher

_Approved = Mapping[tuple[str, Digest], ShownFile]


class NotApproved(Refused):
    """A file was about to leave that no decision covers. Nothing was published."""


class StillOut(ProviderTrouble):
    """What should not be out may be out, and its channel did not take it down."""


@dataclass(frozen=True)
class Shipment:
    """The files of a release gate, and what was planned. `may_show` answers for the people in them at a moment."""

    crew: Crew
    run: Run
    gate: GateId
    files: Sequence[Deliverable]
    campaign: Campaign
    storyboard: Storyboard
    may_show: Ask


async def ship(shipment: Shipment) -> tuple[Finding, ...]:
    """Publish files and withdraw what they replace. Doing it again changes nothing.

    `may_show` is asked in the transaction that writes down that a file is about to leave, and again in the one that
    writes down that it is out. What it found is returned; then nothing more goes out, and what was on its way stays
    `sending`, for `take_back`. Raises NotApproved, NoLongerCleared, CalledOff, PublishedDiffers or StillOut.
    """
    crew, run = shipment.crew, shipment.run
    approved = await crew.database.read(lambda tx: _approved(tx, shipment.gate))
    for file in shipment.files:
        if (file.name, file.file) not in approved:
            raise NotApproved(f"{file.name} ({file.file[:12]}) is not what was approved at {shipment.gate}")
    publisher = crew.publisher(run)
    out: set[PublicationId] = set()
    for file in shipment.files:
        shown = approved[file.name, file.file]
        packed = await parcel(crew, shipment.campaign, shipment.storyboard, shown, file)
        sent = await _send(shipment, publisher, file, packed)
        if not isinstance(sent, str):
            return sent
        out.add(sent)
    await take_back(crew, run, "replaced by a newer cut", lambda one: one.id not in out)
    return ()


async def take_back(crew: Crew, run: Run, reason: str, also: Callable[[Publication], bool] = lambda _: False) -> None:
    """Take down what a try that was cut off may have sent, and whatever else of the run is to come down.

    Each on its own. Raises StillOut naming those that did not come down.
    """
    known = await crew.database.read(lambda tx: publication.of_run(tx, run.id))
    wanted = [one for one in known if one.state == "sending" or (one.state == "up" and also(one))]
    said = [await withdraw(crew.database, crew.publisher, run, one, reason) for one in wanted]
    if failed := [f"{one.name} in {one.placement}: {one.why}" for one in said if one.state == "failed"]:
        raise StillOut(f"{reason}, and it may still be out: {'; '.join(failed)}. Then: callsheet resume {run.id}")


async def showing(crew: Crew, files: Sequence[Deliverable], found: Sequence[Finding]) -> frozenset[Digest]:
    """The files with a shot in them that may not be shown any more."""
    refused = {shot for shot, _ in refused_roles(found)}
    cuts = {file.file: await crew.archive.load(Cut, file.cut) for file in files}
    return frozenset(file for file, cut in cuts.items() if any(clip.shot in refused for clip in cut.clips))


async def _send(
    shipment: Shipment, publisher: Publisher, file: Deliverable, packed: Parcel
) -> PublicationId | tuple[Finding, ...]:
    """Send one file, or find that an earlier try did. Its id there; or why it may not be out."""
    database, going = shipment.crew.database, _publication(shipment, file, publisher)
    before = await database.write(partial(_begin, shipment=shipment, going=going))
    if isinstance(before, tuple):
        return before
    sent = await publisher.find(packed) if before is not None else None
    if sent is None:
        sent = await _publish(shipment, publisher, packed, going, is_new=before is None)
    if before is not None and before.state == "up" and before.id == sent:
        return sent
    arrived = going.model_copy(update={"id": sent})
    try:
        read = await check_published(shipment.crew, publisher, sent, file)
    except PublishedDiffers as error:
        await publisher.take_down(sent)
        if found := await database.write(partial(_gone, shipment=shipment, gone=arrived, reason=str(error))):
            return found
        raise
    return await database.write(partial(_arrive, shipment=shipment, arrived=arrived, read=read)) or sent


async def _publish(
    shipment: Shipment, publisher: Publisher, packed: Parcel, going: Publication, is_new: bool
) -> PublicationId:
    try:
        return await publisher.publish(packed)
    except (NotTheApprovedFile, NameUnusable):  # it says that nothing left; an earlier try may have sent it
        if is_new:
            await shipment.crew.database.write(partial(publication.drop, publication=going))
        raise


def _begin(tx: Transaction, shipment: Shipment, going: Publication) -> Publication | tuple[Finding, ...] | None:
    """The last word on whether it may leave, and in the same moment that it is about to."""
    return _forbidden(tx, shipment) or publication.begin(tx, going)


def _arrive(
    tx: Transaction, shipment: Shipment, arrived: Publication, read: CredentialsVerified | None
) -> tuple[Finding, ...]:
    """Write down that it is out, unless it may not be any more."""
    if found := _forbidden(tx, shipment):
        return found
    publication.keep(tx, arrived)
    if read is not None:
        record(tx, arrived.run, read)
    return ()


def _gone(tx: Transaction, shipment: Shipment, gone: Publication, reason: str) -> tuple[Finding, ...]:
    """Write down that it was out and came down at once, unless whoever took it down wrote that already."""
    if publication.is_sending(tx, gone):
        publication.keep(tx, gone)
    if any(one.id == gone.id for one in publication.of_run(tx, gone.run)):
        publication.take_down(tx, gone.id, reason)
    return shipment.may_show(tx)


def _forbidden(tx: Transaction, shipment: Shipment) -> tuple[Finding, ...]:
    """Who may not be shown any more. Raises CalledOff."""
    stop = words.of_run(tx, shipment.run.id, shipment.run.campaign)
    if stop is not None and stop.kind == "cancel":
        raise CalledOff(f"nothing more was published: {stop}")
    return shipment.may_show(tx)


def _publication(shipment: Shipment, file: Deliverable, publisher: Publisher) -> Publication:
    return Publication(
        id=PublicationId(""),
        run=shipment.run.id,
        gate=shipment.gate,
        name=file.name,
        file=file.file,
        variant=file.variant,
        placement=file.placement,
        adapter=publisher.name,
        at=shipment.crew.clock(),
    )


def _approved(tx: Transaction, gate_id: GateId) -> _Approved:
    gate = gates.find(tx, gate_id)
    if gate.kind != "release" or gates.verdict_at(tx, gate.id).answer != "approve":
        return {}
    return {(file.name, file.file): file for file in document.fetch(tx, Showing, gate.shown).files}
