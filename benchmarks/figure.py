"""A measured figure, and the one table they are all printed in."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Figure:
    """One figure. `about` names what was measured, `note` says what the figure means when its name does not."""

    about: str
    name: str
    value: float
    unit: str
    note: str = ""

    @property
    def shown(self) -> str:
        """The figure with as many digits as are worth reading."""
        is_short = self.unit == "ms" and self.value < 10
        places = 2 if is_short else {"s": 2, "ms": 0, "MB": 1, "kB": 1, "x": 2, "a take": 1}.get(self.unit, 0)
        return f"{self.value:.{places}f}"


def seconds(about: str, name: str, value: float, note: str = "") -> Figure:
    """A length of time."""
    return Figure(about, name, value, "s", note)


def milliseconds(about: str, name: str, value: float, note: str = "") -> Figure:
    """A short length of time, given in seconds."""
    return Figure(about, name, value * 1e3, "ms", note)


def ratio(about: str, name: str, value: float, note: str = "") -> Figure:
    """How many times something takes what another thing took in the same session."""
    return Figure(about, name, value, "x", note)


def megabytes(about: str, name: str, value: float, note: str = "") -> Figure:
    """Bytes, in millions."""
    return Figure(about, name, value / 1e6, "MB", note)


def kilobytes(about: str, name: str, value: float, note: str = "") -> Figure:
    """Bytes, in thousands."""
    return Figure(about, name, value / 1e3, "kB", note)


def table(figures: Sequence[Figure]) -> str:
    """All figures as plain aligned lines."""
    rows = [(one.about, one.name, one.shown, one.unit, one.note) for one in figures]
    widths = [max((len(row[column]) for row in rows), default=0) for column in range(4)]
    lines = []
    for about, name, shown, unit, note in rows:
        cells = (about.ljust(widths[0]), name.ljust(widths[1]), shown.rjust(widths[2]), unit.ljust(widths[3]), note)
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)


def document(figures: Sequence[Figure]) -> list[dict[str, Any]]:
    """All figures, for a file."""
    return [asdict(one) for one in figures]
