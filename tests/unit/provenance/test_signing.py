"""A signed file says how it came about, carries its takes, and ships only when two strangers' readers both trust it."""

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from unit.provenance.authority import NOW, Authority, film, hashed, private_pem, provenance

from callsheet.domain.credential import Reading, objections
from callsheet.tools.ffmpeg import ffmpeg_exe
from callsheet.tools.provenance.port import IngredientUnsound, SigningFailed
from callsheet.tools.provenance.unsigned import Unsigned

c2pa = pytest.importorskip("c2pa", reason="the provenance extra is not installed")
pytest.importorskip("encypher_c2pa", reason="the provenance extra is not installed")
from callsheet.tools.provenance.credentials import ContentSigner, ReferenceReader, settings_for  # noqa: E402 - needs the extra
from callsheet.tools.provenance.identity import SigningIdentity, development_identity  # noqa: E402 - needs the extra
from callsheet.tools.provenance.independent import IndependentReader  # noqa: E402 - needs the extra
from callsheet.tools.provenance.open import readers_for, signer_for  # noqa: E402 - needs the extra

PROVIDER = {
    "claim_generator_info": [{"name": "acme", "version": "2"}],
    "title": "render",
    "format": "video/mp4",
    "assertions": [
        {
            "label": "c2pa.actions.v2",
            "data": {
                "actions": [
                    {
                        "action": "c2pa.created",
                        "digitalSourceType": "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia",
                    }
                ]
            },
        }
    ],
}


