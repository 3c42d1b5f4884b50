"""Which form a sheet has, by its file's ending: .csv, .xlsx or .yaml."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from callsheet.domain.error import NotFound, WrongUse
from callsheet.storage.legal import History, Key, Kind, LegalRecord, kind_of
from callsheet.tools.intake.document import parse
from callsheet.tools.intake.explain import problems_of
from callsheet.tools.intake.wording import WrittenLegal
from callsheet.tools.sheet.column import COLUMNS, write_slots, write_words
from callsheet.tools.sheet.delimited import read_csv, write_csv
from callsheet.tools.sheet.grid import MOST_BYTES, Grid, Line, SheetInvalid, unusable
from callsheet.tools.sheet.row import cells_of
from callsheet.tools.sheet.workbook import read_workbook, write_workbook

FORMS = (".csv", ".xlsx", ".yaml", ".yml")
_SECTIONS: dict[Kind, str] = {"claim": "claims", "disclosure": "disclosures", "topic": "topics"}
_TITLES = {one.field: one.title for one in COLUMNS if one.field}


def write_sheet(path: Path, records: Mapping[Key, History], name_of: Callable[[str], str]) -> None:
    """Write the newest revision of each record. `name_of` gives the name behind a keyed hash.

    Raises WrongUse for an ending that is no form of ours, ExtraMissing for .xlsx without the `sheets` extra.
    """
    form = _form(path)
    if form in (".yaml", ".yml"):
        data = _to_yaml([past[-1].record for past in records.values()])
    else:
        rows = [[one.title for one in COLUMNS]]
        for past in records.values():
            latest = past[-1]
            cells = cells_of(latest.record, latest, name_of(latest.by) if latest.by else "")
            rows.append([cells.get(one.title, "") for one in COLUMNS])
        data = write_csv(rows) if form == ".csv" else write_workbook(rows)
    part = path.with_name(f".{path.name}.part")
    part.write_bytes(data)
    part.replace(path)


def read_sheet(path: Path) -> Grid:
    """Read a sheet of any form. Raises SheetInvalid with every problem, NotFound, WrongUse or ExtraMissing."""
    form = _form(path)
    if not path.is_file():
        raise NotFound(f"There is no file {path}; make one with: callsheet claims export {path.name}")
    if path.stat().st_size > MOST_BYTES:
        raise unusable(path.name, f"is {path.stat().st_size:,} bytes long; a sheet has at most {MOST_BYTES:,}")
    data = path.read_bytes()
    if form == ".csv":
        return read_csv(path.name, data)
    return read_workbook(path.name, data) if form == ".xlsx" else _from_yaml(path.name, data)


def _form(path: Path) -> str:
    form = path.suffix.casefold()
    if form not in FORMS:
        raise WrongUse(f"{path.name} has no ending we know; name it .csv, .xlsx or .yaml")
    return form


def _to_yaml(records: Sequence[LegalRecord]) -> bytes:
    """The same sections and keys as a campaign's folder, so that they can be put there."""
    sections: dict[str, list[dict[str, Any]]] = {}
    for kind, section in _SECTIONS.items():
        found = [one for one in records if kind_of(one) == kind]
        if found:
            sections[section] = [_plain(one) for one in found]
    text = yaml.safe_dump(sections, sort_keys=False, allow_unicode=True, width=110) if sections else "claims: []\n"
    return text.encode("utf-8")


def _plain(one: LegalRecord) -> dict[str, Any]:
    data: dict[str, Any] = one.model_dump(mode="json")
    first = [key for key in ("id", "kind", "text", "words") if key in data]
    ordered = {key: data[key] for key in [*first, *(key for key in data if key not in first)]}
    return {key: value for key, value in ordered.items() if value not in ("", None, [], {})}


def _from_yaml(file: str, data: bytes) -> Grid:
    """Keys that are not written are left as they are, like a column that a sheet does not have."""
    try:
        document = parse(data.decode("utf-8-sig"), file)
    except UnicodeDecodeError as error:
        raise unusable(file, f"is not UTF-8 text (byte {error.start}); save it as a text file") from None
    if document.problems:
        raise SheetInvalid(document.problems)
    try:
        written = WrittenLegal.model_validate(document.data)
    except ValidationError as error:
        raise SheetInvalid(problems_of(error, document.lines)) from None
    lines: list[Line] = []
    for kind, section in _SECTIONS.items():
        for number, one in enumerate(getattr(written, section)):
            given = {name: getattr(one, name) for name in one.model_fields_set}
            cells = {_TITLES[name]: _as_cell(value) for name, value in given.items()}
            place = document.lines[(section, number)].line
            lines.append(Line(place, cells, kind))
    return Grid(file, tuple(lines))


def _as_cell(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case dict():
            return write_slots(value)
        case tuple():
            return write_words(value)
        case _:
            return str(value)
