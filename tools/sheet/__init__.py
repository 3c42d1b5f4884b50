"""Legal's records as sheets: CSV, XLSX and YAML, written for a lawyer to edit and read back with every slip named."""

from callsheet.tools.sheet.change import Change, Changes, compare
from callsheet.tools.sheet.file import read_sheet, write_sheet
from callsheet.tools.sheet.grid import Grid, Line, SheetInvalid

__all__ = ["Change", "Changes", "Grid", "Line", "SheetInvalid", "compare", "read_sheet", "write_sheet"]
