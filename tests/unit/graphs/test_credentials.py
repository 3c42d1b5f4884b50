"""Before release people are told what the signature is worth; after publishing what is out is held against it."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from unit.provenance.authority import NOW, film, hashed, provenance

from callsheet.domain.credential import Reading, Seal, Signatory
from callsheet.domain.cut import Deliverable
from callsheet.domain.identity import Digest, PublicationId, ReleaseId
from callsheet.domain.origin import Origin
from callsheet.graphs.credentials import (
    PublishedDiffers,
    check_published,
    credential_notices,
    public_releases,
    verified,
    watermarks,
)
from callsheet.graphs.post import sign_batch
from callsheet.jobs.post import FileSigner
from callsheet.storage.database import Database
from callsheet.storage.media import FolderStore
from callsheet.tools.provenance.unsigned import Unsigned
from callsheet.tools.publish.folder import FolderPublisher
from callsheet.tools.publish.port import Parcel

TODAY = datetime(2026, 11, 22, tzinfo=UTC)


def signatory(**changes: Any) -> Signatory:
    said = {
        "organisation": "Longrun Media", "fingerprint": "a" * 64, "serial": "7", "algorithm": "es256",
        "expires": TODAY + timedelta(days=300),
    }  # fmt: skip
    return Signatory.model_validate(said | changes)


def reading(reader: str = "c2pa-python", **changes: Any) -> Reading:
    said = {"reader": reader, "version": "1", "state": "trusted", "serial": "7", "manifests": 2, "ingredients": 3}
    return Reading.model_validate(said | changes)


def seal(*readings: Reading, **changes: Any) -> Seal:
    return Seal(by=signatory(**changes), readings=readings or (reading(), reading("encypher-c2pa")))


def finished(standing: str = "trusted", sealed: Seal | None = None) -> Deliverable:
    body = {
        "name": "spring_everyone_vertical_en-US", "cut": "1" * 64, "variant": "everyone", "placement": "vertical",
        "locale": "en-US", "essence": "e" * 64, "file": "f" * 64, "captions": "c" * 64, "timeline": "d" * 64,
        "frames": 60, "rate": 30, "width": 160, "height": 284, "bytes": 9000, "loudness": "-14.0",
        "credentials": standing, "seal": sealed,
    }  # fmt: skip
    return Deliverable.model_validate(body)


@pytest.mark.parametrize(
    ("file", "says"),
    [
        (finished("none"), "not signed: install"),
        (
            finished("development", seal(is_of_workspace=True)),
            "signed with a development certificate of this workspace",
        ),
        (finished("development", seal()), "signed by Longrun Media, whom no authority named in CALLSHEET_SIGN_ANCHORS"),
        (finished("trusted", seal()), "signed by Longrun Media with a trusted certificate, valid until 2027-09-18"),
        (finished("trusted", seal(expires=TODAY + timedelta(days=9))), "ends on 2026-12-01: renew it"),
        (finished("trusted", seal(reading())), "read by c2pa-python alone: no independent reader"),
        (finished("trusted", seal(reading(), reading("encypher-c2pa", state="unread"))), "read by c2pa-python alone"),
        (finished("trusted", seal(reading(notes=("s1 was signed by somebody",)))), "s1 was signed by somebody"),
    ],
)
def test_the_gate_says_what_the_signature_is_worth(file: Deliverable, says: str) -> None:
    assert any(says in notice for notice in credential_notices([file], TODAY))


def test_two_readers_that_agree_need_no_notice() -> None:
    notices = credential_notices([finished("trusted", seal()), finished("trusted", seal())], TODAY)
    assert len(notices) == 1


def test_the_ledger_keeps_who_read_what_and_how_much() -> None:
    one = seal(reading(), reading("encypher-c2pa", ingredients=2))
    event = verified(finished("trusted", one), one, one.readings, "signed")
    assert event.readers == ("c2pa-python 1: trusted", "encypher-c2pa 1: trusted")
    assert (event.manifests, event.ingredients, event.objections) == (2, 3, ())
    assert (event.moment, event.certificate, event.file) == ("signed", "a" * 64, "f" * 64)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    found = Database(f"sqlite:///{tmp_path / 'workspace.db'}", "default", lambda: TODAY)
    yield found
    found.close()


async def test_a_release_goes_out_as_a_keyed_hash_whatever_its_id_tells(database: Database) -> None:
    releases = [ReleaseId("ines-1"), ReleaseId("bo-li-2026"), ReleaseId("INES_calder")]
    crew: Any = SimpleNamespace(database=database)
    named = await public_releases(crew, releases)
    assert len(set(named.values())) == len(releases)
    for release, shown in named.items():
        assert shown.startswith("release-")
        assert release.casefold() not in shown
    assert named == await public_releases(crew, releases), "the same word each time"


class Channel(FolderPublisher):
    """A folder that does something to what it is sent."""

    async def publish(self, parcel: Parcel) -> PublicationId:
        sent = await super().publish(parcel)
        self.change(self._files(sent)[0])
        return sent

    def change(self, path: Path) -> None:
        """As it is."""


class Reworking(Channel):
    def change(self, path: Path) -> None:
        data = bytearray(path.read_bytes())
        data[-20] ^= 1
        path.write_bytes(data)


class Losing(Channel):
    def change(self, path: Path) -> None:
        path.unlink()


@pytest.fixture(scope="module")
async def signed(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A signed film in a media store, its deliverable, and the signer."""
    pytest.importorskip("c2pa", reason="the provenance extra is not installed")
    from callsheet.tools.provenance.open import signer_for

    folder = tmp_path_factory.mktemp("signed")
    media, signer = FolderStore(folder / "media"), signer_for(folder / "signing", NOW, "1")
    essence, take = film(folder / "essence.mp4", "testsrc2"), film(folder / "take.mp4", "testsrc")
    said = provenance(take)
    media.keep(take)
    unsigned = finished("none").model_copy(update={"essence": media.keep(essence), "file": hashed(essence)})
    (job,) = sign_batch("spring-1", 0, [(unsigned, said.origin)]).jobs
    made = Deliverable.model_validate(await FileSigner(media, signer)(job.payload))
    return SimpleNamespace(media=media, signer=signer, unsigned=unsigned, made=made, origin=said.origin)


