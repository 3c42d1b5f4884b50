"""A person takes back permission at every moment of a run: what goes on then, and what people are asked next."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flows.pocket_run import PERSON

from callsheet import Callsheet, Settings
from callsheet.domain.error import WrongUse
from callsheet.domain.identity import CameoId, ReleaseId, RunId
from callsheet.domain.ledger import WORKSPACE, Entry
from callsheet.domain.revocation import RevocationReport
from callsheet.domain.stop import Fate
from callsheet.domain.take import Take
from callsheet.jobs.revocation import Desk, go_on, revoke
from callsheet.session import CampaignRun
from callsheet.storage import publication
from callsheet.storage import purchase as journal
from callsheet.storage import take as takes
from callsheet.storage.database import Transaction
from callsheet.storage.ledger import entries
from callsheet.tools.intake import write_example

INES, SIGNED = CameoId("ines"), ReleaseId("ines-2026")
SECOND = "      - { id: ines-more, document: release.md, starts: 2026-01-01, ends: 2036-01-01 }\n"
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


class Clock:
    """The time, moved by hand."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def cast(tmp_path: Path) -> Path:
    """The pocket campaign with somebody in it."""
    return with_person(tmp_path / "cast")


def with_person(folder: Path, more: str = "") -> Path:
    write_example(folder, "pocket")
    (folder / "release.md").write_text("Ines Calder permits it.\n", encoding="utf-8")
    brief = folder / "campaign.yaml"
    brief.write_text(brief.read_text(encoding="utf-8") + PERSON + more, encoding="utf-8")
    return folder


def desk(callsheet: Callsheet) -> Desk:
    studio = callsheet.studio
    return Desk(studio.database, studio.lines, studio.jobs, studio.crew.publisher)


async def taken_back(callsheet: Callsheet, release: ReleaseId | None = None) -> RevocationReport:
    async with asyncio.timeout(90), callsheet.studio.lines.on_the_line():
        return await go_on(desk(callsheet), await revoke(desk(callsheet), INES, release, "she asked us to"))


async def to(run: CampaignRun, kind: str) -> None:
    """Say yes until that gate is open."""
    for _ in range(6):
        status = await run.go_on()
        found = await run.gate()
        if found is None:
            assert status.status == "finished" and kind == "the end", status
            return
        if found.gate.kind == kind:
            return
        await run.decide("approve", by="Dana")
    raise AssertionError(f"no gate {kind}")


def ledger(callsheet: Callsheet, run: str) -> tuple[Entry, ...]:
    return callsheet.studio.database.read_now(lambda tx: entries(tx, RunId(run)))


def of_kind(callsheet: Callsheet, run: str, kind: str) -> list[dict[str, Any]]:
    return [entry.body for entry in ledger(callsheet, run) if entry.kind == kind]


def in_the_last_cut(callsheet: Callsheet, run: CampaignRun) -> list[Take]:
    """The takes of every cut of the latest round of editing."""
    ids = {take for body in of_kind(callsheet, run.id, "CutAssembled")[-1:] for take in body["takes"]}

    def look(tx: Transaction) -> list[Take]:
        found = (takes.find(tx, one.key) for one in journal.every(tx))
        return [one for one in found if one is not None and one.id in ids]

    return callsheet.studio.database.read_now(look)


def cast_now(callsheet: Callsheet, run: str) -> list[Any]:
    return list(of_kind(callsheet, run, "CallSheetDrawn")[-1]["roles"])


async def no_purchase_after(callsheet: Callsheet, run: CampaignRun, report: RevocationReport) -> None:
    """No purchase with the person was intended after the word; nothing is held."""
    shots = {entry.body["purchase"]: entry for entry in ledger(callsheet, run.id) if entry.kind == "PurchaseIntended"}
    with_them = {one.purchase for one in report.takes}
    assert [key for key, entry in shots.items() if key in with_them and entry.at > report.at] == []
    assert (await run.costs()).seconds_held == 0


@pytest.mark.parametrize("kind", ["greenlight", "dailies", "release"])
async def test_an_open_question_about_the_person_is_taken_back_and_the_film_without_them_is_asked_about(
    cast: Path, settings: Settings, kind: str
) -> None:
    brief = cast / "campaign.yaml"
    brief.write_text(brief.read_text(encoding="utf-8") + "dailies: true\n", encoding="utf-8")
    async with Callsheet.open(settings) as callsheet:
        run = await callsheet.start(cast)
        await to(run, kind)
        asked = await run.gate()
        assert asked is not None and cast_now(callsheet, run.id)
        bought = (await run.costs()).seconds_purchased
        report = await taken_back(callsheet)
        (affected,) = report.runs
        assert (affected.withdrawn, affected.status) == (asked.gate.id, "waiting")
        now = await run.gate()
        assert now is not None and now.gate.id == affected.gate and now.gate.kind == "greenlight"
        assert any("consent ended" in notice for notice in now.showing.notices)
        assert cast_now(callsheet, run.id) == []
        with pytest.raises(WrongUse, match=asked.gate.id):
            await run.decide("approve", by="Dana", gate=asked.gate.id)
        await to(run, "the end")
        cut = in_the_last_cut(callsheet, run)
        assert cut and all(one.cameo is None for one in cut)
        again = (await run.costs()).seconds_purchased - bought
        cast_shots = {one.shot for one in report.takes} or {"shot.1", "shot.2"}
        assert again <= 4 * len(cast_shots) + 4, "the takes of every other shot were adopted"
        assert len(callsheet.studio.database.read_now(lambda tx: publication.of_run(tx, run.id))) >= 1


