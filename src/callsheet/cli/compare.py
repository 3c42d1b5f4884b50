"""The command that holds two runs side by side."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from callsheet.cli.console import AsJson, Console, console
from callsheet.cli.workspace import look
from callsheet.domain.error import NotFound, WrongUse

if TYPE_CHECKING:
    from callsheet.storage.database import Transaction
    from callsheet.studio.compare import Comparison, Difference

_SHOWN_OF_A_HASH = 12
_LONGEST = 60


def register(app: typer.Typer) -> None:
    """Add this command to the command line."""
    app.command()(compare)


def compare(
    run: Annotated[str, typer.Argument(help="A run.", show_default=False)],
    other: Annotated[str, typer.Argument(help="The run to hold against it.", show_default=False)],
    as_json: AsJson = False,
) -> None:
    """Compare two runs: costs, storyboard, cuts, files and decisions. Only what differs is listed."""
    del as_json
    found = look(lambda tx: _compared(tx, run, other), None)
    if found is None:
        raise NotFound("There is no run here yet; begin one: callsheet run FOLDER")
    _show(console(), found)
    console().document(found.as_json())


def _compared(tx: "Transaction", run: str, other: str) -> "Comparison":
    from callsheet.cli.naming import run_named
    from callsheet.domain.identity import RunId
    from callsheet.storage import run as runs
    from callsheet.studio.compare import compare_runs

    known = [one.id for one in runs.every(tx)]
    names = run_named(run, known), run_named(other, known)
    if names[0] == names[1]:
        raise WrongUse(f"{names[0]} is one run; name two, such as: callsheet compare {names[0]} OTHER")
    return compare_runs(tx, RunId(names[0]), RunId(names[1]))


def _show(say: Console, found: "Comparison") -> None:
    say.say(f"{found.one} and {found.other}", style="bold")
    if found.relation:
        say.say(found.relation)
    columns = [f">{found.one}", f">{found.other}"]
    say.table("Costs", ["", *columns], [(one.what, one.one, one.other) for one in found.costs])
    _differences(say, found, "Storyboard", found.storyboard)
    _differences(say, found, "Cuts", found.cuts)
    _files(say, found)
    _differences(say, found, "Decisions", found.gates)


def _differences(say: Console, found: "Comparison", title: str, listed: "Sequence[Difference]") -> None:
    if not listed:
        say.say(f"{title}: no difference")
        return
    rows = [(one.place, one.what, _short(one.one), _short(one.other)) for one in listed]
    say.table(title, ["where", "what", found.one, found.other], rows)


def _files(say: Console, found: "Comparison") -> None:
    if not found.files and not found.same_files:
        say.say("Finished files: none in either run")
        return
    rows = [(f"{name}.mp4", "the same picture and sound", "") for name in found.same_files]
    rows += [(f"{one.place}.mp4", one.one[:_SHOWN_OF_A_HASH], one.other[:_SHOWN_OF_A_HASH]) for one in found.files]
    say.table("Finished files", ["file", found.one, found.other], rows)


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
