"""The page that tells a run: what it shows, what it never lets in, and that it says so when something is wrong."""

import re
import shutil
import sqlite3
from html.parser import HTMLParser
from pathlib import Path

import pytest
from unit.studio.fixture import RUN, Played, open_workspace, plan
from unit.studio.lamp import HOSTILE

from callsheet.domain.error import NotFound
from callsheet.domain.event import GateOpened
from callsheet.domain.identity import Digest, GateId, RunId
from callsheet.storage.head import newest
from callsheet.storage.ledger import record
from callsheet.studio.report import write_report
from callsheet.studio.words import moment

ADDRESSES = {"src", "href", "poster", "data", "action", "srcset"}


class Reader(HTMLParser):
    """Collects what a browser would see: elements with their attributes, and the text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self._raw = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self._raw = tag if tag == "style" else ""

    def handle_data(self, data: str) -> None:
        self.text += "" if self._raw else data

    def handle_endtag(self, tag: str) -> None:
        self._raw = ""

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


@pytest.fixture(scope="module")
async def page(played: Played) -> Reader:
    path = await write_report(played.database, played.media, RUN, played.out)
    assert path == played.out / "report.html"
    return Reader(path.read_text(encoding="utf-8"))


def test_the_page_tells_the_whole_story(page: Reader) -> None:
    told = re.sub(r"\s+", " ", page.text)
    for words in (
        "Lumen Lamp",
        "Early risers",
        "Greenlight",
        "Top-up",
        "Release",
        "shot.2.r1",
        "replaces shot.2",
        "Ines Calder",
        "ines-1",
        "Made with recycled steel",
        "claim c1",
        "fact f1",
        "95 % interval",
        "2 s of 4 s",
        "macro insert",
        "signed, development certificate",
        "Ledger verified",
        "Previz",
    ):
        assert words in told, words
    headings = [one for one in page.elements if one[0] == "section"]
    assert {attributes["id"] for _, attributes in headings} == {
        "films",
        "changes",
        "storyboard",
        "cast",
        "decisions",
        "costs",
        "audience",
        "publications",
        "provenance",
        "unchecked",
    }


def test_a_claim_nobody_approved_is_shown_as_such(page: Reader) -> None:
    assert re.search(r"Shines twice as long\s+not approved\s+not used", page.text)


def test_a_name_nobody_checked_is_said_to_be_unchecked(page: Reader) -> None:
    assert page.text.count("a name typed by the local user; nobody checked it") == 4
    assert "4 of the decisions carry a name that was typed and not checked" in page.text


def test_a_simulation_is_labelled_wherever_its_readings_show(page: Reader) -> None:
    charts = page.text.count("SIMULATION")
    assert charts == 2
    assert page.text.count("simulated viewers") == 2
    assert "The audience is a simulation" in page.text


def test_costs_add_up_to_what_was_bought(page: Reader) -> None:
    rows = re.sub(r"\s+", " ", page.text)
    assert "12 s" in rows and "$1.20" in rows
    assert re.search(r"in no cut ?4 s ?\$0\.40", rows)
    assert "$3.60" in rows


def test_text_from_people_and_files_never_becomes_markup(page: Reader) -> None:
    assert page.all("script") == []
    assert HOSTILE in page.text
    assert "Robin <b>Reviewer</b>" in page.text
    assert not any(name.startswith("on") for _, attributes in page.elements for name in attributes)
    assert "url(x)" not in "".join(str(attributes.get("style")) for _, attributes in page.elements)


def test_nothing_is_loaded_from_anywhere_else(page: Reader) -> None:
    policy = next(one["content"] for one in page.all("meta") if one.get("http-equiv") == "Content-Security-Policy")
    assert policy and policy.startswith("default-src 'none'")
    addresses = [value for _, attributes in page.elements for name, value in attributes.items() if name in ADDRESSES]
    outside = [
        one for one in addresses if one and not one.startswith(("data:image/", "data:text/vtt", "#", "deliverables/"))
    ]
    assert outside == []
    assert page.all("link") == page.all("iframe") == []


def test_films_play_from_the_folder_with_poster_and_captions(page: Reader) -> None:
    (film,) = page.all("video")
    assert film["src"] == "deliverables/spring_a_pocket_en-US.mp4"
    assert (film["poster"] or "").startswith("data:image/jpeg;base64,")
    assert [one["kind"] for one in page.all("track")] == ["captions"]


def test_pictures_and_charts_have_words_for_those_who_do_not_see_them(page: Reader) -> None:
    assert all(one.get("alt") for one in page.all("img"))
    assert len(page.all("title")) == 1 + len(page.all("svg"))
    assert len(page.all("h1")) == 1


def copy(played: Played, folder: Path) -> Played:
    """The same workspace, for a test that damages it."""
    source = played.out.parent
    for name in ("w.db", "w.db-wal", "w.db-shm"):
        if (source / name).exists():
            shutil.copyfile(source / name, folder / name)
    shutil.copytree(source / "media", folder / "media")
    shutil.copytree(source / "out", folder / "out")
    return open_workspace(folder)


async def told(played: Played) -> str:
    return (await write_report(played.database, played.media, RUN, played.out)).read_text(encoding="utf-8")


async def test_a_changed_ledger_is_told_and_not_hidden(played: Played, tmp_path: Path) -> None:
    damaged = copy(played, tmp_path)
    with sqlite3.connect(tmp_path / "w.db") as file:
        file.execute("update ledger set entry = replace(entry, 'previz mark', 'none') where entry like '%TakeStored%'")
    page = await told(damaged)
    assert "does not verify" in page
    assert "Ledger verified" not in page


async def test_entries_cut_off_behind_a_signed_head_are_told(played: Played, tmp_path: Path) -> None:
    damaged = copy(played, tmp_path)
    with sqlite3.connect(tmp_path / "w.db") as file:
        file.execute("delete from ledger where written = (select max(written) from ledger where run = ?)", (RUN,))
    assert "does not verify" in await told(damaged)


async def test_the_page_says_how_far_the_ledger_is_signed_and_with_which_key(played: Played, tmp_path: Path) -> None:
    whole = copy(played, tmp_path)
    head = whole.database.read_now(newest)
    assert head is not None and head.run == RUN
    page = await told(whole)
    assert head.digest in page and head.key in page
    assert f"signed {moment(head.at)}: signed head" in page
    assert f"to the last entry</span> the {head.entries} entries signed" in re.sub(r"\s+", " ", page)
    more = GateOpened(gate=GateId("dailies-9"), kind_of_gate="dailies", round=9, shown=Digest("0" * 64))
    for count, words in ((1, "1 entry not signed yet</span> follows"), (2, "2 entries not signed yet</span> follow")):
        whole.database.write_now(lambda tx: record(tx, RUN, more))
        page = (await write_report(whole.database, whole.media, RUN, tmp_path / str(count))).read_text()
        assert f"{words} the {head.entries} entries signed" in page


async def test_a_file_that_was_changed_after_approval_is_named(played: Played, tmp_path: Path) -> None:
    damaged = copy(played, tmp_path)
    (damaged.out / "deliverables" / "spring_a_pocket_en-US.mp4").write_bytes(b"something else")
    assert "CHANGED since it was made" in await told(damaged)


async def test_missing_media_leaves_a_page_that_says_so(played: Played, tmp_path: Path) -> None:
    damaged = copy(played, tmp_path)
    shutil.rmtree(damaged.media.path(played.takes["shot.1"].media.digest).parent)
    shutil.rmtree(damaged.out / "deliverables")
    page = await told(damaged)
    assert "No picture of" in page
    assert "not in this folder" in page


async def test_a_run_that_only_began_has_a_page(tmp_path: Path) -> None:
    began = plan(tmp_path)
    page = await told(began)
    assert "not shot yet" in page
    assert 'id="films"' not in page
    assert "waits for a person" in page
    assert "planned in a, shot.2" in page


async def test_an_unknown_run_is_named(played: Played, tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="spring-1"):
        await write_report(played.database, played.media, RunId("autumn-1"), tmp_path)
