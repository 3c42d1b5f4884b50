"""Puts the files of a campaign folder together into one piece of data, with the file and line of every key."""

import shlex
from pathlib import Path
from typing import Any

from callsheet.domain.error import InputInvalid, NotFound
from callsheet.tools.intake.asset import Unusable, find_inside
from callsheet.tools.intake.document import Document, Position, Where, read_document, words_for
from callsheet.tools.intake.problem import Problem, nearest_of, shown
from callsheet.tools.intake.written import MAIN_FILE, SECTIONS

Lines = dict[Where, Position]


class Gathered:
    """What the files of one folder say, and what was wrong with them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.data: dict[str, Any] = {}
        self.lines: Lines = {}
        self.problems: list[Problem] = []
        self.is_readable = False

    def has(self, *where: str | int) -> bool:
        """Whether a key is written in any of the files."""
        return where in self.lines

    def place(self, *where: str | int) -> Position:
        """The file and line of a key, or of the nearest key around it."""
        for length in range(len(where), -1, -1):
            if where[:length] in self.lines:
                return self.lines[where[:length]]
        return Position(MAIN_FILE, 1)

    def problem(
        self, where: Where, message: str, found: object = None, allowed: str = "", near: str | None = None
    ) -> Problem:
        """A problem at the place where that key is written."""
        place = self.place(*where)
        return Problem(
            file=place.file,
            line=place.line,
            where=words_for(where),
            message=message,
            found="" if found is None else shown(found),
            allowed=allowed,
            nearest=near,
        )


def gather(folder: Path) -> Gathered:
    """Read `campaign.yaml` and the sections that stand in files of their own."""
    if folder.is_file():
        raise InputInvalid(f"{folder} is a file; name the campaign folder it is in: {shlex.quote(str(folder.parent))}")
    if not folder.is_dir():
        raise NotFound(f"There is no folder {folder}. Make one with: callsheet new {shlex.quote(str(folder))}")
    gathered = Gathered(folder)
    main = _read(gathered, MAIN_FILE)
    if main is not None:
        _take_main(gathered, main)
    for name, where in SECTIONS.items():
        if (folder / name).is_symlink() or (folder / name).exists():
            section = _read(gathered, name)
            if section is not None and not section.problems:
                _take_section(gathered, name, where, section)
    _notice_misspelt_files(gathered)
    return gathered


def _read(gathered: Gathered, name: str) -> Document | None:
    try:
        path = find_inside(gathered.folder, name)
    except Unusable as reason:
        hint = (
            f"; callsheet new {shlex.quote(str(gathered.folder))} writes one" if str(reason) == "is not there" else ""
        )
        gathered.problems.append(Problem(file=name, message=f"{reason}{hint}"))
        return None
    document = read_document(path, name)
    gathered.problems.extend(document.problems)
    return document


def _take_main(gathered: Gathered, document: Document) -> None:
    gathered.lines.update(document.lines)
    if isinstance(document.data, dict):
        gathered.data = document.data
        gathered.is_readable = True
    elif not document.problems:
        gathered.problems.append(
            Problem(
                file=MAIN_FILE,
                line=1,
                message="must hold keys and values such as `goal: ...`",
                found=shown(document.data),
            )
        )


def _take_section(gathered: Gathered, name: str, where: tuple[str, ...], document: Document) -> None:
    """Put a section where it belongs. Its file holds the section itself, or one key with the section's name."""
    if gathered.has(*where):
        first = gathered.place(*where)
        gathered.problems.append(
            Problem(
                file=first.file,
                line=first.line,
                where=words_for(where),
                message=f"is written here and in {name}; keep one of the two",
            )
        )
        return
    data: Any = document.data
    inside: Where = ()
    if isinstance(data, dict) and set(data) == {where[-1]}:
        data, inside = data[where[-1]], (where[-1],)
    target = gathered.data
    for part in where[:-1]:
        target = target.setdefault(part, {})
        if not isinstance(target, dict):
            return
    target[where[-1]] = data
    for place, position in document.lines.items():
        if place[: len(inside)] == inside:
            gathered.lines[(*where, *place[len(inside) :])] = position


def _notice_misspelt_files(gathered: Gathered) -> None:
    """A section in a file with a misspelt name would be left out without a word."""
    known = (MAIN_FILE, *SECTIONS)
    for path in sorted(gathered.folder.iterdir()):
        if path.suffix.casefold() in {".yaml", ".yml"} and path.name not in known:
            near = nearest_of(path.stem, [name.removesuffix(".yaml") for name in known])
            if near is not None:
                gathered.problems.append(
                    Problem(
                        file=path.name,
                        message="is not a file Callsheet reads",
                        nearest=f"{near}.yaml",
                        allowed=", ".join(known),
                    )
                )
