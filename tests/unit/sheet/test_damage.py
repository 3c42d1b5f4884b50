"""Whatever a spreadsheet did to a file: it is read as a person sees it, or refused with the place and what to do."""

import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font
from unit.sheet.legal_records import ALL, TODAY, YARN, known

from callsheet.domain.error import CallsheetError, ExtraMissing, NotFound, WrongUse
from callsheet.tools.sheet import Changes, SheetInvalid, compare, read_sheet, write_sheet

HEAD = "kind,id,text,approved"


def csv_of(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


def read(path: Path) -> Changes:
    return compare(read_sheet(path), {}, TODAY)


def refusal(path: Path) -> str:
    with pytest.raises(SheetInvalid) as caught:
        read(path)
    return str(caught.value)


def texts(found: Changes) -> list[str]:
    return [str(getattr(one.after, "text", "")) for one in found.changes]


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path = tmp_path / "legal.xlsx"
    write_sheet(path, known(*ALL), lambda mark: "Ada")
    return path


def changed(path: Path, change: Callable[[Any], object]) -> Path:
    opened = openpyxl.load_workbook(path)
    change(opened["Claims"])
    opened.save(path)
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_csv_is_read_as_spreadsheets_write_it(tmp_path: Path, encoding: str, mark: str) -> None:
    text = "kind,id,text,approved,ends\r\nclaim,a,Für Läufer,no,31.12.2026\r\n".replace(",", mark)
    found = read(csv_of(tmp_path / "a.csv", text, encoding))
    assert texts(found) == ["Für Läufer"]
    assert str(found.changes[0].after.ends) == "2026-12-31"
    assert any("Windows-1252" in one for one in found.notices) == (encoding == "cp1252")


def test_the_line_that_names_the_separator_counts_as_a_row(tmp_path: Path) -> None:
    path = csv_of(tmp_path / "a.csv", f"sep=,\r\n{HEAD}\r\nclaim,a,Fine words,no\r\nclam,b,Fine words,no\r\n")
    assert "a.csv:4: kind" in refusal(path)


def test_quoted_line_breaks_do_not_move_the_row_numbers(tmp_path: Path) -> None:
    path = csv_of(
        tmp_path / "a.csv", f'{HEAD},substantiation\nclaim,a,Fine words,no,"one\ntwo"\nclaim,b,Fine words,maybe,\n'
    )
    assert "a.csv:3: approved" in refusal(path)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "no row of titles"),
        (b"a,b\n1,2\n", "no row of titles"),
        (b"\x00\x01\x02", "zero bytes"),
        (b"kind,id\x81,\xff\n", "is not text"),
        (b'kind,id\nclaim,"a"b\n', "not readable as CSV"),
        (b"kind,id,text\nclaim,a,=SUM(A1)\n", "holds a formula"),
        (b"kind,id,text,text\n", "title of two columns"),
        (b"kind,id,text,aproved\nclaim,a,Fine words,yes\n", "did you mean approved?"),
        (b"kind,id,text\nclaim,a,Fine words,stray\n", "has no title"),
        (b"kind,id,text\n" + b"claim,a,b\n" * 5_001, "is larger than"),
    ],
)
def test_csv_that_cannot_be_meant_is_refused(tmp_path: Path, data: bytes, said: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(data)
    assert said in refusal(path)


def test_a_column_of_one_s_own_is_named_and_left_out(tmp_path: Path) -> None:
    found = read(csv_of(tmp_path / "a.csv", f"{HEAD},Counsel\nclaim,a,Fine words,no,Smith\n"))
    assert any("'Counsel' is not ours" in one for one in found.notices)


def test_a_sheet_larger_than_the_limit_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    with path.open("wb") as file:
        file.truncate(10 * 1024 * 1024 + 1)
    assert "at most 10,485,760" in refusal(path)


@pytest.mark.parametrize(("name", "kind"), [("a.csv", NotFound), ("a.doc", WrongUse), ("a", WrongUse)])
def test_no_file_and_no_form_are_said(tmp_path: Path, name: str, kind: type[CallsheetError]) -> None:
    with pytest.raises(kind):
        read_sheet(tmp_path / name)


def test_without_the_extra_a_workbook_says_what_to_install(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "openpyxl", None)
    with pytest.raises(ExtraMissing, match=r"callsheet\[sheets\]"):
        read_sheet(book)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda sheet: sheet.__setitem__("C2", "=1+1"), "C2: is a formula"),
        (lambda sheet: sheet.__setitem__("C2", 2.5), "C2: is a number"),
        (lambda sheet: sheet.merge_cells("C2:C3"), "C2:C3 are merged"),
        (lambda sheet: setattr(sheet["C2"], "font", Font(strike=True)), "C2: is struck out"),
        (
            lambda sheet: sheet.__setitem__("C2", __import__("datetime").date(2026, 12, 10)),
            "C2: is a day that Excel made",
        ),
        (
            lambda sheet: sheet.__setitem__("J2", __import__("datetime").datetime(2026, 12, 10, 8)),
            "J2: is a time of day",
        ),
        (lambda sheet: sheet.__setitem__("Z9000", "far"), "reaches to row 9,000"),
        (lambda sheet: sheet.__setitem__("A1", "sort"), "no row of titles"),
        (lambda sheet: sheet.__setitem__("A3", "clam"), "legal.xlsx:3: kind"),
    ],
)
def test_a_workbook_cell_that_shows_something_else_is_refused(
    book: Path, change: Callable[[Any], object], said: str
) -> None:
    assert said in refusal(changed(book, change))


