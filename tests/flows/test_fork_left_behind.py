"""Forks of what may not be used any more, and of a run that is at work: nothing is shown, bought or lost unseen."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from flows.pocket_run import answered, ledger_of, with_ines

from callsheet import Callsheet, CampaignRun, Settings
from callsheet.domain.error import WrongUse
from callsheet.domain.identity import CameoId, ReleaseId
from callsheet.storage import cameo as people
from callsheet.storage import purchase as journal
from callsheet.storage import stop as stops
from callsheet.storage.export import prove_run

INES = CameoId("ines")


@pytest.fixture
async def callsheet(settings: Settings) -> AsyncIterator[Callsheet]:
    async with Callsheet.open(settings) as opened:
        yield opened


async def say_stop(callsheet: Callsheet, tag: str) -> None:
    await callsheet.studio.database.write(lambda tx: stops.say(tx, tag, "cancel", "the client said no"))


@pytest.mark.parametrize("whole", [True, False], ids=["the person", "the other shot"])
async def test_a_film_with_a_take_that_was_called_off_is_not_forked_at_its_release(
    callsheet: Callsheet, pocket: Path, whole: bool
) -> None:
    """Its ledger would name neither the cut nor who is in it, and no revocation would find what it published."""
    run = await answered(callsheet, with_ines(pocket), "approve", "reject")
    stored = [one.body for one in await ledger_of(callsheet, run.id) if one.kind == "TakeStored"]
    other = next(one for one in stored if not one["cameo"])
    await say_stop(callsheet, "cameo:ines" if whole else f"take:{other['purchase']}")
    with pytest.raises(
        WrongUse, match=r"stands on takes .*the client said no.*callsheet fork pocket-1 --at greenlight"
    ):
        await run.fork(at="release", answer="approve", by="Robin")
    assert [one.id for one in await callsheet.runs()] == ["pocket-1"]
    assert not (pocket / "out-pocket-2").exists()


async def test_what_was_left_behind_does_not_come_back_when_a_new_release_is_signed_before_the_first_drive(
    callsheet: Callsheet, pocket: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = await answered(callsheet, with_ines(pocket), "approve", "reject")
    database = callsheet.studio.database
    person = (await database.read(lambda tx: people.cameos(tx, (INES,))))[0]
    await database.write(lambda tx: people.revoke(tx, INES, ReleaseId("ines-2026"), "she asked us to"))
    with monkeypatch.context() as broken:
        broken.setattr(CampaignRun, "go_on", _killed)
        with pytest.raises(KeyboardInterrupt):
            await run.fork(at="release", answer="approve", by="Robin")
    again = person.releases[0].model_copy(update={"id": ReleaseId("ines-2027")})
    signed = person.model_copy(update={"releases": (again,)})
    assert await database.write(lambda tx: people.added(tx, signed, "Kim"))
    left = await (await callsheet.run("pocket-2")).go_on()
    assert (left.status, "was begun without" in left.reason) == ("failed", True), left.reason
    assert not list((pocket / "out-pocket-2").rglob("*.mp4"))
    fork = await run.fork(at="release", answer="approve", by="Robin")
    assert (await fork.go_on()).status == "finished"
    told = await ledger_of(callsheet, fork.id)
    cut = {take for one in told if one.kind == "CutAssembled" for take in one.body["takes"]}
    assert cut
    assert cut <= {one.body["take"] for one in told if one.kind == "TakeAdopted"}


async def test_a_run_that_is_shooting_is_forked_and_each_take_is_bought_once(
    callsheet: Callsheet, pocket: Path
) -> None:
    run = await callsheet.start(pocket)
    await run.go_on()
    await run.decide("approve", by="Dana")
    shooting = asyncio.create_task(run.go_on())
    while "PurchaseIntended" not in (told := [one.kind for one in await ledger_of(callsheet, run.id)]):
        assert not shooting.done()
        await asyncio.sleep(0.01)
    assert "TakesCircled" not in told
    fork = await run.fork(at="greenlight", answer="approve", by="Robin")
    assert (await fork.go_on()).status == "waiting"
    await shooting
    bought = await callsheet.studio.database.read(journal.every)
    assert sorted((one.run, one.order.shot, one.attempt) for one in bought) == [
        ("pocket-1", "shot.1", 1),
        ("pocket-1", "shot.2", 1),
    ]
    assert ((await run.costs()).takes, (await fork.costs()).takes) == (2, 0)
    for one in (run, fork):
        await one.decide("approve", by="Dana")
        assert (await one.go_on()).status == "finished"
        assert (await callsheet.studio.database.read(lambda tx, one=one: prove_run(tx, one.id))).head
    essences = [{each.deliverable.essence for each in await one.deliverables()} for one in (run, fork)]
    assert essences[0] == essences[1]


async def test_a_fork_does_not_write_over_the_files_of_a_run(callsheet: Callsheet, pocket: Path) -> None:
    run = await answered(callsheet, pocket, "approve", "approve")
    with pytest.raises(WrongUse, match="is where the finished files of pocket-1 go"):
        await run.fork(at="release", answer="approve", by="Robin", out=pocket / "x" / ".." / "out")
    assert [one.id for one in await callsheet.runs()] == ["pocket-1"]


async def _killed(_run: CampaignRun) -> None:
    raise KeyboardInterrupt
