"""A whole run: what is asked about at release is signed and read by two readers, and so is what is out afterwards."""

import json
from pathlib import Path
from typing import Any

import pytest
from unit.provenance.authority import Authority

from callsheet import Callsheet, Settings
from callsheet.domain.error import InputInvalid
from callsheet.storage.ledger import entries

c2pa = pytest.importorskip("c2pa", reason="the provenance extra is not installed")
pytest.importorskip("encypher_c2pa", reason="the provenance extra is not installed")


def said_in(path: Path) -> dict[str, Any]:
    """The assertions of a file, whoever signed it."""
    with path.open("rb") as media:
        store = json.loads(c2pa.Reader("video/mp4", media).json())
    return {one["label"]: one["data"] for one in store["manifests"][store["active_manifest"]]["assertions"]}


async def test_a_run_with_a_certificate_of_ones_own_is_trusted_before_release_and_after(
    pocket: Path, settings: Settings, tmp_path: Path
) -> None:
    authority = Authority(tmp_path / "authority")
    cert, key = authority.issue(passphrase="correct horse")
    own = {"sign_cert": str(cert), "sign_key": str(key), "sign_anchors": str(authority.anchors)}
    changed = settings.model_copy(update=own | {"sign_passphrase": type(settings.sign_passphrase)("correct horse")})
    async with Callsheet.open(changed) as callsheet:
        run = await callsheet.start(pocket)
        await run.go_on()
        await run.decide("approve", by="Dana")
        await run.go_on()
        release = await run.gate()
        assert release is not None and release.gate.kind == "release"
        assert [one.credentials for one in release.showing.files] == ["trusted"]
        assert any("signed by Longrun Media with a trusted certificate" in one for one in release.showing.notices)
        await run.decide("approve", by="Dana")
        while (await run.go_on()).status == "waiting":
            await run.decide("approve", by="Dana")
        ledger = await callsheet.studio.database.read(lambda tx: entries(tx, run.id))
        (file,) = await run.deliverables()
    looks = [one.body for one in ledger if one.kind == "CredentialsVerified"]
    assert [one["moment"] for one in looks] == ["signed", "published"]
    for one in looks:
        assert one["file"] == file.deliverable.file
        assert [reader.rpartition(": ")[2] for reader in one["readers"]] == ["trusted", "trusted"]
        assert (one["objections"], one["ingredients"] >= 2) == ([], True)
    (finished,) = [one.body for one in ledger if one.kind == "DeliverableFinished"]
    assert any(looks[0]["certificate"] in mark for mark in finished["watermark"])
    assertions = said_in(file.path)
    clearance = assertions["org.callsheet.clearance"]
    assert clearance["essence"] == file.deliverable.essence
    bought = {one.body["purchase"] for one in ledger if one.kind == "TakeStored"}
    assert {one["purchase"] for one in clearance["sources"] if one["kind"] == "take"} == bought
    assert "Dana" not in json.dumps(assertions)


async def test_a_certificate_that_cannot_sign_stops_the_start(settings: Settings, tmp_path: Path) -> None:
    cert, _ = Authority(tmp_path / "authority").issue()
    with pytest.raises(InputInvalid, match="CALLSHEET_SIGN_CERT is set and CALLSHEET_SIGN_KEY is not"):
        async with Callsheet.open(settings.model_copy(update={"sign_cert": str(cert)})):
            pass
