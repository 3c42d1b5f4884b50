"""Reads people for the workspace itself: from a file such as cameos.yaml, or from what was said on a command line."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from callsheet.domain.cameo import Cameo
from callsheet.domain.error import InputInvalid, NotFound
from callsheet.domain.identity import Digest
from callsheet.tools.intake.check import check_release_ids
from callsheet.tools.intake.check_cameo import check_people, check_people_files
from callsheet.tools.intake.desk import Desk
from callsheet.tools.intake.document import Position, read_document
from callsheet.tools.intake.form import NOT_STATED, fill_form
from callsheet.tools.intake.gather import Gathered
from callsheet.tools.intake.people import people_of
from callsheet.tools.intake.problem import Notice, Problem

COMMAND_LINE = "the command line"


class PersonInvalid(InputInvalid):
    """What was said about a person has problems; all of them are listed, and nothing was changed."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(["The person was not added:", *(f"  {problem}" for problem in problems)]))


@dataclass(frozen=True)
class People:
    """People and the files their records name, by the hash of their bytes."""

    cameos: tuple[Cameo, ...]
    files: Mapping[Digest, Path]
    notices: tuple[Notice, ...]


def read_people(path: Path, today: date, providers: Path | None = None) -> People:
    """Read a file of one person or several, as cameos.yaml has them. Files it names lie beside it.

    Raises NotFound, and PersonInvalid with every problem of the file.
    """
    if not path.is_file():
        raise NotFound(f"There is no file {path}; it holds people as cameos.yaml does, see docs/cameos.md")
    document = read_document(path, path.name)
    data = document.data
    inside = ("cameos",) if isinstance(data, dict) and set(data) == {"cameos"} else ()
    people = data["cameos"] if inside and isinstance(data, dict) else data
    prefix: tuple[str | int, ...] = ("cameos",) if isinstance(people, list) else ("cameos", 0)
    lines = {
        (*prefix, *place[len(inside) :]): position
        for place, position in document.lines.items()
        if place[: len(inside)] == inside
    }
    gathered = _gathered(path.parent, people if isinstance(people, list) else [people], path.name)
    gathered.lines.update(lines)
    gathered.problems.extend(document.problems)
    return _read(gathered, today, providers)


def said_person(folder: Path, data: Mapping[str, Any], today: date, providers: Path | None = None) -> People:
    """One person from the options of a command; files they name lie in `folder`. Raises PersonInvalid."""
    return _read(_gathered(folder, [dict(data)], COMMAND_LINE), today, providers)


def _gathered(folder: Path, people: list[Any], name: str) -> Gathered:
    gathered = Gathered(folder)
    gathered.data = {"goal": NOT_STATED, "product": {"name": NOT_STATED}, "cameos": people}
    gathered.lines = {(): Position(name, 0), ("cameos",): Position(name, 0)}
    return gathered


def _read(gathered: Gathered, today: date, providers: Path | None) -> People:
    form = fill_form(gathered) if not gathered.problems else None
    if form is None:
        raise PersonInvalid(gathered.problems)
    form = form._replace(doubtful=form.doubtful | {"brand"})  # nobody said anything about a brand here
    desk = Desk(gathered, form, today, [*form.problems], providers=providers)
    check_people(desk)
    files = check_people_files(desk)
    check_release_ids(desk, files.documents)
    if not desk.problems and not form.written.cameos:
        desk.problems.append(Problem(file=gathered.place("cameos").file, message="names nobody"))
    if desk.problems:
        raise PersonInvalid(desk.problems)
    return People(people_of(form.written, files), dict(desk.files), tuple(desk.notices))
