"""Charts as SVG text. Colours and type come from the page's style sheet, so they follow light and dark."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

_WIDTH = 460
_ROW = 25
_LABEL = 104
_NOTE = 128


@dataclass(frozen=True)
class Bar:
    """One row of a bar chart: the whole in a light tone, the part of it that counts in a full one."""

    label: str
    whole: float
    part: float
    note: str
    is_faded: bool = False


@dataclass(frozen=True)
class Line:
    """One curve: shares from 1 to 0 at whole seconds. A faint one is of an earlier round."""

    name: str
    shares: tuple[float, ...]
    tone: int = 0
    is_faint: bool = False


@dataclass(frozen=True)
class Span:
    """A stretch of a timeline in seconds, with its name; `is_marked` for the one that is talked about."""

    name: str
    start: float
    end: float
    is_marked: bool = False


def bars(title: str, rows: Sequence[Bar]) -> Markup:
    """Rows of bars on one scale."""
    most = max((row.whole for row in rows), default=0) or 1
    room = _WIDTH - _LABEL - _NOTE
    drawn = []
    for place, row in enumerate(rows):
        top, middle = place * _ROW + 6, place * _ROW + 16
        tone = "bar faded" if row.is_faded else "bar"
        name, end = escape(_short(row.label, 15)), _LABEL + row.whole / most * room + 8
        drawn.append(
            f'<text class="name" x="{_LABEL - 10}" y="{middle + 1}" text-anchor="end">{name}</text>'
            f'<rect class="track" x="{_LABEL}" y="{top}" width="{row.whole / most * room:.1f}" height="13" rx="2"/>'
            f'<rect class="{tone}" x="{_LABEL}" y="{top}" width="{row.part / most * room:.1f}" height="13" rx="2"/>'
            f'<text class="note" x="{end:.1f}" y="{middle + 1}">{escape(row.note)}</text>'
        )
    said = "; ".join(f"{row.label}: {row.note}" for row in rows)
    return _picture(title, said, len(rows) * _ROW + 4, drawn)


def retention(title: str, lines: Sequence[Line], spans: Sequence[Span], end: float, stamp: str = "") -> Markup:
    """Who still watches, second by second, over the shots that were on screen. `stamp` is written across the chart."""
    left, top, right, height = 34, 26, _WIDTH - 6, 190
    length = max([end, *(len(line.shares) - 1 for line in lines)]) or 1

    def x(second: float) -> float:
        return left + second / length * (right - left)

    def y(share: float) -> float:
        return top + (1 - share) * height

    drawn = [_band(span, place, x(span.start), x(span.end), top, height) for place, span in enumerate(spans)]
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        drawn.append(
            f'<line class="grid" x1="{left}" x2="{right}" y1="{y(share):.1f}" y2="{y(share):.1f}"/>'
            f'<text class="tick" x="{left - 6}" y="{y(share) + 3.5:.1f}" text-anchor="end">{share:.0%}</text>'
        )
    step = 5 if length > 12 else 2 if length > 5 else 1
    for second in range(0, int(length) + 1, step):
        drawn.append(
            f'<text class="tick" x="{x(second):.1f}" y="{top + height + 15}" text-anchor="middle">{second} s</text>'
        )
    if stamp:
        drawn.append(f'<text class="stamp" x="{left + 10}" y="{top + height - 12}">{escape(stamp)}</text>')
    for line in sorted(lines, key=lambda one: not one.is_faint):
        points = " ".join(f"{x(second):.1f},{y(share):.1f}" for second, share in enumerate(line.shares))
        drawn.append(f'<polyline class="curve tone{line.tone}{" faint" if line.is_faint else ""}" points="{points}"/>')
    said = "; ".join(f"{line.name}: {line.shares[-1]:.0%} watch to the last second" for line in lines if line.shares)
    return _picture(title, said, top + height + 22, drawn)


def _band(span: Span, place: int, start: float, end: float, top: int, height: int) -> str:
    tone = "band marked" if span.is_marked else "band odd" if place % 2 else "band"
    room, middle = int((end - start) / 6), (start + end) / 2
    name = escape(_short(span.name, room)) if room > 1 else ""
    return (
        f'<rect class="{tone}" x="{start:.1f}" y="{top}" width="{max(0.0, end - start):.1f}" height="{height}"/>'
        f'<text class="span{" marked" if span.is_marked else ""}" x="{middle:.1f}" y="{top - 8}" '
        f'text-anchor="middle">{name}</text>'
    )


def _short(text: str, room: int) -> str:
    return text if len(text) <= room else text[: max(1, room - 1)] + "…"


def _picture(title: str, said: str, height: int, drawn: Sequence[str]) -> Markup:
    head = f'<svg class="chart" viewBox="0 0 {_WIDTH} {height}" role="img"><title>{escape(title)}</title>'
    text = f"{head}<desc>{escape(said)}</desc>{''.join(drawn)}</svg>"
    return Markup(text)  # noqa: S704  # drawn here from figures, and from labels that are escaped where they enter
