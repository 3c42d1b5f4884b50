"""Commands that lead a run: `run` starts one, `resume` goes on with one."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from callsheet.cli.console import AsJson, console
from callsheet.cli.workspace import lead, look
from callsheet.domain.error import WrongUse

if TYPE_CHECKING:
    from callsheet.cli.view import Stand
    from callsheet.session import Callsheet
    from callsheet.storage.database import Transaction


def register(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.command()(run)
    app.command()(resume)


def run(
    folder: Annotated[Path, typer.Argument(help="The campaign folder.", show_default=False)],
    out: Annotated[
        Path | None, typer.Option(help="Where finished files go; FOLDER/out if not said.", show_default=False)
    ] = None,
    yes: Annotated[
        bool, typer.Option("--yes", help="Answer every gate by written policy; the ledger says so.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Begin a run. It stops at the first gate: nothing is bought before somebody approves the plan and its price."""
    del as_json
    from callsheet.cli.outcome import end_with

    end_with(console(), lead(lambda callsheet: _begin(callsheet, folder, out, yes)))


def resume(
    run: Annotated[
        str, typer.Argument(help="The run; not needed when only one is unfinished.", show_default=False)
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Go on with a run that was paused, stopped or failed, under the approval policy it was started with."""
    del as_json
    from callsheet.cli.outcome import end_with

    name = look(lambda tx: _to_resume(tx, run), None)
    if name is None:
        raise WrongUse("There is no run here yet; begin one: callsheet run FOLDER")
    end_with(console(), lead(lambda callsheet: _resume(callsheet, name)))


async def _resume(callsheet: "Callsheet", name: str) -> "Stand":
    run = await callsheet.run(name)
    if (stop := await run.lift_pause()) is not None:
        how = "" if stop.kind == "cancel" else f"; lift it with: callsheet pause --lift {_named(stop.tag)}"
        raise WrongUse(f"{name} does not go on: {stop}{how}")
    return await lead_on(callsheet, name)


def _named(tag: str) -> str:
    kind, _, what = tag.partition(":")
    return f"--{kind} {what}".rstrip()


async def lead_on(callsheet: "Callsheet", name: str, seen: int | None = None) -> "Stand":
    """Advance a run to its next gate or its end, telling what happens after entry `seen`, and say where it stands."""
    from callsheet.cli.view import stand_of
    from callsheet.cli.watch import go_on

    await go_on(callsheet, await callsheet.run(name), seen=seen)
    return await callsheet.studio.database.read(lambda tx: stand_of(tx, name))


async def _begin(callsheet: "Callsheet", folder: Path, out: Path | None, approve_all: bool) -> "Stand":
    begun = await callsheet.start(folder, out=out, approve_all=approve_all)
    return await lead_on(callsheet, begun.id, seen=0)


def _to_resume(tx: "Transaction", word: str) -> str | None:
    """The run to go on with: the one named, or the only one that is not at its end."""
    from callsheet.cli.naming import run_named
    from callsheet.domain.run import UNFINISHED
    from callsheet.storage import run as runs

    every = runs.every(tx)
    if word:
        return run_named(word, [one.id for one in every])
    open_ = [one for one in every if one.status in UNFINISHED] or [
        one for one in every if one.status in ("failed", "expired")
    ]
    if len(open_) == 1:
        return open_[0].id
    if not open_ and every:
        raise WrongUse("Every run here is at its end; `callsheet status` lists them.")
    if not open_:
        return None
    lines = [f"  callsheet resume {one.id}    # {one.status}, {one.folder}" for one in open_]
    raise WrongUse("\n".join(["Several runs are not at their end; name one:", *lines]))
