"""Tells the demo: the storyboard as panels, at each gate who would decide there, pictures as they arrive."""

import asyncio
from textwrap import fill
from typing import TYPE_CHECKING

from callsheet.cli.console import Console
from callsheet.cli.strip import Strip
from callsheet.cli.telling import tell
from callsheet.domain.quote import seconds_text

if TYPE_CHECKING:
    from rich.console import RenderableType

    from callsheet.domain.ledger import Entry
    from callsheet.domain.storyboard import Storyboard
    from callsheet.storage.database import Transaction
    from callsheet.storage.media import MediaStore


_INDENT = " " * 10


class Narrator:
    """Follows a run for an audience. `loop` is where pictures are fetched while the ledger is read on a thread."""

    def __init__(self, media: "MediaStore", console: Console, loop: asyncio.AbstractEventLoop) -> None:
        self._media = media
        self._console = console
        self._loop = loop
        self._strip: Strip | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    def tell(self, tx: "Transaction", entry: "Entry") -> str | None:
        """What an entry means to somebody who watches."""
        line = tell(tx, entry)
        match entry.kind:
            case "StoryboardDrafted" if entry.body["round"] == 0:
                return f"{line}\n{self._panels(tx, entry)}"
            case "GateOpened":
                return _at_gate(tx, entry)
            case "TakeStored":
                self._loop.call_soon_threadsafe(self._fetch, entry.body["shot"], entry.body["media"])
        return line

    def draw(self) -> "RenderableType | None":
        """The pictures as they are now."""
        return self._strip.draw() if self._strip else None

    async def settle(self) -> None:
        """Wait for pictures that are still on their way."""
        if self._tasks:
            await asyncio.wait(self._tasks)

    def _panels(self, tx: "Transaction", entry: "Entry") -> str:
        from callsheet.domain.storyboard import Storyboard
        from callsheet.storage import document

        board = document.fetch(tx, Storyboard, entry.body["storyboard"])
        self._strip = _strip_for(self._console, board)
        return panels(board, self._console.width)

    def _fetch(self, shot: str, media: str) -> None:
        from callsheet.domain.identity import Digest

        if self._strip is None:
            return
        task = self._loop.create_task(self._strip.arrive(shot, self._media.path(Digest(media))))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def panels(board: "Storyboard", width: int) -> str:
    """The storyboard of the master as text, in lines that fit."""
    lines = [f'  "{board.title}"']
    for panel in board.variants[0].panels:
        shot = board.shot(panel.shot)
        lines.append(f"  {shot.id}  {seconds_text(panel.seconds)}  {shot.framing}, {shot.movement}, {shot.light}")
        told = [f"{shot.subject} {shot.action}; {shot.setting}"]
        if panel.caption:
            told.append(f'caption: "{panel.caption}"')
        if panel.callout:
            told.append(f'callout: "{panel.callout.text}" (cites {panel.callout.claim or panel.callout.fact})')
        lines += [fill(one, width, initial_indent=_INDENT, subsequent_indent=_INDENT) for one in told]
    return "\n".join(lines)


def _strip_for(console: Console, board: "Storyboard") -> Strip | None:
    """Pictures need a terminal with colours."""
    if not console.is_terminal:
        return None
    from rich.console import Console as RichConsole

    shown = RichConsole(file=console.out)
    if shown.color_system in (None, "standard"):
        return None
    words = {str(shot.id): f"{shot.framing}, {shot.movement}, {shot.light}" for shot in board.shots}
    return Strip(words, aspect=9 / 16, width=shown.width)


def _at_gate(tx: "Transaction", entry: "Entry") -> str:
    from callsheet.domain.identity import Digest
    from callsheet.domain.showing import Showing
    from callsheet.storage import document

    showing = document.fetch(tx, Showing, Digest(entry.body["shown"]))
    return f"gate: a person would decide here: {showing.question} The demo's written policy approves."
