"""How a command reaches the workspace: to look at it quickly, or to open everything and lead a run."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import typer

from callsheet.cli.console import Exit, console
from callsheet.domain.error import InputInvalid

if TYPE_CHECKING:
    from callsheet.session import Callsheet
    from callsheet.settings import Settings
    from callsheet.storage.database import Database, Transaction
    from callsheet.storage.media import MediaStore

T = TypeVar("T")
SETTINGS_FILE = "callsheet.toml"
LOG = "callsheet.log"


def read_settings() -> "Settings":
    """The settings in force. Raises InputInvalid naming every key that is unknown or makes no sense."""
    import tomllib

    from pydantic import ValidationError

    from callsheet.settings import Settings
    from callsheet.tools.intake.problem import nearest_of

    try:
        return Settings()
    except tomllib.TOMLDecodeError as error:
        raise InputInvalid(f"{SETTINGS_FILE} is not valid TOML: {error}") from None
    except ValidationError as invalid:
        lines = []
        for problem in invalid.errors():
            key = ".".join(str(part) for part in problem["loc"])
            if problem["type"] == "extra_forbidden":
                near = nearest_of(key, Settings.model_fields)
                hint = f"did you mean {near}?" if near else f"known: {', '.join(Settings.model_fields)}"
                lines.append(f"  {SETTINGS_FILE}: there is no setting {key}; {hint}")
            else:
                lines.append(f"  {key} (CALLSHEET_{key.upper()} or {SETTINGS_FILE}): {problem['msg']}")
        raise InputInvalid("\n".join(["The settings cannot be used:", *lines])) from None


@contextmanager
def open_database() -> "Iterator[Database]":
    """The workspace's database, and nothing else of it."""
    from callsheet.storage.database import Database

    settings = read_settings()
    database = Database(settings.workspace_url, settings.workspace, lambda: datetime.now(UTC))
    try:
        yield database
    finally:
        database.close()


def look(work: "Callable[[Transaction], T]", nothing: T) -> T:
    """Read the workspace; `nothing` where there is no workspace yet, and none is made."""
    settings = read_settings()
    if not settings.database_url and not (settings.home / "workspace.db").is_file():
        return nothing
    with open_database() as database:
        return database.read_now(work)


def media_store() -> "MediaStore":
    """Where the workspace keeps its media."""
    from callsheet.storage.media import open_store

    settings = read_settings()
    return open_store(settings.media_url, settings.home.absolute() / "media")


def attend(work: "Callable[[Callsheet], Awaitable[T]]") -> T:
    """Open the workspace and do `work` beside whoever works there, without becoming its worker."""
    return lead(work, works=False)


def lead(work: "Callable[[Callsheet], Awaitable[T]]", settings: "Settings | None" = None, *, works: bool = True) -> T:
    """Open the workspace, be its worker unless another process is, and do `work`. Ctrl-C ends the command quietly."""
    from callsheet.session import Callsheet

    chosen = settings or read_settings()

    async def opened() -> T:
        async with Callsheet.open(chosen, works=works) as callsheet:
            return await work(callsheet)

    try:
        with _logging_to(chosen.home.absolute() / LOG):
            return asyncio.run(opened())
    except KeyboardInterrupt:
        raise typer.Exit(int(Exit.INTERRUPTED)) from None


@contextmanager
def _logging_to(path: Path) -> Iterator[None]:
    """While inside, what the crew logs goes to a file of the workspace: the terminal is for sentences."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handler = logging.FileHandler(path, delay=True, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    log = logging.getLogger("callsheet")
    went_up, log.propagate = log.propagate, False
    log.addHandler(handler)
    try:
        yield
    finally:
        log.removeHandler(handler)
        handler.close()
        log.propagate = went_up


def near(path: Path | str) -> str:
    """A path as short as it can be typed from here."""
    whole = Path(path)
    here = Path.cwd()
    return str(whole.relative_to(here)) if whole.is_absolute() and whole.is_relative_to(here) else str(whole)


def say_next(*commands: str) -> None:
    """Commands to type next, each whole on a line of its own so that it can be copied."""
    console().say("Next:", style="bold")
    for command in commands:
        console().say(f"  {command}", whole=True)
