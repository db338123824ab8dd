"""What of a form is the same for all its records, worked out once for each form."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from docgen.forms.definition import Field, Form
from docgen.forms.faults import BadValue
from docgen.forms.kinds.parsing import parse
from docgen.forms.ordering import dependencies, evaluation_order, formula, formulas
from docgen.forms.slots import Slot

#: Longest text, in characters, whose value is kept.
_SHORT = 64
_TODAY = re.compile(r"\btoday\b")


@dataclass(frozen=True, slots=True)
class Node:
    """A field, or a column in all rows: how its value comes about.

    Attributes:
        path: Field id, or `table.column`.
        table: The table of a column.
        needs: Paths that the value depends on.
        formula: The expression of the default, or "".
        default: Its value where it is none; the error where it is refused.
    """

    path: str
    field: Field
    table: Field | None
    needs: frozenset[str]
    formula: str
    default: object


@dataclass(frozen=True, slots=True)
class Place:
    """A field that a rule looks at, and the columns of it that the rule looks at.

    Attributes:
        itself: Whether the rule looks at the field, not only at cells.
    """

    slot: Slot
    itself: bool
    columns: tuple[Field, ...]


@lru_cache(maxsize=64)
def nodes(form: Form) -> tuple[Node, ...]:
    """Return every field and column of ``form``, each after everything that it depends on.

    Raises:
        Ring: Fields are computed from one another.
        ExpressionFault: An expression cannot be read.
    """
    return tuple(_node(form, path) for path in evaluation_order(form))


@lru_cache(maxsize=64)
def empty_values(form: Form) -> Mapping[str, object]:
    """Return the values of a record before anything is known."""
    return {field.id: () if field.columns else None for field in form.fields}


@lru_cache(maxsize=64)
def derived(form: Form) -> frozenset[str]:
    """Return the fields and columns whose value may come from an expression."""
    return frozenset(node.path for node in nodes(form) if any(formulas(node.field)))


def parse_field(form: Form, slot: Slot, raw: object) -> object:
    """Return what `parse` gives; short texts recur from record to record and are read once.

    Raises:
        BadValue: As for `parse`.
    """
    if isinstance(raw, str) and len(raw) <= _SHORT:
        return _parse_short(form, slot.path, raw)
    return parse(slot.field, raw)


@lru_cache(maxsize=8192)
def _parse_short(form: Form, path: str, raw: str) -> object:
    return parse(field_at(form, path), raw)


def field_at(form: Form, path: str) -> Field:
    """Return the field or column at ``path`` (field id, or `table.column`), which the form has."""
    field_id, _, column_id = path.partition(".")
    field = form.field(field_id)
    found = field.column(column_id) if field and column_id else field
    assert found is not None
    return found


def asks_today(text: str) -> bool:
    """Return whether an expression asks for the current date."""
    return bool(_TODAY.search(text))


def places(form: Form, looked_at: Callable[[Field], bool]) -> tuple[Place, ...]:
    """Return the fields and columns of ``form`` for which ``looked_at`` holds, in the order of the form."""
    found = (
        Place(Slot(field), looked_at(field), tuple(column for column in field.columns if looked_at(column)))
        for field in form.fields
    )
    return tuple(place for place in found if place.itself or place.columns)


def _node(form: Form, path: str) -> Node:
    field = field_at(form, path)
    table_id, _, column_id = path.partition(".")
    table = form.field(table_id) if column_id else None
    needs = frozenset(dependencies(form)[path])
    return Node(path, field, table, needs, formula(field.default), _default(field))


def _default(field: Field) -> object:
    if field.kind == "table" or formula(field.default):
        return None
    try:
        return parse(field, list(field.default) if isinstance(field.default, tuple) else field.default)
    except BadValue as error:
        return error
