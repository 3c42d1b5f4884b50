"""Readings from a CSV file: one row a second, `variant,placement,second,viewers,clicks`.

`viewers` still watch when that second begins, `clicks` fell within it. Every problem is named with its line.
"""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

from callsheet.domain.cut import Cut
from callsheet.domain.error import InputInvalid
from callsheet.domain.identity import PlacementId, VariantId
from callsheet.domain.storyboard import Storyboard
from callsheet.domain.telemetry import Reading

HEADER = ("variant", "placement", "second", "viewers", "clicks")
_MOST = 10**12
_LINES = 200_000


class TelemetryInvalid(InputInvalid):
    """The telemetry file cannot be read as it is. Lists every problem with its line."""

    def __init__(self, source: str, problems: Sequence[str]) -> None:
        super().__init__(f"{source} has {len(problems)} problem(s):\n" + "\n".join(problems))
        self.problems = tuple(problems)


@dataclass(frozen=True)
class _Row:
    line: int
    variant: str
    placement: str
    second: int
    viewers: int
    clicks: int


class CsvTelemetry:
    """Readings from the bytes of a CSV file. `source` names it in errors and evidence."""

    def __init__(self, content: bytes, source: str = "telemetry.csv") -> None:
        self._readings = read_csv(content, source)

    async def read(self, storyboard: Storyboard, cuts: Sequence[Cut]) -> tuple[Reading, ...]:
        """The readings of the variants and placements that these cuts have."""
        known = {(cut.variant, cut.placement) for cut in cuts}
        variants = {variant.id for variant in storyboard.variants}
        return tuple(one for one in self._readings if one.variant in variants and (one.variant, one.placement) in known)


def read_csv(content: bytes, source: str = "telemetry.csv") -> tuple[Reading, ...]:
    """Understand a telemetry file. Raises TelemetryInvalid with every problem at once."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise TelemetryInvalid(source, (f"{source} is not a text file in UTF-8",)) from None
    lines = list(csv.reader(io.StringIO(text)))
    if not lines or tuple(cell.strip() for cell in lines[0]) != HEADER:
        found = ",".join(lines[0])[:80] if lines else "nothing"
        raise TelemetryInvalid(source, (f"{source}:1: found {found}; the header must be {','.join(HEADER)}",))
    if len(lines) > _LINES:
        raise TelemetryInvalid(source, (f"{source}: more than {_LINES} lines; aggregate it to one row a second",))
    problems: list[str] = []
    rows = [
        row
        for number, cells in enumerate(lines[1:], 2)
        if any(cell.strip() for cell in cells) and (row := _row(number, cells, source, problems)) is not None
    ]
    readings = _readings(rows, source, problems)
    if problems:
        raise TelemetryInvalid(source, problems)
    return readings


def _row(number: int, cells: list[str], source: str, problems: list[str]) -> _Row | None:
    if len(cells) != len(HEADER):
        problems.append(f"{source}:{number}: {len(cells)} columns; there must be {len(HEADER)}")
        return None
    variant, placement, *counts = (cell.strip() for cell in cells)
    good = True
    for name, value in zip(HEADER[2:], counts, strict=True):
        if not (value.isascii() and value.isdigit() and int(value) <= _MOST):
            problems.append(f"{source}:{number}: {name} is {value[:20]!r}; write a whole number, 0 or more")
            good = False
    if not variant or not placement:
        problems.append(f"{source}:{number}: variant or placement is empty")
        good = False
    return _Row(number, variant, placement, *map(int, counts)) if good else None


def _readings(rows: Sequence[_Row], source: str, problems: list[str]) -> tuple[Reading, ...]:
    groups: dict[tuple[str, str], list[_Row]] = {}
    for row in rows:
        groups.setdefault((row.variant, row.placement), []).append(row)
    readings = []
    for (variant, placement), group in groups.items():
        wrong = _curve_problems(group, source)
        clicks, viewers = sum(row.clicks for row in group), tuple(row.viewers for row in group)
        if not wrong and clicks > viewers[0]:
            wrong = [f"{source}:{group[0].line}: {clicks} clicks of {viewers[0]} viewers"]
        problems += wrong
        if not wrong:
            readings.append(
                Reading(
                    variant=VariantId(variant),
                    placement=PlacementId(placement),
                    viewers=viewers,
                    clicks=clicks,
                    simulated=False,
                    source=source,
                )
            )
    return tuple(readings)


def _curve_problems(group: Sequence[_Row], source: str) -> list[str]:
    problems = []
    for place, row in enumerate(group):
        if row.second != place:
            problems.append(f"{source}:{row.line}: second {row.second} where second {place} comes next")
        elif place and row.viewers > group[place - 1].viewers:
            problems.append(f"{source}:{row.line}: viewers rise from {group[place - 1].viewers} to {row.viewers}")
    return problems
