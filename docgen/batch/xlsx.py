"""Sheets of XLSX workbooks of any length, line by line; looked through for harm before they are read."""

from __future__ import annotations

import re
import warnings
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache, partial
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docgen.base.errors import DocgenError
from docgen.base.messages import Message
from docgen.base.zip_errors import BROKEN_ZIP
from docgen.batch.grids import Line
from docgen.batch.merges import Merges
from docgen.batch.sheets import Sheet, cell_text, fault_of, too_large, unreadable
from docgen.forms.values import plain

if TYPE_CHECKING:
    from openpyxl import Workbook

#: Most that a package may unpack to: a million rows of twenty cells.
_MOST_BYTES = 2_000_000_000
#: Most that the parts may unpack to that are read at once (texts, styles).
_MOST_AT_ONCE = 200_000_000
#: Most cells of a row (Excel: 16,384).
_MOST_COLUMNS = 20_000
#: So many bytes without any tag are one cell that nobody typed.
_CHUNK = 1 << 20
#: Rows of a sheet (Excel: as many).
_MOST_ROWS = 1_048_576
_ROW, _C = re.compile(rb"<(?:\w+:)?row[ />]"), re.compile(rb"<(?:\w+:)?c[ >/]")
_FORMULA = re.compile(rb"<(?:\w+:)?f[ >]")
_NUMBER = re.compile(rb"""<(?:\w+:)?row\s[^>]*?\br=["']([0-9]+)["']""")
_MERGED = re.compile(
    rb"""<(?:\w+:)?mergeCell\s[^>]*?ref=["']([A-Z]{1,3})([0-9]{1,7}):[A-Z]{1,3}([0-9]{1,7})["']"""
)
#: Number formats: `0.0%`; `000000`, which shows leading zeros.
_QUOTED = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')
_ZEROS = re.compile(r"0{2,}")

_NOT_CALCULATED = Message(
    "是没有计算结果的公式；用 Excel 或 WPS 打开并保存一次，或直接填数值",
    "a formula that was never calculated; open and save the file in Excel, or type the value",
)


@dataclass(frozen=True, slots=True)
class _Look:
    """What looking through the bytes of a workbook has shown.

    Attributes:
        formulas: Some sheet holds formulas.
        merged: Part name -> column, first and last row of cells that are merged over several rows.
    """

    formulas: bool
    merged: Mapping[str, Sequence[tuple[int, int, int]]]


def xlsx_sheets(path: Path) -> list[Sheet]:
    """Return the visible sheets that are not blank, in order.

    Raises:
        InvalidData: It is no workbook, or is built to do harm.
    """
    look = _look_through(path)
    with closing(_open(path)) as book:
        # openpyxl tells merged cells of sheets that it reads whole only: found by the part they are in
        parts = {
            sheet.title: str(getattr(sheet, "_worksheet_path", "")).lstrip("/")
            for sheet in book.worksheets
            if sheet.sheet_state == "visible"
        }
    sheets = [
        Sheet(title, partial(_lines, path, title, look.merged.get(part, ()), formulas=look.formulas))
        for title, part in parts.items()
    ]
    return [sheet for sheet in sheets if any(any(line.cells) or line.faults for line in sheet.lines())]


def _look_through(path: Path) -> _Look:
    formulas = False
    merged: dict[str, Sequence[tuple[int, int, int]]] = {}
    try:
        with zipfile.ZipFile(path) as package:
            parts = package.infolist()
            at_once = [part for part in parts if not _is_sheet(part.filename)]
            if sum(part.file_size for part in parts) > _MOST_BYTES:
                raise too_large(path.name)
            if sum(part.file_size for part in at_once) > _MOST_AT_ONCE:
                raise too_large(path.name)
            for part in parts:
                if part.filename.endswith((".xml", ".rels")):
                    found, ranges = _look_at(package, part, path.name)
                    formulas = formulas or found
                    merged[part.filename] = ranges
    except (*BROKEN_ZIP, OSError) as error:
        raise unreadable(path.name) from error
    return _Look(formulas, merged)


def _is_sheet(name: str) -> bool:
    return name.startswith("xl/worksheets/") and name.endswith(".xml")


