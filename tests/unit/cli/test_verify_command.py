"""`callsheet verify FILE` tells anybody what a finished file is worth, with a workspace and without one."""

import json
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from typer.testing import CliRunner, Result
from unit.provenance.authority import NOW, Authority, film, hashed, provenance
from unit.studio import fixture

from callsheet.cli.app import build
from callsheet.domain.event import DeliverableFinished
from callsheet.storage.database import Database
from callsheet.storage.ledger import record

pytest.importorskip("c2pa", reason="the provenance extra is not installed")
pytest.importorskip("encypher_c2pa", reason="the provenance extra is not installed")
import c2pa

from callsheet.tools.provenance.credentials import settings_for
from callsheet.tools.provenance.open import signer_for


def call(*words: str | Path) -> Result:
    return CliRunner().invoke(build(), ["verify", *(str(word) for word in words)])


def told(*words: str | Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(call(*words, "--json").stdout)
    return found


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path / "authority")


@pytest.fixture
async def signed(here: Path, authority: Authority) -> Path:
    cert, key = authority.issue()
    signer = signer_for(here / "nobody", NOW, "1", cert=str(cert), key=str(key), anchors=str(authority.anchors))
    take = film(here / "take.mp4", "testsrc")
    await signer.sign(film(here / "film.mp4", "testsrc2"), here / "out.mp4", provenance(take))
    return here / "out.mp4"


def test_a_file_is_trusted_by_whoever_trusts_its_authority(signed: Path, authority: Authority) -> None:
    result = call(signed, "--anchors", authority.anchors)
    assert result.exit_code == 0, result.output
    assert result.stdout.count("; walked: manifests 1, ingredients 1") == 2
    assert "trusted, signed by Longrun Media" in result.stdout
    assert f"SHA-256 {hashed(signed)}" in result.stdout
    assert "outside what C2PA protects; the SHA-256 above covers them" in result.stdout
    assert "this workspace does not know these bytes" in result.stdout


def test_nothing_is_left_behind_where_there_is_no_workspace(signed: Path, here: Path) -> None:
    before = sorted(here.iterdir())
    result = call(signed)
    assert result.exit_code == 4
    assert "nobody trusted here vouches for Longrun Media" in result.output
    assert sorted(here.iterdir()) == before


def test_a_changed_file_and_one_without_credentials_are_refused(signed: Path, here: Path, authority: Authority) -> None:
    data = bytearray(signed.read_bytes())
    data[-40] ^= 1
    (here / "changed.mp4").write_bytes(data)
    (here / "words.mp4").write_text("not a film")
    for name, says in (("changed.mp4", "calls it invalid"), ("film.mp4", "carries no content credentials")):
        result = call(here / name, "--anchors", authority.anchors)
        assert result.exit_code == 4
        assert says in result.output
    words = call(here / "words.mp4", "--anchors", authority.anchors)
    assert (words.exit_code, "is neither a film (MP4) nor a picture" in words.stderr) == (4, True)


def test_what_is_not_there_is_named(here: Path) -> None:
    (here / "empty.mp4").touch()
    for name, code, says in (
        ("nothing.mp4", 6, "There is no file nothing.mp4"),
        (".", 2, ". is a folder"),
        ("empty.mp4", 2, "empty.mp4 is empty"),
    ):
        result = call(name)
        assert (result.exit_code, says in result.stderr) == (code, True), name


@pytest.mark.parametrize(("name", "kind"), [("PNG", "PNG"), ("JPEG", "JPEG"), ("WEBP", "WebP")])
def test_a_picture_without_credentials_is_judged_as_a_picture(here: Path, name: str, kind: str) -> None:
    Image.new("RGB", (32, 32), "teal").save(here / "shoe.file", name)
    result = call("shoe.file")
    assert result.exit_code == 4
    assert result.stderr.startswith(f"shoe.file carries no content credentials: this {kind} picture does not say who")
    assert "no sign for or against it" in result.stderr
    assert [line.split(": ")[1] for line in result.stdout.splitlines() if "c2pa" in line] == ["absent", "absent"]
    assert "film" not in result.output


