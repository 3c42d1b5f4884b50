"""`callsheet cameo revoke`: it asks first, says plainly what became of everything, and where people are asked next."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flows.test_revocation import with_person
from typer.testing import CliRunner, Result
from unit.cli.conftest import workspace

from callsheet.cli import revoke
from callsheet.cli.app import build
from callsheet.cli.console import Console
from callsheet.domain.identity import CameoId, PlacementId, PublicationId, ReleaseId, RunId
from callsheet.domain.revocation import AffectedRun, Deletion, RevocationReport
from callsheet.domain.stop import AffectedPublication, Fate, StoppedTake
from callsheet.storage import cameo as people


def call(*words: str, answer: str | None = None) -> Result:
    return CliRunner().invoke(build(), list(words), input=answer)


def is_in_force() -> bool:
    database = workspace()
    try:
        (ines,) = database.read_now(lambda tx: people.cameos(tx, ("ines",)))
    finally:
        database.close()
    return ines.releases[0].revoked_at is None


def test_without_a_workspace_or_such_a_person_nothing_ends(here: Path) -> None:
    assert call("cameo", "revoke", "ines", "--yes").exit_code == 6
    assert list(here.iterdir()) == []


def test_a_run_at_its_greenlight_asks_about_the_film_without_the_person(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_person(here / "cast")
    assert call("run", "cast").exit_code == 3
    assert call("cameo", "revoke", "zoe", "--yes").exit_code == 6
    assert call("cameo", "revoke", "ines", "--release", "r9", "--yes").exit_code == 6
    with monkeypatch.context() as terminal:
        terminal.setattr(Console, "is_terminal", True)
        asked = call("cameo", "revoke", "ines", answer="n\n")
        assert "Ines Calder end now, for good" in asked.output and asked.exit_code == 0
    assert is_in_force()
    said = call("cameo", "revoke", "ines", "--yes", "--json")
    assert said.exit_code == 0, said.output
    report = RevocationReport.model_validate(json.loads(said.stdout))
    assert (report.releases, report.was_said_before) == (("ines-2026",), False)
    (run,) = report.runs
    assert run.status == "waiting" and run.gate and run.gate != run.withdrawn
    assert not is_in_force()
    again = call("cameo", "revoke", "ines", "--yes")
    assert again.exit_code == 0 and "was revoked before" in again.output
    assert f"it asks at {run.gate}" in again.output


def test_what_is_still_out_is_said_aloud_and_in_the_exit_code(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with_person(here / "cast")
    assert call("run", "cast").exit_code == 3
    run = RunId("pocket-1")
    told = RevocationReport(
        cameo=CameoId("ines"),
        releases=(ReleaseId("ines-2026"),),
        at=datetime(2026, 11, 22, 14, tzinfo=UTC),
        takes=(
            StoppedTake(purchase="k" * 40, run=run, shot="shot.1", fate=Fate.STOPPED, job="video_1", seconds=4),  # type: ignore[arg-type]  # any key will do
            StoppedTake(purchase="l" * 40, run=run, shot="shot.2", fate=Fate.NEVER_ASKED),  # type: ignore[arg-type]  # any key will do
        ),
        last_cancel_ms=41,
        deletions=(
            Deletion(provider="sora", what="render", id="v1", state="not_deletable", why="no call"),
            Deletion(provider="sora", what="render", id="v2", state="not_deletable", why="no call"),
        ),
        publications=(
            AffectedPublication(
                publication=PublicationId("p1"), run=run, name="a_cut", placement=PlacementId("feed"), adapter="folder",
                state="failed", why="no way there",
            ),
        ),
        runs=(AffectedRun(run=run, status="running", reasons=("it was revoked",), note="still at work"),),
    )  # fmt: skip
    monkeypatch.setattr(revoke, "attend", lambda _: told)
    monkeypatch.setattr(revoke, "lead", lambda _: told)
    said = call("cameo", "revoke", "ines", "--yes")
    assert said.exit_code == 5
    flat = " ".join(said.output.split())
    for words in (
        "ines-2026 ended at 2026-11-22 14:00:00 UTC", "1 take: stopped at the provider", "shot.1: video_1, 4 s",
        "1 take: never asked for", "41 ms after the word", "2 renders not deletable at sora: no call",
        "a_cut at folder, feed: STILL OUT: no way there", "pocket-1 is running; still at work",
    ):  # fmt: skip
        assert words in flat, words