def _look_at(
    package: zipfile.ZipFile, part: zipfile.ZipInfo, where: str
) -> tuple[bool, list[tuple[int, int, int]]]:
    """Return whether a part holds formulas, and which of its cells are merged over several rows."""
    from openpyxl.utils import column_index_from_string

    formulas, tail, cells, rows = False, b"", 0, 0
    merged: list[tuple[int, int, int]] = []
    with package.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            if len(chunk) == _CHUNK and b"<" not in chunk:
                raise too_large(where)
            text = tail + chunk
            if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
                raise unreadable(where)
            cells = _longest_row(text, cells, where)
            rows += len(_ROW.findall(text)) - len(_ROW.findall(tail))
            if rows > _MOST_ROWS or any(int(number[:12]) > _MOST_ROWS for number in _NUMBER.findall(text)):
                raise too_large(where)
            formulas = formulas or _FORMULA.search(text) is not None
            for column, first, last in _MERGED.findall(text):
                if len(merged) > _MOST_COLUMNS:
                    raise too_large(where)
                if first != last:
                    merged.append((column_index_from_string(column.decode()) - 1, int(first), int(last)))
            cut = text.rfind(b"<")
            tail = text[cut:] if cut >= 0 and len(text) - cut < _CHUNK else b""
    return formulas, merged


def _longest_row(text: bytes, before: int, where: str) -> int:
    """Return the number of cells after the last row began; ``before``: those before ``text``."""
    for place, row in enumerate(_ROW.split(text)):
        before = len(_C.findall(row)) + (before if place == 0 else 0)
        if before > _MOST_COLUMNS:
            raise too_large(where)
    return before


def _open(path: Path, *, formulas: bool = False) -> Workbook:
    import openpyxl

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return openpyxl.load_workbook(path, read_only=True, data_only=not formulas, keep_links=False)
    except Exception as error:  # openpyxl raises whatever its reading of hostile XML comes upon
        raise unreadable(path.name) from error


def _lines(
    path: Path, title: str, merged: Sequence[tuple[int, int, int]], *, formulas: bool
) -> Iterator[Line]:
    typed = _formulas(path, title) if formulas else iter(())
    held = Merges(merged)
    try:
        for number, (row, flags) in enumerate(zip_longest(_rows(path, title), typed, fillvalue=()), start=1):
            yield _line(number, row, flags, held.at(number))
    except DocgenError:
        raise
    except Exception as error:
        raise unreadable(path.name) from error


def _rows(path: Path, title: str, *, formulas: bool = False) -> Iterator[Sequence[Any]]:
    with closing(_open(path, formulas=formulas)) as book:
        sheet: Any = book[title]
        sheet.reset_dimensions()
        rows = sheet.iter_rows()
        while True:
            with warnings.catch_warnings():  # openpyxl warns of what it passes over
                warnings.simplefilter("ignore")
                row = next(rows, None)
            if row is None:
                return
            yield row


def _formulas(path: Path, title: str) -> Iterator[tuple[bool, ...]]:
    """Yield for every row which of its cells are formulas."""
    for row in _rows(path, title, formulas=True):
        yield tuple(cell.data_type == "f" for cell in row)


def _line(number: int, row: Sequence[Any], formulas: Sequence[bool], merged: Mapping[int, Message]) -> Line:
    faults: dict[int, Message] = {}
    for place, cell in enumerate(row):
        fault = _fault(cell)
        calculated = cell.value is not None or cell.data_type == "str"  # the empty text
        if not calculated and place < len(formulas) and formulas[place]:
            fault = _NOT_CALCULATED
        if fault:
            faults[place] = fault
    for column, fault in merged.items():
        faults.setdefault(column, fault)
    return Line(number, [_text(cell) for cell in row], faults)


def _fault(cell: Any) -> Message | None:
    if cell.data_type == "e":
        return Message(f"是错误值 {cell.value}", f"is the error {cell.value}")
    return fault_of(cell.value)


def _text(cell: Any) -> str:
    """Return a cell as it is shown: 6% where it holds 0.06 formatted so, 000123 likewise."""
    value = cell.value
    if isinstance(value, int | float) and not isinstance(value, bool):
        percent, width = _shown(cell.number_format or "")
        if percent:
            return plain(Decimal(f"{value:.15g}") * 100) + "%"
        if width and isinstance(value, int) and value >= 0:
            return str(value).zfill(width)
    return cell_text(value)


@lru_cache(maxsize=1024)
def _shown(number_format: str) -> tuple[bool, int]:
    """Return whether a number format shows percents, and how many digits it fills up with zeros."""
    bare = _QUOTED.sub("", number_format)
    return "%" in bare, len(bare) if _ZEROS.fullmatch(bare) else 0
