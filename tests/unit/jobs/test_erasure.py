"""Whoever asks to be forgotten is gone from every byte of the workspace, and the ledger still verifies."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from unit.jobs.erased import ASIDE, INES, LOG, NAME, Scene, bytes_of, copied, down, file_hash, finished_run, scene
from unit.studio.fixture import RUN, Played, plan

from callsheet.domain.campaign import Campaign
from callsheet.domain.error import NotFound, Refused
from callsheet.domain.identity import CameoId, Digest, PublicationId
from callsheet.domain.ledger import WORKSPACE, verify
from callsheet.domain.take import Take
from callsheet.jobs.erasure import erase
from callsheet.storage import cameo as people
from callsheet.storage import document, ledger, publication
from callsheet.storage import run as runs
from callsheet.storage import stop as stops
from callsheet.storage.table import DOCUMENTS, PEOPLE, TAKES
from callsheet.storage.take import find
from callsheet.studio.report import write_report


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Played]:
    """A finished run with a person in one take, two films that show it, and their papers."""
    folder = tmp_path_factory.mktemp("template")
    return folder, finished_run(folder)


@pytest.fixture
def finished(tmp_path: Path, template: tuple[Path, Played]) -> Iterator[Scene]:
    """A copy of it, with a log that names the person."""
    found = copied(tmp_path / "home", template)
    yield found
    found.database.close()


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
    with pytest.raises(NotFound, match="callsheet cameo list"):
        await erase(finished.eraser, CameoId("nobody"), "Dana")


async def test_whoever_was_erased_before_is_said_to_be_and_may_come_back(finished: Scene) -> None:
    down(finished)
    assert not (await finished.erase()).was_erased_before
    told = finished.database.read_now(lambda tx: ledger.entries(tx, WORKSPACE))
    assert (await finished.erase()).was_erased_before
    assert finished.database.read_now(lambda tx: ledger.entries(tx, WORKSPACE)) == told
    finished.database.write_now(lambda tx: people.seed(tx, (INES,)))
    assert not (await finished.erase()).was_erased_before, "a file brought the name back"


async def test_a_render_that_was_locked_away_is_gone_too(finished: Scene) -> None:
    down(finished)
    assert finished.played.media.path(file_hash(ASIDE)).read_bytes() == ASIDE
    report = await finished.erase()
    with pytest.raises(NotFound):
        finished.played.media.path(file_hash(ASIDE))
    assert ("render", "render-aside") in {(one.what, one.id) for one in report.deletions}


async def test_bytes_that_somebody_elses_render_has_as_well_stay(finished: Scene) -> None:
    down(finished)
    mine, other = (finished.played.takes[shot] for shot in ("shot.1", "shot.2"))
    same = other.model_copy(update={"media": mine.media})
    finished.database.write_now(
        lambda tx: tx.execute(
            TAKES.update().where(TAKES.c.purchase == other.purchase).values(body=same.model_dump_json())
        )
    )
    await finished.erase()
    assert finished.played.media.path(mine.media.digest).exists()


async def test_what_their_releases_were_called_is_gone_and_others_names_stay(finished: Scene) -> None:
    down(finished)
    (release,) = INES.releases
    assert _names(finished) >= {NAME, release.id, "Mara Kline"}
    await finished.erase()
    assert not _names(finished) & {NAME, release.id}
    assert "Mara Kline" in _names(finished)


async def test_documents_of_others_keep_every_byte(finished: Scene) -> None:
    """Shared words and common ones change no other campaign: a changed order would be bought again."""
    down(finished)
    plan = json.dumps(
        {"cameo": "mara", "subject": "a tall runner in a coral top", "prompt": "Ines, or Calder, coral top"}
    )
    row = {
        "workspace": finished.database.read_now(lambda tx: tx.workspace),
        "digest": "d",
        "kind": "Plan",
        "body": plan,
    }
    finished.database.write_now(lambda tx: tx.execute(DOCUMENTS.insert(), row))
    await finished.erase()
    (kept,) = finished.database.read_now(
        lambda tx: tx.execute(DOCUMENTS.select().where(DOCUMENTS.c.digest == "d")).all()
    )
    assert (kept.body, kept.redacted_at) == (plan, "")


async def test_a_reason_beside_their_id_loses_their_first_name(finished: Scene) -> None:
    down(finished)
    finished.database.write_now(lambda tx: stops.say(tx, f"cameo:{INES.id}", "cancel", "Ines said no"))
    finished.database.write_now(lambda tx: stops.say(tx, "campaign:roses", "pause", "Ines said no"))
    await finished.erase()
    reasons = finished.database.read_now(lambda tx: {one.tag: one.reason for one in stops.every(tx)})
    assert (reasons[f"cameo:{INES.id}"], reasons["campaign:roses"]) == ("… said no", "Ines said no")


async def test_it_is_refused_while_a_film_with_them_may_be_on_its_way(finished: Scene) -> None:
    (out, *_) = finished.database.read_now(lambda tx: publication.of_run(tx, RUN))
    down(finished)
    finished.database.write_now(lambda tx: publication.begin(tx, out.model_copy(update={"id": PublicationId("")})))
    with pytest.raises(Refused, match="perhaps published"):
        await finished.erase()


def _names(one: Scene) -> set[str]:
    return {row.name for row in one.database.read_now(lambda tx: tx.execute(PEOPLE.select()).all())}
