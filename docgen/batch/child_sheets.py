"""How sheets are called that hold the lines of a table, and how their lines name the row they belong to."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from docgen.base.errors import InvalidData
from docgen.base.findings import Problem
from docgen.base.messages import Message
from docgen.forms.definition import Field, Form
from docgen.forms.folding import fold
from docgen.forms.naming import column_names, names_of

#: The column of a table's sheet that says to which row of the main sheet a line belongs.
OWNER = "主表序号"
_OWNERS = frozenset(fold(name) for name in (OWNER, "row"))
_TITLE_LENGTH = 31
_NOT_IN_TITLE = re.compile(r"[\[\]:*?/\\]")


def sheet_title(what: Field | Form) -> str:
    """Return the name of the sheet of a table, or of the main sheet: its label, as far as it may be one."""
    label = what.label if isinstance(what, Field) else what.name
    return _NOT_IN_TITLE.sub(" ", label).strip("' ")[:_TITLE_LENGTH] or what.id


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


def owner_field(form: Form, table: Field) -> Field:
    """Return the column by which lines of ``table`` name their row in a blank.

    It is the number of the document, which stays right when someone sorts the main sheet; where the
    document has none that people type, or the table has a column of that name, it is the row's place.
    """
    number = form.field(form.number) if form.number else None
    taken = number and {fold(number.label), fold(number.id)} & {fold(one.label) for one in table.columns}
    if number is None or taken or not number.required or number.compute or number.default:
        return Field("owner", OWNER, help="属于主表的第几份数据，从 1 起；主表只有一份时可不填")
    return Field("owner", number.label, help=f"属于哪一份：写主表中的{number.label}；主表只有一份时可不填")


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


def unknown_columns(headings: Sequence[str], key: str, title: str, forms: Sequence[Form]) -> list[Problem]:
    """Return what is wrong with the headings over lines: columns that the table ``title`` has in no form."""
    problems = []
    for heading in headings:
        if heading and heading != key and not any(_is_column(form, title, heading) for form in forms):
            near = next((near for form in forms if (near := _nearest(form, title, heading))), "")
            reason = Message(
                f"表格“{title}”没有这一列" + (f"，是否指“{near}”" if near else "，请删去"),
                f"no column of the table “{title}”" + (f"; did you mean “{near}”" if near else ""),
            )
            problems.append(Problem(heading, f"“{heading}”列", reason))
    return problems


def _nearest(form: Form, title: str, heading: str) -> str:
    table = table_called(form, title)
    return column_names(form)[table.id].nearest(heading) if table else ""


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
