"""Text of spreadsheets (xlsx, xls, ods): every sheet, hidden ones too, row by row, a tab behind each cell."""

from __future__ import annotations

import datetime as dt
import warnings
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from docgen.text.extracted import Extracted, Unreadable, limited
from docgen.text.packages import open_package
from docgen.text.shown import shown_moment, shown_number

#: Unpacked bytes of a workbook up to which its formats are read, too: reading them takes ten times as long.
_WITH_FORMATS = 20_000_000


def sheet_text(path: Path) -> Extracted:
    """Return the text of a workbook: numbers and dates of xlsx as they are shown, else 1200 and 2026-11-02.

    Raises:
        Unreadable: It is damaged or encrypted.
    """
    import python_calamine

    size = 0
    if zipfile.is_zipfile(path) or path.suffix.lower() != ".xls":
        with open_package(path) as package:  # the limits on unpacking
            size = sum(member.file_size for member in package.infolist())
    try:
        with python_calamine.CalamineWorkbook.from_path(path) as workbook:
            if path.suffix.lower() in (".xlsx", ".xlsm") and size <= _WITH_FORMATS:
                lines = _formatted(path, workbook)
            else:
                lines = list(limited(_lines(workbook)))
            return Extracted("\n".join(lines).strip("\n"))
    except python_calamine.PasswordError as error:
        raise Unreadable("表格已加密", "the workbook is encrypted") from error
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        raise Unreadable("表格已损坏或不完整", "the workbook is damaged or incomplete") from error


def _formatted(path: Path, workbook: Any) -> list[str]:
    """Return the lines with cells as they are shown; as they are, where the formats cannot be read."""
    import openpyxl

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl tells of what it leaves out; nothing of it is text
            with closing(openpyxl.load_workbook(path, read_only=True, data_only=True)) as book:
                return list(limited(_shown_lines(book)))
    except Exception:  # it raises anything over files that calamine and Excel still read
        return list(limited(_lines(workbook)))


def _shown_lines(book: Any) -> Iterator[str]:
    for sheet in book.worksheets:
        sheet.reset_dimensions()  # what the file claims of its size may be wrong
        yield sheet.title
        for row in sheet.iter_rows():
            cells = [_shown(cell) for cell in row]
            if any(cells):
                yield _row(cells)


def _shown(cell: Any) -> str:
    value = cell.value
    shown: str | None = None
    if isinstance(value, int | float) and not isinstance(value, bool):
        shown = shown_number(value, cell.number_format)
    elif isinstance(value, dt.date | dt.time):
        shown = shown_moment(value, cell.number_format)
    return _cell(value) if shown is None else shown


def _lines(workbook: Any) -> Iterator[str]:
    for name in workbook.sheet_names:
        yield name
        for row in workbook.get_sheet_by_name(name).to_python():
            cells = [_cell(value) for value in row]
            if any(cells):
                yield _row(cells)


def _row(cells: list[str]) -> str:
    """Return a row; empty cells behind the last one are left out."""
    return "\t".join(cells).rstrip("\t") + "\t"


def _cell(value: object) -> str:
    """Return a cell as it reads; whole numbers arrive as 1.0."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, dt.datetime | dt.date | dt.time):
        return value.isoformat(" ") if isinstance(value, dt.datetime) else value.isoformat()
    return str(value)
