"""A run is forked at a gate: the gate is asked again in a run of its own, and the first run stays as it is."""

import shutil
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from callsheet import Callsheet, CampaignRun, Principal, Settings
from callsheet.domain.error import NotFound, WrongUse
from callsheet.domain.identity import GateId, RunId
from callsheet.domain.ledger import Entry
from callsheet.domain.money import nothing
from callsheet.storage import gate as gates
from callsheet.storage import purchase as journal
from callsheet.storage.database import Transaction
from callsheet.storage.ledger import entries, head_of
from callsheet.storage.table import GATES


@pytest.fixture
async def callsheet(settings: Settings) -> AsyncIterator[Callsheet]:
    async with Callsheet.open(settings) as opened:
        yield opened


async def waiting_at(callsheet: Callsheet, folder: Path, *answers: Any) -> CampaignRun:
    """A run after these answers, in their order; `edits` are given as a mapping."""
    run = await callsheet.start(folder)
    await run.go_on()
    for answer in answers:
        if isinstance(answer, dict):
            await run.decide("edit", by="Dana", edits=answer)
        else:
            await run.decide(answer, by="Dana")
        await run.go_on()
    return run


async def ledger_of(callsheet: Callsheet, run: str) -> tuple[Entry, ...]:
    return await callsheet.studio.database.read(lambda tx: entries(tx, RunId(run)))


def everything_of(home: Path, run: str) -> dict[str, list[tuple[Any, ...]]]:
    """Every row that belongs to a run, ours and the graph's, byte by byte."""
    tables = {
        "runs": "id = ?", "gates": "run = ?", "ledger": "run = ?", "ledger_heads": "run = ?", "purchases": "run = ?",
        "publications": "run = ?", "checkpoints": "thread_id = ?", "writes": "thread_id = ?",
    }  # fmt: skip
    with sqlite3.connect(home / "workspace.db") as connection:
        found = {
            table: sorted(connection.execute(f"select * from {table} where {where}", (run,)).fetchall(), key=repr)
            for table, where in tables.items()
        }
        decided = connection.execute("select * from decisions where gate like ?", (f"%.{run}",)).fetchall()
    assert found["checkpoints"] and found["ledger"] and decided
    return {**found, "decisions": sorted(decided, key=repr)}


