"""Whoever asks to be forgotten is gone from every byte of the workspace, and the ledger still verifies."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
from unit.studio import lamp
from unit.studio.fixture import CAMPAIGN, RUN, Played, open_workspace, plan, play

from callsheet.domain.cameo import Cameo, Character, Likeness, Release
from callsheet.domain.campaign import Campaign
from callsheet.domain.error import NotFound, Refused
from callsheet.domain.identity import CameoId, Digest, RunId
from callsheet.domain.ledger import WORKSPACE, verify
from callsheet.domain.take import Take
from callsheet.jobs.erasure import Eraser, erase
from callsheet.jobs.fake import FakeJobs
from callsheet.storage import cameo as people
from callsheet.storage import document, ledger, publication
from callsheet.storage import run as runs
from callsheet.storage import stop as stops
from callsheet.storage.database import Database, Transaction
from callsheet.storage.table import DECISIONS, PEOPLE, PURCHASES, RUNS, TAKES
from callsheet.storage.take import find
from callsheet.studio.report import write_report
from callsheet.tools.video.fake import FakeVideo

INES = CAMPAIGN.cameos[0]
NAME = INES.name
TERM = {"starts": lamp.START, "ends": lamp.START + timedelta(days=9)}
OTHER = Cameo(id=CameoId("mara"), name="Mara Kline", releases=(Release.model_validate({"id": "x", **TERM}),))
LOG = "callsheet.log"


@dataclass
class Scene:
    """A played workspace, what erases, and which checkpoints were dropped."""

    folder: Path
    played: Played
    eraser: Eraser
    dropped: list[str]

    @property
    def database(self) -> Database:
        return self.played.database

    async def erase(self) -> Any:
        return await erase(self.eraser, INES.id, "Dana")


def scene(folder: Path, played: Played) -> Scene:
    dropped: list[str] = []

    async def forget_run(run: RunId) -> None:
        dropped.append(run)

    log = folder / LOG
    log.write_text(f"10:00 INFO {NAME} was cast\n10:01 INFO done\n", encoding="utf-8")
    api = FakeVideo(clock=lambda: 0.0)
    eraser = Eraser(played.database, played.media, FakeJobs(), lambda _: api, forget_run, log)
    return Scene(folder, played, eraser, dropped)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Played]:
    """A finished run with a person in one take, two films that show it, and their papers."""
    folder = tmp_path_factory.mktemp("template")
    played = play(folder)
    paper, face = played.media.keep_bytes(b"signed"), played.media.keep_bytes(b"a face")
    signed = INES.releases[0].model_copy(
        update={"document": "releases/ines-calder.md", "document_digest": paper, "guardian": f"Mother of {NAME}"}
    )
    whole = INES.model_copy(
        update={
            "releases": (signed,),
            "description": "a tall runner in a coral top",
            "references": (Likeness(path="ines.png", digest=face, media_type="image/png"),),
            "characters": (
                Character(
                    provider="per-second", id="char_77", captured_at=lamp.START, verified_by="Dana", verification="call"
                ),
            ),
        }
    )

    def write(tx: Transaction) -> None:
        people.revised(tx, whole)
        people.revised(tx, OTHER)
        ledger.pseudonym(tx, NAME)
        take = played.takes["shot.1"].model_copy(update={"cameo": INES.id})
        played.takes["shot.1"] = take
        tx.execute(TAKES.update().where(TAKES.c.purchase == take.purchase).values(body=take.model_dump_json()))

    played.database.write_now(write)
    played.database.write_now(_mention)
    played.database.close()
    return folder, played


def _mention(tx: Transaction) -> None:
    """Have every kind of text name the person: an order's words, reasons, a run's notices, what somebody answered."""
    said = f"{NAME} in a coral top"
    mine = next(row for row in tx.execute(PURCHASES.select()) if "shot.1" in row.order)
    order = json.loads(mine.order) | {"prompt": said}
    change = {"order": json.dumps(order), "reason": f"no release of {NAME}"}
    tx.execute(PURCHASES.update().where(PURCHASES.c.key == mine.key).values(change))
    run = runs.find(tx, RUN).model_copy(update={"notices": (f"cameos.yaml:3: the release of {NAME} ended",)})
    tx.execute(RUNS.update().values(body=run.model_dump_json(), folder=f"/campaigns/{NAME}"))
    for row in tx.execute(DECISIONS.select()).all():
        answer = json.loads(row.body) | {"note": f"{NAME} looks fine"}
        tx.execute(DECISIONS.update().where(DECISIONS.c.gate == row.gate).values(body=json.dumps(answer)))
    stops.say(tx, "campaign:autumn", "cancel", f"{NAME} asked us to")


@pytest.fixture
def finished(tmp_path: Path, template: tuple[Path, Played]) -> Iterator[Scene]:
    """A copy of it, with a log that names the person."""
    folder, was = template
    copytree(folder, tmp_path / "home")
    played = replace(open_workspace(tmp_path / "home"), takes=was.takes, files=was.files)
    yield scene(tmp_path / "home", played)
    played.database.close()


def down(one: Scene) -> None:
    def write(tx: Transaction) -> None:
        for out in publication.of_run(tx, RUN):
            publication.take_down(tx, out.id, "asked")

    one.database.write_now(write)


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


async def test_no_byte_of_the_workspace_names_them_any_more(finished: Scene) -> None:
    down(finished)
    wanted = [NAME.encode(), b"coral top", b"ines-calder.md", b"char_77", NAME.encode("utf-16-le")]
    before = b"".join(bytes_of(finished.folder).values())
    assert all(word in before for word in wanted[:4]), "else this proves nothing"
    report = await finished.erase()
    for name, data in bytes_of(finished.folder).items():
        for word in wanted:
            assert word.lower() not in data.lower(), (name, word)
    assert (finished.folder / LOG).read_text(encoding="utf-8") == "10:00 INFO … was cast\n10:01 INFO done\n"
    assert "Mara Kline" in json.dumps([one.name for one in finished.database.read_now(people.every)])
    assert report.documents > 0 and report.records > 1


async def test_the_ledger_is_untouched_and_verifies(finished: Scene) -> None:
    down(finished)
    before = finished.database.read_now(lambda tx: ledger.entries(tx, RUN))
    await finished.erase()
    assert finished.database.read_now(lambda tx: ledger.entries(tx, RUN)) == before
    verify(before)
    told = finished.database.read_now(lambda tx: ledger.entries(tx, WORKSPACE))
    verify(told)
    assert [one.kind for one in told if one.chain == "cameo.ines"][-2:] == ["ConsentRevoked", "CameoErased"]
    assert NAME not in json.dumps([one.model_dump(mode="json") for one in told])


async def test_takes_films_papers_and_likenesses_are_gone_and_others_stay(finished: Scene) -> None:
    down(finished)
    files = finished.played.files
    films = {digest for one in files.values() for digest in (one.essence, one.file)}
    mine = {finished.played.takes["shot.1"].media.digest, *films}
    others = {finished.played.takes[shot].media.digest for shot in ("shot.2", "shot.2.r1")}
    report = await finished.erase()
    kept = {Path(name).name for name in bytes_of(finished.folder / "media")}
    assert not mine & kept and others <= kept
    assert report.files >= len(mine)
    assert report.takes == (finished.played.takes["shot.1"].id,)


async def test_a_take_of_an_erased_person_is_never_adopted_even_by_a_new_release(finished: Scene) -> None:
    down(finished)
    await finished.erase()
    take = finished.played.takes["shot.1"]
    stop = finished.database.read_now(lambda tx: stops.find(tx, (f"take:{take.purchase}",)))
    assert stop is not None and stop.kind == "cancel"
    assert isinstance(finished.database.read_now(lambda tx: find(tx, take.purchase)), Take), "the books stay whole"


async def test_an_old_folder_brings_nobody_back(finished: Scene) -> None:
    down(finished)
    await finished.erase()
    finished.database.write_now(lambda tx: people.seed(tx, (INES,)))
    (again,) = finished.database.read_now(lambda tx: people.cameos(tx, (INES.id,)))
    assert all(one.revoked_at is not None for one in again.releases)


async def test_a_redacted_document_says_so_and_can_still_be_read(finished: Scene) -> None:
    down(finished)
    await finished.erase()
    run = finished.database.read_now(lambda tx: runs.find(tx, RUN))
    campaign = finished.database.read_now(lambda tx: document.fetch(tx, Campaign, run.bundle))
    assert campaign.cameos[0].name == "[erased]"
    assert finished.database.read_now(lambda tx: document.is_redacted(tx, run.bundle))
    take = Digest(finished.played.files[0].cut)
    assert not finished.database.read_now(lambda tx: document.is_redacted(tx, take)), "it said nothing of them"


async def test_the_report_of_an_old_run_is_still_written(finished: Scene, tmp_path: Path) -> None:
    down(finished)
    await finished.erase()
    page = await write_report(finished.database, finished.played.media, RUN, tmp_path / "page")
    assert NAME not in page.read_text(encoding="utf-8")


async def test_providers_are_asked_and_what_stays_is_named(finished: Scene) -> None:
    down(finished)
    report = await finished.erase()
    assert ("per-second", "character", "char_77") in {(one.provider, one.what, one.id) for one in report.deletions}
    assert any("backups" in line for line in report.remains)
    assert finished.dropped == [RUN]


async def test_it_is_refused_while_a_film_with_them_is_out(finished: Scene) -> None:
    before = bytes_of(finished.folder / "media")
    with pytest.raises(Refused, match="callsheet cameo revoke ines"):
        await finished.erase()
    assert bytes_of(finished.folder / "media") == before
    assert finished.database.read_now(lambda tx: people.cameos(tx, (INES.id,)))[0].releases[0].revoked_at is None


async def test_it_is_refused_while_a_run_with_them_is_unfinished(tmp_path: Path) -> None:
    waiting = scene(tmp_path, plan(tmp_path))
    with pytest.raises(Refused, match=f"callsheet cancel --run {RUN}"):
        await waiting.erase()
    waiting.database.close()


async def test_nobody_can_be_erased_whom_nobody_knows(finished: Scene) -> None:
    down(finished)
    await finished.erase()
    with pytest.raises(NotFound, match="callsheet cameo list"):
        await finished.erase()


async def test_an_erasure_that_was_cut_short_is_finished_by_saying_it_again(
    finished: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    down(finished)
    store = type(finished.played.media)
    forget, tried = store.forget, []

    def dies(self: Any, digest: Digest) -> bool:
        tried.append(digest)
        if len(tried) == 2:
            raise KeyboardInterrupt
        return forget(self, digest)

    monkeypatch.setattr(store, "forget", dies)
    with pytest.raises(KeyboardInterrupt):
        await finished.erase()
    monkeypatch.setattr(store, "forget", forget)
    (person,) = finished.database.read_now(lambda tx: people.cameos(tx, (INES.id,)))
    assert person.releases[0].revoked_at is not None, "from the first moment on nothing new is made with them"
    await finished.erase()
    assert finished.played.takes["shot.1"].media.digest not in {
        Path(name).name for name in bytes_of(finished.folder / "media")
    }
    assert finished.database.read_now(lambda tx: tx.execute(PEOPLE.select().where(PEOPLE.c.name == NAME)).all()) == []
