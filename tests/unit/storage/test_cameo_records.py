"""What the workspace knows of people: revisions, revocations and yeses, each about one person's release."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from callsheet.domain.cameo import Cameo, Release, Use
from callsheet.domain.error import WrongUse
from callsheet.domain.identity import CameoId, ReleaseId
from callsheet.domain.ledger import WORKSPACE
from callsheet.jobs.word import say
from callsheet.storage import cameo as people
from callsheet.storage.database import Database
from callsheet.storage.ledger import entries

NOW = datetime(2026, 11, 22, tzinfo=UTC)
USE = Use(media=("vertical",), territories=("US",))
R1 = ReleaseId("r1")
SECRET = "Mara Kline"


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database(f"sqlite:///{tmp_path / 'w.db'}", "w", lambda: NOW)
    yield opened
    opened.close()


def person(who: str = "mara", *releases: Release, **changes: Any) -> Cameo:
    known = {"mara": SECRET, "ines": "Ines Calder"}
    return Cameo.model_validate({"id": who, "name": known[who], "releases": releases, **changes})


def release(name: str = "r1", **changes: Any) -> Release:
    said = {"id": name, "starts": NOW, "ends": NOW + timedelta(days=9)}
    return Release.model_validate({**said, **changes})


def known(database: Database, name: str = "mara") -> Cameo:
    (found,) = database.read_now(lambda tx: people.cameos(tx, (name,)))
    return found


def test_two_people_may_have_a_release_of_the_same_id_and_only_one_is_revoked(database: Database) -> None:
    database.write_now(lambda tx: people.seed(tx, (person("mara", release()), person("ines", release()))))
    assert database.write_now(lambda tx: people.revoke(tx, CameoId("mara"), R1, "her word"))
    assert known(database, "mara").releases[0].revoked_at == NOW
    assert known(database, "ines").releases[0].revoked_at is None


def test_a_yes_is_for_one_persons_release(database: Database) -> None:
    database.write_now(lambda tx: people.seed(tx, (person("mara", release()), person("ines", release()))))
    assert database.write_now(lambda tx: people.approve(tx, CameoId("mara"), R1, USE, "x"))
    assert not database.write_now(lambda tx: people.approve(tx, CameoId("mara"), R1, USE, "y"))
    assert known(database, "mara").releases[0].approved_uses == (USE,)
    assert known(database, "ines").releases[0].approved_uses == ()


def test_a_file_brings_no_revocation_or_yes_of_its_own(database: Database) -> None:
    bold = release(approved_uses=(USE,), revoked_at=NOW)
    database.write_now(lambda tx: people.seed(tx, (person("mara", bold),)))
    assert known(database).releases[0] == release()


def test_what_is_promised_to_somebody_alone_is_not_forgotten_by_another_folder(database: Database) -> None:
    promise = release("p", exclusive=("shoes",), grantees=("Fleet",))
    database.write_now(lambda tx: people.seed(tx, (person("mara", release(), promise),)))
    database.write_now(lambda tx: people.seed(tx, (person("mara", release("r2")),)))
    assert [one.id for one in known(database).releases] == ["r2", "p"]


def test_saying_the_same_again_is_no_new_revision(database: Database) -> None:
    for _ in range(2):
        database.write_now(lambda tx: people.seed(tx, (person("mara", release()),)))
    told = database.read_now(lambda tx: entries(tx, WORKSPACE))
    assert [(one.kind, one.chain, one.body["revision"]) for one in told if one.kind == "CameoRevised"] == [
        ("CameoRevised", "cameo.mara", 1)
    ]


def test_what_is_added_adds_and_takes_nothing_away(database: Database) -> None:
    database.write_now(lambda tx: people.seed(tx, (person("mara", release(), is_minor=True),)))
    more = person("mara", release("r2"))
    assert database.write_now(lambda tx: people.added(tx, more, "Dana"))
    assert not database.write_now(lambda tx: people.added(tx, more, "Dana"))
    assert [one.id for one in known(database).releases] == ["r1", "r2"]
    assert known(database).is_minor
    with pytest.raises(WrongUse, match="an id of their own"):
        database.write_now(lambda tx: people.added(tx, person("mara", name="Ines Calder"), "Dana"))


def test_the_ledger_names_nobody(database: Database) -> None:
    database.write_now(lambda tx: people.added(tx, person("mara", release(), description="a runner"), "Dana Reed"))
    database.write_now(lambda tx: people.approve(tx, CameoId("mara"), R1, USE, "x"))
    told = "".join(one.model_dump_json() for one in database.read_now(lambda tx: entries(tx, WORKSPACE)))
    assert '"CameoRevised"' in told and '"UseApproved"' in told
    for word in (SECRET, "Dana", "runner"):
        assert word not in told


def test_a_revocation_of_an_earlier_version_holds_for_whoever_signed_a_release_of_that_id(tmp_path: Path) -> None:
    """Those were kept by the release alone. None may be lost, and none may become somebody else's permission."""
    url = f"sqlite:///{tmp_path / 'old.db'}"
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE revocations (workspace TEXT, release TEXT, at TEXT, reason TEXT)"))
        connection.execute(text("CREATE TABLE use_approvals (workspace TEXT, release TEXT, use TEXT)"))
        row = {"at": NOW.isoformat()}
        connection.execute(text("INSERT INTO revocations VALUES ('w', 'r1', :at, 'her word')"), row)
        connection.execute(text("INSERT INTO revocations VALUES ('other', 'r2', :at, 'his word')"), row)
    engine.dispose()
    for _ in range(2):  # opening it again changes nothing
        database = Database(url, "w", lambda: NOW)
        database.write_now(lambda tx: people.seed(tx, (person("mara", release(), release("r2")),)))
        found = known(database)
        assert [one.revoked_at for one in found.releases] == [NOW, None]
        assert not database.write_now(lambda tx: people.revoke(tx, CameoId(people.WHOEVER), R1, "again"))
        database.close()


def test_a_word_about_all_releases_ends_those_of_older_files_too(database: Database) -> None:
    older, newer = person("mara", release("r1")), person("mara", release("r2"))
    database.write_now(lambda tx: people.seed(tx, (older,)))
    database.write_now(lambda tx: people.seed(tx, (newer,)))
    assert database.read_now(lambda tx: people.releases_ever(tx, CameoId("mara"))) == ("r1", "r2")
    word = database.write_now(lambda tx: say(tx, CameoId("mara"), None, "her word", frozenset()))
    assert set(word.releases) == {"r1", "r2"}
    database.write_now(lambda tx: people.seed(tx, (older,)))
    assert [one.revoked_at for one in known(database).releases] == [NOW]


def test_an_old_file_takes_back_nothing_that_protects_a_person(database: Database) -> None:
    made = {"provider": "p", "id": "ch-1", "captured_at": NOW, "verified_by": "x", "verification": "a call"}
    database.write_now(lambda tx: people.seed(tx, (person("mara", release(), is_minor=True, characters=[made]),)))
    database.write_now(lambda tx: people.seed(tx, (person("mara", release()),)))
    assert known(database).is_minor
    assert [one.id for one in known(database).characters] == ["ch-1"]
