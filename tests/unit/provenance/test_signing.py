"""A signed file says how it came about, reads back as trusted by its own root, and notices one changed byte."""

import hashlib
import json
import stat
import subprocess
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from callsheet.tools.ffmpeg import ffmpeg_exe
from callsheet.tools.provenance.port import Provenance, SigningFailed
from callsheet.tools.provenance.unsigned import Unsigned

c2pa = pytest.importorskip("c2pa", reason="the provenance extra is not installed")
from callsheet.tools.provenance.certificate import development_chain  # noqa: E402 - needs the extra
from callsheet.tools.provenance.credentials import DevelopmentSigner  # noqa: E402 - needs the extra

NOW = datetime.now(UTC)  # the library checks the certificate's term against the machine's clock
SAID = Provenance(
    title="spring_everyone_vertical_en-US",
    is_generated=True,
    shots=("s1.take1-abc",),
    releases=("r1",),
    claims=("c1",),
    essence="e" * 64,
)


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("film") / "film.mp4"
    argv = [ffmpeg_exe(), "-loglevel", "error", "-f", "lavfi", "-i", "testsrc2=size=96x96:rate=30",
            "-t", "0.5", "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", str(path)]  # fmt: skip
    subprocess.run(argv, check=True, capture_output=True)
    return path


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("home") / "signing"
    development_chain(folder, NOW)
    return folder


@pytest.fixture(scope="module")
def signer(keys: Path) -> DevelopmentSigner:
    return DevelopmentSigner(keys, NOW, "1.2.3")


@pytest.fixture
async def signed(signer: DevelopmentSigner, film: Path, tmp_path: Path) -> Path:
    target = tmp_path / "signed.mp4"
    await signer.sign(film, target, SAID)
    return target


def read(path: Path, keys: Path) -> tuple[str, dict[str, Any]]:
    """What a reader that trusts this workspace's root makes of a file."""
    settings = {
        "version": 1,
        "verify": {"verify_trust": True, "remote_manifest_fetch": False, "ocsp_fetch": False},
        "trust": {"trust_anchors": (keys / "root.pem").read_text()},
    }
    reader = c2pa.Reader(str(path), context=c2pa.Context.from_dict(settings))
    return reader.get_validation_state(), json.loads(reader.json())


def twice(film: Path, folder: Path) -> tuple[Path, Path]:
    """A copy of the film, and another name for that copy."""
    mine, link = folder / "mine.mp4", folder / "link.mp4"
    mine.write_bytes(film.read_bytes())
    link.symlink_to(mine)
    return mine, link


def words(folder: Path) -> Path:
    """A file that only says it is a film."""
    path = folder / "words.mp4"
    path.write_text("not a film")
    return path


def hashed(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_signed_file_reads_back_as_trusted_and_says_how_it_came_about(signed: Path, keys: Path) -> None:
    state, store = read(signed, keys)
    assert state == "Trusted"
    manifest = store["manifests"][store["active_manifest"]]
    assert manifest["title"] == SAID.title
    said = {one["label"]: one["data"] for one in manifest["assertions"]}
    assert said["org.callsheet.clearance"] == {
        "essence": SAID.essence, "takes": ["s1.take1-abc"], "releases": ["r1"], "claims": ["c1"]
    }  # fmt: skip
    created = next(one for label, one in said.items() if label.startswith("c2pa.actions"))["actions"][0]
    assert created["digitalSourceType"].endswith("compositeWithTrainedAlgorithmicMedia")


def test_a_reader_that_does_not_know_our_root_does_not_trust_it(signed: Path, tmp_path: Path) -> None:
    development_chain(tmp_path / "stranger", NOW)
    state, _ = read(signed, tmp_path / "stranger")
    assert state != "Trusted"


def test_one_changed_byte_of_the_picture_is_noticed(signed: Path, keys: Path) -> None:
    data = bytearray(signed.read_bytes())
    data[len(data) - 10] ^= 1
    signed.write_bytes(data)
    state, _ = read(signed, keys)
    assert state == "Invalid"


def test_the_pictures_are_those_of_the_unsigned_film(signed: Path, film: Path) -> None:
    assert signed.stat().st_size > film.stat().st_size
    frames = [
        subprocess.run(
            [ffmpeg_exe(), "-loglevel", "error", "-i", str(one), "-f", "framemd5", "-"], capture_output=True, check=True
        ).stdout
        for one in (film, signed)
    ]
    assert frames[0] == frames[1]


async def test_a_file_is_never_signed_in_place(signer: DevelopmentSigner, film: Path, tmp_path: Path) -> None:
    mine, link = twice(film, tmp_path)
    for target in (mine, tmp_path / "." / "mine.mp4", link):
        with pytest.raises(SigningFailed, match="cannot be signed in place"):
            await signer.sign(mine, target, SAID)
    assert hashed(mine) == hashed(film)


async def test_what_is_no_film_is_refused_with_a_sentence(signer: DevelopmentSigner, tmp_path: Path) -> None:
    source = words(tmp_path)
    with pytest.raises(SigningFailed, match="spring_everyone_vertical_en-US could not be signed"):
        await signer.sign(source, tmp_path / "out.mp4", SAID)


async def test_hostile_words_in_a_title_are_words(
    signer: DevelopmentSigner, film: Path, tmp_path: Path, keys: Path
) -> None:
    title = '"},"assertions":[],"x":{"a\\u0000 ../../走る'
    hostile = Provenance(title, True, (), (), (), "e" * 64)
    await signer.sign(film, tmp_path / "out.mp4", hostile)
    state, store = read(tmp_path / "out.mp4", keys)
    assert state == "Trusted"
    assert store["manifests"][store["active_manifest"]]["title"] == title


def test_only_the_user_can_read_the_private_key(keys: Path) -> None:
    assert stat.S_IMODE((keys / "leaf.key").stat().st_mode) == 0o600
    assert not [path for path in keys.parent.iterdir() if path != keys]
    assert sorted(path.name for path in keys.iterdir()) == ["leaf.key", "leaf.pem", "root.pem"]


def test_the_certificate_is_made_once(keys: Path) -> None:
    before = {path.name: path.read_bytes() for path in keys.iterdir()}
    development_chain(keys, NOW)
    assert {path.name: path.read_bytes() for path in keys.iterdir()} == before


def test_many_who_start_at_once_get_one_matching_chain(tmp_path: Path) -> None:
    from cryptography import x509
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    folder = tmp_path / "new" / "signing"
    with ThreadPoolExecutor(8) as people:
        list(people.map(lambda _: development_chain(folder, NOW), range(8)))
    leaf = x509.load_pem_x509_certificate((folder / "leaf.pem").read_bytes())
    root = x509.load_pem_x509_certificate((folder / "root.pem").read_bytes())
    key = load_pem_private_key((folder / "leaf.key").read_bytes(), None)
    leaf.verify_directly_issued_by(root)
    assert leaf.public_key() == key.public_key()
    assert [path.name for path in folder.parent.iterdir()] == ["signing"]


async def test_without_a_signer_the_file_is_copied_as_it_is(film: Path, tmp_path: Path) -> None:
    await Unsigned().sign(film, tmp_path / "copy.mp4", SAID)
    assert hashed(tmp_path / "copy.mp4") == hashed(film)
    assert Unsigned().standing == "none"
