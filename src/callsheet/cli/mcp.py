"""The command that serves the crew's tools to a client of the Model Context Protocol."""

from pathlib import Path
from typing import Annotated

import typer

from callsheet.cli.console import console
from callsheet.cli.workspace import lead
from callsheet.domain.error import NotFound


def register(app: typer.Typer) -> None:
    """Add this command to the command line."""
    app.command()(mcp)


def mcp(
    http: Annotated[
        int | None,
        typer.Option(
            "--http", help="Serve on this port of this machine instead; 0 takes a free one.", min=0, max=65535
        ),
    ] = None,
    root: Annotated[
        list[Path] | None,
        typer.Option(
            "--root", help="Campaigns begin only inside it; here if not said. Repeatable.", show_default=False
        ),
    ] = None,
) -> None:
    """Serve the crew's tools over MCP, on standard input and output. No tool answers a gate: a person does."""
    from callsheet.mcp import serve

    roots = [one.resolve() for one in root or [Path.cwd()]]
    if gone := [str(one) for one in roots if not one.is_dir()]:
        raise NotFound(f"There is no folder {', '.join(gone)}; --root takes folders that hold campaigns")
    say = console()
    lead(lambda callsheet: serve(callsheet, roots, http, lambda address: say.warn(f"MCP is served at {address}")))
