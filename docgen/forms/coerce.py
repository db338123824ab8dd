"""Computed results as values of a field's kind, and whether a typed value agrees with one."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from docgen.base.messages import Message
from docgen.forms.amounts import parse_cny
from docgen.forms.canonical import canonical
from docgen.forms.definition import Field
from docgen.forms.display import display
from docgen.forms.faults import BadValue
from docgen.forms.kinds.parsing import check_limits, parse
from docgen.forms.values import Duration, Percent, half_up, plain, to_money

#: Decimals that a computed number or percentage keeps; what a typed one may have.
_PLACES = 10


def coerce(field: Field, result: object) -> object:
    """Return the ``result`` of an expression as a value of ``field``; money is rounded half-up to 0.01.

    Raises:
        BadValue: The result is of another kind, or outside the field's limits.
    """
    if result is None or result == "":
        return None
    if field.kind in ("money", "number", "int", "percent"):
        value = _number(field, result)
        check_limits(field, value)
        return value
    if isinstance(result, date) and not isinstance(result, datetime) and field.kind == "date":
        check_limits(field, result)  # kept as it is: an estimated date stays one
        return result
    return parse(field, _text(field, result))


def agrees(typed: object, computed: object) -> bool:
    """Return whether a typed value says the same as the computed one (amounts in words: either form)."""
    if isinstance(typed, str) and isinstance(computed, str) and typed != computed:
        try:
            return parse_cny(typed) == parse_cny(computed)
        except BadValue:
            return False
    return typed == computed


def _number(field: Field, result: object) -> Decimal | int:
    if isinstance(result, bool) or not isinstance(result, int | Decimal):
        raise _wrong(field, result)
    value = Decimal(result)
    if field.kind == "money":
        return to_money(value)
    if field.kind == "int":
        if value != value.to_integral_value():
            raise _wrong(field, result)
        return int(value)
    rounded = Decimal(plain(half_up(value, _PLACES)))
    return Percent(rounded) if field.kind == "percent" else rounded


def _text(field: Field, result: object) -> object:
    if field.kind in ("text", "longtext", "list", "seal") and isinstance(
        result, Decimal | int | date | Duration
    ):
        return display(result)
    if isinstance(result, tuple | str | bool | date | Duration):
        return canonical(result)
    raise _wrong(field, result)


def _wrong(field: Field, result: object) -> BadValue:
    return BadValue(
        Message(
            f"公式的结果“{display(result)}”不是 {field.kind} 类型的值",
            f"the computed “{display(result)}” is no value of kind {field.kind}",
        )
    )
