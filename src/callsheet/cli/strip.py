"""A strip of the storyboard for the terminal: one small picture a shot, empty until its take arrives, then moving."""

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from callsheet.cli.blockart import Flipbook, read_flipbook

if TYPE_CHECKING:
    from rich.console import RenderableType

WIDEST = 14
NARROWEST = 8
_TALLEST = 14
_PAGES_A_SECOND = 4


class Strip:
    """Pictures beside each other. `width` is that of the terminal; shots that do not fit are left out."""

    def __init__(
        self, shots: Sequence[str], aspect: float, width: int, clock: Callable[[], float] = time.monotonic
    ) -> None:
        fits = max(1, (width + 1) // (NARROWEST + 1))
        self._shots = tuple(shots)[:fits]
        self.columns = max(NARROWEST, min(WIDEST, (width + 1) // max(1, len(self._shots)) - 1))
        self.rows = max(2, min(_TALLEST, round(self.columns / aspect / 2)))
        self._books: dict[str, Flipbook] = {}
        self._clock = clock
        self._begun = clock()

    async def arrive(self, shot: str, path: Path) -> None:
        """A take of a shot is there: show it from now on."""
        if shot in self._shots and (book := await read_flipbook(path, self.columns, self.rows)):
            self._books[shot] = book

    def draw(self) -> "RenderableType | None":
        """The strip at this moment; nothing until the first take."""
        if not self._books:
            return None
        from rich.table import Table
        from rich.text import Text

        page = int((self._clock() - self._begun) * _PAGES_A_SECOND)
        grid = Table.grid(padding=(0, 1, 0, 0))
        empty = Text("\n".join(["·" * self.columns] * self.rows), style="dim")
        grid.add_row(*(self._books[shot].page(page) if shot in self._books else empty for shot in self._shots))
        grid.add_row(*(Text(shot, style="dim") for shot in self._shots))
        return grid
