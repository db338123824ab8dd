"""Data tables: head repeated on every page, one row per record row, a total row."""

from __future__ import annotations

from collections.abc import Sequence

from docgen.base.messages import Message
from docgen.forms.definition import Field
from docgen.render.drawing.context import Context
from docgen.render.drawing.values import column_style, column_tag, column_widths, narrowest
from docgen.render.drawing.xml import fit, paragraph, row, row_statement, table
from docgen.render.outline.model import Table

ROW = "row"


def draw_table(context: Context, part: Table, *, bars: Sequence[str] = (), style: str = "HouseTable") -> str:
    """Return the table; ``bars`` are section bars above its head, repeated with it."""
    field = context.field(part.field, part.line, "table")
    if field is None:
        return ""
    columns = _columns(context, field, part)
    widths = _widths(context, columns, part)
    if not columns or not widths:
        return ""
    above = [context.cell(text, "SectionBar", context.width, span=len(widths)) for text in bars]
    head = _cells(context, [(column.label, "TableHead") for column in columns], widths)
    body = _cells(context, [(column_tag(column, ROW), column_style(column)) for column in columns], widths)
    rows = [
        *(row(bar, head=True) for bar in above),
        row(head, head=True),
        row_statement(f"for {ROW} in {field.id}", widths),
        row(body),
        row_statement("endfor", widths),
        *_total(context, columns, widths, part),
    ]
    return table(rows, widths, style)


def draw_caption(part: Table) -> str:
    """Return the caption above a table, empty where it has none."""
    return paragraph(part.caption, "Caption") if part.caption else ""


def _columns(context: Context, field: Field, part: Table) -> list[Field]:
    if not part.columns:
        return [column for column in field.columns if not column.internal]
    found = [context.column(field, name, part.line) for name in part.columns]
    return [column for column in found if column is not None]


def _widths(context: Context, columns: Sequence[Field], part: Table) -> tuple[int, ...]:
    if not part.widths:
        return column_widths(columns, context.width) if columns else ()
    if len(part.widths) != len(columns):
        context.faults.add(
            part.line,
            Message(
                f"widths 有 {len(part.widths)} 个，表有 {len(columns)} 列",
                f"{len(part.widths)} widths for {len(columns)} columns",
            ),
        )
        return ()
    least = [max(width, narrowest(column)) for width, column in zip(part.widths, columns, strict=True)]
    return fit(least, context.width)


def _cells(context: Context, texts: Sequence[tuple[str, str]], widths: Sequence[int]) -> str:
    return "".join(
        context.cell(text, style, width) for (text, style), width in zip(texts, widths, strict=True)
    )


def _total(context: Context, columns: Sequence[Field], widths: Sequence[int], part: Table) -> list[str]:
    """The row 合计: a label cell up to the last column of money, the amount, empty cells behind it."""
    if not part.total:
        return []
    total = context.field(part.total, part.line, "money", "number", "int")
    words = context.field(part.words, part.line) if part.words else None
    places = [index for index, column in enumerate(columns) if column.kind == (total.kind if total else "")]
    if total is None or not places or places[-1] == 0:
        if total is not None:
            context.faults.add(
                part.line,
                Message("合计行要有不在第一列的金额列", "a total needs a column of amounts, not the first"),
            )
        return []
    at = places[-1]
    label = f"合计人民币（大写）：{{{{ {words.id} }}}}" if words else "合计"
    cells = context.cell(label, "TableTotal", sum(widths[:at]), span=at)
    amount = f"{{{{ {total.id}|{'money' if total.kind == 'money' else 'number'} }}}}"
    cells += context.cell(amount, "TotalNumber", widths[at])
    cells += "".join(context.cell("", "TableText", width) for width in widths[at + 1 :])
    return [row(cells)]
