"""Sheets as XLSX workbooks: every cell text, days real dates, and a second sheet that says what the columns mean.

Read back as what a person sees: a formula, an error, merged cells, or a number or day that Excel made of what was typed
are refused with their cell, because what they show is not what they hold. Hidden rows count like any others.
"""

import io
import re
import warnings
import zipfile
from collections.abc import Sequence
from datetime import datetime, time
from typing import Any

from callsheet.domain.count import counted
from callsheet.domain.error import ExtraMissing
from callsheet.tools.intake.problem import Problem
from callsheet.tools.sheet.column import COLUMNS, read_date
from callsheet.tools.sheet.grid import MOST_COLUMNS, MOST_ROWS, Grid, SheetInvalid, lay_out, title_of, unusable

MOST_UNPACKED = 40 * 1024 * 1024
"""Bytes of all parts of a workbook together, unpacked: 10 MB of text with Excel's mark-up is well below."""
_MOST_PARTS = 500
_TITLE = "Claims"
_LONGEST_CELL = 32_767
"""What Excel holds in a cell, by its published limits."""
_PLAIN_NUMBERS = ("General", "0", "@")
_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


def write_workbook(rows: Sequence[Sequence[str]]) -> bytes:
    """The rows as a workbook; the first row are the titles. Raises ExtraMissing without the `sheets` extra."""
    openpyxl = _openpyxl()
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = _TITLE
    for number, row in enumerate(rows, start=1):
        for at, (column, cell) in enumerate(zip(COLUMNS, row, strict=True), start=1):
            _write(sheet.cell(number, at), cell, is_day=number > 1 and column.form == "date")
    _dress(sheet)
    guide = book.create_sheet("How to")
    _write_guide(guide)
    packed = io.BytesIO()
    book.save(packed)
    return packed.getvalue()


def read_workbook(file: str, data: bytes) -> Grid:
    """Read the sheet `Claims` of a workbook, or its first. Raises SheetInvalid, and ExtraMissing without the extra."""
    _check_package(file, data)
    openpyxl = _openpyxl()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what of Excel's dress it leaves out does not concern us
            book = openpyxl.load_workbook(io.BytesIO(data))
            dressed = openpyxl.load_workbook(io.BytesIO(data), rich_text=True)  # its texts are cut otherwise
    except Exception as error:  # noqa: BLE001  # the reader raises whatever its parts raise
        raise unusable(file, f"is not readable as a workbook ({error}); save it anew as .xlsx") from None
    sheets = [one for one in book.worksheets if title_of(one.title) == _TITLE.casefold()] or book.worksheets
    if not sheets:
        raise unusable(file, "has no sheet of cells")
    sheet = sheets[0]
    if sheet.max_row > MOST_ROWS or sheet.max_column > MOST_COLUMNS:
        raise unusable(
            file,
            f"reaches to row {sheet.max_row:,} and column {sheet.max_column:,}; delete the empty rows and columns "
            f"below and beside the records ({MOST_ROWS:,} rows of {MOST_COLUMNS} columns at most)",
        )
    struck = _struck(dressed[sheet.title])
    faults: dict[tuple[int, int], Problem] = {}
    for merged in sheet.merged_cells.ranges:
        message = f"the cells {merged.coord} are merged; unmerge them, one row a record"
        for row, column in merged.cells:
            faults[row, column - 1] = Problem(file=file, line=merged.min_row, message=message)
    rows = [[_read(file, cell, faults, cell.coordinate in struck) for cell in row] for row in sheet.iter_rows()]
    hidden = sum(row.hidden and number <= len(rows) for number, row in sheet.row_dimensions.items())
    told = [f"{file}: {counted(hidden, 'hidden row was', 'hidden rows were')} read too"] if hidden else []
    return lay_out(file, rows, told, faults=faults)


def _write(cell: Any, text: str, is_day: bool) -> None:
    if len(text) > _LONGEST_CELL:
        raise ValueError(f"a cell of {len(text):,} characters is more than a workbook holds")
    day = read_date(text) if is_day else None
    if day is not None:
        cell.value = day
        cell.number_format = "yyyy-mm-dd"
        return
    cell.number_format = "yyyy-mm-dd" if is_day else "@"
    if text:
        cell.value = _ESCAPE.sub("_x005F_", text)
        cell.data_type = "s"  # whatever it begins with: a text is never a formula


def _dress(sheet: Any) -> None:
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    for at, column in enumerate(COLUMNS, start=1):
        sheet.column_dimensions[get_column_letter(at)].width = column.width
        sheet.cell(1, at).font = Font(bold=True)
    for row in sheet.iter_rows(min_row=2):
        for cell in row:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    sheet.freeze_panes = "C2"


