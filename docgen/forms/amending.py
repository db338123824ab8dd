"""A finished record with other values in a few fields on which nothing else depends."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache

from docgen.forms.definition import Field, Form
from docgen.forms.expressions.expression import compile_expression
from docgen.forms.faults import BadValue, ExpressionFault
from docgen.forms.kinds.parsing import parse
from docgen.forms.ordering import cell_formulas, formulas
from docgen.forms.records import Record
from docgen.forms.workdays import Calendar


def amended(record: Record, answers: Mapping[str, str], calendar: Calendar) -> Record | None:
    """Return ``record`` with ``answers`` (field id -> text) in place of what it has there.

    It is the record that `build_record` would make. ``None``: that must be asked, because something else in
    the record depends on these fields, or because they do not fit.
    """
    form = record.form
    if not (all(answers.values()) and _stand_alone(form, frozenset(answers))):
        return None
    fields = [field for key in answers if (field := form.field(key))]
    try:
        typed = {field.id: parse(field, answers[field.id]) for field in fields}
        values = {**record.values, **typed}
        for field in _perhaps_needed(form, frozenset(answers)):
            if values[field.id] is None and _needed(field, values, record.today, calendar):
                return None
    except (BadValue, ExpressionFault):
        return None
    return record.amended(typed)


def _needed(field: Field, values: Mapping[str, object], today: date, calendar: Calendar) -> bool:
    if field.required or not field.required_if:
        return field.required
    return compile_expression(field.required_if).evaluate(values, today=today, calendar=calendar) is True


@lru_cache(maxsize=64)
def _perhaps_needed(form: Form, keys: frozenset[str]) -> tuple[Field, ...]:
    """Return the fields ``keys``, and those that may be needed because of them."""
    return tuple(field for field in form.fields if field.id in keys or _names(field.required_if) & keys)


@lru_cache(maxsize=64)
def _stand_alone(form: Form, keys: frozenset[str]) -> bool:
    """Whether the fields ``keys`` are plain, and no value and no check depends on them."""
    fields = [form.field(key) for key in keys]
    plain = all(
        field and field.kind in ("text", "longtext") and not (field.compute or field.when) for field in fields
    )
    used = {name for text in _expressions(form) for name in _names(text)}
    return plain and not used & keys and not keys & {form.number, "project_name", *form.date_from}


def _expressions(form: Form) -> Iterator[str]:
    """Yield every expression but those that say whether a field is needed."""
    yield from (check.rule for check in form.checks)
    for field in form.fields:
        yield from formulas(field)
        for column in field.columns:
            yield from cell_formulas(field, column)
            yield column.required_if
        if field.columns:  # it decides on default rows, too
            yield field.required_if


def _names(text: str) -> frozenset[str]:
    return compile_expression(text).names() if text else frozenset()
