"""What + - * / and comparisons mean for the values of a record.

Numbers are exact decimals of at most 34 digits; ``None`` is unknown, and so is everything computed from it.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import (
    ROUND_HALF_UP,
    Context,
    Decimal,
    DecimalException,
    DivisionByZero,
    InvalidOperation,
    Overflow,
)
from types import NoneType

from docgen.base.messages import Message
from docgen.forms.display import display
from docgen.forms.faults import ExpressionFault
from docgen.forms.values import (
    PRECISION,
    Duration,
    EstimatedDate,
    Money,
    Percent,
    Ref,
    Ruled,
    Sig,
)

#: Values that expressions see as they are.
_PLAIN = {NoneType, bool, str, Decimal, Money, Percent, date, EstimatedDate, datetime, Duration, tuple}
#: What + joins with a text.
_PRINTED = {str, Decimal, Money, Percent, date, EstimatedDate, Duration}
#: Longest text that may be put together.
MAX_TEXT = 10_000
CONTEXT = Context(
    prec=PRECISION,
    rounding=ROUND_HALF_UP,
    Emin=-60,
    Emax=30,
    traps=[DivisionByZero, InvalidOperation, Overflow],
)
_NUMBERS: Mapping[str, Callable[[Decimal, Decimal], Decimal]] = {
    "+": CONTEXT.add,
    "-": CONTEXT.subtract,
    "*": CONTEXT.multiply,
    "/": CONTEXT.divide,
}


def plain_value(value: object) -> object:
    """Return ``value`` as expressions see it.

    An int is a `Decimal`, a signature its name, a ref its text, a list a tuple, ruled space empty.
    """
    if type(value) in _PLAIN:
        return value
    if isinstance(value, list):
        return tuple(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return Decimal(value)
    if isinstance(value, Sig):
        return value.name
    if isinstance(value, Ref):
        return value.doc_id or value.text
    return None if isinstance(value, Ruled) else value


def combine(sign: str, one: object, other: object) -> object:
    """Return ``one sign other`` for + - * /.

    Numbers give numbers; durations of the same unit add, subtract and divide (to a number), and are
    multiplied and divided by numbers; a text is joined by + with a text, number, date or duration as it
    prints.

    Raises:
        ExpressionFault: If the kinds do not go together, for a division by zero, or beyond 30 digits.
    """
    if one is None or other is None:
        return None
    if isinstance(one, Decimal) and isinstance(other, Decimal):
        return number(sign, one, other)
    if sign == "+" and str in (type(one), type(other)) and {type(one), type(other)} <= _PRINTED:
        return _joined(display(one) + display(other))
    if isinstance(one, Duration) or isinstance(other, Duration):
        return _durations(sign, one, other)
    raise _mismatch(sign, one, other)


def number(sign: str, one: Decimal, other: Decimal) -> Decimal:
    """Return ``one sign other`` of two numbers.

    Raises:
        ExpressionFault: For a division by zero, or beyond 30 digits.
    """
    try:
        return _NUMBERS[sign](one, other)
    except DecimalException as error:
        if sign == "/" and not other:
            raise ExpressionFault(Message("除数为零", "division by zero")) from error
        raise ExpressionFault(Message("数值过大，无法计算", "the number is too large")) from error


def negative(value: object) -> object:
    """Return ``-value`` of a number or duration.

    Raises:
        ExpressionFault: For anything else.
    """
    if isinstance(value, Duration):
        return Duration(value.amount.copy_negate(), value.unit)
    return combine("-", Decimal(0), value)


def compare(sign: str, one: object, other: object) -> bool | None:
    """Return whether ``one sign other`` for == != < <= > >=; ``None`` if one of them is unknown.

    A duration compares with a number by its amount.

    Raises:
        ExpressionFault: If the kinds cannot be compared, or not by order.
    """
    if one is None or other is None:
        return None
    left, right = _comparable(sign, one, other)
    return _ORDER[sign](left, right)


_ORDER: Mapping[str, Callable[..., bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def contains(item: object, box: object) -> bool | None:
    """Return whether ``item in box``: a value of a list or of a multi, or a text inside a text.

    Raises:
        ExpressionFault: If ``box`` is neither.
    """
    if item is None or box is None:
        return None
    if isinstance(box, tuple):
        return any(compare("==", item, plain_value(one)) is True for one in box)
    if isinstance(box, str) and isinstance(item, str):
        return item in box
    raise _mismatch("in", item, box)


def _durations(sign: str, one: object, other: object) -> object:
    match one, other:
        case Duration(), Duration() if sign != "*":
            _same_unit(one, other)
            amount = number(sign, one.amount, other.amount)
            return amount if sign == "/" else Duration(amount, one.unit)
        case Duration(), Decimal() if sign in "*/":
            return Duration(number(sign, one.amount, other), one.unit)
        case Decimal(), Duration() if sign == "*":
            return Duration(number(sign, one, other.amount), other.unit)
    raise _mismatch(sign, one, other)


def _comparable(sign: str, one: object, other: object) -> tuple[object, object]:
    if isinstance(one, Duration) and isinstance(other, Duration):
        _same_unit(one, other)
    one, other = (_amount(one), _amount(other)) if _mixed(one, other) else (one, other)
    if isinstance(one, datetime) != isinstance(other, datetime):
        one, other = _day(one), _day(other)
    unordered = sign not in ("==", "!=") and not isinstance(one, Decimal | date)
    if unordered or (type(one) is not type(other) and kind_of(one) != kind_of(other)):
        raise _mismatch(sign, one, other)
    return one, other


def _mixed(one: object, other: object) -> bool:
    return isinstance(one, Duration | Decimal) and isinstance(other, Duration | Decimal)


def _amount(value: object) -> object:
    return value.amount if isinstance(value, Duration) else value


def _day(value: object) -> object:
    return value.date() if isinstance(value, datetime) else value


def _same_unit(one: Duration, other: Duration) -> None:
    if one.unit != other.unit:
        raise ExpressionFault(
            Message(f"单位不一致：{one.unit} 与 {other.unit}", f"units differ: {one.unit} and {other.unit}")
        )


def _joined(text: str) -> str:
    if len(text) > MAX_TEXT:
        raise ExpressionFault(Message("拼接的文字过长", "the text put together is too long"))
    return text


_KINDS: tuple[tuple[type, Message], ...] = (
    (bool, Message("是否", "yes/no")),
    (Decimal, Message("数字", "number")),
    (str, Message("文字", "text")),
    (date, Message("日期", "date")),
    (Duration, Message("时长", "duration")),
    (tuple, Message("列表", "list")),
)


def kind_of(value: object) -> Message:
    """Return the name of the kind of ``value``."""
    return next((name for kind, name in _KINDS if isinstance(value, kind)), Message("其他", "other"))


def _mismatch(sign: str, one: object, other: object) -> ExpressionFault:
    left, right = kind_of(one), kind_of(other)
    return ExpressionFault(
        Message(f"不能计算：{left.zh} {sign} {right.zh}", f"cannot be computed: {left.en} {sign} {right.en}")
    )
