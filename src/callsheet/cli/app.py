"""The `callsheet` command: which commands there are, and how any error ends one.

A file of commands has a function `register(app)`; adding it to `COMMANDS` is all it takes. Nothing heavy is imported
here or at the top of such a file, so that `callsheet --help` answers at once.
"""

import sys
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from callsheet.cli import (
    cameo,
    campaign,
    claims,
    compare,
    config,
    connect,
    decide,
    demo,
    fork,
    ledger,
    look,
    mcp,
    prompts,
    replay,
    report,
    run,
    sandbox,
    stop,
    takes,
    verify,
)
from callsheet.cli.console import Exit, console, exit_of, fresh_console
from callsheet.domain.error import CallsheetError

COMMANDS = (
    demo,
    campaign,
    claims,
    cameo,
    run,
    decide,
    fork,
    stop,
    look,
    takes,
    report,
    compare,
    verify,
    ledger,
    config,
    connect,
    prompts,
    replay,
    mcp,
    sandbox,
)

EPILOG = (
    "Exit codes: 0 done, 1 unexpected, 2 wrong use or invalid input, 3 waiting at a gate, "
    "4 refused (budget, release, claim), 5 provider trouble, 6 not found, 130 stopped with Ctrl-C."
)


class CommandGroup(TyperGroup):
    """Turns every error of the house into a sentence on standard error and its exit code."""

    def make_context(self, info_name: str | None, args: list[str], parent: Any = None, **extra: Any) -> Any:
        """Begin each command with a console of its own."""
        fresh_console()
        return super().make_context(info_name, args, parent, **extra)

    def invoke(self, ctx: Any) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except CallsheetError as error:
            if console().shows_tracebacks:
                raise
            code = exit_of(error)
            console().complain(error, code)
            raise typer.Exit(int(code)) from None


def build() -> typer.Typer:
    """The whole command."""
    app = typer.Typer(
        cls=CommandGroup,
        name="callsheet",
        help="Turns a campaign folder into finished, cleared, costed video ads.",
        epilog=EPILOG,
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        add_completion=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(_options)
    for commands in COMMANDS:
        commands.register(app)
    return app


def main() -> None:
    """Run the `callsheet` command."""
    try:
        build()()
    except Exception as error:
        if console().shows_tracebacks:
            raise
        reason = CallsheetError(
            f"Something went wrong that Callsheet did not expect: {type(error).__name__}: {error}. "
            f"Run it again with `callsheet --traceback ...` to see where."
        )
        console().complain(reason, Exit.UNEXPECTED)
        sys.exit(int(Exit.UNEXPECTED))


def _show_version(chosen: bool) -> None:
    if chosen:
        from importlib.metadata import version

        console().say(f"callsheet {version('callsheet')}")
        raise typer.Exit


def _choose_traceback(chosen: bool) -> None:
    console().shows_tracebacks = chosen


def _options(
    version: Annotated[
        bool, typer.Option("--version", help="Show the version.", callback=_show_version, is_eager=True)
    ] = False,
    traceback: Annotated[
        bool, typer.Option("--traceback", help="Show where an error came from.", callback=_choose_traceback)
    ] = False,
) -> None:
    del version, traceback  # their callbacks have acted already
