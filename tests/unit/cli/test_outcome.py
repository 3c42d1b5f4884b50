"""How a command ends: the exit code says it to a script, the last lines say it to a person."""

import io
from fractions import Fraction

import pytest
import typer
from unit.cli.conftest import NOW

from callsheet.cli.closing import reshoot_story
from callsheet.cli.console import Console, Exit
from callsheet.cli.outcome import end_with, exit_for, next_commands
from callsheet.cli.view import Stand
from callsheet.domain.identity import Digest, RunId
from callsheet.domain.ledger import Entry
from callsheet.domain.money import nothing
from callsheet.domain.run import Run, RunStatus
from callsheet.standing import Costs

COSTS = Costs(
    seconds_purchased=8, seconds_held=0, spent=nothing(), held=nothing(), takes=2, finished_seconds=Fraction(5)
)


def stand(status: RunStatus, reason: str = "") -> Stand:
    run = Run(
        id=RunId("spring-1"),
        campaign="spring",
        bundle=Digest("0" * 64),
        folder="spring",
        out="spring/out",
        status=status,
        reason=reason,
        started_at=NOW,
    )
    return Stand(run=run, view=None, files=(), costs=COSTS)


@pytest.mark.parametrize(
    ("status", "reason", "code"),
    [
        ("finished", "keep a", Exit.OK),
        ("rejected", "not our tone", Exit.OK),
        ("waiting", "", Exit.WAITING),
        ("running", "", Exit.WAITING),
        ("expired", "nobody answered", Exit.REFUSED),
        ("failed", "it could not be cleared: shot.1: no release", Exit.REFUSED),
        ("failed", "nothing was published: runner_a: a claim ended", Exit.REFUSED),
        ("failed", "2 of 6 takes are missing: shot.1 was not made", Exit.PROVIDER),
        ("failed", "KeyError: 'storyboard'", Exit.UNEXPECTED),
    ],
)
def test_where_a_run_stands_is_an_exit_code(status: RunStatus, reason: str, code: Exit) -> None:
    assert exit_for(stand(status, reason)) is code


def test_a_run_that_stopped_says_so_on_standard_error_and_names_the_command() -> None:
    out, err = io.StringIO(), io.StringIO()
    with pytest.raises(typer.Exit):
        end_with(Console(out=out, err=err), stand("failed", "2 of 6 takes are missing"))
    assert "callsheet resume spring-1" in err.getvalue()
    assert out.getvalue() == ""


def test_a_finished_run_names_the_report() -> None:
    assert next_commands(stand("finished")) == ["callsheet report spring-1"]


def entry(kind: str, **body: object) -> Entry:
    blank = Digest("0" * 64)
    return Entry(run=RunId("r"), chain="run", index=0, kind=kind, at=NOW, body=body, previous=blank, hash=blank)


def test_the_reshoot_is_told_from_the_ledger() -> None:
    before = [entry("TakeStored", shot="shot.1", seconds=4), entry("Published")]
    asked = entry("AnalystDecided", kind_of_decision="reshoot")
    after = [
        entry("GateDecided", answer="approve"),
        entry("TakeStored", shot="shot.2.r1", seconds=4),
        entry("Published"),
        entry("TakenDown"),
    ]
    (line,) = reshoot_story([*before, asked, *after])
    assert line == "Reshot: shot.2.r1 (4 s), approved, bought and cut in; 1 files shipped, 1 taken down."
    assert reshoot_story(before) == []
    (unfinished,) = reshoot_story([*before, asked, entry("GateDecided", answer="reject")])
    assert "not finished" in unfinished
