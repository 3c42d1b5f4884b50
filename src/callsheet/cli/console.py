"""The one place where the command line speaks, and where an error becomes an exit code.

On a terminal: Rich tables and colour. Elsewhere: plain lines. With `--json`: one JSON document on standard output and
nothing else. Errors go to standard error as sentences that say what to do. Text that came from files or models is
shown as text: it cannot colour, move the cursor or hide anything.
"""

import json
import sys
from collections.abc import Sequence
from contextvars import ContextVar
from enum import IntEnum
from typing import Annotated, Any, TextIO

import typer

from callsheet.domain.error import CallsheetError, InputInvalid, NotFound, ProviderTrouble, Refused, Waiting, WrongUse

_PLAIN_WIDTH = 100


class Exit(IntEnum):
    """What the command says to the shell when it ends."""

    OK = 0
    """It did what was asked."""
    UNEXPECTED = 1
    """Something broke that nobody foresaw."""
    INVALID = 2
    """The command was used wrongly, or its input has problems."""
    WAITING = 3
    """A gate is open: a person must decide."""
    REFUSED = 4
    """A law of the house said no: budget, release or claim."""
    PROVIDER = 5
    """The video, chat or storage service did not do its part."""
    NOT_FOUND = 6
    """No such folder, run, gate, shot or take."""
    INTERRUPTED = 130
    """Stopped with Ctrl-C; a run can be resumed."""


_EXITS: dict[type[CallsheetError], Exit] = {
    WrongUse: Exit.INVALID,
    InputInvalid: Exit.INVALID,
    Waiting: Exit.WAITING,
    Refused: Exit.REFUSED,
    ProviderTrouble: Exit.PROVIDER,
    NotFound: Exit.NOT_FOUND,
}


def exit_of(error: CallsheetError) -> Exit:
    """The exit code of an error: that of the branch of the error tree it grows on."""
    return next((_EXITS[kind] for kind in type(error).__mro__ if kind in _EXITS), Exit.UNEXPECTED)


class Console:
    """Where one command's words go."""

    def __init__(self, as_json: bool = False, out: TextIO | None = None, err: TextIO | None = None) -> None:
        self.as_json = as_json
        self.shows_tracebacks = False
        self._out = out
        self._err = err

    @property
    def out(self) -> TextIO:
        """Standard output as it is now."""
        return self._out or sys.stdout

    @property
    def err(self) -> TextIO:
        """Standard error as it is now."""
        return self._err or sys.stderr

    @property
    def is_terminal(self) -> bool:
        """Whether a person reads along, so that colour and moving lines make sense."""
        return not self.as_json and self.out.isatty()

    @property
    def width(self) -> int:
        """Characters on a line: those of the terminal, and 100 elsewhere."""
        if not self.is_terminal:
            return _PLAIN_WIDTH
        from rich.console import Console as RichConsole

        return RichConsole(file=self.out).width

    def say(self, text: str = "", style: str | None = None, whole: bool = False) -> None:
        """A line for people. Silent with `--json`. `style` is a Rich style such as `bold` or `yellow`.

        `whole` lines are not broken to fit the terminal, so that a command or a path can be copied.
        """
        if self.as_json:
            return
        if self.is_terminal:
            from rich.console import Console as RichConsole

            RichConsole(file=self.out).print(
                printable(text), style=style, markup=False, highlight=False, soft_wrap=whole
            )
        else:
            print(printable(text), file=self.out)

    def table(self, title: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
        """A table for people; columns whose name begins with `>` are set to the right. Silent with `--json`."""
        if self.as_json:
            return
        names = [name.removeprefix(">") for name in columns]
        right = [name.startswith(">") for name in columns]
        cells = [[printable(str(cell)) for cell in row] for row in rows]
        if self.is_terminal:
            self._rich_table(title, names, right, cells)
            return
        widths = [max(len(row[number]) for row in [names, *cells]) for number in range(len(names))]
        print(title, file=self.out)
        for row in [names, *cells]:
            parts = [c.rjust(w) if r else c.ljust(w) for c, w, r in zip(row, widths, right, strict=True)]
            print("  " + "  ".join(parts).rstrip(), file=self.out)

    def document(self, data: Any) -> None:
        """The one JSON document of a command. Silent without `--json`."""
        if self.as_json:
            print(json.dumps(data, indent=2, ensure_ascii=False, default=_plain), file=self.out)

    def warn(self, text: str) -> None:
        """A line on standard error, whatever the form of the output."""
        print(printable(text), file=self.err)

    def complain(self, error: BaseException, code: Exit) -> None:
        """An error as a sentence on standard error, and with `--json` as the document too."""
        text = printable(str(error)) or type(error).__name__
        print(text, file=self.err)
        problems = getattr(error, "problems", None)
        found = {"kind": type(error).__name__, "message": text, "exit": int(code)}
        self.document({"error": {**found, "problems": list(problems)} if problems is not None else found})

    def _rich_table(self, title: str, names: list[str], right: list[bool], cells: list[list[str]]) -> None:
        from rich import box
        from rich.console import Console as RichConsole
        from rich.table import Table
        from rich.text import Text

        table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
        for name, to_right in zip(names, right, strict=True):
            table.add_column(name, justify="right" if to_right else "left", overflow="fold")
        for row in cells:
            table.add_row(*(Text(cell) for cell in row))
        shown = RichConsole(file=self.out)
        shown.print(printable(title), style="bold", markup=False, highlight=False)
        shown.print(table)


_current: ContextVar[Console | None] = ContextVar("callsheet_console", default=None)


def console() -> Console:
    """The console of the command that is running."""
    found = _current.get()
    if found is None:
        found = fresh_console()
    return found


def fresh_console() -> Console:
    """A new console for a new command; `--json` and `--traceback` change it while the command line is read."""
    new = Console()
    _current.set(new)
    return new


def printable(text: str) -> str:
    """The text without control characters, so that nothing in it can command the terminal."""
    return "".join(mark if mark in "\n\t" or mark.isprintable() else "�" for mark in text)


def _choose_json(chosen: bool) -> bool:
    if chosen:
        console().as_json = True
    return chosen


AsJson = Annotated[
    bool, typer.Option("--json", help="Print one JSON document and nothing else.", callback=_choose_json, is_eager=True)
]
"""The option every command has: `def command(..., as_json: AsJson = False)`. The console follows it by itself."""


def _plain(value: Any) -> Any:
    dump = getattr(value, "model_dump", None)
    return dump(mode="json") if dump is not None else str(value)