def _write_guide(sheet: Any) -> None:
    from openpyxl.styles import Alignment, Font

    lines = [
        ("How to", "Change cells, add rows, save as .xlsx, and give it back to: callsheet claims import FILE"),
        ("", "A row that is taken out is left alone. To withdraw a record write no under approved."),
        *((column.title, column.help) for column in COLUMNS),
    ]
    for number, (title, words) in enumerate(lines, start=1):
        _write(sheet.cell(number, 1), title, is_day=False)
        _write(sheet.cell(number, 2), words, is_day=False)
        sheet.cell(number, 1).font = Font(bold=True)
        sheet.cell(number, 2).alignment = Alignment(wrap_text=True, vertical="top")
    sheet.column_dimensions["A"].width = 18
    sheet.column_dimensions["B"].width = 100


def _struck(sheet: Any) -> frozenset[str]:
    """Cells in which some words are struck out: what a lawyer crosses out must not come back as approved."""
    parts = {cell.coordinate: cell.value for row in sheet.iter_rows() for cell in row if isinstance(cell.value, list)}
    return frozenset(
        at for at, value in parts.items() if any(getattr(getattr(one, "font", None), "strike", False) for one in value)
    )


def _read(file: str, cell: Any, faults: dict[tuple[int, int], Problem], is_struck: bool = False) -> str:
    """The text of a cell as a person sees it; what shows something else than it holds is a fault."""
    place, value, fault, text = (cell.row, cell.column - 1), cell.value, "", ""
    if place in faults:
        return ""
    if cell.data_type == "f":
        fault = "is a formula; write the words themselves"
    elif cell.data_type == "e":
        fault = f"holds the error {value}; write the words themselves"
    elif value is not None and (is_struck or (cell.font is not None and cell.font.strike)):
        fault = "is struck out; take the words out, or write no under approved"
    elif isinstance(value, bool):
        return "yes" if value else "no"
    elif isinstance(value, datetime):
        fault = "" if value.time() == time() else "is a time of day; write the day alone"
        text = value.date().isoformat()
    elif isinstance(value, int) and cell.number_format in _PLAIN_NUMBERS:
        text = str(value)
    elif isinstance(value, str):
        text = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), value)
    elif value is not None:
        fault = "is a number that Excel may show in another way; format the cell as text and type it anew"
    if not fault and isinstance(value, datetime) and not _is_under_days(cell):
        fault = "is a day that Excel made of what was typed; format the cell as text and type it anew"
    if fault:
        faults[place] = Problem(file=file, line=cell.row, where=cell.coordinate, message=fault)
        return ""
    return text


def _is_under_days(cell: Any) -> bool:
    """Whether a cell stands in a column of days, or of what is not read back."""
    titles = {one.title for one in COLUMNS if one.form in ("date", "note")}
    return any(title_of(str(above[0].value or "")) in titles for above in _above(cell))


def _above(cell: Any) -> Any:
    return cell.parent.iter_rows(min_row=1, max_row=min(cell.row, 10), min_col=cell.column, max_col=cell.column)


def _check_package(file: str, data: bytes) -> None:
    """Look at the package before anything of it is unpacked into memory."""
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise unusable(file, "is an old workbook or one with a password; save it as .xlsx without a password")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            parts = package.infolist()
            size = sum(part.file_size for part in parts)
            if size > MOST_UNPACKED or len(parts) > _MOST_PARTS:
                raise unusable(file, f"unpacks to {size:,} bytes in {len(parts)} parts; {MOST_UNPACKED:,} are allowed")
            for part in parts:
                text = package.read(part)  # never more than the size it states
                if b"<!DOCTYPE" in text or "<!DOCTYPE".encode("utf-16-le") in text:
                    raise unusable(file, f"declares a document type in {part.filename}, which no spreadsheet does")
                if "<!DOCTYPE".encode("utf-16-be") in text:
                    raise unusable(file, f"declares a document type in {part.filename}, which no spreadsheet does")
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError) as error:
        raise unusable(file, f"is no workbook ({error}); save it as .xlsx") from None
    except Exception as error:  # a damaged part fails in whatever unpacks it
        if isinstance(error, SheetInvalid):
            raise
        raise unusable(file, f"is a damaged workbook ({error}); save it anew as .xlsx") from None


def _openpyxl() -> Any:
    try:
        import openpyxl
    except ImportError:
        raise ExtraMissing("sheets", "Reading and writing workbooks") from None
    return openpyxl
