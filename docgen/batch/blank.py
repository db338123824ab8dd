"""Blank sheets to fill in: YAML, CSV, XLSX; read back by `tables`."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterator, Mapping

from docgen.batch.grids import NOTE, cell_heading
from docgen.batch.hints import hint, typed
from docgen.forms.definition import Field, Form
from docgen.forms.ordering import formula
from docgen.forms.rows import complete_by_default

#: A sheet program takes a cell that begins so for a formula.
FORMULA_START = ("=", "+", "-", "@", "\t", "\r")


def blank(form: Form, kind: str) -> bytes:
    """Return an empty sheet (``kind``: yaml, csv or xlsx) for the fields of ``form`` that people fill in.

    YAML has a comment above every field; CSV and XLSX have headings (labels) and a line that explains them;
    a table is a list in YAML, columns `label.1.column` in CSV (continue with 2, 3, …), a sheet in XLSX.
    Defaults are named, not filled in, so that cards still go before them; default rows stand where a
    table needs them.
    """
    writers: Mapping[str, Callable[[Form], bytes]] = {"yaml": _yaml, "csv": _csv, "xlsx": _xlsx}
    return writers[kind](form)


def fillable(form: Form) -> Iterator[Field]:
    """Yield the fields that people fill in, in the order of the form."""
    return (field for field in form.fields if typed(field))


def given_rows(table: Field) -> list[Mapping[str, str]]:
    """Return the default rows that a blank shows: those that say the same whether typed or left out."""
    computed = any(formula(text) for row in table.rows for text in row.values())
    if not (table.required or complete_by_default(table)) or (computed and not table.rows_fixed):
        return []
    return [{key: text for key, text in row.items() if not formula(text)} for row in table.rows]


def safe(text: str) -> str:
    """Return ``text`` so that no sheet program takes it for a formula."""
    return f"'{text}" if text.startswith(FORMULA_START) else text


def heading(field: Field, table: Field | None = None) -> str:
    """Return the heading of a field or of the first row's cell in a table's column."""
    if table:
        return f"{heading(table)}.1.{field.label}"
    return field.id if cell_heading(field.label) else field.label


def _xlsx(form: Form) -> bytes:
    from docgen.batch.blank_workbook import workbook

    return workbook(form)


def _csv(form: Form) -> bytes:
    columns: list[tuple[str, str]] = []
    for field in fillable(form):
        if field.kind == "table":
            inside = [column for column in field.columns if typed(column)]
            columns += [(heading(column, field), hint(column)) for column in inside]
        else:
            columns.append((heading(field), hint(field)))
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([safe(name) for name, _ in columns])
    writer.writerow([safe((NOTE if place == 0 else "") + note) for place, (_, note) in enumerate(columns)])
    return text.getvalue().encode("utf-8-sig")


def _yaml(form: Form) -> bytes:
    lines = [f"# {_flat(form.name)}：在冒号后填写；留空的取项目卡片、公司卡片或默认值。", ""]
    for field in fillable(form):
        note = hint(field)
        lines.append(f"# {_flat(field.label)}" + (f"（{_flat(note)}）" if note else ""))
        lines.append(f"{field.id}:")
        if field.kind == "table":
            lines.extend(_yaml_rows(field))
        lines.append("")
    return "\n".join(lines).encode()


def _yaml_rows(table: Field) -> Iterator[str]:
    columns = [column for column in table.columns if typed(column)]
    for number, row in enumerate(given_rows(table) or [{}]):
        for place, column in enumerate(columns):
            value = row.get(column.id, "")
            line = f"{'  - ' if place == 0 else '    '}{column.id}:" + (f" {_quoted(value)}" if value else "")
            yield line if number else f"{line}  # {_flat(column.label)}" + _bracketed(hint(column))


def _bracketed(note: str) -> str:
    return f"（{_flat(note)}）" if note else ""


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _flat(text: str) -> str:
    """Return ``text`` fit for a comment: one line, nothing that ends it."""
    return re.sub(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]+", " ", text)
