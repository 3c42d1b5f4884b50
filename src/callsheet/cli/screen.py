"""Where progress is shown: lines that stay, and bars that move on a terminal; plain lines elsewhere."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

from callsheet.cli.console import Console, printable
from callsheet.cli.timing import Bar, left_text

if TYPE_CHECKING:
    from rich.console import Console as RichConsole
    from rich.console import RenderableType

_BAR_WIDTH = 30
_PLAIN_PAUSE = 5.0
_REDRAWS = 8
Picture = Callable[[], "RenderableType | None"]


class Screen(Protocol):
    """Shows what happens while a run goes on."""

    def line(self, text: str) -> None:
        """Something happened."""
        ...

    def bars(self, bars: Sequence[Bar], now: float) -> None:
        """How far the work is, at a moment in seconds of any clock."""
        ...


class PlainScreen:
    """Lines only. A bar gets one when it has moved, at most every five seconds; its end shows in what happens next."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._told: dict[str, tuple[int, float]] = {}

    def line(self, text: str) -> None:
        """Print it."""
        self._console.say(text)
        self._console.out.flush()

    def bars(self, bars: Sequence[Bar], now: float) -> None:
        """Print what has moved."""
        for bar in bars:
            done, at = self._told.get(bar.batch, (0, float("-inf")))
            if bar.done != done and not bar.is_done and now - at >= _PLAIN_PAUSE:
                self._told[bar.batch] = (bar.done, now)
                self.line(str(bar))


class LiveScreen:
    """Lines above; below them what moves: a picture if there is one, and the bars."""

    def __init__(self, console: "RichConsole", picture: Picture) -> None:
        self._console = console
        self._picture = picture
        self._bars: Sequence[Bar] = ()

    def line(self, text: str) -> None:
        """Print it above what moves."""
        self._console.print(printable(text), markup=False, highlight=False)

    def bars(self, bars: Sequence[Bar], now: float) -> None:
        """Move the bars."""
        del now  # the terminal redraws by itself
        self._bars = [bar for bar in bars if not bar.is_done]

    def draw(self) -> "RenderableType":
        """What is below the lines now."""
        from rich.console import Group

        picture = self._picture()
        return Group(*([picture] if picture is not None else []), _grid(self._bars))


@contextmanager
def open_screen(console: Console, picture: Picture = lambda: None) -> Iterator[Screen]:
    """The screen that fits: moving on a terminal, plain lines elsewhere, silent with `--json`."""
    if not console.is_terminal:
        yield PlainScreen(console)
        return
    from rich.console import Console as RichConsole
    from rich.live import Live

    shown = RichConsole(file=console.out)
    screen = LiveScreen(shown, picture)
    with Live(console=shown, refresh_per_second=_REDRAWS, get_renderable=screen.draw):
        yield screen


def _grid(bars: Sequence[Bar]) -> "RenderableType":
    from rich.progress_bar import ProgressBar
    from rich.table import Table

    grid = Table.grid(padding=(0, 2, 0, 0))
    for bar in bars:
        left = "" if bar.left is None else f"about {left_text(bar.left)} left"
        meter = ProgressBar(total=max(1, bar.total), completed=bar.done, width=_BAR_WIDTH, complete_style="cyan")
        grid.add_row(bar.name, meter, f"{bar.done}/{bar.total}", left)
    return grid
