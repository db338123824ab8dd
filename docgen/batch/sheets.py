"""Workbooks (XLSX, XLS, ODS): sheets as grids of text, cells as people see them."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from docgen.base.errors import InvalidData
from docgen.base.findings import Problem
from docgen.base.messages import Message
from docgen.base.zip_errors import BROKEN_ZIP
from docgen.batch.grids import Line
from docgen.forms.values import plain

Cell = int | float | str | bool | time | date | datetime | timedelta

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
#: Limits against workbooks that are small on disk and huge in memory.
_MOST_BYTES = 200_000_000
_MOST_CELLS = 5_000_000
_FILLED = re.compile(rb'<c [^>]*?r="([A-Z]{1,3})([0-9]{1,7})"[^>]*>\s*<(?:v|is|f)\b')
_REPEATED = re.compile(
    rb"<table:table-cell(?=[^>]*columns-repeated=.[0-9]{4})(?=[^>]*value-type)"
    rb"|rows-repeated=.[0-9]{5}(?:(?!</table:table-row>).)*?value-type",
    re.DOTALL,
)
#: Excel keeps 15 digits of a number; of a longer one the rest was lost when it was typed.
_EXACT = 10**15
_INEXACT = Message(
    "超过 15 位的数字在表格中会丢失末尾数位，请把该单元格设为文本后重新填写",
    "sheets lose digits of numbers over 15 digits; make the cell text and type it again",
)


def workbook_sheets(data: bytes, where: str) -> dict[str, list[Line]]:
    """Return the visible sheets that are not blank: name -> lines, in order.

    Raises:
        InvalidData: It is no workbook, is protected by a password, or is too large.
    """
    from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    _check_size(data, where)
    sheets: dict[str, list[Line]] = {}
    try:
        book = CalamineWorkbook.from_object(io.BytesIO(data))
        for meta in book.sheets_metadata:
            if meta.typ == SheetTypeEnum.WorkSheet and meta.visible == SheetVisibleEnum.Visible:
                rows = book.get_sheet_by_name(meta.name).to_python(skip_empty_area=False)
                if any(cell != "" for row in rows for cell in row):
                    sheets[meta.name] = _lines(rows, f"{where}（{meta.name}）")
    except (CalamineError, OSError, ValueError) as error:
        raise _unreadable(where) from error
    return sheets


def _check_size(data: bytes, where: str) -> None:
    """Refuse what would unpack to more than memory holds, before the reader tries."""
    if not data.startswith(ZIP):
        return
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            parts = package.infolist()
            large = sum(part.file_size for part in parts) > _MOST_BYTES
            if large or any(_spread(package.read(part)) for part in parts if _is_sheet(part.filename)):
                raise InvalidData(Message("工作簿过大", "the workbook is too large"), where=where)
    except (*BROKEN_ZIP, OSError) as error:
        raise _unreadable(where) from error


def _is_sheet(name: str) -> bool:
    return name == "content.xml" or (name.startswith("xl/worksheets/") and name.endswith(".xml"))


def _spread(xml: bytes) -> bool:
    """Return whether a sheet spans more cells than memory holds (a reader keeps the whole rectangle)."""
    cells = _FILLED.findall(xml)
    rows = max((int(number) for _, number in cells), default=0)
    columns = max((_column(letters) for letters in {letters for letters, _ in cells}), default=0)
    return rows * columns > _MOST_CELLS or _REPEATED.search(xml) is not None


def _column(letters: bytes) -> int:
    """Return the number of column `AB`."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _lines(rows: list[list[Cell]], where: str) -> list[Line]:
    problems = [
        Problem("", "数据", _INEXACT, value=_text(cell), row=number)
        for number, row in enumerate(rows, start=1)
        for cell in row
        if isinstance(cell, float) and abs(cell) >= _EXACT
    ]
    if problems:
        raise InvalidData(Message("有的数字已不准确", "some numbers are not exact"), problems, where=where)
    return [Line(number, [_text(cell) for cell in row]) for number, row in enumerate(rows, start=1)]


def _text(cell: Cell) -> str:
    """Return a cell as text; a number as Excel shows it in full (15 digits), `1.0` as `1`."""
    match cell:
        case bool():
            return "是" if cell else "否"
        case float() | int():
            return plain(Decimal(f"{cell:.15g}"))
        case datetime():
            return f"{cell:%Y-%m-%d}" if cell.time() == time() else f"{cell:%Y-%m-%d %H:%M:%S}"
        case date():
            return f"{cell:%Y-%m-%d}"
        case time():
            return f"{cell:%H:%M}"
        case _:
            return str(cell).strip()


def _unreadable(where: str) -> InvalidData:
    return InvalidData(
        Message("不是有效的表格文件，或设有打开密码", "not a valid workbook, or protected by a password"),
        where=where,
        hint=Message("用 Excel 或 WPS 打开，另存为 .xlsx 后再试", "open it and save it as .xlsx"),
    )
