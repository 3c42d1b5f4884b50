"""Commands that explain a run afterwards: `report` writes its story as a page, `trace` says what came from what."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from callsheet.cli.console import AsJson, console
from callsheet.cli.workspace import look, media_store, near, open_database
from callsheet.domain.error import NotFound, WrongUse

if TYPE_CHECKING:
    from callsheet.domain.identity import RunId
    from callsheet.domain.run import Run
    from callsheet.storage.database import Database, Transaction
    from callsheet.studio.production import Trace

OptionalRun = Annotated[str, typer.Argument(help="The run; the newest one if not said.", show_default=False)]


def register(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.command()(report)
    app.command()(trace)


def report(run: OptionalRun = "", as_json: AsJson = False) -> None:
    """Write the story of a run as one page: films, storyboard, decisions, costs, ledger. It opens with no server."""
    del as_json
    from callsheet.studio.report import write_report

    found = look(lambda tx: _choose(tx, run), None)
    if found is None:
        raise NotFound("There is no run here yet; begin one: callsheet run FOLDER")
    with open_database() as database:
        page = asyncio.run(write_report(database, media_store(), found.id, Path(found.out)))
    console().say(f"wrote {near(page)}", whole=True)
    console().document({"run": found.id, "report": page})


def trace(
    what: Annotated[
        str,
        typer.Argument(
            metavar="FILE|ID",
            help="A file, or a shot, take, publication, gate, release, claim, or 8 characters of a hash.",
            show_default=False,
        ),
    ],
    run: Annotated[
        str, typer.Option(help="The run; the newest one that knows it if not said.", show_default=False)
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Say what a thing came from and what was made of it, when and how marked, as the ledger has it."""
    del as_json
    found = look(lambda tx: _choose(tx, run), None)
    if found is None:
        raise NotFound("There is no run here yet; begin one: callsheet run FOLDER")
    wanted: RunId | None = found.id if run else None
    with open_database() as database:
        traced = _traced(database, what, wanted)
    for line in traced.lines():
        console().say(line, whole=True)
    console().document(traced.as_json())


def _traced(database: "Database", what: str, run: "RunId | None") -> "Trace":
    """A file that is there is known by the hash of its bytes, whatever its name."""
    from callsheet.storage.media import file_digest
    from callsheet.studio.production import trace_in

    path = Path(what)
    if not path.is_file():
        return asyncio.run(trace_in(database, what, run))
    digest = file_digest(path)
    try:
        return asyncio.run(trace_in(database, digest, run))
    except NotFound:
        raise NotFound(
            f"No run here made {what} (SHA-256 {digest}): it was changed since, or comes from elsewhere. "
            f"To trace a thing of that name instead, go to a folder where no such file lies"
        ) from None


def _choose(tx: "Transaction", word: str) -> "Run":
    from callsheet.cli.naming import run_named
    from callsheet.storage import run as runs

    every = runs.every(tx)
    if not every:
        raise WrongUse("There is no run here yet; begin one: callsheet run FOLDER")
    name = run_named(word, [one.id for one in every]) if word else every[-1].id
    return next(one for one in every if one.id == name)
