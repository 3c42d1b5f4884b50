"""Content credentials in a run: what a manifest is told, what people are told, and the look at what is out."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from callsheet.domain.credential import Moment, Reading, Seal, objections
from callsheet.domain.cut import Cut, Deliverable
from callsheet.domain.error import Refused
from callsheet.domain.event import CredentialsVerified
from callsheet.domain.identity import Digest, PublicationId, ReleaseId
from callsheet.domain.origin import Origin, origin_of
from callsheet.domain.storyboard import CallSheet
from callsheet.domain.take import Take
from callsheet.graphs.crew import Crew
from callsheet.graphs.state import CampaignState
from callsheet.storage.ledger import pseudonym
from callsheet.storage.media import file_digest
from callsheet.tools.publish.port import Publisher


class PublishedDiffers(Refused):
    """What a channel shows is not what was sent. It was withdrawn again."""


async def origins(
    crew: Crew, state: CampaignState, cuts: Sequence[Cut], sheet: CallSheet, shot: Sequence[Take]
) -> Mapping[Digest, Origin]:
    """What each cut's manifest will say, by the hash of the cut; `shot` are the takes it may have been cut from."""
    takes = {one.id: one for one in shot}
    named = await public_releases(crew, [role.release for role in sheet.roles])
    found: dict[Digest, Origin] = {}
    for cut in cuts:
        shots = {clip.shot for clip in cut.clips}
        releases = {named[role.release] for role in sheet.roles if role.shot in shots}
        found[cut.digest] = origin_of(cut, takes, sorted(releases), Digest(state["storyboard"]), sheet.digest)
    return found


async def public_releases(crew: Crew, releases: Sequence[ReleaseId]) -> Mapping[ReleaseId, str]:
    """Release ids as they go out to the world: keyed hashes. An id may tell a name, and bytes that are out stay out."""
    return await crew.database.write(lambda tx: {one: f"release-{pseudonym(tx, one)}" for one in releases})


def watermarks(file: Deliverable, cut: Cut) -> tuple[str, ...]:
    """What marks a file as made by a machine, in words: marks on the picture first, then what is inside the file."""
    labels = sorted({text.text for text in cut.supers if text.kind == "label"})
    said = [f"on screen: {text}" for text in labels]
    if file.seal is not None:
        by = file.seal.by
        said.append(f"content credentials: {file.credentials}, {by.organisation}, certificate {by.fingerprint}")
    return tuple(said)


def verified(
    file: Deliverable, seal: Seal, readings: Sequence[Reading], moment: Moment, publication: str = ""
) -> CredentialsVerified:
    """What the ledger keeps of a look at a file's content credentials."""
    return CredentialsVerified(
        name=file.name,
        file=file.file,
        moment=moment,
        credentials=file.credentials,
        certificate=seal.by.fingerprint,
        readers=tuple(str(one) for one in readings),
        manifests=max((one.manifests for one in readings), default=0),
        ingredients=max((one.ingredients for one in readings), default=0),
        objections=objections(readings, seal.by.serial),
        notes=tuple(dict.fromkeys(note for one in readings for note in one.notes)),
        publication=publication,
    )


def credential_notices(files: Sequence[Deliverable], now: datetime) -> tuple[str, ...]:
    """What people should know of the signatures before they say yes."""
    if any(one.seal is None for one in files):
        return ('not signed: install "callsheet[provenance]" to add content credentials',)
    found: dict[str, None] = {}
    for one in files:
        if one.seal is not None:
            found |= dict.fromkeys(_of_seal(one.credentials, one.seal, now))
    return tuple(found)


def _of_seal(standing: str, seal: Seal, now: datetime) -> list[str]:
    by, said = seal.by, list[str]()
    if by.is_of_workspace:
        said.append("signed with a development certificate of this workspace; readers elsewhere will not trust it")
    elif standing == "development":
        said.append(f"signed by {by.organisation}, whom no authority named in CALLSHEET_SIGN_ANCHORS vouches for")
    else:
        said.append(f"signed by {by.organisation} with a trusted certificate, valid until {by.expires:%Y-%m-%d}")
        if by.expires - now < timedelta(days=30):
            said.append(f"the certificate of {by.organisation} ends on {by.expires:%Y-%m-%d}: renew it")
    if not seal.is_doubly_read:
        readers = ", ".join(one.reader for one in seal.readings if one.state != "unread")
        said.append(f"content credentials were read by {readers} alone: no independent reader could (encypher-c2pa)")
    return [*said, *(note for one in seal.readings for note in one.notes)]


async def check_published(
    crew: Crew, publisher: Publisher, sent: PublicationId, file: Deliverable
) -> CredentialsVerified | None:
    """Fetch what is out and hold it against the approved hash and its signature; withdraw it if it differs.

    None for a file without content credentials. Raises PublishedDiffers.
    """
    async with _folder_apart() as folder:
        target = folder / "published.mp4"
        if not await publisher.fetch(sent, target):
            raise PublishedDiffers(f"{file.name} was sent as {sent}, and it is not there: publish it again")
        against: list[str] = []
        if (seen := await asyncio.to_thread(file_digest, target)) != file.file:
            against.append(f"its bytes are {seen[:12]}, approved was {file.file[:12]}")
        readings = await crew.signer.verify(target) if file.seal is not None else ()
    if file.seal is not None:
        against += objections(readings, file.seal.by.serial)
    if against:
        await publisher.take_down(sent)
        raise PublishedDiffers(
            f"{file.name} was withdrawn from {publisher.name}: {'; '.join(against)}. Find out what changed it there"
        )
    return None if file.seal is None else verified(file, file.seal, readings, "published", sent)


@asynccontextmanager
async def _folder_apart() -> AsyncIterator[Path]:
    """A folder for a while. Made and removed beside the event loop, which is a host's as well."""
    made = await asyncio.to_thread(TemporaryDirectory, prefix="callsheet-published-")
    try:
        yield Path(made.name)
    finally:
        await asyncio.to_thread(made.cleanup)
