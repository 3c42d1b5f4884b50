"""A run is advanced by one thread of one host; another is refused until somebody takes the run over."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from callsheet.domain.error import WrongUse
from callsheet.domain.event import RunStarted
from callsheet.domain.identity import Digest, RunId
from callsheet.domain.run import Run
from callsheet.storage import run as runs
from callsheet.storage.database import Database

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
SPRING = RunId("spring-1")


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    found = Database(f"sqlite:///{tmp_path / 'workspace.db'}", "default", lambda: NOW)
    run = Run(id=SPRING, campaign="spring", bundle=Digest("0" * 64), folder="spring", out="out", started_at=NOW)
    started = RunStarted(bundle=run.bundle, campaign="spring", provider="sandbox", model="m", policy="people", seed=0)
    found.write_now(lambda tx: runs.start(tx, run, started))
    yield found
    found.close()


def test_the_first_thread_has_the_run_and_another_is_refused_by_name(database: Database) -> None:
    for _ in range(2):
        assert database.write_now(lambda tx: runs.claim(tx, SPRING, "thread-a")).is_hosted
    with pytest.raises(WrongUse, match=r"thread-a.*resume spring-1 --take-over"):
        database.write_now(lambda tx: runs.claim(tx, SPRING, "thread-b"))
    assert database.read_now(lambda tx: runs.find(tx, SPRING)).driver == "thread-a"


def test_a_run_that_is_taken_over_can_be_claimed_again(database: Database) -> None:
    database.write_now(lambda tx: runs.claim(tx, SPRING, "thread-a"))
    assert not database.write_now(lambda tx: runs.release(tx, SPRING)).is_hosted
    assert not database.write_now(lambda tx: runs.claim(tx, SPRING, SPRING)).is_hosted


def test_a_new_state_leaves_the_run_whose_it_is(database: Database) -> None:
    database.write_now(lambda tx: runs.claim(tx, SPRING, "thread-a"))
    run = database.write_now(lambda tx: runs.set_status(tx, SPRING, "failed", "why"))
    assert (run.driver, run.status, run.reason) == ("thread-a", "failed", "why")
