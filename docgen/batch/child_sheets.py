"""How sheets are called that hold the lines of a table, and how their lines name the row they belong to."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from docgen.base.errors import InvalidData
from docgen.base.messages import Message
from docgen.forms.definition import Field, Form
from docgen.forms.folding import fold
from docgen.forms.naming import column_names, names_of

#: The column of a table's sheet that says to which row of the main sheet a line belongs.
OWNER = "主表序号"
_OWNERS = frozenset(fold(name) for name in (OWNER, "row"))
_TITLE_LENGTH = 31
_NOT_IN_TITLE = re.compile(r"[\[\]:*?/\\]")


def sheet_title(table: Field) -> str:
    """Return the name of the sheet of ``table``: its label, as far as a sheet may be called so."""
    return _NOT_IN_TITLE.sub(" ", table.label).strip("' ")[:_TITLE_LENGTH] or table.id


def table_called(form: Form, title: str) -> Field | None:
    """Return the table of ``form`` that a sheet of this name holds: by id, label or alias."""
    for field in form.fields:
        names = (field.id, field.label, *field.aliases, sheet_title(field))
        if field.kind == "table" and fold(title) in {fold(name) for name in names}:
            return field
    return None


def no_table(forms: Iterable[Form], title: str, where: str) -> InvalidData:
    """Return the error for lines that are called like no table of the ``forms``."""
    labels = [sheet_title(field) for form in forms for field in form.fields if field.kind == "table"]
    tables = "、".join(dict.fromkeys(labels)) or "无"
    return InvalidData(
        Message(
            f"“{title}”不是表单中的表格（表格有：{tables}）",
            f"“{title}” is no table of the form (tables: {tables})",
        ),
        where=where,
        hint=Message(
            "改正表格名；不是明细的工作表请删除或隐藏，或用 --sheet 指定主表",
            "correct the name; delete or hide a sheet that is none, or name the main one (--sheet)",
        ),
    )


def owner_heading(headings: Sequence[str], title: str, forms: Sequence[Form], main: Sequence[str]) -> str:
    """Return the heading over the cells that say to which main row a line belongs, or "".

    It is 主表序号 (or `row`), else one that the main table has too and that is no column of the table itself.
    """
    for heading in headings:
        if by_position(heading):
            return heading
    for heading in headings:
        own = any(_is_column(form, title, heading) for form in forms)
        if heading and not own and main_heading(heading, forms, main):
            return heading
    return ""


def by_position(heading: str) -> bool:
    """Return whether the cells under ``heading`` count the rows of the main table."""
    return fold(heading) in _OWNERS


def main_heading(heading: str, forms: Sequence[Form], main: Sequence[str]) -> str:
    """Return the heading of the main table that means the same as ``heading``, or ""."""
    for other in main:
        if fold(other) == fold(heading):
            return other
        for form in forms:
            field = names_of(form).find(heading)
            if field is not None and names_of(form).find(other) is field:
                return other
    return ""


def _is_column(form: Form, title: str, heading: str) -> bool:
    table = table_called(form, title)
    return table is not None and column_names(form)[table.id].find(heading) is not None