def bytes_in(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


async def test_an_edit_at_the_greenlight_buys_only_the_shot_it_changes(
    callsheet: Callsheet, pocket: Path, settings: Settings
) -> None:
    run = await waiting_at(callsheet, pocket, "approve", "approve")
    before, files = everything_of(settings.home, run.id), bytes_in(pocket / "out")
    fork = await run.fork(at="greenlight", answer="edit", edits={"shot.2.light": "neon night"}, by="Robin")
    assert fork.id == "pocket-2"
    assert (await fork.go_on()).status == "waiting"
    asked = await fork.gate()
    assert asked is not None
    assert (asked.gate.kind, asked.showing.seconds) == ("greenlight", 8), "one shot of 4 s, with one repeat"
    await fork.decide("approve", by="Robin")
    await fork.go_on()
    await fork.decide("approve", by="Robin")
    assert (await fork.go_on()).status == "finished"

    costs = await fork.costs()
    assert (costs.takes, costs.seconds_purchased) == (1, 4)
    told = await ledger_of(callsheet, fork.id)
    forked = next(one for one in told if one.kind == "RunForked")
    asked_then = next(one for one in await ledger_of(callsheet, run.id) if one.kind == "GateOpened").body["gate"]
    assert (forked.body["parent"], forked.body["gate"], forked.body["parent_entries"]) == (run.id, asked_then, 4)
    adopted = {one.body["shot"] for one in told if one.kind == "TakeAdopted"}
    assert adopted == {"shot.1"}
    assert everything_of(settings.home, run.id) == before
    assert bytes_in(pocket / "out") == files
    assert bytes_in(pocket / "out-pocket-2" / "deliverables")
    assert await callsheet.studio.database.read(lambda tx: head_of(tx, fork.id))


async def test_a_second_answer_at_the_release_shows_the_same_files_and_costs_nothing(
    callsheet: Callsheet, pocket: Path, settings: Settings
) -> None:
    run = await waiting_at(callsheet, pocket, "approve", "reject")
    assert (await run.status()).status == "rejected"
    before = everything_of(settings.home, run.id)
    fork = await run.fork(answer="approve", by="Robin")
    assert (await fork.go_on()).status == "finished"
    then, now = [await _gates(callsheet, one) for one in (run.id, fork.id)]
    assert now[0].shown == then[-1].shown, "the very same question"
    assert now[0].id != then[-1].id
    costs = await fork.costs()
    assert (costs.takes, costs.seconds_purchased) == (0, 0)
    assert costs.spent == nothing()
    files = await fork.deliverables()
    assert [one.path.is_file() for one in files] == [True]
    assert {one.deliverable.essence for one in files} == {one.deliverable.essence for one in await run.deliverables()}
    told = [one.kind for one in await ledger_of(callsheet, fork.id)]
    assert told.count("TakeAdopted") == 2
    assert told.count("Published") == 1
    assert everything_of(settings.home, run.id) == before
    assert not (pocket / "out" / "published").exists()


async def test_a_no_at_the_release_ends_the_fork_and_leaves_what_the_run_published(
    callsheet: Callsheet, pocket: Path
) -> None:
    run = await waiting_at(callsheet, pocket, "approve", "approve")
    fork = await run.fork(at="release", answer="reject", note="too loud", by="Robin")
    assert (await fork.go_on()).status == "rejected"
    assert (await fork.status()).reason == "too loud"
    assert (await run.status()).status == "finished"
    assert list((pocket / "out" / "published").rglob("*.mp4"))
    assert not (pocket / "out-pocket-2" / "published").exists()


async def test_a_fork_can_be_forked(callsheet: Callsheet, pocket: Path) -> None:
    run = await waiting_at(callsheet, pocket, "approve", "reject")
    first = await run.fork(at="greenlight", answer="edit", edits={"shot.2.light": "neon night"}, by="Robin")
    await first.go_on()
    await first.decide("approve", by="Robin")
    await first.go_on()
    await first.decide("reject", by="Robin")
    await first.go_on()
    second = await first.fork(at="release", answer="approve", by="Kim")
    assert second.id == "pocket-3"
    assert (await second.go_on()).status == "finished"
    status = await second.status()
    assert status.forked_from is not None
    assert status.forked_from.run == first.id
    assert (await second.costs()).takes == 0
    took = {one.body["take"] for one in await ledger_of(callsheet, second.id) if one.kind == "TakeAdopted"}
    cut = {
        take
        for one in await ledger_of(callsheet, second.id)
        if one.kind == "CutAssembled"
        for take in one.body["takes"]
    }
    assert cut <= took
    assert len({one.deliverable.essence for one in (*await first.deliverables(), *await second.deliverables())}) == 1


async def test_a_run_that_is_not_finished_is_forked_and_goes_on_beside_it(
    callsheet: Callsheet, pocket: Path, settings: Settings
) -> None:
    run = await waiting_at(callsheet, pocket, "approve")
    assert (await run.status()).status == "waiting"
    before = everything_of(settings.home, run.id)
    fork = await run.fork(answer="approve", by="Robin")
    assert (await fork.go_on()).status == "waiting"
    asked = await fork.gate()
    assert asked is not None
    assert asked.gate.kind == "release"
    assert (await fork.costs()).takes == 0, "what the first run bought is used"
    assert everything_of(settings.home, run.id) == before
    await run.decide("approve", by="Dana")
    assert (await run.go_on()).status == "finished"
    await fork.decide("reject", by="Robin")
    assert (await fork.go_on()).status == "rejected"


async def test_a_fork_stands_on_the_frozen_campaign_whatever_became_of_the_folder(
    callsheet: Callsheet, pocket: Path
) -> None:
    run = await waiting_at(callsheet, pocket, "approve", "reject")
    (pocket / "campaign.yaml").write_text("this is no campaign any more")
    shutil.rmtree(pocket / "out")
    fork = await run.fork(at="release", answer="approve", by="Robin")
    assert (await fork.go_on()).status == "finished"
    assert (await fork.status()).bundle == (await run.status()).bundle


async def test_a_fork_that_was_cut_off_before_its_first_drive_asks_its_gate_when_it_is_resumed(
    callsheet: Callsheet, pocket: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = await waiting_at(callsheet, pocket, "approve", "reject")
    with monkeypatch.context() as broken:
        broken.setattr(CampaignRun, "go_on", _killed)
        with pytest.raises(KeyboardInterrupt):
            await run.fork(at="release", answer="approve", by="Robin")
    left = await callsheet.run("pocket-2")
    assert (await left.status()).status == "running"
    assert await left.gate() is None
    assert (await left.go_on()).status == "waiting"
    asked = await left.gate()
    assert asked is not None
    assert asked.gate.kind == "release"
    assert (await left.go_on()).status == "waiting", "driven again, it is asked once"
    assert len(await _gates(callsheet, left.id)) == 1
    again = await run.fork(at="release", answer="approve", by="Robin")
    assert again.id == "pocket-3"
    assert (await again.go_on()).status == "finished"


async def test_a_policy_for_the_rest_does_not_answer_the_gate_that_is_asked_again(
    callsheet: Callsheet, pocket: Path
) -> None:
    run = await callsheet.start(pocket, approve_all=True)
    assert (await run.go_on()).status == "finished"
    fork = await run.fork(at="greenlight", by="Robin", approve_rest=True)
    assert (await fork.go_on()).status == "waiting"
    await fork.decide("edit", by="Robin", edits={"shot.2.light": "neon night"})
    assert (await fork.go_on()).status == "finished"
    decided = [one.body["authenticated"] for one in await ledger_of(callsheet, fork.id) if one.kind == "GateDecided"]
    assert decided == ["asserted", "policy", "policy"]


async def test_a_name_on_its_own_word_does_not_meet_a_role_in_a_fork(callsheet: Callsheet, pocket: Path) -> None:
    run = await waiting_at(callsheet, pocket, "approve", "reject")
    fork = await run.fork(at="release", by="Robin")
    asked = await fork.gate()
    assert asked is not None
    await callsheet.studio.database.write(lambda tx: _ask_for(tx, asked.gate.id, "legal"))
    assert (await fork.decide("approve", by="Robin")).answer == "open"
    assert (await fork.go_on()).status == "waiting"
    lawyer = Principal(name="Kim", authenticated="token", roles=("legal",))
    assert (await fork.decide("approve", by=lawyer)).answer == "approve"
    assert (await fork.go_on()).status == "finished"


async def test_nothing_is_bought_twice_over_a_run_and_its_forks(callsheet: Callsheet, pocket: Path) -> None:
    run = await waiting_at(callsheet, pocket, "approve", "approve")
    for light in ("neon night", "hard noon sun", "neon night"):
        fork = await run.fork(
            at="greenlight", answer="edit", edits={"shot.2.light": light}, by="Robin", approve_rest=True
        )
        assert (await fork.go_on()).status == "finished"
    bought = await callsheet.studio.database.read(journal.every)
    assert [one.run for one in bought] == ["pocket-1", "pocket-1", "pocket-2", "pocket-3"]
    assert (await fork.costs()).takes == 0, "the third asks for what the first fork bought"


@pytest.mark.parametrize(
    ("at", "answer", "edits", "error", "why"),
    [
        ("premiere", "approve", {}, NotFound, "has no gate premiere; there are: greenlight-0-"),
        ("release", "approve", {}, WrongUse, "is not decided yet"),
        ("greenlight", "edit", {}, WrongUse, "an edit needs what to change"),
        ("greenlight", "approve", {"shot.1.seconds": "2"}, WrongUse, "changes go with the answer edit"),
        ("greenlight", "edit", {"shot.9.seconds": "2"}, Exception, "shot.9"),
    ],
)
async def test_what_cannot_be_asked_again_begins_no_run(
    callsheet: Callsheet, pocket: Path, at: str, answer: Any, edits: dict[str, str], error: type[Exception], why: str
) -> None:
    run = await waiting_at(callsheet, pocket, "approve")
    with pytest.raises(error, match=why):
        await run.fork(at=at, answer=answer, edits=edits, by="Robin")
    assert [one.id for one in await callsheet.runs()] == ["pocket-1"]


async def _killed(_run: CampaignRun) -> None:
    raise KeyboardInterrupt


async def _gates(callsheet: Callsheet, run: str) -> tuple[Any, ...]:
    return await callsheet.studio.database.read(lambda tx: gates.gates_of(tx, RunId(run)))


def _ask_for(tx: Transaction, gate: GateId, role: str) -> None:
    body = gates.find(tx, gate).model_copy(update={"roles": (role,)}).model_dump_json()
    tx.execute(GATES.update().where(GATES.c.workspace == tx.workspace, GATES.c.id == gate).values(body=body))
