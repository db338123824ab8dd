"""What would have to be typed to get a record again: its values without those that follow from others."""

from __future__ import annotations

from collections.abc import Mapping

from docgen.forms.canonical import canonical
from docgen.forms.definition import Field
from docgen.forms.expressions.expression import compile_expression
from docgen.forms.records import Record
from docgen.forms.slots import RowScope, Scope
from docgen.forms.values import Ruled


def retyped(record: Record) -> dict[str, object]:
    """Return the answers that make ``record``, so that one of them can be changed.

    Computed values are left out: they follow the change. One that is computed only on a condition is left
    out where the condition held.
    """
    return {
        field.id: value
        for field in record.form.fields
        if (value := _answer(record, field, record.values[field.id], record.values)) is not None
    }


def _answer(record: Record, field: Field, value: object, scope: Scope) -> object:
    if value is None or isinstance(value, Ruled) or _computed(record, field, scope):
        return None
    if field.columns and isinstance(value, tuple):
        return [_row(record, field, row, place) for place, row in enumerate(value, 1)]
    return canonical(value)


def _row(record: Record, table: Field, row: Mapping[str, object], place: int) -> dict[str, object]:
    scope = RowScope(row, place, record.values)
    cells = {column.id: _answer(record, column, row[column.id], scope) for column in table.columns}
    return {key: cell for key, cell in cells.items() if cell is not None}


def _computed(record: Record, field: Field, scope: Scope) -> bool:
    if not field.compute:
        return False
    if not field.compute_if:
        return True
    return compile_expression(field.compute_if).evaluate(scope, today=record.today) is True
