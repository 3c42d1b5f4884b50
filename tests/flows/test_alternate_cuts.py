"""Markets with other rules on labels get files of their own: shown apart, approved together, declared one by one."""

import json
from pathlib import Path

import pytest

from callsheet import Callsheet, Settings
from callsheet.domain.identity import Digest
from callsheet.domain.telemetry import Readings
from callsheet.storage import document
from callsheet.storage.ledger import entries

WHERE_REQUIRED = "\nmarkets: [US, GB, DE]\nlabels: where_required\n"


def source_type_in(film: Path) -> str:
    """The digital source type in a film's content credentials."""
    c2pa = pytest.importorskip("c2pa", reason="the provenance extra is not installed")
    store = json.loads(c2pa.Reader(str(film)).json())
    (actions,) = [
        one["data"]["actions"]
        for one in store["manifests"][store["active_manifest"]]["assertions"]
        if one["label"].startswith("c2pa.actions")
    ]
    return str(actions[0]["digitalSourceType"])


async def test_each_group_of_markets_has_a_file_with_what_to_declare_beside_it(
    pocket: Path, settings: Settings
) -> None:
    main = pocket / "campaign.yaml"
    main.write_text(main.read_text() + WHERE_REQUIRED)
    async with Callsheet.open(settings) as callsheet:
        run = await callsheet.start(pocket)
        await run.go_on()
        await run.decide("approve", by="Dana")
        await run.go_on()
        release = await run.gate()
        assert release is not None and release.gate.kind == "release"
        names = [one.name for one in release.showing.files]
        assert names[0] == "pocket_a_pocket_en-US", "the base cut is the least strict"
        assert len(names) == len({one.file for one in release.showing.files}) > 1
        assert release.showing.files[0].runs == "for GB"
        assert any(one.runs == "alternate for DE" for one in release.showing.files)
        told = "\n".join(release.showing.notices)
        assert "no label for GB" in told
        assert "eu-ai-act-50-4 (since 2026-08-02)" in told

        await run.decide("approve", by="Dana", shown=release.gate.shown)
        while (await run.go_on()).status == "waiting":
            asked = await run.gate()
            assert asked is not None
            await run.decide("approve" if asked.gate.kind == "release" else "reject", by="Dana")
        published = sorted((pocket / "out" / "published").rglob("*.mp4"))
        assert [path.name.split(".")[0] for path in published] == sorted(names)
        sheets = [json.loads(path.with_suffix(".publish.json").read_text()) for path in published]
        markets = [market for sheet in sheets for market in sheet["disclosures"]["markets"]]
        assert sorted(markets) == ["DE", "GB", "US"]
        assert all(sheet["flags"]["youtube"]["status.containsSyntheticMedia"] is True for sheet in sheets)
        assert all(sheet["disclosures"]["previz"] is True for sheet in sheets)
        made = [source_type_in(path) for path in published]
        assert [sheet["disclosures"]["digitalSourceType"] for sheet in sheets] == made
        assert not any("Trained" in one for one in made), "previz is drawn by a program that was trained on nothing"
        labels = {tuple(sheet["disclosures"]["markets"]): sheet["disclosures"]["label"] for sheet in sheets}
        assert labels[("GB",)] is None

        ledger = await callsheet.studio.database.read(lambda tx: entries(tx, run.id))
        read = [Digest(entry.body["readings"]) for entry in ledger if entry.kind == "TelemetryRead"]
        readings = await callsheet.studio.database.read(lambda tx: document.fetch(tx, Readings, read[0]))
        assert len({(one.variant, one.placement) for one in readings.readings}) == len(readings.readings)
