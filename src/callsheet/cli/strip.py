"""A strip of the storyboard for the terminal: what each shot shall be, in words, until its take arrives and moves."""

import time
from collections.abc import Callable, Mapping
from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING

from callsheet.cli.blockart import Flipbook, read_flipbook

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.text import Text

WIDEST = 14
NARROWEST = 8
_TALLEST = 14
_PAGES_A_SECOND = 4


class Strip:
    """Frames beside each other, for shots and the words that describe them.

    `width` is that of the terminal; shots that do not fit are left out. `aspect` is width over height.
    """

    def __init__(
        self, shots: Mapping[str, str], aspect: float, width: int, clock: Callable[[], float] = time.monotonic
    ) -> None:
        fits = max(1, (width + 1) // (NARROWEST + 1))
        self._words = dict(list(shots.items())[:fits])
        self._labels = {shot: shot for shot in self._words}
        self.columns = max(NARROWEST, min(WIDEST, (width + 1) // max(1, len(self._words)) - 1))
        self.rows = max(2, min(_TALLEST, round(self.columns / aspect / 2)))
        self._books: dict[str, Flipbook] = {}
        self._clock = clock
        self._begun = clock()

    async def arrive(self, shot: str, path: Path) -> None:
        """A take is there: show it from now on. One of a reshoot, `shot.2.r1`, takes the place of `shot.2`."""
        place = next((one for one in self._words if shot == one or shot.startswith(f"{one}.")), None)
        if place is not None and (book := await read_flipbook(path, self.columns, self.rows)):
            self._books[place] = book
            self._labels[place] = shot

    def draw(self) -> "RenderableType":
        """The strip at this moment."""
        from rich.table import Table
        from rich.text import Text

        page = int((self._clock() - self._begun) * _PAGES_A_SECOND)
        grid = Table.grid(padding=(0, 1, 0, 0))
        grid.add_row(*(self._frame(shot, page) for shot in self._words))
        grid.add_row(*(Text(label, style="dim") for label in self._labels.values()))
        return grid

    def _frame(self, shot: str, page: int) -> "Text":
        from rich.text import Text

        if shot in self._books:
            return self._books[shot].page(page)
        lines = wrap(self._words[shot], self.columns)[: self.rows]
        filled = [*lines, *[""] * (self.rows - len(lines))]
        return Text("\n".join(line.ljust(self.columns) for line in filled), style="dim on grey15", no_wrap=True)
