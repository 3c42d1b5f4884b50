"""A sheet as it was read, whatever the file: one line a record, cells as text under the titles we know."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from callsheet.domain.error import InputInvalid
from callsheet.tools.intake.problem import Problem, nearest_of, shown
from callsheet.tools.sheet.column import BY_TITLE, COLUMNS

MOST_BYTES = 10 * 1024 * 1024
MOST_ROWS = 5_000
MOST_COLUMNS = 100
_HEADER_WITHIN = 10
_NEEDED = ("kind", "id")


class SheetInvalid(InputInvalid):
    """A sheet of legal's records has problems; all of them are listed, and nothing was changed."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        count = "is 1 problem" if len(problems) == 1 else f"are {len(problems)} problems"
        lines = [f"Nothing was changed; there {count}:", *(f"  {one}" for one in problems)]
        them = "it" if len(problems) == 1 else "them"
        super().__init__("\n".join([*lines, f"Mend {them} and try again: all is taken in at once, or nothing."]))


@dataclass(frozen=True)
class Line:
    """One row: its number as a spreadsheet counts, and its cells by column title. A column that is absent has none.

    `section` is the kind of record where the file says so by itself. `unread` are titles whose cells could not be read:
    the grid names them, and nobody judges them again.
    """

    number: int
    cells: dict[str, str]
    section: str = ""
    unread: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Grid:
    """All rows of a file, what is worth knowing about how it was read, and what could not be read.

    A grid with problems is there to be compared, so that what is wrong with its other cells is named with them.
    """

    file: str
    lines: tuple[Line, ...]
    notices: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


def unusable(file: str, message: str, line: int | None = None) -> SheetInvalid:
    """The refusal of a whole file."""
    return SheetInvalid([Problem(file=file, line=line, message=message)])


def title_of(cell: str) -> str:
    """A title as we spell it."""
    return " ".join(cell.replace("_", " ").casefold().split())


def lay_out(
    file: str,
    rows: Sequence[Sequence[str]],
    notices: Sequence[str] = (),
    first: int = 1,
    faults: Mapping[tuple[int, int], Problem] | None = None,
) -> Grid:
    """Find the row of titles and put every cell under its title. `first` is the number of the first row.

    `faults` are cells that could not be read, by the number of their row and their place in it, from 0. Raises
    SheetInvalid for a sheet without titles; a title twice or misspelt and a cell beside all titles are its problems.
    """
    faulty = dict(faults or {})
    header = next(
        (at for at, row in enumerate(rows[:_HEADER_WITHIN]) if set(_NEEDED) <= {title_of(cell) for cell in row}), None
    )
    if header is None:
        message = (
            f"has no row of titles with {' and '.join(_NEEDED)}; begin with a sheet made by: callsheet claims export"
        )
        raise SheetInvalid([Problem(file=file, line=first, message=message), *faulty.values()])
    places, ignored, problems = _places(file, first + header, rows[header])
    titles = {at: title for title, at in places.items()}
    named: dict[Problem, int] = {}
    for (_, at), one in faulty.items():
        named.setdefault(one, at)  # merged cells are one fault
    problems += [_under_title(one, titles.get(at, "")) for one, at in named.items()]
    lines = []
    for number, row in enumerate(rows[header + 1 :], start=first + header + 1):
        unread = frozenset(title for title, at in places.items() if (number, at) in faulty)
        if not unread and not any(cell.strip() for cell in row):
            continue
        for at, cell in enumerate(row):
            if cell.strip() and not "".join(rows[header][at : at + 1]).strip():
                message = f"stands in column {at + 1}, which has no title; move it or take it out"
                problems.append(Problem(file=file, line=number, message=message, found=shown(cell)))
        cells = {title: row[at] if at < len(row) else "" for title, at in places.items() if title not in unread}
        lines.append(Line(number, cells, unread=unread))
    told = [f"{file}: the column {title!r} is not ours and was not read" for title in ignored]
    return Grid(file, tuple(lines), (*notices, *told), tuple(problems))


def _under_title(problem: Problem, title: str) -> Problem:
    """The problem with a cell, with the title of its column before the spreadsheet's own name of it."""
    return problem.model_copy(update={"where": ", ".join(part for part in (title, problem.where) if part)})


def _places(file: str, number: int, row: Sequence[str]) -> tuple[dict[str, int], list[str], list[Problem]]:
    """Where each title stands, which titles are not ours, and which are wrong. A misspelt one counts as what it meant,
    so that the cells under it are looked at too."""
    places: dict[str, int] = {}
    meant: dict[str, int] = {}
    ignored: list[str] = []
    problems: list[Problem] = []
    known = [one.title for one in COLUMNS]
    for at, cell in enumerate(row):
        title = title_of(cell)
        if title in places:
            problems.append(
                Problem(file=file, line=number, where=title, message="is the title of two columns; keep one")
            )
        elif title in BY_TITLE:
            places[title] = at
        elif title:
            near = nearest_of(title, known, likeness=0.75)
            if near is None:
                ignored.append(cell.strip())
                continue
            message = "is no title we know; rename the column, or give your own one another name"
            problems.append(Problem(file=file, line=number, where=title, message=message, nearest=near))
            meant.setdefault(near, at)
    return {**meant, **places}, ignored, problems
