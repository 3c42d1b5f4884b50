"""A sheet that nobody has touched changes nothing, whatever the records say and whatever the file."""

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from unit.sheet.legal_records import ALL, RECORDS, TODAY, back, known

from callsheet.domain.claim import Claim
from callsheet.storage.legal import LegalRecord
from callsheet.tools.sheet import compare, read_sheet, write_sheet
from callsheet.tools.sheet.delimited import disarm, rearm

FORMS = (".csv", ".xlsx")


def untouched(records: Sequence[LegalRecord], form: str) -> None:
    with TemporaryDirectory() as folder:
        changes = back(Path(folder) / f"claims{form}", known(*records))
    assert (changes.changes, changes.missing, changes.unchanged) == ((), (), len(records))


@given(RECORDS)
@settings(max_examples=100, deadline=None)
def test_writing_and_reading_csv_changes_nothing(records: list[LegalRecord]) -> None:
    untouched(records, ".csv")


@given(RECORDS)
@settings(max_examples=25, deadline=None)
def test_writing_and_reading_a_workbook_changes_nothing(records: list[LegalRecord]) -> None:
    untouched(records, ".xlsx")


@pytest.mark.parametrize("form", (*FORMS, ".yaml"))
def test_records_written_here_come_into_another_workspace_as_they_are(form: str, tmp_path: Path) -> None:
    changes = back(tmp_path / f"claims{form}", known(*ALL), {})
    assert tuple(one.after for one in changes.changes) == ALL
    assert {one.what for one in changes.changes} == {"added"}


@pytest.mark.parametrize("form", (*FORMS, ".yaml"))
def test_a_sheet_with_no_records_is_a_sheet_all_the_same(form: str, tmp_path: Path) -> None:
    assert back(tmp_path / f"claims{form}", {}).changes == ()


@given(RECORDS)
@settings(max_examples=25, deadline=None)
def test_no_cell_of_a_csv_is_a_formula_to_a_spreadsheet(records: list[LegalRecord]) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "claims.csv"
        write_sheet(path, known(*records), lambda mark: "=Ada")
        grid = path.read_text(encoding="utf-8-sig")
    import csv

    cells = [cell for row in csv.reader(grid.splitlines(keepends=True)) for cell in row]
    assert [cell for cell in cells if cell[:1] in {"=", "+", "-", "@"}] == []


@given(RECORDS)
@settings(max_examples=8, deadline=None)
def test_no_cell_of_a_workbook_is_a_formula(records: list[LegalRecord]) -> None:
    import openpyxl

    with TemporaryDirectory() as folder:
        path = Path(folder) / "claims.xlsx"
        write_sheet(path, known(*records), lambda mark: "=Ada")
        book = openpyxl.load_workbook(path)
    kinds = {cell.data_type for row in book["Claims"].iter_rows() for cell in row}
    assert kinds <= {"s", "n", "d"}, "text, empty cells and days"
    assert book["How to"]["A1"].value == "How to"


@pytest.mark.parametrize("cell", ["=x", "'=x", "''=x", "'x", "x", "", "-", "'", "''", "\t=x", "+1"])
def test_a_disarmed_cell_is_read_as_it_was(cell: str) -> None:
    assert rearm(disarm(cell)) == cell
    assert disarm(cell)[:1] not in {"=", "+", "-", "@", "\t"}


def test_a_cell_that_looks_like_a_day_or_a_sum_stays_text(tmp_path: Path) -> None:
    tricky = [
        Claim.model_validate({"id": f"c{n}", "text": text})
        for n, text in enumerate(["10/12", "=SUM(A1)", "1e5", "0123", "TRUE", "_x0041_"])
    ]
    for form in (*FORMS, ".yaml"):
        changes = back(tmp_path / f"claims{form}", known(*tricky), {})
        assert [one.after for one in changes.changes] == tricky


def test_days_in_a_workbook_are_days(tmp_path: Path) -> None:
    import openpyxl
    from openpyxl.cell.cell import Cell

    path = tmp_path / "claims.xlsx"
    write_sheet(path, known(*ALL), lambda mark: "Ada")
    sheet = openpyxl.load_workbook(path)["Claims"]
    titles = [cell.value for cell in sheet[1]]
    start = sheet.cell(2, titles.index("starts") + 1)
    assert isinstance(start, Cell)
    assert start.is_date
    assert sheet.cell(2, titles.index("text") + 1).number_format == "@"
    assert compare(read_sheet(path), known(*ALL), TODAY).changes == ()
