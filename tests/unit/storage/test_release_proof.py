"""Once a permission was taken back, no edit of a file is a permission: only a new paper or a word by hand is."""

import json
import tempfile
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Column, MetaData, String, Table, create_engine, select, text
from sqlalchemy.exc import DBAPIError

from callsheet.domain.cameo import Cameo, Covered, Uncovered, Use, check_release
from callsheet.domain.identity import CameoId
from callsheet.domain.ledger import WORKSPACE
from callsheet.jobs.word import say
from callsheet.storage import cameo as people
from callsheet.storage.database import Database
from callsheet.storage.ledger import entries
from callsheet.tools.intake.person import read_people

START = datetime(2026, 11, 22, tzinfo=UTC)
USE = Use(media=("vertical",), territories=("US",))
MARA = CameoId("mara")
Terms = dict[str, Any]


class Office:
    """A workspace whose clock goes on by a second a transaction, and a folder with a file of people."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.now = folder, START
        self.database = Database(f"sqlite:///{folder / 'w.db'}", "w", self._tick)

    def _tick(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now

    def read(self, releases: list[Terms]) -> tuple[Cameo, ...]:
        """The file as somebody wrote it. It is JSON, which is YAML."""
        term = {"starts": "2026-01-01", "ends": "2030-01-01"}
        written = [{"id": MARA, "name": "Mara Kline", "releases": [{**term, **one} for one in releases]}]
        (self.folder / "cameos.yaml").write_text(json.dumps(written))
        return read_people(self.folder / "cameos.yaml", date(2026, 11, 22)).cameos

    def seed(self, *releases: Terms) -> None:
        cameos = self.read(list(releases))
        self.database.write_now(lambda tx: people.seed(tx, cameos))

    def add(self, *releases: Terms) -> bool:
        (cameo,) = self.read(list(releases))
        return self.database.write_now(lambda tx: people.added(tx, cameo, "Dana"))

    def revoke(self, release: str | None = None) -> None:
        self.database.write_now(lambda tx: say(tx, MARA, release, "her word", frozenset()))  # type: ignore[arg-type]  # an id as it is typed

    def person(self) -> Cameo:
        return self.database.read_now(lambda tx: people.find(tx, MARA))

    def verdict(self, use: Use = USE) -> Covered | Uncovered:
        return check_release(self.person(), use, self.now)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = Office(tmp_path)
    (tmp_path / "old.pdf").write_bytes(b"old")
    (tmp_path / "new.pdf").write_bytes(b"new")
    yield made
    made.database.close()


TERMS = st.fixed_dictionaries(
    {},
    optional={
        "id": st.sampled_from(["r1", "r2", "mara-r1", "mara-r2", "mara-x"]),
        "rights": st.sampled_from([["face"], ["voice"], ["face", "voice"]]),
        "territories": st.sampled_from([["US"], ["DE", "US"], ["US", "DE"], ["*"]]),
        "excluded": st.sampled_from([["alcohol"], ["politics", "alcohol"]]),
        "ends": st.sampled_from(["2029-01-01", "2031-01-01"]),
        "document": st.sampled_from(["old.pdf", "copy.pdf"]),
    },
)
FILES = st.lists(TERMS, min_size=1, max_size=3)


@settings(max_examples=60, deadline=None)
@given(
    before=st.lists(FILES, min_size=1, max_size=2), after=st.lists(FILES, min_size=1, max_size=3), again=st.booleans()
)
def test_no_edit_of_a_file_brings_back_who_revoked_everything(
    before: list[list[Terms]], after: list[list[Terms]], again: bool
) -> None:
    """Reordered, inserted, deleted, with other terms, under other names: all papers there are were known."""
    with tempfile.TemporaryDirectory() as folder:
        office = Office(Path(folder))
        for name in ("old.pdf", "copy.pdf"):
            (office.folder / name).write_bytes(b"old")
        office.seed({"id": "first", "document": "old.pdf"})
        for written in before:
            _unless_twins(office, written)
        office.revoke()
        for written in after:
            _unless_twins(office, written)
            assert isinstance(office.verdict(), Uncovered)
            if again:
                office.revoke()
                assert isinstance(office.verdict(), Uncovered)
        office.database.close()


def _unless_twins(office: Office, written: list[Terms]) -> None:
    """Two releases of one name are refused before anything is seeded."""
    try:
        office.seed(*written)
    except Exception as refused:  # noqa: BLE001  # only one reason is right
        assert "give it an id of its own" in str(refused)


def test_one_more_release_above_moves_no_revocation(office: Office) -> None:
    office.seed({}, {"rights": ["voice"]})
    face, voice = (one.id for one in office.person().releases)
    office.revoke(face)
    office.seed({"rights": ["voice"]}, {"territories": ["US"]}, {})
    found = {one.id: one for one in office.person().releases}
    assert found[face].revoked_at is not None
    assert found[voice].revoked_at is None and not found[voice].is_unproven, "that one still stands"
    assert isinstance(office.verdict(), Uncovered)


def test_a_newly_signed_paper_counts_and_the_old_one_does_not(office: Office) -> None:
    office.seed({"document": "old.pdf"})
    office.revoke()
    office.seed({"id": "again", "document": "old.pdf"})
    refused = office.verdict()
    assert isinstance(refused, Uncovered)
    assert "new in a file after a revocation" in str(refused.reasons) and "callsheet cameo add mara" in str(refused)
    office.seed({"document": "new.pdf"})
    assert isinstance(office.verdict(), Covered)
    office.revoke()
    office.seed({"id": "third", "document": "new.pdf"})
    assert isinstance(office.verdict(), Uncovered), "the second paper was revoked too"


def test_what_is_said_by_hand_counts_whatever_the_file_said_before(office: Office) -> None:
    office.seed({"id": "r1"})
    office.revoke()
    office.seed({"id": "r1"}, {"id": "r2"})
    assert isinstance(office.verdict(), Uncovered)
    assert office.add({"id": "r2"}), "the file said the same, and it is news that a person did"
    assert not office.add({"id": "r2"})
    assert isinstance(office.verdict(), Covered)
    told = office.database.read_now(lambda tx: entries(tx, WORKSPACE))
    assert [bool(one.body["by"]) for one in told if one.kind == "CameoRevised"] == [False, False, True]
    office.seed({"id": "r2", "territories": ["US", "DE"]})
    assert isinstance(office.verdict(), Uncovered), "other terms than those that were said by hand"


def test_adding_one_release_by_hand_vouches_for_no_other(office: Office) -> None:
    office.seed({"id": "r1"})
    office.revoke()
    office.seed({"id": "r2"})
    assert office.add({"id": "r3", "rights": ["voice"]})
    assert isinstance(office.verdict(), Uncovered)
    assert isinstance(office.verdict(USE.model_copy(update={"rights": ("voice",)})), Covered)


def test_what_a_file_smuggled_in_is_not_made_good_by_the_next_revocation(office: Office) -> None:
    office.seed({"id": "r1"}, {"id": "r2", "rights": ["voice"]})
    office.revoke("r1")
    office.seed({"id": "r2", "rights": ["voice"]}, {"id": "r3"})
    office.revoke("r2")
    assert isinstance(office.verdict(), Uncovered)


def test_a_release_that_still_stands_stands_wherever_its_file_lies(office: Office) -> None:
    office.seed({"id": "r1", "rights": ["voice"]}, {"id": "r2", "document": "old.pdf"})
    office.revoke("r1")
    (office.folder / "moved.pdf").write_bytes(b"old")
    office.seed({"id": "r2", "document": "moved.pdf"})
    assert isinstance(office.verdict(), Covered)


def test_nothing_changes_for_who_revoked_nothing(office: Office) -> None:
    office.seed({"territories": ["DE"]})
    assert isinstance(office.verdict(), Uncovered)
    office.seed({"territories": ["US", "DE"]})
    assert isinstance(office.verdict(), Covered)
    first = office.person().releases[0].id
    office.seed({"territories": ["DE", "US"]})
    assert office.person().releases[0].id == first, "the order of a list says nothing"


# --- workspaces of earlier versions ---


def _as_it_was(office: Office, table: str) -> None:
    """The same workspace as an earlier version left it: ids by position, and nothing kept of what was known."""
    office.database.close()
    engine = create_engine(f"sqlite:///{office.folder / 'w.db'}")
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE consent_known"))
        if table == "revocations":
            connection.execute(text("DROP VIEW revocations"))
            connection.execute(
                text("CREATE TABLE revocations AS SELECT workspace, release, at, reason FROM consent_revocations")
            )
            connection.execute(text("DROP TABLE consent_revocations"))
    engine.dispose()


@pytest.mark.parametrize("table", ["revocations", "consent_revocations"])
def test_a_revoked_release_by_position_ends_every_unnamed_one_that_was_known(office: Office, table: str) -> None:
    office.seed({"id": "mara-r1", "document": "old.pdf"}, {"id": "mara-r2"}, {"id": "kept", "rights": ["voice"]})
    office.revoke("mara-r1")
    _as_it_was(office, table)
    office.database = Database(f"sqlite:///{office.folder / 'w.db'}", "w", office._tick)
    for written in ({"document": "old.pdf"}, {}), ({}, {"document": "old.pdf"}):
        office.seed(*written, {"id": "kept", "rights": ["voice"]})
        assert isinstance(office.verdict(), Uncovered)
        voice = USE.model_copy(update={"rights": ("voice",)})
        assert office.verdict(voice) == Covered(release=office.person().releases[2].id), "its name says which it is"
    office.seed({"document": "new.pdf"})
    assert isinstance(office.verdict(), Covered)


@pytest.mark.parametrize("is_upgraded", [True, False])
def test_an_earlier_program_stops_instead_of_seeing_no_revocations(office: Office, is_upgraded: bool) -> None:
    """What it does when it opens a workspace: makes its table if there is none, and asks it for all rows."""
    office.seed({"id": "r1"})
    office.revoke()
    if is_upgraded:
        _as_it_was(office, "revocations")
        office.database = Database(f"sqlite:///{office.folder / 'w.db'}", "w", office._tick)
    old = MetaData()
    key = [Column(name, String(200), primary_key=True) for name in ("workspace", "release")]
    table = Table("revocations", old, *key, Column("at", String(40), nullable=False))
    engine = create_engine(f"sqlite:///{office.folder / 'w.db'}")
    with engine.begin() as connection:
        old.create_all(connection)
    with engine.connect() as connection, pytest.raises(DBAPIError, match="no such column"):
        connection.execute(select(table.c.release).where(table.c.workspace == "w")).all()
    with engine.connect() as connection, pytest.raises(DBAPIError):
        connection.execute(table.insert(), {"workspace": "w", "release": "r2", "at": "now"})
    engine.dispose()