@pytest.fixture(scope="module")
def essence(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return film(tmp_path_factory.mktemp("film") / "film.mp4", "testsrc2")


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return film(tmp_path_factory.mktemp("take") / "plain.mp4", "testsrc")


@pytest.fixture(scope="module")
def acme(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("acme"), "Acme")


@pytest.fixture(scope="module")
def delivered(acme: Authority, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A take as a provider delivers it: with content credentials of its own."""
    folder = tmp_path_factory.mktemp("delivered")
    cert, key = acme.issue(organisation="Acme Video")
    info = c2pa.C2paSignerInfo(alg=b"es256", sign_cert=cert.read_bytes(), private_key=key.read_bytes(), ta_url=None)
    context = c2pa.Context.from_dict(settings_for(acme.anchors.read_text()))
    with c2pa.Builder(json.dumps(PROVIDER), context) as builder:
        source, target = film(folder / "source.mp4", "smptebars"), folder / "take.mp4"
        builder.sign_file(str(source), str(target), c2pa.Signer.from_info(info))
    return target


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home") / "signing"


@pytest.fixture(scope="module")
def signer(keys: Path) -> ContentSigner:
    return signer_for(keys, NOW, "1.2.3")


def store_of(path: Path, anchors: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """The active manifest of a file and its assertions by label."""
    with path.open("rb") as media:
        reader = c2pa.Reader("video/mp4", media, context=c2pa.Context.from_dict(settings_for(anchors)))
        store = json.loads(reader.json())
    manifest = store["manifests"][store["active_manifest"]]
    return manifest, {one["label"]: one["data"] for one in manifest["assertions"]}


def damaged(path: Path, target: Path, from_end: int = 40) -> Path:
    """A copy with one byte of the picture changed."""
    data = bytearray(path.read_bytes())
    data[-from_end] ^= 1
    target.write_bytes(data)
    return target


async def test_a_signed_file_says_how_it_came_about(
    signer: ContentSigner, essence: Path, plain: Path, delivered: Path, tmp_path: Path
) -> None:
    said = provenance(plain, delivered, disclosures={"markets": ["DE"], "label": {"text": "AI-generated"}})
    seal = await signer.sign(essence, tmp_path / "out.mp4", said)
    manifest, assertions = store_of(tmp_path / "out.mp4", signer.identity.anchors)
    actions = assertions["c2pa.actions.v2"]["actions"]
    assert [one["action"] for one in actions] == ["c2pa.created", "c2pa.placed", "c2pa.placed"]
    assert actions[0]["digitalSourceType"].endswith("/compositeWithTrainedAlgorithmicMedia")
    assert all(len(one["parameters"]["ingredients"]) == 1 for one in actions[1:])
    clearance = assertions["org.callsheet.clearance"]
    assert (clearance["releases"], clearance["claims"]) == (["r1"], ["c1"])
    assert clearance["essence"] == "e" * 64
    assert [one["digest"] for one in clearance["sources"]] == [hashed(plain), hashed(delivered)]
    assert clearance["sources"][0]["purchase"] == "1" * 64
    assert clearance["certificate"] == (
        f"development, Callsheet development certificate, not for distribution, es256, SHA-256 {seal.by.fingerprint}"
    )
    assert assertions["org.callsheet.disclosures"] == {"markets": ["DE"], "label": {"text": "AI-generated"}}
    assert manifest["title"] == said.title


async def test_every_take_is_an_ingredient_with_its_hash_and_its_own_manifest_where_it_has_one(
    signer: ContentSigner, essence: Path, plain: Path, delivered: Path, tmp_path: Path
) -> None:
    seal = await signer.sign(essence, tmp_path / "out.mp4", provenance(plain, delivered))
    manifest, _ = store_of(tmp_path / "out.mp4", signer.identity.anchors)
    first, second = manifest["ingredients"]
    assert [first["relationship"], second["relationship"]] == ["componentOf", "componentOf"]
    assert first["description"] == f"take, SHA-256 {hashed(plain)}"
    assert "active_manifest" not in first
    assert second["active_manifest"]
    assert [(one.manifests, one.ingredients) for one in seal.readings] == [(2, 2), (2, 2)]


async def test_a_providers_signature_is_a_note_until_its_authority_is_among_the_anchors(
    signer: ContentSigner, acme: Authority, essence: Path, delivered: Path, tmp_path: Path, keys: Path
) -> None:
    seal = await signer.sign(essence, tmp_path / "out.mp4", provenance(delivered))
    assert {note for one in seal.readings for note in one.notes} == {
        "s1.take1 was signed by somebody whom no anchor here vouches for"
    }
    knowing = signer_for(keys, NOW, "1.2.3", anchors=str(acme.anchors))
    seal = await knowing.sign(essence, tmp_path / "again.mp4", provenance(delivered))
    assert [one.notes for one in seal.readings] == [(), ()]
    assert knowing.standing == "development"


async def test_nothing_is_signed_over_a_take_whose_own_credentials_do_not_hold(
    signer: ContentSigner, essence: Path, delivered: Path, tmp_path: Path
) -> None:
    broken = damaged(delivered, tmp_path / "broken.mp4")
    with pytest.raises(IngredientUnsound, match=r"inside s1\.take1 do not hold .*circle another take of s1"):
        await signer.sign(essence, tmp_path / "out.mp4", provenance(broken))
    assert not (tmp_path / "out.mp4").exists()


def test_a_master_that_somebody_signed_over_a_broken_take_is_not_trusted_by_either_reader(
    signer: ContentSigner, essence: Path, delivered: Path, tmp_path: Path
) -> None:
    """The reference library calls such a file trusted: only walking its ingredients shows it."""
    broken, target = damaged(delivered, tmp_path / "broken.mp4"), tmp_path / "out.mp4"
    signer._write(essence, target, provenance(broken))
    with target.open("rb") as media:
        context = c2pa.Context.from_dict(settings_for(signer.identity.anchors))
        assert c2pa.Reader("video/mp4", media, context=context).get_validation_state() == "Trusted"
    for reader in readers_for(signer.identity.anchors):
        seen = reader.read(target)
        assert seen.state == "invalid", reader.name
        assert any("bmffHash.mismatch" in failure for failure in seen.failures), seen


async def test_a_reader_that_does_not_know_the_root_does_not_trust_it(
    signer: ContentSigner, essence: Path, plain: Path, tmp_path: Path
) -> None:
    await signer.sign(essence, tmp_path / "out.mp4", provenance(plain))
    stranger = development_identity(tmp_path / "stranger", NOW)
    for reader in readers_for(stranger.anchors):
        seen = reader.read(tmp_path / "out.mp4")
        assert seen.state == "untrusted", reader.name
        assert objections([seen], signer.identity.by.serial) == (f"{reader.name} calls it untrusted",)


async def test_a_trusted_file_of_another_signer_is_not_taken_for_ours(
    signer: ContentSigner, essence: Path, plain: Path, tmp_path: Path
) -> None:
    await signer.sign(essence, tmp_path / "out.mp4", provenance(plain))
    readings = await signer.verify(tmp_path / "out.mp4")
    assert objections(readings, signer.identity.by.serial) == ()
    assert len(objections(readings, "12345")) == 2


async def test_one_changed_byte_and_a_file_without_credentials_are_told_apart(
    signer: ContentSigner, essence: Path, plain: Path, tmp_path: Path
) -> None:
    await signer.sign(essence, tmp_path / "out.mp4", provenance(plain))
    for path, state in ((damaged(tmp_path / "out.mp4", tmp_path / "broken.mp4"), "invalid"), (essence, "absent")):
        assert [one.state for one in await signer.verify(path)] == [state, state]
    (tmp_path / "words.mp4").write_text("not a film")
    assert all(one.state in ("invalid", "absent") for one in await signer.verify(tmp_path / "words.mp4"))


async def test_a_reader_that_objects_stops_the_signature(
    signer: ContentSigner, essence: Path, plain: Path, tmp_path: Path
) -> None:
    class Stern:
        name, version = "stern", "1"

        def read(self, path: Path) -> Reading:
            return Reading(reader=self.name, version=self.version, state="untrusted")

    readers = [*readers_for(signer.identity.anchors), Stern()]
    with pytest.raises(SigningFailed, match="does not read back: stern calls it untrusted"):
        await ContentSigner(signer.identity, readers, "1").sign(essence, tmp_path / "out.mp4", provenance(plain))
    assert not (tmp_path / "out.mp4").exists()


@dataclass
class Vault:
    """A key that lives elsewhere: bytes go in, a signature comes out."""

    signed: int = 0
    trouble: str = ""
    key: Any = None

    def sign(self, data: bytes) -> bytes:
        if self.trouble:
            raise RuntimeError(self.trouble)
        self.signed += 1
        return bytes(self.key.sign(data))


def with_key(identity: SigningIdentity, key: Any) -> ContentSigner:
    held = SigningIdentity(identity.chain, key, identity.anchors, identity.standing, identity.by)
    return ContentSigner(held, readers_for(identity.anchors), "1")


async def test_the_key_may_live_elsewhere(signer: ContentSigner, essence: Path, plain: Path, tmp_path: Path) -> None:
    vault = Vault(key=signer.identity.key)
    seal = await with_key(signer.identity, vault).sign(essence, tmp_path / "out.mp4", provenance(plain))
    assert vault.signed >= 1
    assert seal.is_doubly_read


async def test_a_key_that_does_not_sign_is_a_sentence(
    signer: ContentSigner, essence: Path, plain: Path, tmp_path: Path
) -> None:
    with pytest.raises(SigningFailed, match="could not be signed: the key did not sign: the vault is closed"):
        closed = with_key(signer.identity, Vault(trouble="the vault is closed"))
        await closed.sign(essence, tmp_path / "out.mp4", provenance(plain))
    assert not (tmp_path / "out.mp4").exists()


async def test_a_vault_with_another_key_is_found_out(
    signer: ContentSigner, essence: Path, plain: Path, tmp_path: Path
) -> None:
    other = development_identity(tmp_path / "other", NOW).key
    with pytest.raises(SigningFailed):
        await with_key(signer.identity, other).sign(essence, tmp_path / "out.mp4", provenance(plain))
    assert not (tmp_path / "out.mp4").exists()


def test_the_pictures_are_those_of_the_unsigned_film(signer: ContentSigner, essence: Path, tmp_path: Path) -> None:
    signer._write(essence, tmp_path / "out.mp4", provenance())
    frames = [
        subprocess.run(
            [ffmpeg_exe(), "-loglevel", "error", "-i", str(one), "-f", "framemd5", "-"], capture_output=True, check=True
        ).stdout
        for one in (essence, tmp_path / "out.mp4")
    ]
    assert frames[0] == frames[1]


def twice(film: Path, folder: Path) -> tuple[Path, Path]:
    """A copy of the film, and another name for that copy."""
    mine, link = folder / "mine.mp4", folder / "link.mp4"
    mine.write_bytes(film.read_bytes())
    link.symlink_to(mine)
    return mine, link


async def test_a_file_is_never_signed_in_place(signer: ContentSigner, essence: Path, tmp_path: Path) -> None:
    mine, link = twice(essence, tmp_path)
    for target in (mine, tmp_path / "." / "mine.mp4", link):
        with pytest.raises(SigningFailed, match="cannot be signed in place"):
            await signer.sign(mine, target, provenance())
    assert hashed(mine) == hashed(essence)


async def test_what_is_no_film_is_refused_with_a_sentence(signer: ContentSigner, tmp_path: Path) -> None:
    (tmp_path / "words.mp4").write_text("not a film")
    with pytest.raises(SigningFailed, match="spring_everyone_vertical_en-US could not be signed"):
        await signer.sign(tmp_path / "words.mp4", tmp_path / "out.mp4", provenance())


async def test_hostile_words_in_a_title_are_words(signer: ContentSigner, essence: Path, tmp_path: Path) -> None:
    title = '"},"assertions":[],"x":{"a\\u0000 ../../走る'
    await signer.sign(essence, tmp_path / "out.mp4", provenance(title=title))
    manifest, _ = store_of(tmp_path / "out.mp4", signer.identity.anchors)
    assert manifest["title"] == title


async def test_reading_leaves_nothing_in_the_users_home(
    signer: ContentSigner, essence: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(tmp_path / "home"))
    (tmp_path / "home").mkdir()
    seen = IndependentReader(signer.identity.anchors).read(essence)
    assert seen.state == "absent"
    assert list((tmp_path / "home").rglob("*")) == []


async def test_a_film_too_large_for_one_reader_is_read_by_the_other_and_said_so(
    signer: ContentSigner, essence: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from callsheet.tools.provenance import independent

    monkeypatch.setattr(independent, "LARGEST", 1000)
    seal = await signer.sign(essence, tmp_path / "out.mp4", provenance())
    assert [one.state for one in seal.readings] == ["trusted", "unread"]
    assert not seal.is_doubly_read
    assert objections([seal.readings[1]], seal.by.serial) == ("no reader could read it",)


async def test_without_a_signer_the_file_is_copied_as_it_is(essence: Path, tmp_path: Path) -> None:
    assert await Unsigned().sign(essence, tmp_path / "copy.mp4", provenance()) is None
    assert hashed(tmp_path / "copy.mp4") == hashed(essence)
    assert Unsigned().standing == "none"
    assert await Unsigned().verify(essence) == ()


def test_versions_are_told_with_a_reading(signer: ContentSigner, essence: Path) -> None:
    assert str(ReferenceReader(signer.identity.anchors).read(essence)) == f"c2pa-python {c2pa.__version__}: absent"


def test_the_key_file_is_not_needed_twice(keys: Path) -> None:
    """The private key is read once at the start; its bytes are in no manifest, seal or sentence."""
    identity = development_identity(keys, NOW)
    secret = private_pem(identity.key.key).decode().splitlines()[1]
    assert secret not in identity.chain + identity.anchors + identity.by.model_dump_json()
