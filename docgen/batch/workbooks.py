"""Sheets of a workbook as answers: a main sheet, and a sheet for each table."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from docgen.base.errors import InvalidData
from docgen.base.findings import Problem
from docgen.base.messages import Message
from docgen.batch.grids import Line, RawRow, grid_rows
from docgen.forms.definition import Field, Form
from docgen.forms.folding import fold

#: The column of a table's sheet that says to which row of the main sheet a line belongs.
OWNER = "主表序号"
_TITLE_LENGTH = 31
_NOT_IN_TITLE = re.compile(r"[\[\]:*?/\\]")


def sheet_title(table: Field) -> str:
    """Return the name of the sheet of ``table``: its label, as far as a sheet may be called so."""
    return _NOT_IN_TITLE.sub(" ", table.label).strip("' ")[:_TITLE_LENGTH] or table.id


def workbook_rows(
    sheets: Mapping[str, Sequence[Line]], form: Form, where: str, main: str = ""
) -> list[RawRow]:
    """Return the rows of the main sheet (``main``, else the first), with the lines of the tables' sheets.

    A sheet is that of a table if it is called like the table (id, label or alias). With ``main`` named other
    sheets are left alone, else every filled sheet must be a table's.

    Raises:
        InvalidData: No such sheet, a sheet that is no table's, or lines that belong to no row.
    """
    if not sheets:
        raise InvalidData(Message("工作簿是空的", "the workbook is empty"), where=where)
    name = main or next(iter(sheets))
    if name not in sheets:
        listed = "、".join(sheets)
        message = Message(f"没有工作表“{name}”；现有：{listed}", f"no sheet “{name}”; there are: {listed}")
        raise InvalidData(message, where=where)
    rows = grid_rows(sheets[name], f"{where}（{name}）", exact=False)
    rows = rows or [RawRow(1, {})] * (len(sheets) > 1)  # everything but the tables left to defaults
    for title, lines in sheets.items():
        table = _table(form, title)
        if title == name or (table is None and main):
            continue
        if table is None:
            raise _stray(form, title, where)
        rows = _joined(
            rows, table, grid_rows(lines, f"{where}（{title}）", exact=False), f"{where}（{title}）"
        )
    return rows


def _table(form: Form, title: str) -> Field | None:
    for field in form.fields:
        names = (field.id, field.label, *field.aliases, sheet_title(field))
        if field.kind == "table" and fold(title) in {fold(name) for name in names}:
            return field
    return None


def _stray(form: Form, title: str, where: str) -> InvalidData:
    tables = "、".join(sheet_title(field) for field in form.fields if field.kind == "table") or "无"
    return InvalidData(
        Message(
            f"工作表“{title}”不是表单中的表格（表格有：{tables}）",
            f"sheet “{title}” is no table of the form (tables: {tables})",
        ),
        where=where,
        hint=Message("删除或隐藏该工作表，或指定主表的名称", "delete or hide it, or name the main sheet"),
    )


def _joined(rows: list[RawRow], table: Field, lines: list[RawRow], where: str) -> list[RawRow]:
    """Return ``rows`` with the lines of one table, each by its owner (by default the only row)."""
    owned: dict[int, list[object]] = {}
    problems = []
    for line in lines:
        cells = dict(line.answers)
        owner = str(next((cells.pop(key) for key in list(cells) if fold(key) == fold(OWNER)), "")).strip()
        if not owner and len(rows) == 1:
            owner = "1"
        if owner.isascii() and owner.isdigit() and 1 <= int(owner[:9]) <= len(rows):
            owned.setdefault(int(owner), []).append(cells)
        else:
            reason = Message(
                f"{OWNER}应为 1 至 {len(rows)}，指主表的第几份数据",
                f"{OWNER} must be 1 to {len(rows)}: which row of the main sheet",
            )
            problems.append(Problem(table.id, table.label, reason, value=owner, row=line.number))
    if problems:
        raise InvalidData(Message("有的行找不到主表", "some lines belong to no row"), problems, where=where)
    return [
        replace(row, answers={**row.answers, table.id: owned[place]}) if place in owned else row
        for place, row in enumerate(rows, start=1)
    ]