def test_a_picture_that_carries_credentials_is_read_as_one(here: Path, authority: Authority) -> None:
    Image.new("RGB", (32, 32), "teal").save(here / "plain.png")
    cert, key = authority.issue()
    made = {"action": "c2pa.created", "digitalSourceType": "http://cv.iptc.org/newscodes/digitalsourcetype/composite"}
    manifest = {
        "claim_generator_info": [{"name": "another", "version": "1"}],
        "assertions": [{"label": "c2pa.actions.v2", "data": {"actions": [made]}}],
    }
    info = c2pa.C2paSignerInfo(alg=b"es256", sign_cert=cert.read_bytes(), private_key=key.read_bytes(), ta_url=None)
    context = c2pa.Context.from_dict(settings_for(authority.anchors.read_text()))
    with c2pa.Signer.from_info(info) as signer, c2pa.Builder(json.dumps(manifest), context) as builder:
        builder.sign_file(str(here / "plain.png"), str(here / "signed.png"), signer)
    good = call("signed.png", "--anchors", authority.anchors)
    assert good.exit_code == 0, good.output
    spoiled = bytearray((here / "signed.png").read_bytes())
    spoiled[-20] ^= 1
    (here / "signed.png").write_bytes(spoiled)
    assert call("signed.png", "--anchors", authority.anchors).exit_code == 4


def test_anchors_that_are_none_are_named(signed: Path, here: Path) -> None:
    assert call(signed, "--anchors", here / "none.pem").exit_code == 2
    assert call(signed, "--anchors", signed).exit_code == 2


def test_the_document_lists_what_c2pa_does_not_protect(signed: Path, authority: Authority) -> None:
    found = told(signed, "--anchors", authority.anchors)
    assert found["sha256"] == hashed(signed)
    assert {one["state"] for one in found["readings"]} == {"trusted"}
    assert {one["reason"] for one in found["unprotected"]} >= {"the ftyp box is outside the hash"}
    assert all(0 < one["begin"] < one["end"] < signed.stat().st_size for one in found["unprotected"])


def settle(folder: Path) -> Path:
    """Let the fixture's database be the workspace of this folder."""
    (folder / "callsheet.toml").write_text(f'database_url = "sqlite:///{folder / "w.db"}"\nworkspace = "test"\n')
    return folder


def test_the_workspace_knows_its_files_and_who_approved_which(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    played = fixture.play(tmp_path)
    played.database.close()
    monkeypatch.chdir(settle(tmp_path))
    monkeypatch.delenv("CALLSHEET_HOME", raising=False)
    made = played.files[1]
    (known,) = told(played.media.path(made.file))["known"]
    assert (known["run"], known["name"]) == (fixture.RUN, made.name)
    assert len(known["approved"]) == 1
    assert [one.endswith("(up)") for one in known["published"]] == [True]
    (first,) = told(played.media.path(played.files[0].file))["known"]
    assert [one.endswith("(down)") for one in first["published"]] == [True]


def test_a_file_nobody_approved_is_said_to_be_so(signed: Path, here: Path, authority: Authority) -> None:
    played = fixture.plan(here)
    tell(played.database, signed)
    settle(here)
    result = call(signed, "--anchors", authority.anchors)
    assert "spring_everyone of spring-1: its exact bytes" in result.stdout
    assert "approved by nobody" in result.stdout
    film_of_it = told(here / "film.mp4", "--anchors", authority.anchors)["known"]
    assert [one["is_essence"] for one in film_of_it] == [True]


def tell(database: Database, signed: Path) -> None:
    event = DeliverableFinished(
        name="spring_everyone", deliverable=hashed(signed), cut=hashed(signed), file=hashed(signed),
        essence=hashed(signed.with_name("film.mp4")), credentials="trusted",
    )  # fmt: skip
    database.write_now(lambda tx: record(tx, fixture.RUN, event))
    database.close()
