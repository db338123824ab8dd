"""Rows of a table as they were given: lists, mappings or JSON text; default and fixed rows."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from docgen.base.findings import Problem
from docgen.base.messages import Message
from docgen.forms.answers import sort_keys
from docgen.forms.definition import Field
from docgen.forms.folding import fold
from docgen.forms.kinds.parsing import is_blank
from docgen.forms.naming import Names
from docgen.forms.ordering import formula

#: Rows that one table may have.
MAX_ROWS = 10_000


@dataclass(frozen=True, slots=True)
class Row:
    """One row as given.

    Attributes:
        number: Place in the table, counted from 1 (blank rows are counted and left out).
        cells: Column id -> what was typed.
        formulas: Column id -> expression, from a default row; only for cells that were not typed.
    """

    number: int
    cells: Mapping[str, object]
    formulas: Mapping[str, str] = field(default_factory=dict)


def read_rows(table: Field, names: Names, raw: object) -> tuple[list[Row], list[Problem]]:
    """Return the rows of ``table`` that ``raw`` holds, and what is wrong with their shape.

    Args:
        table: A table field.
        names: The names of its columns.
        raw: A list of mappings or of lists, or JSON text of one.
    """
    items = _items(raw)
    if items is None:
        message = Message("应为表格：每行一组“列: 值”", "a table is expected: a list of rows")
        return [], [_problem(table, message, value=raw if isinstance(raw, str) else "")]
    if len(items) > MAX_ROWS:
        message = Message(f"共 {len(items)} 行，最多 {MAX_ROWS} 行", f"{len(items)} rows; at most {MAX_ROWS}")
        return [], [_problem(table, message)]
    rows: list[Row] = []
    problems: list[Problem] = []
    for number, item in enumerate(items, start=1):
        cells, wrong = _cells(table, names, item, number)
        problems.extend(wrong)
        if cells:
            rows.append(Row(number, cells))
    return rows, problems


def default_rows(table: Field) -> list[Row]:
    """Return the rows that the form itself gives."""
    return [
        Row(
            number,
            {key: text for key, text in row.items() if text and not formula(text)},
            {key: formula(text) for key, text in row.items() if formula(text)},
        )
        for number, row in enumerate(table.rows, start=1)
    ]


def complete_by_default(table: Field) -> bool:
    """Return whether the default rows lack no cell that is always required."""
    return all(
        row.get(column.id) or column.default or column.compute
        for row in table.rows
        for column in table.columns
        if column.required and not column.when
    )


def label_column(table: Field) -> Field | None:
    """Return the column by which fixed rows are known: the first of text whose default cells all differ."""
    for column in table.columns:
        texts = [row.get(column.id, "") for row in table.rows]
        if column.kind in ("text", "longtext", "enum") and all(texts) and len(set(texts)) == len(texts):
            return column
    return None


def keep_fixed(table: Field, rows: list[Row]) -> tuple[list[Row], list[Problem]]:
    """Return ``rows`` completed from the fixed rows of ``table``: each there once, in order, at the start.

    Cells that a fixed row gives fill what was left blank; rows without any label are taken by their place.
    """
    column = label_column(table)
    assert column is not None  # the loader refuses fixed rows without one
    fixed = default_rows(table)
    wanted = [str(row.cells[column.id]) for row in fixed]
    if not any(column.id in row.cells for row in rows):
        rows = [_completed(row, base) for row, base in zip(rows, fixed, strict=False)] + rows[len(fixed) :]
    given = [fold(str(row.cells.get(column.id, ""))) for row in rows]
    problems = [
        _problem(table, message, value=label)
        for label in wanted
        if (message := _count_fault(given.count(fold(label)))) is not None
    ]
    if not problems and given[: len(wanted)] != [fold(label) for label in wanted]:
        order = "、".join(wanted)
        message = Message(
            f"固定行应排在最前，次序为：{order}", f"the fixed rows come first, in this order: {order}"
        )
        problems.append(_problem(table, message))
    if problems:
        return rows, problems
    head = [_completed(row, base) for row, base in zip(rows, fixed, strict=False)]
    return head + rows[len(fixed) :], []


def _completed(row: Row, base: Row) -> Row:
    formulas = {key: text for key, text in base.formulas.items() if key not in row.cells}
    return Row(row.number, {**base.cells, **row.cells}, formulas)


def _count_fault(count: int) -> Message | None:
    if count == 0:
        return Message("缺少这一固定行", "this fixed row is missing")
    return Message("固定行重复", "this fixed row is there twice") if count > 1 else None


def _items(raw: object) -> Sequence[object] | None:
    if isinstance(raw, str):
        try:
            raw = json.loads(raw, parse_float=str, parse_int=str, parse_constant=str)
        except (ValueError, RecursionError):
            return None
    if isinstance(raw, Mapping):
        return None
    return raw if isinstance(raw, Sequence) and not isinstance(raw, str) else None


def _cells(table: Field, names: Names, item: object, number: int) -> tuple[dict[str, object], list[Problem]]:
    if isinstance(item, Mapping):
        return sort_keys(names, item, table=table, row=number)
    if isinstance(item, str) or not isinstance(item, Sequence):
        if is_blank(item):
            return {}, []
        message = Message("这一行应为一组“列: 值”", "this row must be a mapping of columns")
        return {}, [_problem(table, message, row=number, value=str(item))]
    if len(item) > len(table.columns):
        wide, most = len(item), len(table.columns)
        message = Message(
            f"这一行有 {wide} 格，表格只有 {most} 列", f"{wide} cells in a table of {most} columns"
        )
        return {}, [_problem(table, message, row=number)]
    pairs = zip(table.columns, item, strict=False)
    return {column.id: cell for column, cell in pairs if not is_blank(cell)}, []


def _problem(table: Field, reason: Message, *, row: int | None = None, value: str = "") -> Problem:
    return Problem(table.id, table.label, reason, value=value, row=row)
