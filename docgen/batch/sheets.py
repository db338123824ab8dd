"""Workbooks as sheets of text, cells as people see them; XLSX line by line, XLS and ODS at once."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from docgen.base.errors import InvalidData
from docgen.base.messages import Message
from docgen.base.system_errors import told
from docgen.base.zip_errors import BROKEN_ZIP
from docgen.batch.grids import Line
from docgen.batch.merges import Merges
from docgen.forms.values import plain

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook

Cell = int | float | str | bool | time | date | datetime | timedelta | None

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_XLSX = "xl/workbook.xml"
#: Limits for XLS and ODS, which are read at once: small on disk, huge in memory.
_MOST_BYTES = 200_000_000
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
#: Stream of a workbook that is locked by a password, as its container names it.
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_HTML = (b"<html", b"<table", b"<!doctype html", b"<?xml")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A visible sheet that is not blank.

    Attributes:
        lines: Gives its lines from the first, as often as it is called.
    """

    name: str
    lines: Callable[[], Iterator[Line]]


def read_sheets(path: Path) -> list[Sheet]:
    """Return the visible sheets of a workbook that are not blank, in order.

    Raises:
        InvalidData: It is no workbook, is protected by a password, or is built to do harm.
        EnvironmentFault: It cannot be read.
    """
    with told(path), path.open("rb") as stream:
        if zipfile.is_zipfile(stream) and _is_xlsx(path):
            from docgen.batch.xlsx import xlsx_sheets

            return xlsx_sheets(path)
        stream.seek(0)
        data = stream.read(_MOST_BYTES)
    book = _calamine_book(data, path.name)  # refuses what is no workbook, or built to do harm
    return _by_office(path) or _calamine_sheets(book, path.name)


def _by_office(path: Path) -> list[Sheet]:
    """Return the sheets of an XLS or ODS as LibreOffice reads them; none where it is not there."""
    from docgen.batch.old_books import as_xlsx
    from docgen.batch.xlsx import xlsx_sheets

    made = as_xlsx(path)
    if made is None:
        return []
    # each sheet keeps the copy, which vanishes with the last of them
    return [Sheet(one.name, partial(_kept, made, one.lines)) for one in xlsx_sheets(made.path)]


def _kept(_copy: object, lines: Callable[[], Iterator[Line]]) -> Iterator[Line]:
    return lines()


def exact(value: float) -> bool:
    """Return whether a sheet keeps every digit of a number like this."""
    return abs(value) < _EXACT


def cell_text(cell: Cell) -> str:
    """Return a cell as text; a number as Excel shows it in full (15 digits), `1.0` as `1`."""
    match cell:
        case None:
            return ""
        case bool():
            return "是" if cell else "否"
        case float() | int():
            return plain(Decimal(f"{cell:.15g}"))
        case date() | time():
            return _moment_text(cell)
        case _:
            return str(cell).strip()


def _moment_text(cell: date | time) -> str:
    if isinstance(cell, time):
        return f"{cell:%H:%M}"
    with_time = isinstance(cell, datetime) and cell.time() != time()
    return f"{cell:%Y-%m-%d %H:%M:%S}" if with_time else f"{cell:%Y-%m-%d}"


def fault_of(cell: Cell) -> Message | None:
    """Return why a cell cannot be taken as it is."""
    return _INEXACT if isinstance(cell, float | int) and not exact(cell) else None


def too_large(where: str) -> InvalidData:
    """Return the error for a workbook that memory would not hold."""
    return InvalidData(
        Message("工作簿过大", "the workbook is too large"),
        where=where,
        hint=Message(
            "另存为“CSV UTF-8”后再试：CSV 不限行数", "save it as “CSV UTF-8”: CSV may be of any length"
        ),
    )


def unreadable(where: str, data: bytes = b"") -> InvalidData:
    """Return the error for a file that is no workbook; ``data`` tells what it is instead."""
    message = Message(
        "不是有效的表格文件，或设有打开密码", "not a valid workbook, or protected by a password"
    )
    if _ENCRYPTED in data:
        message = Message("设有打开密码", "protected by a password")
    elif data[:1000].lstrip(b"\xef\xbb\xbf \r\n\t").lower().startswith(_HTML):
        message = Message("是网页（HTML），不是表格文件", "a web page (HTML), not a workbook")
    return InvalidData(
        message,
        where=where,
        hint=Message("用 Excel 或 WPS 打开，另存为 .xlsx 后再试", "open it and save it as .xlsx"),
    )


def _is_xlsx(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as package:
            return _XLSX in package.namelist()
    except (*BROKEN_ZIP, OSError) as error:
        raise unreadable(path.name) from error


def _calamine_book(data: bytes, where: str) -> CalamineWorkbook:
    from python_calamine import CalamineError, CalamineWorkbook

    _check_size(data, where)
    try:
        return CalamineWorkbook.from_object(io.BytesIO(data))
    except (CalamineError, OSError, ValueError) as error:
        raise unreadable(where, data) from error


def _calamine_sheets(book: CalamineWorkbook, where: str) -> list[Sheet]:
    from python_calamine import CalamineError, SheetTypeEnum, SheetVisibleEnum

    sheets: list[Sheet] = []
    try:
        for meta in book.sheets_metadata:
            if meta.typ == SheetTypeEnum.WorkSheet and meta.visible == SheetVisibleEnum.Visible:
                sheet = book.get_sheet_by_name(meta.name)
                rows = sheet.to_python(skip_empty_area=False)
                if any(cell != "" for row in rows for cell in row):
                    merged = [
                        (left, top + 1, bottom + 1)
                        for (top, left), (bottom, _) in sheet.merged_cell_ranges or ()
                        if top < bottom
                    ]
                    sheets.append(Sheet(meta.name, partial(_lines, rows, merged)))
    except (CalamineError, OSError, ValueError) as error:
        raise unreadable(where) from error
    return sheets


def _check_size(data: bytes, where: str) -> None:
    """Refuse what would unpack to more than memory holds, before the reader tries."""
    if len(data) == _MOST_BYTES:
        raise too_large(where)
    if not data.startswith(ZIP):
        return
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            parts = package.infolist()
            large = sum(part.file_size for part in parts) > _MOST_BYTES
            content = [part for part in parts if part.filename == "content.xml"]
            if large or any(_REPEATED.search(package.read(part)) for part in content):
                raise too_large(where)
    except (*BROKEN_ZIP, OSError) as error:
        raise unreadable(where, data) from error


def _lines(rows: Sequence[Sequence[Cell]], merged: Sequence[tuple[int, int, int]]) -> Iterator[Line]:
    held = Merges(merged)
    for number, row in enumerate(rows, start=1):
        faults = {place: fault for place, cell in enumerate(row) if (fault := fault_of(cell))}
        yield Line(number, [cell_text(cell) for cell in row], {**held.at(number), **faults})