def parcel(signed: Any) -> Parcel:
    made = signed.made
    return Parcel(name=made.name, placement=made.placement, file=signed.media.path(made.file), approved=made.file)


async def test_the_sign_job_says_who_signed_and_what_readers_found(signed: Any) -> None:
    made = signed.made
    assert made.credentials == "development"
    assert made.file != made.essence
    assert made.bytes == signed.media.path(made.file).stat().st_size
    assert [(one.state, one.ingredients) for one in made.seal.readings] == [("trusted", 1)] * 2
    assert watermarks(made, SimpleNamespace(supers=()))[0].endswith(made.seal.by.fingerprint)  # type: ignore[arg-type]  # a stand-in with what is read


async def test_without_the_extra_the_sign_job_says_none(signed: Any) -> None:
    (job,) = sign_batch("spring-1", 0, [(signed.unsigned, signed.origin)]).jobs
    made = Deliverable.model_validate(await FileSigner(signed.media, Unsigned())(job.payload))
    assert (made.credentials, made.seal, made.file) == ("none", None, made.essence)


async def test_what_is_out_is_read_by_every_reader(signed: Any, tmp_path: Path) -> None:
    publisher = Channel(tmp_path / "channel")
    sent = await publisher.publish(parcel(signed))
    seen = await check_published(signed, publisher, sent, signed.made)
    assert seen is not None
    assert (seen.moment, seen.publication, seen.objections) == ("published", sent, ())
    assert [one.rpartition(": ")[2] for one in seen.readers] == ["trusted", "trusted"]
    assert await publisher.listed() == (sent,)


async def test_what_a_channel_changed_is_withdrawn_and_said(signed: Any, tmp_path: Path) -> None:
    publisher = Reworking(tmp_path / "channel")
    sent = await publisher.publish(parcel(signed))
    with pytest.raises(PublishedDiffers, match=r"was withdrawn .* approved was .*c2pa-python calls it invalid"):
        await check_published(signed, publisher, sent, signed.made)
    assert await publisher.listed() == ()


async def test_what_a_channel_lost_is_said(signed: Any, tmp_path: Path) -> None:
    publisher = Losing(tmp_path / "channel")
    sent = await publisher.publish(parcel(signed))
    with pytest.raises(PublishedDiffers, match="it is not there"):
        await check_published(signed, publisher, sent, signed.made)


async def test_a_film_without_credentials_is_held_against_its_hash_alone(signed: Any, tmp_path: Path) -> None:
    plain = signed.unsigned
    bare = SimpleNamespace(media=signed.media, made=plain, signer=Unsigned())
    publisher = Channel(tmp_path / "channel")
    assert await check_published(bare, publisher, await publisher.publish(parcel(bare)), plain) is None  # type: ignore[arg-type]  # a stand-in with what is read
    reworking = Reworking(tmp_path / "other")
    with pytest.raises(PublishedDiffers):
        await check_published(bare, reworking, await reworking.publish(parcel(bare)), plain)  # type: ignore[arg-type]  # a stand-in with what is read


def test_a_signature_is_asked_for_once_unless_what_it_says_changes(signed: Any) -> None:
    def job(origin: Origin) -> str:
        return sign_batch("spring-1", 0, [(signed.unsigned, origin)]).jobs[0].id

    first = job(signed.origin)
    assert first == job(signed.origin)
    assert first == job(signed.origin.model_copy(update={"storyboard": Digest("8" * 64)})), "a later round, same film"
    assert first != job(signed.origin.model_copy(update={"releases": ("r2",)}))
    assert first != job(signed.origin.model_copy(update={"disclosures": {"markets": ["FR"]}}))


async def test_a_sign_job_that_runs_again_leaves_the_first_file_alone(signed: Any, tmp_path: Path) -> None:
    """Signatures differ each time; only the result that the engine keeps is ever asked about."""
    (job,) = sign_batch("spring-1", 0, [(signed.unsigned, signed.origin)]).jobs
    again = Deliverable.model_validate(await FileSigner(signed.media, signed.signer)(job.payload))
    assert again.essence == signed.made.essence
    assert again.file != signed.made.file
    kept = tmp_path / "kept.mp4"
    shutil.copyfile(signed.media.path(signed.made.file), kept)
    assert hashed(kept) == signed.made.file
