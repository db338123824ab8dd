"""A ledger as a workbook: the same content gives the same bytes."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from math import ceil
from typing import TYPE_CHECKING
from unicodedata import east_asian_width

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties

from docgen.render.package import Package

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

#: House style: 表格文字 宋体 五号, 表头 黑体, light grey.
_TEXT, _HEAD = Font(name="宋体", size=10.5), Font(name="黑体", size=10.5)
_GREY = PatternFill("solid", fgColor="F2F2F2")
_FRAME = Border(*(Side(style="thin", color="808080"),) * 4)
_LONGEST = 32_000
#: Height of a line, in points.
_LINE = 15.0
_CORE = "docProps/core.xml"
_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*")


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: heads, rows (numbers stay numbers), widths of columns in characters."""

    title: str
    heads: tuple[str, ...]
    rows: Sequence[Sequence[str | int]]
    widths: tuple[float, ...]


def ledger(sheets: Sequence[Sheet], moment: datetime) -> bytes:
    """Return the workbook as XLSX; ``moment`` is when its content came about."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for sheet in sheets:
        _fill(book.create_sheet(sheet.title), sheet)
    stamp = moment.astimezone(UTC).replace(microsecond=0, tzinfo=None)
    book.properties.created = stamp
    book.properties.creator = "docgen"
    data = io.BytesIO()
    book.save(data)
    with zipfile.ZipFile(data) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    modified = f"{stamp.isoformat()}Z".encode()  # openpyxl writes the moment of saving
    parts[_CORE] = _MODIFIED.sub(lambda match: match[1] + modified, parts[_CORE])
    return Package(parts).to_bytes()


def _fill(sheet: Worksheet, content: Sheet) -> None:
    for number, row in enumerate((content.heads, *content.rows), start=1):
        for place, value in enumerate(row, start=1):
            _put(sheet, number, place, value)
        lines = max(map(_lines, row, content.widths))
        if lines > 1:  # programs that make a PDF of it leave rows at one line
            sheet.row_dimensions[number].height = lines * _LINE
    for place, width in enumerate(content.widths, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    for cell in sheet[1]:
        cell.font, cell.fill = _HEAD, _GREY
        cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
    sheet.freeze_panes = "A2"
    sheet.print_title_rows = "1:1"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


def _lines(value: str | int, width: float) -> int:
    """Return how many lines a value takes in a column: a Chinese character is as wide as two others."""
    room = width - 1
    lengths = (
        sum(2 if east_asian_width(sign) in "WFA" else 1 for sign in line) for line in str(value).split("\n")
    )
    return sum(max(1, ceil(length / room)) for length in lengths)


def _put(sheet: Worksheet, row: int, column: int, value: str | int) -> None:
    """Write text as text, also when somebody edits the cell: it must never become a formula."""
    cell = sheet.cell(row, column)
    if isinstance(value, str):
        cell.value = ILLEGAL_CHARACTERS_RE.sub(" ", value)[:_LONGEST]
        cell.data_type = "s"
        cell.number_format = "@"
        cell.quotePrefix = value[:1] in ("=", "+", "-", "@", "\t", "\r")
    else:
        cell.value = value
    cell.font, cell.border = _TEXT, _FRAME
    cell.alignment = Alignment(vertical="center", wrap_text=True)
