"""A campaign from Python: it stops where a person must decide, buys only what was approved, and ships those bytes."""

from pathlib import Path
from typing import Any

import pytest
from langgraph.checkpoint.sqlite.aio import AsyncSqliteSaver

from callsheet import Callsheet, Settings
from callsheet.domain.cut import Cut
from callsheet.domain.error import WrongUse
from callsheet.domain.ledger import Entry, LedgerBroken, verify
from callsheet.storage import document
from callsheet.storage.ledger import entries, head_of
from callsheet.storage.media import file_digest
from callsheet.tools.edit import Sound, verify_deliverable


def kinds(ledger: tuple[Entry, ...]) -> list[str]:
    return [entry.kind for entry in ledger]


async def test_a_run_stops_at_each_gate_and_ships_exactly_what_was_approved(pocket: Path, settings: Settings) -> None:
    async with Callsheet.open(settings) as callsheet:
        run = await callsheet.start(pocket)
        assert (await run.go_on()).status == "waiting"
        gate = await run.gate()
        assert gate is not None and gate.gate.kind == "greenlight"
        ledger = await callsheet.studio.database.read(lambda tx: entries(tx, run.id))
        assert not {"SecondsReserved", "PurchaseIntended"} & set(kinds(ledger)), "nothing is bought before it"

        await run.decide("approve", by="Dana", shown=gate.gate.shown)
        await run.go_on()
        release = await run.gate()
        assert release is not None and release.gate.kind == "release"
        ledger = await callsheet.studio.database.read(lambda tx: entries(tx, run.id))
        assert kinds(ledger).count("TakeStored") == 2
        assert "Published" not in kinds(ledger), "nothing leaves before the release"
        files = await run.deliverables()
        assert {one.file for one in release.showing.files} == {file_digest(one.path) for one in files}

        await run.decide("approve", by="Dana", shown=release.gate.shown)
        while (await run.go_on()).status == "waiting":
            await run.decide("approve", by="Dana")
        status = await run.status()
        assert status.status == "finished", status.reason
        files = await run.deliverables()
        assert [one.path.name for one in files] == ["pocket_a_pocket_en-US.mp4"]
        for one in files:
            cut = await callsheet.studio.database.read(lambda tx, one=one: document.fetch(tx, Cut, one.deliverable.cut))
            sound = await verify_deliverable(one.path, cut)
            assert isinstance(sound, Sound), sound
            assert one.path.with_suffix(".vtt").read_text().startswith("WEBVTT")
            assert one.path.with_suffix(".otio").exists()
        costs = await run.costs()
        assert (costs.seconds_purchased, costs.seconds_held, costs.takes) == (8, 0, 2)
        published = list((pocket / "out" / "published").rglob("*.mp4"))
        assert {file_digest(path) for path in published} == {one.deliverable.file for one in files}

        ledger = await callsheet.studio.database.read(lambda tx: entries(tx, run.id))
        assert verify(ledger) == await callsheet.studio.database.read(lambda tx: head_of(tx, run.id))
        said = "".join(entry.model_dump_json() for entry in ledger)
        assert "Dana" not in said, "the ledger holds a pseudonym, not a name"


async def test_a_changed_shot_is_priced_and_asked_about_again(pocket: Path, settings: Settings) -> None:
    async with Callsheet.open(settings) as callsheet:
        run = await callsheet.start(pocket)
        await run.go_on()
        first = await run.gate()
        assert first is not None
        await run.decide("edit", by="Dana", edits={"shot.2.seconds": "1.5"})
        await run.go_on()
        second = await run.gate()
        assert second is not None and second.gate.kind == "greenlight"
        assert second.gate.shown != first.gate.shown
        with pytest.raises(WrongUse, match="look again"):
            await run.decide("approve", by="Dana", shown=first.gate.shown)


