"""Sheets as CSV. A cell that a spreadsheet would take for a formula carries an apostrophe, in both directions."""

import csv
import io
import re
from collections.abc import Sequence

from callsheet.tools.intake.problem import Problem, shown
from callsheet.tools.sheet.column import BY_TITLE
from callsheet.tools.sheet.grid import MOST_COLUMNS, MOST_ROWS, Grid, lay_out, title_of, unusable

_ACTIVE = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")  # full-width signs count in some spreadsheets
_ESCAPED = re.compile(r"'+[=+\-@\t\r\n＝＋－＠]")
_DELIMITERS = ",;\t"


def disarm(cell: str) -> str:
    """The cell with an apostrophe before it where a spreadsheet would calculate it (CWE-1236)."""
    return f"'{cell}" if _ACTIVE.match(cell) else cell


def rearm(cell: str) -> str:
    """The cell as it was before `disarm`."""
    return cell[1:] if _ESCAPED.match(cell) else cell


def write_csv(rows: Sequence[Sequence[str]]) -> bytes:
    """The rows as CSV: UTF-8 with the mark that spreadsheets look for, commas, every cell in quotes."""
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerows([disarm(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def read_csv(file: str, data: bytes) -> Grid:
    """Read CSV in UTF-8, UTF-16 or Windows-1252, parted by commas, semicolons or tabs. Raises SheetInvalid."""
    text, notices = _decoded(file, data)
    lines = text.split("\n", 1)
    first = 1
    if re.fullmatch(r"sep=[,;\t]\s*", lines[0], re.IGNORECASE):
        delimiter, text, first = lines[0].strip("\r\n")[4], lines[1] if len(lines) > 1 else "", 2
    else:
        delimiter = _delimiter(text)
    rows: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True):
            rows.append(row)
            if len(rows) > MOST_ROWS or len(row) > MOST_COLUMNS:
                raise unusable(file, f"is larger than {MOST_ROWS:,} rows of {MOST_COLUMNS} columns; split it")
    except csv.Error as error:
        raise unusable(
            file, f"is not readable as CSV: {error}; save it anew from the spreadsheet", len(rows) + 1
        ) from None
    message = "holds a formula; write the words themselves, with an apostrophe first if they begin with ="
    faults = {
        (number, at): Problem(file=file, line=number, message=message, found=shown(cell))
        for number, row in enumerate(rows, start=first)
        for at, cell in enumerate(row)
        if cell.startswith("=")
    }
    return lay_out(file, [[rearm(cell) for cell in row] for row in rows], notices, first, faults)


def _decoded(file: str, data: bytes) -> tuple[str, list[str]]:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding, notices = "utf-16", list[str]()
    elif _is_utf8(data):
        encoding, notices = "utf-8-sig", []
    else:
        encoding = "cp1252"
        notices = [f"{file}: not UTF-8, so it was read as Windows-1252; look at letters such as ä and é in the changes"]
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise unusable(file, f"is not text (byte {error.start}); save it as CSV UTF-8") from None
    if "\0" in text:
        raise unusable(file, "holds zero bytes, so it is no CSV, or UTF-16 without its mark; save it as CSV UTF-8")
    return text, notices


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _delimiter(text: str) -> str:
    """The mark under which the first lines show most of our titles."""

    def titles(mark: str) -> int:
        lines = text.splitlines()[:10]
        return max(
            (sum(title_of(cell.strip('"')) in BY_TITLE for cell in line.split(mark)) for line in lines), default=0
        )

    return max(_DELIMITERS, key=titles)
