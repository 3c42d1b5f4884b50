"""Commands that lead a run: `run` starts one, `resume` goes on with one."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from callsheet.cli.console import AsJson, console
from callsheet.cli.workspace import attend, lead, look
from callsheet.domain.error import WrongUse

if TYPE_CHECKING:
    from callsheet.cli.view import Stand
    from callsheet.session import Callsheet, CampaignRun
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
    hosted: Annotated[
        bool, typer.Option("--hosted", help="Only begin it, for a LangGraph server to advance; print its input.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Begin a run. It stops at the first gate: nothing is bought before somebody approves the plan and its price."""
    del as_json
    from callsheet.cli.outcome import end_with

    if hosted:
        attend(lambda callsheet: _begin_hosted(callsheet, folder, out, yes))
        return
    end_with(console(), lead(lambda callsheet: _begin(callsheet, folder, out, yes)))


def resume(
    run: Annotated[
        str, typer.Argument(help="The run; not needed when only one is unfinished.", show_default=False)
    ] = "",
    take_over: Annotated[
        bool,
        typer.Option("--take-over", help="Take it from a LangGraph server whose thread is gone; takes are adopted."),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Go on with a run that was paused, stopped or failed, under the approval policy it was started with."""
    del as_json
    from callsheet.cli.outcome import end_with

    name = look(lambda tx: _to_resume(tx, run), None)
    if name is None:
        raise WrongUse("There is no run here yet; begin one: callsheet run FOLDER")
    end_with(console(), lead(lambda callsheet: _resume(callsheet, name, take_over)))


async def _resume(callsheet: "Callsheet", name: str, take_over: bool) -> "Stand":
    run = await callsheet.run(name)
    await _be_the_host(callsheet, run, take_over)
    if (stop := await run.lift_pause()) is not None:
        how = "" if stop.kind == "cancel" else f"; lift it with: callsheet pause --lift {_named(stop.tag)}"
        raise WrongUse(f"{name} does not go on: {stop}{how}")
    return await lead_on(callsheet, name)


async def _be_the_host(callsheet: "Callsheet", run: "CampaignRun", take_over: bool) -> None:
    from callsheet.storage import run as runs

    stand = await run.status()
    if not stand.is_hosted:
        return
    if not take_over:
        raise WrongUse(
            f"{run.id} is advanced by a LangGraph server, in thread {stand.driver}: resume it there. If that thread is "
            f"gone: callsheet resume {run.id} --take-over"
        )
    await callsheet.studio.database.write(lambda tx: runs.release(tx, run.id))


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


async def _begin_hosted(callsheet: "Callsheet", folder: Path, out: Path | None, approve_all: bool) -> None:
    """Freeze the campaign and print what a LangGraph server is given; nobody here goes on with it."""
    begun = await callsheet.start(folder, out=out, approve_all=approve_all)
    given = {"run": begun.id, "campaign": (await begun.status()).bundle}
    say = console()
    say.say(f"{begun.id} is begun. A LangGraph server advances it: make a thread, and run the graph campaign with")
    say.say(json.dumps(given), whole=True)
    say.document({"run": begun.id, "graph": "campaign", "input": given})


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
