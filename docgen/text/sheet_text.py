"""Text of spreadsheets (xlsx, xls, ods): every sheet, row by row, cells separated by tabs."""

from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Iterator
from pathlib import Path

from docgen.text.extracted import Extracted, Unreadable, limited
from docgen.text.packages import open_package


def sheet_text(path: Path) -> Extracted:
    """Return the text of a workbook; numbers as they read, dates as 2026-11-02.

    Raises:
        Unreadable: It is damaged or encrypted.
    """
    import python_calamine

    if zipfile.is_zipfile(path) or path.suffix.lower() != ".xls":
        open_package(path).close()  # the limits on unpacking
    try:
        with python_calamine.CalamineWorkbook.from_path(path) as workbook:
            return Extracted("\n".join(limited(_lines(workbook))).strip("\n"))
    except python_calamine.PasswordError as error:
        raise Unreadable("表格已加密", "the workbook is encrypted") from error
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        raise Unreadable("表格已损坏或不完整", "the workbook is damaged or incomplete") from error


def _lines(workbook: object) -> Iterator[str]:
    for name in workbook.sheet_names:  # type: ignore[attr-defined]
        yield name
        for row in workbook.get_sheet_by_name(name).to_python():  # type: ignore[attr-defined]
            cells = [_cell(value) for value in row]
            if any(cells):
                yield "\t".join(cells) + "\t"


def _cell(value: object) -> str:
    """Return a cell as it reads; whole numbers arrive as 1.0."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, dt.datetime | dt.date | dt.time):
        return value.isoformat(" ") if isinstance(value, dt.datetime) else value.isoformat()
    return str(value)