async def test_in_the_middle_of_a_shoot_nothing_more_is_bought_with_them_and_people_are_asked_anew(
    cast: Path, settings: Settings
) -> None:
    async with Callsheet.open(settings) as callsheet:
        run = await callsheet.start(cast)
        await to(run, "greenlight")
        await run.decide("approve", by="Dana")
        going_on = asyncio.create_task(run.go_on())
        async with asyncio.timeout(60):
            while not callsheet.studio.database.read_now(lambda tx: journal.of_run(tx, run.id)):  # noqa: ASYNC110 - a worker's loop writes it
                await asyncio.sleep(0.005)
        report = await taken_back(callsheet)
        assert (await going_on).status == "waiting"
        assert report.takes and all(one.run == run.id for one in report.takes)
        assert report.runs[0].gate and report.runs[0].gate.startswith("greenlight")
        await no_purchase_after(callsheet, run, report)
        locked = {one.purchase for one in report.takes if one.fate in (Fate.HERE, Fate.RUNS_ON)}
        await to(run, "the end")
        assert locked.isdisjoint(one.purchase for one in in_the_last_cut(callsheet, run))


async def test_a_yes_given_before_the_word_ships_nothing_after_it(cast: Path, settings: Settings) -> None:
    async with Callsheet.open(settings) as callsheet:
        run = await callsheet.start(cast)
        await to(run, "release")
        await run.decide("approve", by="Dana")
        report = await taken_back(callsheet)
        assert report.runs[0].withdrawn is None, "it was answered"
        assert report.runs[0].gate and report.runs[0].gate.startswith("greenlight")
        assert of_kind(callsheet, run.id, "Published") == []
        assert (await run.status()).status == "waiting"


async def test_a_release_that_ends_by_its_date_is_noticed_at_the_next_step(cast: Path, settings: Settings) -> None:
    clock = Clock()
    brief = cast / "campaign.yaml"
    brief.write_text(
        brief.read_text(encoding="utf-8").replace("ends: 2036-01-01", "ends: 2026-12-01"), encoding="utf-8"
    )
    async with Callsheet.open(settings, clock=clock) as callsheet:
        run = await callsheet.start(cast)
        await to(run, "release")
        clock.now += timedelta(days=30)
        await run.decide("approve", by="Dana")
        assert (await run.go_on()).status == "waiting"
        now = await run.gate()
        assert now is not None and now.gate.kind == "greenlight"
        assert of_kind(callsheet, run.id, "Published") == []


async def test_what_is_out_is_taken_down_and_an_alternate_is_proposed(cast: Path, settings: Settings) -> None:
    async with Callsheet.open(settings) as callsheet:
        run = await callsheet.start(cast, approve_all=True)
        assert (await run.go_on()).status == "finished"
        published = callsheet.studio.database.read_now(lambda tx: publication.of_run(tx, run.id))
        up = {one.id for one in published if one.state == "up"}
        there = await callsheet.studio.crew.publisher(await run.status()).listed()
        assert up and set(there) == up
        report = await taken_back(callsheet)
        assert {one.publication for one in report.publications if one.state == "down"} == up
        assert await callsheet.studio.crew.publisher(await run.status()).listed() == ()
        assert len(of_kind(callsheet, run.id, "TakenDown")) >= len(up)
        assert report.cuts and {one.fate for one in report.takes} == {Fate.HERE}
        assert [(one.what, one.state) for one in report.deletions if one.what == "render"] != []
        (alternate,) = [one for one in report.runs if one.alternate_of]
        assert (alternate.alternate_of, alternate.status) == (run.id, "waiting")
        assert alternate.gate and alternate.gate.startswith("greenlight"), (
            "people are asked, whatever policy was before"
        )
        other = await callsheet.run(alternate.run)
        assert any(f"alternate of {run.id} without ines" in one for one in (await other.status()).notices)
        again = await taken_back(callsheet)
        assert again.was_said_before and [one for one in again.runs if one.alternate_of] == []
        assert again.publications == ()
        await to(other, "the end")
        cut = in_the_last_cut(callsheet, other)
        assert cut and all(one.cameo is None for one in cut)
        said = callsheet.studio.database.read_now(lambda tx: entries(tx, WORKSPACE))
        assert [(one.chain, one.body["releases"]) for one in said if one.kind == "ConsentRevoked"] == [
            ("cameo.ines", [SIGNED])
        ]


async def test_another_release_that_covers_the_use_lets_everything_go_on(tmp_path: Path, settings: Settings) -> None:
    folder = with_person(tmp_path / "cast", SECOND)
    async with Callsheet.open(settings) as callsheet:
        run = await callsheet.start(folder)
        await to(run, "release")
        asked = await run.gate()
        report = await taken_back(callsheet, SIGNED)
        (affected,) = report.runs
        assert (affected.release, affected.withdrawn, report.takes) == ("ines-more", None, ())
        now = await run.gate()
        assert asked is not None and now is not None and now.gate.id == asked.gate.id
        await to(run, "the end")
        assert any(one.cameo == INES for one in in_the_last_cut(callsheet, run))


async def test_what_a_cut_off_try_had_sent_is_taken_down_though_nobody_wrote_it_down(
    cast: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with Callsheet.open(settings) as callsheet:
        run = await callsheet.start(cast)
        await to(run, "release")
        await run.decide("approve", by="Dana")
        with monkeypatch.context() as broken:
            broken.setattr(publication, "keep", lambda *_, **__: (_ for _ in ()).throw(RuntimeError("cut off")))
            assert (await run.go_on()).status == "failed"
        channel = callsheet.studio.crew.publisher(await run.status())
        assert await channel.listed() != ()
        await taken_back(callsheet)
        assert (await run.go_on()).status == "waiting"
        assert await channel.listed() == ()
        assert len(of_kind(callsheet, run.id, "TakenDown")) == len(of_kind(callsheet, run.id, "Published")) == 1
