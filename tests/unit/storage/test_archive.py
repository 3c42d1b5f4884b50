"""The archive keeps what the crew made and says what it means, in one transaction."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from callsheet.domain.error import NotFound
from callsheet.domain.event import CallSheetDrawn, StoryboardDrafted
from callsheet.domain.identity import Digest, RunId
from callsheet.domain.placement import SQUARE, VERTICAL, Placement
from callsheet.storage.archive import Archive
from callsheet.storage.database import Database
from callsheet.storage.export import export, sign_heads
from callsheet.storage.ledger import entries

RUN = RunId("spring-1")


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database(
        f"sqlite:///{tmp_path / 'deep' / 'er' / 'workspace.db'}", "w", lambda: datetime(2026, 11, 22, tzinfo=UTC)
    )
    yield opened
    opened.close()


async def test_what_is_kept_is_found_under_its_hash_with_its_event(database: Database) -> None:
    archive = Archive(database)
    digest = await archive.keep(RUN, VERTICAL, lambda kept: StoryboardDrafted(storyboard=kept, round=0, by="house"))
    assert await archive.load(Placement, digest) == VERTICAL
    (entry,) = await database.read(lambda tx: entries(tx, RUN))
    assert (entry.kind, entry.body["storyboard"]) == ("StoryboardDrafted", VERTICAL.digest)


async def test_an_event_that_cannot_be_made_keeps_nothing(database: Database) -> None:
    archive = Archive(database)

    def broken(_: Digest) -> StoryboardDrafted:
        raise ValueError("no such round")

    with pytest.raises(ValueError, match="no such round"):
        await archive.keep(RUN, SQUARE, broken)
    with pytest.raises(NotFound, match="is CALLSHEET_HOME the one the run began in"):
        await archive.load(Placement, SQUARE.digest)


async def test_several_events_are_written_together_and_exported_in_order(database: Database) -> None:
    first = StoryboardDrafted(storyboard=VERTICAL.digest, round=0, by="house")
    await Archive(database).log(RUN, first, CallSheetDrawn(call_sheet=SQUARE.digest, storyboard=VERTICAL.digest))
    await database.write(sign_heads)
    lines = await database.read(lambda tx: list(export(tx, RUN)))
    assert [line.count(b'"StoryboardDrafted"') for line in lines] == [0, 1, 0, 0, 0]  # header, entries, head, trailer


def test_the_file_lets_people_read_while_somebody_writes(database: Database) -> None:
    def look_meanwhile(_: object) -> int:
        return database.read_now(lambda tx: len(entries(tx, RUN)))

    assert database.write_now(look_meanwhile) == 0
    mode = database.read_now(lambda tx: tx.connection.exec_driver_sql("PRAGMA journal_mode").scalar_one())
    assert mode == "wal"
    synchronous = database.read_now(lambda tx: tx.connection.exec_driver_sql("PRAGMA synchronous").scalar_one())
    assert synchronous == 2, "a purchase written down must survive a power cut"
