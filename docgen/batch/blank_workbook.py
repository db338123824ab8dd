"""A blank workbook: headings, explanations, drop-downs, formats, a sheet for each table."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.datavalidation import DataValidation

from docgen.batch.blank import fillable, given_rows, heading
from docgen.batch.child_sheets import OWNER, owner_field, sheet_title
from docgen.batch.grids import NOTE
from docgen.batch.hints import hint, typed
from docgen.forms.definition import Field, Form

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

_OPTIONS = "选项"
_LAST_ROW = 2000
#: A list inside the validation itself may not be longer, and not hold a comma or quote.
_INLINE = 250
_FORMATS = {"date": "yyyy-mm-dd", "datetime": "yyyy-mm-dd hh:mm", "money": "#,##0.00", "number": "General"}


def workbook(form: Form) -> bytes:
    """Return the blank of ``form`` as XLSX."""
    book = Workbook()
    main = book.active
    assert main is not None
    tables = [field for field in fillable(form) if field.kind == "table"]
    options = book.create_sheet(_OPTIONS)
    options.sheet_state = "hidden"
    main.title = sheet_title(form)
    _sheet(main, [field for field in fillable(form) if field.kind != "table"], options)
    for table in tables:
        sheet = book.create_sheet(_unused(book, table))
        columns = [column for column in table.columns if typed(column)]
        owner = owner_field(form, table)
        _sheet(sheet, [owner, *columns], options)
        for number, row in enumerate(given_rows(table), start=3):
            _write_row(sheet, number, "1" if owner.label == OWNER else "", row, columns)
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def _unused(book: Workbook, table: Field) -> str:
    """Return the sheet's title; the table's id where another sheet already has it."""
    title = sheet_title(table)
    taken = {name.casefold() for name in book.sheetnames}
    return table.id[:31] if title.casefold() in taken else title


def _sheet(sheet: Worksheet, fields: Sequence[Field], options: Worksheet) -> None:
    for place, field in enumerate(fields, start=1):
        letter = get_column_letter(place)
        _put(sheet, 1, place, heading(field))
        _put(sheet, 2, place, (NOTE if place == 1 else "") + hint(field))
        sheet.column_dimensions[letter].width = 24 if field.kind == "longtext" else 16
        sheet.column_dimensions[letter].number_format = _FORMATS.get(field.kind, "@")
        choices = ("是", "否") if field.kind == "bool" else field.options if field.kind == "enum" else ()
        if choices:
            _drop_down(sheet, f"{letter}3:{letter}{_LAST_ROW}", choices, options)
    for cell in sheet[1]:
        cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor="F2F2F2")
    for cell in (*sheet[1], *sheet[2]):
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    for cell in sheet[2]:
        cell.font = Font(size=9, color="666666")
    sheet.freeze_panes = "A3"


def _write_row(
    sheet: Worksheet, number: int, owner: str, row: Mapping[str, str], columns: Sequence[Field]
) -> None:
    _put(sheet, number, 1, owner)
    for place, column in enumerate(columns, start=2):
        _put(sheet, number, place, row.get(column.id, ""))


def _put(sheet: Worksheet, row: int, column: int, text: str) -> None:
    """Write text as text: a cell that begins with `=` must never become a formula."""
    if text:
        cell = sheet.cell(row, column, ILLEGAL_CHARACTERS_RE.sub(" ", text))
        cell.data_type = "s"
        cell.number_format = "@"


def _drop_down(sheet: Worksheet, cells: str, choices: Sequence[str], options: Worksheet) -> None:
    inline = ",".join(choices)
    if len(inline) > _INLINE or any("," in choice or '"' in choice for choice in choices):
        source = _listed(choices, options)
    else:
        source = f'"{inline}"'
    rule = DataValidation(type="list", formula1=source, allow_blank=True, showErrorMessage=True)
    rule.errorTitle, rule.error = "不在选项之内", "请从下拉列表中选择"
    rule.add(cells)
    sheet.add_data_validation(rule)


def _listed(choices: Sequence[str], options: Worksheet) -> str:
    column = options.max_column + 1
    for row, choice in enumerate(choices, start=1):
        _put(options, row, column, choice)
    letter = get_column_letter(column)
    return f"{quote_sheetname(_OPTIONS)}!${letter}$1:${letter}${len(choices)}"
