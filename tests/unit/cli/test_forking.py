"""`fork` and `compare` say what is wrong with a question before anything is begun."""

import json

import pytest
from typer.testing import CliRunner, Result
from unit.cli.conftest import Open, workspace

from callsheet.cli.app import build
from callsheet.storage import run as runs


def call(*words: str) -> Result:
    return CliRunner().invoke(build(), list(words))


@pytest.mark.parametrize(
    ("words", "code", "why"),
    [
        (("nobody",), 6, "There is no run nobody; there are: spring-1"),
        (("spring-1", "--at", "premiere"), 6, "spring-1 has no gate premiere; there are: none that was answered yet"),
        (("spring-1",), 6, "spring-1 has no decided greenlight or release to fork at"),
        (("spring-1", "--at", "greenlight"), 2, "is not decided yet: answer it with `callsheet decide spring-1"),
        (("spring-1", "--answer", "perhaps"), 2, "--answer perhaps is no answer; there are: approve, edit, reject"),
        (("spring-1", "--answer", "edit", "--set", "faster"), 2, "--set faster changes nothing"),
        (("spring-1", "--by", "x" * 81), 2, "--by takes a name of at most 80 characters"),
    ],
)
def test_a_fork_that_cannot_be_says_why_and_begins_nothing(
    open_run: Open, words: tuple[str, ...], code: int, why: str
) -> None:
    open_run("spring")
    answered = call("fork", *words)
    assert answered.exit_code == code, answered.output
    assert why in " ".join(answered.output.split())
    database = workspace()
    try:
        assert [one.id for one in database.read_now(runs.every)] == ["spring-1"]
    finally:
        database.close()


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("words", [("fork", "spring-1"), ("compare", "spring-1", "spring-2")])
def test_without_a_workspace_there_is_nothing_to_fork_or_compare(words: tuple[str, ...]) -> None:
    answered = call(*words)
    assert answered.exit_code == 6
    assert "callsheet run FOLDER" in answered.output


def test_two_runs_are_printed_side_by_side_with_what_differs(open_run: Open) -> None:
    open_run("spring")
    open_run("summer")
    said = call("compare", "spring-1", "summer-1")
    assert said.exit_code == 0, said.output
    assert "Storyboard: no difference" in said.output
    assert "Finished files: none in either run" in said.output
    assert [line.split()[-2:] for line in said.output.splitlines() if "takes bought" in line] == [["0", "0"]]
    document = json.loads(call("compare", "spring-1", "summer-1", "--json").stdout)
    assert (document["one"], document["other"], document["is_same_film"]) == ("spring-1", "summer-1", False)
    assert document["storyboard"] == document["gates"] == []


def test_a_run_is_not_compared_with_itself(open_run: Open) -> None:
    open_run("spring")
    answered = call("compare", "spring-1", "spring")
    assert answered.exit_code == 2
    assert "spring-1 is one run" in answered.output
