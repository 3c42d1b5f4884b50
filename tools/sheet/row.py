"""Between a record and its row: cells from a record, and a record from the cells that a person changed."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from pydantic import ValidationError

from callsheet.domain.claim import Claim, Disclosure, Topic, slot_faults
from callsheet.storage.legal import KINDS, Kind, LegalRecord, Revision
from callsheet.tools.intake.document import Position
from callsheet.tools.intake.explain import problems_of
from callsheet.tools.intake.problem import Problem, nearest_of, shown
from callsheet.tools.intake.wording import WrittenClaim, WrittenDisclosure, WrittenTopic, wording_id
from callsheet.tools.sheet.column import (
    BY_TITLE,
    COLUMNS,
    Column,
    canonical,
    plain,
    read_date,
    read_slots,
    read_words,
    write_slots,
    write_words,
)
from callsheet.tools.sheet.grid import Line

KIND_WORDS: dict[str, Kind] = {
    "claim": "claim",
    "comparison": "claim",
    "superlative": "claim",
    "disclosure": "disclosure",
    "topic": "topic",
}
_WRITTEN: dict[Kind, type[WrittenClaim | WrittenDisclosure | WrittenTopic]] = {
    "claim": WrittenClaim,
    "disclosure": WrittenDisclosure,
    "topic": WrittenTopic,
}
_TITLES = {one.field: one.title for one in COLUMNS if one.field}


def cells_of(one: LegalRecord, revision: Revision | None = None, by: str = "") -> dict[str, str]:
    """A record's canonical cells by title. `by` says who wrote the revision, in words."""
    kind = next(kind for kind, model in KINDS.items() if isinstance(one, model))
    cells = {column.title: _cell(one, column) if kind in column.kinds else "" for column in COLUMNS if column.field}
    cells["kind"] = one.kind if isinstance(one, Claim) else kind
    if revision is not None:
        cells["revision"] = str(revision.number)
        cells["last change"] = plain(f"{revision.at:%Y-%m-%d} by {by or 'the campaign folder'}")
    return cells


def changed_cells(line: Line, before: Mapping[str, str]) -> dict[str, str]:
    """The cells of a line that say something else than these, in canonical form; an absent column says nothing."""
    found = {}
    for title, cell in line.cells.items():
        column = BY_TITLE[title]
        if column.form != "note" and canonical(column, cell) != canonical(column, before.get(title, "")):
            found[title] = canonical(column, cell)
    return found


def id_of(line: Line, kind: Kind) -> str:
    """The id in a line, or the one that is made from its wording."""
    written = canonical(BY_TITLE["id"], line.cells.get("id", ""))
    words = read_words(line.cells.get("words", ""))[:1] if kind == "topic" else (plain(line.cells.get("text", "")),)
    return written or (wording_id(words[0]) if words and words[0] else "")


def record_of(
    file: str, number: int, kind: Kind, name: str, before: LegalRecord | None, cells: Mapping[str, str], today: date
) -> tuple[LegalRecord | None, list[Problem]]:
    """The record with these cells changed, and everything that is wrong with them.

    Cells that are wrong are left out of the record; none can be made where a wording it needs is wrong.
    """
    problems = misplaced(file, number, kind, cells)
    wrong = {one.where for one in problems}
    ends_now = kind != "claim" and cells.get("approved") == "no"
    given = {
        BY_TITLE[title].field: _value(BY_TITLE[title], cell) for title, cell in cells.items() if title not in wrong
    }
    if kind != "claim":
        given.pop("kind", None)
        given.pop("approved", None)
    try:
        written = _WRITTEN[kind].model_validate({**_required(before), **given, "id": name})
    except ValidationError as error:
        found = problems_of(error, {(): Position(file, number)})
        problems += [one.model_copy(update={"where": _title(one.where)}) for one in found]
        given = {
            field: value for field, value in given.items() if field not in {one["loc"][0] for one in error.errors()}
        }
        try:
            written = _WRITTEN[kind].model_validate({**_required(before), **given})
        except ValidationError:
            return None, problems
    if before is None:
        after = KINDS[kind].model_validate({**written.model_dump(), "id": name})
    else:
        after = before.model_copy(update={field: getattr(written, field) for field in given})
    if ends_now:
        return _ended(after, before, today), problems
    doubtful = {one.where.split("[")[0].split(".")[0] for one in problems}
    return after, problems + _faults(file, number, after, doubtful)


