"""Commands that stop: what they mean by a name, what they say, and that they ask a person first."""

import json
from pathlib import Path

import pytest
from sqlalchemy import update
from typer.testing import CliRunner, Result
from unit.cli.conftest import Open, workspace

from callsheet.cli import stop
from callsheet.cli.app import build
from callsheet.cli.console import Console
from callsheet.domain.identity import BatchId, JobId, RunId
from callsheet.domain.stop import CallOff, Fate, StoppedTake
from callsheet.storage import job as jobs
from callsheet.storage import run as runs
from callsheet.storage import stop as stops
from callsheet.storage.database import Transaction
from callsheet.storage.table import RUNS

KEY = "1194f2e964c5ea921c49a49f45445740f61e5f51"


def call(*words: str, answer: str | None = None) -> Result:
    return CliRunner().invoke(build(), list(words), input=answer)


def said() -> set[tuple[str, str]]:
    database = workspace()
    try:
        return {(one.tag, one.kind) for one in database.read_now(stops.every)}
    finally:
        database.close()


def tag_a_take(run: str, server: str = "sandbox") -> None:
    """A take was handed in; whoever did it died before it was queued."""
    database = workspace()

    def bought_from(tx: Transaction) -> None:
        body = runs.find(tx, RunId(run)).model_copy(update={"server": server}).model_dump_json()
        tx.execute(update(RUNS).where(RUNS.c.id == run).values(body=body))

    database.write_now(bought_from)
    tags = ("shot:s1", f"take:{KEY}", "campaign:pocket", "all")
    database.write_now(
        lambda tx: jobs.tag(tx, BatchId("b"), RunId(run), [(JobId(f"{run}.take.{KEY}"), "render", tags)])
    )
    database.close()


def test_without_a_workspace_there_is_nothing_to_stop(here: Path) -> None:
    assert call("pause").exit_code == 6
    assert call("cancel", "--run", "spring-1").exit_code == 6
    assert list(here.iterdir()) == []


def test_the_only_unfinished_run_is_paused_without_being_named(open_run: Open) -> None:
    open_run("spring")
    shown = call("pause", "--note", "lunch")
    assert "Run spring-1 is paused" in shown.stdout
    assert "callsheet resume spring-1" in shown.stdout
    assert said() == {("run:spring-1", "pause")}
    status = call("status")
    assert "run spring-1 is paused" in status.stdout
    assert "lunch" in status.stdout
    (found,) = json.loads(call("status", "--json").stdout)
    assert [one["tag"] for one in found["stopped"]] == ["run:spring-1"]
    assert "may buy again" in call("pause", "--lift").stdout
    assert said() == set()


def test_of_several_runs_one_must_be_named_and_each_is_offered(open_run: Open) -> None:
    open_run("spring")
    open_run("autumn")
    several = call("pause")
    assert several.exit_code == 2
    assert "callsheet pause spring-1" in several.stderr
    assert call("pause", "autumn").exit_code == 0
    assert json.loads(call("pause", "--all", "--json").stdout)["runs"] == ["autumn-1", "spring-1"]
    assert said() == {("run:autumn-1", "pause"), ("all", "pause")}
    lifting = call("pause", "--lift")
    assert "callsheet pause --lift autumn-1" in lifting.stderr
    assert "callsheet pause --lift --all" in lifting.stderr


@pytest.mark.parametrize(
    ("words", "code", "complaint"),
    [
        (("pause", "spring-1", "--all"), 2, "Name one thing to pause"),
        (("pause", "--campaign", "winter"), 6, "there are: pocket"),
        (("cancel",), 2, "Name one thing to call off"),
        (("cancel", "--run", "spring-1", "--cameo", "mara"), 2, "Name one thing to call off"),
        (("cancel", "--run", "winter"), 6, "There is no run winter"),
        (("cancel", "--campaign", "winter"), 6, "there are: pocket"),
        (("cancel", "--cameo", "mara"), 6, "No person mara"),
        (("cancel", "--take", "1194"), 6, "is no take that was ever asked for"),
        (("cancel", "--take", "%%%%%%%%"), 6, "is no take that was ever asked for"),
        (("cancel", "--run", "spring-1", "--lift"), 2, "stays so"),
        (("cancel", "--run", "spring-1", "--note", "x" * 501), 2, "at most 500"),
    ],
)
def test_what_cannot_be_meant_is_refused_and_nothing_is_stopped(
    open_run: Open, words: tuple[str, ...], code: int, complaint: str
) -> None:
    open_run("spring")
    shown = call(*words)
    assert (shown.exit_code, complaint in shown.stderr) == (code, True), shown.stderr
    assert said() == set()


@pytest.mark.parametrize("name", [KEY, KEY[:8], f"s1.take1-{KEY[:8]}"])
def test_a_take_is_called_off_by_its_id_or_its_key(open_run: Open, name: str) -> None:
    open_run("spring")
    tag_a_take("spring-1")
    found = json.loads(call("cancel", "--take", name, "--json").stdout)
    assert [(one["purchase"], one["shot"], one["fate"]) for one in found["takes"]] == [(KEY, "s1", Fate.NEVER_ASKED)]
    assert said() == {(f"take:{KEY}", "cancel")}


def test_a_run_is_called_off_once_and_saying_it_again_changes_nothing(open_run: Open) -> None:
    open_run("spring")
    assert "Run spring-1 was called off." in call("cancel", "--run", "spring", "--note", "the client left").stdout
    assert call("cancel", "--run", "spring-1").exit_code == 0
    assert "spring-1: the client left" in call("status").stdout
    database = workspace()
    assert database.read_now(lambda tx: runs.find(tx, RunId("spring-1"))).status == "cancelled"
    database.close()


def test_a_person_at_the_terminal_is_asked_first(open_run: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    open_run("spring")
    tag_a_take("spring-1")
    monkeypatch.setattr(Console, "is_terminal", True)
    asked = call("cancel", "--campaign", "pocket", answer="n\n")
    assert "Call off campaign pocket for good? Takes queued: 1, held or under way: 0." in asked.stdout
    assert said() == set()
    assert call("cancel", "--campaign", "pocket", "--yes").exit_code == 0
    assert said() == {("campaign:pocket", "cancel"), ("run:spring-1", "cancel")}


def test_a_campaign_may_be_shot_again_once_the_word_is_taken_back(open_run: Open) -> None:
    open_run("spring")
    call("cancel", "--campaign", "pocket")
    assert "campaign pocket was called off" in call("status").stdout
    assert "may be shot again" in call("cancel", "--campaign", "pocket", "--lift").stdout
    assert said() == {("run:spring-1", "cancel")}


def test_every_fate_is_told_and_what_runs_on_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    takes = tuple(
        StoppedTake.model_validate(
            {"purchase": f"{fate.name}", "run": "r", "shot": "s1", "fate": fate, "job": "video_7"}
        )
        for fate in Fate
    )
    stop._show(CallOff(tag="cameo:mara", runs=(RunId("r"),), takes=takes))
    told = capsys.readouterr().out
    assert all(str(fate) in told for fate in Fate)
    assert told.count("video_7") == 2


def test_renders_at_another_server_are_not_called_off_from_here(open_run: Open) -> None:
    open_run("spring")
    tag_a_take("spring-1", server="elsewhere")
    shown = call("cancel", "--run", "spring-1")
    assert shown.exit_code == 2
    assert "Set CALLSHEET_VIDEO_URL as it was" in shown.stderr
    assert said() == set()