def test_a_hidden_row_is_read_and_said(book: Path) -> None:
    def hide(sheet: Any) -> None:
        sheet.row_dimensions[2].hidden = True
        sheet["C2"] = "Hidden words"

    found = compare(read_sheet(changed(book, hide)), known(*ALL), TODAY)
    assert texts(found) == ["Hidden words"]
    assert any("1 hidden row was" in one for one in found.notices)


def test_a_real_day_and_a_real_yes_are_taken(book: Path) -> None:
    def write(sheet: Any) -> None:
        sheet["E2"] = False
        sheet["K2"] = __import__("datetime").date(2028, 2, 29)

    (found,) = compare(read_sheet(changed(book, write)), known(*ALL), TODAY).changes
    assert found.cells == (("approved", "yes", "no"), ("ends", "2027-01-01", "2028-02-29"))
    assert found.what == "withdrawn"


def zipped(path: Path, parts: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in parts.items():
            package.writestr(name, data)
    return path


def test_a_package_that_unpacks_to_a_flood_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    path = zipped(tmp_path / "bomb.xlsx", {"xl/worksheets/sheet1.xml": b" " * (41 * 1024 * 1024)})
    assert path.stat().st_size < 100_000
    assert "unpacks to" in refusal(path)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be"])
def test_a_part_that_declares_entities_is_refused(book: Path, tmp_path: Path, encoding: str) -> None:
    evil = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>'.encode(encoding)
    with zipfile.ZipFile(book) as package:
        parts = {one: package.read(one) for one in package.namelist()}
    path = zipped(tmp_path / "evil.xlsx", {**parts, "xl/workbook.xml": evil})
    assert "declares a document type" in refusal(path)


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"kind,id\n", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"])
def test_what_is_no_workbook_is_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(data)
    assert "save it as .xlsx" in refusal(path)


def test_a_workbook_damaged_anywhere_is_refused_or_read_and_nothing_else(book: Path, tmp_path: Path) -> None:
    whole = book.read_bytes()
    path = tmp_path / "damaged.xlsx"
    for at in range(0, len(whole), len(whole) // 60):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 0x55]) + whole[at + 1 :])
        try:
            compare(read_sheet(path), known(*ALL), TODAY)
        except SheetInvalid as error:
            assert "damaged.xlsx" in str(error)


def test_an_empty_package_is_refused(tmp_path: Path) -> None:
    packed = io.BytesIO()
    zipfile.ZipFile(packed, "w").close()
    (tmp_path / "a.xlsx").write_bytes(packed.getvalue())
    assert "not readable as a workbook" in refusal(tmp_path / "a.xlsx")


def test_yaml_is_read_with_the_lines_of_what_is_wrong(tmp_path: Path) -> None:
    path = csv_of(tmp_path / "a.yaml", "claims:\n  - id: yarn\n    text: Fine words\n    markets: Germany\n")
    assert "a.yaml:4: claims[1].markets" in refusal(path)
    assert "is not readable YAML" in refusal(csv_of(tmp_path / "b.yaml", "claims: [\n"))


def test_a_key_that_yaml_does_not_write_is_left_as_it_is(tmp_path: Path) -> None:
    path = csv_of(tmp_path / "a.yaml", "claims:\n  - id: yarn\n    text: Made of recycled yarn\n")
    (change,) = compare(read_sheet(path), known(*ALL), TODAY).changes
    assert change.after == YARN.model_copy(update={"text": "Made of recycled yarn"})


def test_words_that_are_struck_out_in_part_are_not_taken_as_approved(book: Path) -> None:
    def strike(sheet: Any) -> None:
        part = TextBlock(InlineFont(strike=True), " for 24 hours")
        sheet["C2"] = CellRichText("Keeps tea warm", part)

    said = refusal(changed(book, strike))
    assert "struck out" in said
    assert "Claims" in said or ":2" in said


def test_a_row_without_its_revision_brings_back_nothing_that_legal_withdrew(tmp_path: Path) -> None:
    (approved,) = known(YARN)["claim", "yarn"]
    withdrawn = replace(approved, number=2, record=YARN.model_copy(update={"approved": False}))
    sheet = csv_of(tmp_path / "old.csv", f"{HEAD}\nclaim,{YARN.id},{YARN.text},yes\n")
    with pytest.raises(SheetInvalid, match="legal took it back in revision 2"):
        compare(read_sheet(sheet), {("claim", "yarn"): (approved, withdrawn)}, TODAY)
    never = replace(withdrawn, number=1)
    assert len(compare(read_sheet(sheet), {("claim", "yarn"): (never,)}, TODAY).changes) == 1


def test_a_workbook_has_every_slip_named_at_once(book: Path) -> None:
    def spoil(sheet: Any) -> None:
        sheet["C2"] = "=1+1"
        sheet["E2"] = "maybe"
        sheet["H3"] = 2.5
        sheet.merge_cells("J4:K5")
        sheet["A5"] = "clam"
        sheet["F1"] = "substantation"
        sheet["Z3"] = "stray"

    said = refusal(changed(book, spoil))
    for slip in (
        "1: substantation: is no title we know",
        "2: text, C2: is a formula",
        "2: approved: has a value that does not fit",
        "3: markets, H3: is a number",
        "3: stands in column 26",
        "4: starts: the cells J4:K5 are merged",
        "5: kind: is no kind of record",
    ):
        assert f"legal.xlsx:{slip}" in said
    assert "there are 7 problems" in said


def test_a_cell_that_could_not_be_read_is_named_once(tmp_path: Path) -> None:
    text = f"{HEAD}\nclaim,a,=A1,maybe\n=B2,b,Fine words,no\nclaim,=C3,Fine words,no\nclaim,a,Fine words,no\n"
    tied = f"{text}disclosure,d,Fine words,\n"
    said = refusal(csv_of(tmp_path / "a.csv", tied))
    assert "there are 5 problems" in said, said
    for slip in (
        "2: text: holds",
        "2: approved: has",
        "3: kind: holds",
        "4: id: holds",
        "5: id: is the claim of row 2",
    ):
        assert f"a.csv:{slip}" in said