async def test_an_edit_that_is_undone_asks_the_first_question_again(pocket: Path, settings: Settings) -> None:
    async with Callsheet.open(settings) as callsheet:
        run = await callsheet.start(pocket)
        await run.go_on()
        first = await run.gate()
        assert first is not None
        for seconds in ("1.5", "2"):
            await run.decide("edit", by="Dana", edits={"shot.2.seconds": seconds})
            status = await run.go_on()
            assert status.status == "waiting", status.reason
        again = await run.gate()
        assert again is not None
        assert again.gate.id != first.gate.id
        await run.decide("approve", by="Dana")
        assert (await run.go_on()).status == "waiting"


async def test_an_edit_that_makes_no_sense_leaves_the_gate_open(pocket: Path, settings: Settings) -> None:
    async with Callsheet.open(settings) as callsheet:
        run = await callsheet.start(pocket)
        await run.go_on()
        for edits in ({"shot.9.seconds": "3"}, {"shot.2.seconds": "900"}, {"shot.2.colour": "red"}):
            with pytest.raises(Exception, match="shot"):
                await run.decide("edit", by="Dana", edits=edits)
        gate = await run.gate()
        assert gate is not None and gate.gate.kind == "greenlight"


async def test_a_rejected_plan_buys_nothing(pocket: Path, settings: Settings) -> None:
    async with Callsheet.open(settings) as callsheet:
        run = await callsheet.start(pocket)
        await run.go_on()
        await run.decide("reject", by="Dana", note="not this spring")
        assert (await run.go_on()).status == "rejected"
        assert (await run.status()).reason == "not this spring"
        assert (await run.costs()).seconds_purchased == 0


async def test_a_folder_with_an_unfinished_run_is_refused_and_names_it(pocket: Path, settings: Settings) -> None:
    async with Callsheet.open(settings) as callsheet:
        run = await callsheet.start(pocket)
        with pytest.raises(WrongUse, match=run.id):
            await callsheet.start(pocket)


async def test_a_second_run_adopts_the_takes_of_the_first(pocket: Path, settings: Settings) -> None:
    async with Callsheet.open(settings) as callsheet:
        essences = []
        for _ in range(2):
            run = await callsheet.start(pocket, approve_all=True)
            assert (await run.go_on()).status == "finished"
            essences.append([one.deliverable.essence for one in await run.deliverables()])
        assert (await run.costs()).seconds_purchased == 0
        ledger = await callsheet.studio.database.read(lambda tx: entries(tx, run.id))
        assert kinds(ledger).count("TakeAdopted") == 2
        assert essences[0] == essences[1]


async def test_a_changed_ledger_entry_is_noticed(pocket: Path, settings: Settings) -> None:
    async with Callsheet.open(settings) as callsheet:
        run = await callsheet.start(pocket)
        await run.go_on()
        ledger = list(await callsheet.studio.database.read(lambda tx: entries(tx, run.id)))
    ledger[1] = ledger[1].model_copy(update={"body": {**ledger[1].body, "by": "somebody else"}})
    with pytest.raises(LedgerBroken):
        verify(ledger)


@pytest.mark.parametrize("cut_off_at", range(1, 7))
async def test_a_run_goes_on_from_any_checkpoint_it_was_cut_off_at(
    pocket: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch, cut_off_at: int
) -> None:
    """A node's result may be stored while the step after it was never taken: the graph then seems to have no next."""
    written = 0
    put = AsyncSqliteSaver.aput

    async def cut_off(self: AsyncSqliteSaver, *given: Any) -> Any:
        nonlocal written
        written += 1
        if written == cut_off_at:
            raise OSError("the power is gone")
        return await put(self, *given)

    async with Callsheet.open(settings) as callsheet:
        run = await callsheet.start(pocket)
        monkeypatch.setattr(AsyncSqliteSaver, "aput", cut_off)
        assert (await run.go_on()).status == "failed"
        monkeypatch.undo()
        assert (await run.go_on()).status == "waiting"
        gate = await run.gate()
        assert gate is not None and gate.gate.kind == "greenlight"