def _ended(after: LegalRecord, before: LegalRecord | None, today: date) -> LegalRecord:
    """The record over today, or on the day when it was over before; one that had not begun never begins."""
    ended = before.ends if before is not None else None
    ends = min(day for day in (today, after.ends, ended) if day is not None)
    starts = after.starts if after.starts is not None and after.starts < ends else None
    return after.model_copy(update={"starts": starts, "ends": ends})


def misplaced(file: str, number: int, kind: Kind | None, cells: Mapping[str, str]) -> list[Problem]:
    """Cells that are for another kind of record, or not in the form of their column; only the form without a kind."""
    if kind is None:
        forms = [title for title, cell in cells.items() if cell.strip() and BY_TITLE[title].form in ("date", "yes")]
        cells = {title: canonical(BY_TITLE[title], cells[title]) for title in forms}
    found = (_misplaced(file, number, kind or "claim", title, cell) for title, cell in cells.items())
    return [one for one in found if one is not None]


def _misplaced(file: str, number: int, kind: Kind, title: str, cell: str) -> Problem | None:
    column = BY_TITLE[title]
    problem = Problem(file=file, line=number, where=title, message="has a value that does not fit", found=shown(cell))
    if cell and kind not in column.kinds:
        message = f"is for a {' or '.join(column.kinds)}; empty this cell, or change the kind"
        return problem.model_copy(update={"message": message})
    if not cell and title in ("markets", "locale"):
        return problem.model_copy(update={"message": "is empty", "allowed": "* when it holds everywhere", "found": ""})
    if column.form == "date" and cell and read_date(cell) is None:
        allowed = "a day as 2026-12-31 (a day between slashes could be two days)"
        return problem.model_copy(update={"allowed": allowed})
    if column.form == "yes" and cell not in ("yes", "no"):
        if kind == "claim":
            return problem.model_copy(update={"allowed": "yes or no", "nearest": nearest_of(cell, ("yes", "no"), 0.6)})
        if cell:
            return problem.model_copy(update={"allowed": "nothing; or no, which ends it today"})
    if column.form == "yes" and cell == "yes" and kind != "claim":
        return problem.model_copy(update={"message": f"a {kind} needs no approval: empty this cell"})
    return None


def _faults(file: str, number: int, after: LegalRecord, doubtful: set[str]) -> list[Problem]:
    """What does not go together, where none of the cells in question is wrong by itself."""
    problems = []
    if after.starts and after.ends and after.ends <= after.starts and not doubtful & {"starts", "ends"}:
        message = f"is not after its start, {after.starts}"
        problems.append(Problem(file=file, line=number, where="ends", message=message, found=str(after.ends)))
    if isinstance(after, Claim) and not doubtful & {"text", "slots"}:
        problems += [
            Problem(file=file, line=number, where="slots", message=f"does not fit the wording: {fault}")
            for fault in slot_faults(after.text, after.slots)
        ]
    return problems


def _required(before: LegalRecord | None) -> dict[str, Any]:
    """What a form must have, from the record as it is: only what was changed is judged."""
    if isinstance(before, Topic):
        return {"words": ("anything",)}
    if isinstance(before, Claim | Disclosure):
        return {"text": "anything"}
    return {}


def _value(column: Column, cell: str) -> Any:
    match column.form:
        case "yes":
            return cell == "yes"
        case "date":
            return read_date(cell)
        case "words":
            return read_words(cell)
        case "slots":
            return read_slots(cell)
        case _:
            return cell


def _cell(one: LegalRecord, column: Column) -> str:
    value = getattr(one, column.field, None)
    match column.form:
        case "yes":
            return "" if value is None else "yes" if value else "no"
        case "date":
            return value.isoformat() if value else ""
        case "words":
            return write_words(value or ())
        case "slots":
            return write_slots(value or {})
        case _:
            return plain(str(value or ""))


def _title(where: str) -> str:
    field, rest = where, ""
    for mark in ("[", "."):
        if mark in field:
            at = field.index(mark)
            field, rest = field[:at], field[at:] + rest
    return f"{_TITLES.get(field, field)}{rest}"
