"""Number kinds: money, number, int, percent."""

from __future__ import annotations

import re
from decimal import Decimal

from docgen.base.messages import Message
from docgen.forms.amounts import LIMIT, parse_cny
from docgen.forms.definition import Field
from docgen.forms.faults import BadValue
from docgen.forms.kinds.characters import fold_width, one_line
from docgen.forms.values import Money, Percent

_LONGEST = 60
#: Digits before and after the point that a number may have.
_WHOLE_DIGITS, _PLACES = 18, 10
_NUMBER = re.compile(r"[+-]?(\d{1,3}(?:,\d{3})+|\d+)?(?:\.(\d+))?", re.ASCII)
_CURRENCY = re.compile(r"([+-]?)\s*(?:[¥￥]|RMB|CNY|人民币)\s*", re.IGNORECASE)
_YUAN = re.compile(r"\s*[元圆圓]整?$")
_WORDS = frozenset("壹贰貳叁參叄肆伍陆陸柒捌玖拾佰仟")

MONEY_FORM = Message("如 1200.00、￥1,200.00 或 1200元", "like 1200.00, ￥1,200.00 or 1200元")
NUMBER_FORM = Message("如 12、1.5 或 1,200", "like 12, 1.5 or 1,200")
INT_FORM = Message("整数，如 12", "a whole number, like 12")
PERCENT_FORM = Message("如 6%、0.06 或 0", "like 6%, 0.06 or 0")


def parse_money(field: Field, raw: object) -> Money:
    """Return an amount in yuan, in figures or in words (`amounts.parse_cny`).

    Raises:
        BadValue: If it is no amount, has more than two decimals, is negative although the field neither
            sets `min` nor is computed, or is beyond ±9999999999999.99.
    """
    text = fold_width(one_line(raw, _LONGEST))
    if not _WORDS.isdisjoint(text) or text.startswith("零"):
        return _within(field, Money(parse_cny(text)))
    figures = _CURRENCY.sub(r"\1", text, count=1) if _CURRENCY.match(text) else text
    value = decimal(_YUAN.sub("", figures), MONEY_FORM)
    if _places(value) > 2:
        raise BadValue(Message("金额最多两位小数", "amounts have at most two decimals"), MONEY_FORM)
    return _within(field, Money(value.quantize(Decimal("0.01")) if abs(value) <= LIMIT else value))


def parse_number(field: Field, raw: object) -> Decimal:
    """Return an exact decimal number.

    Raises:
        BadValue: If it is no number in figures.
    """
    del field
    return decimal(fold_width(one_line(raw, _LONGEST)), NUMBER_FORM)


def parse_int(field: Field, raw: object) -> int:
    """Return a whole number (`3.0`, as sheets write it, is one).

    Raises:
        BadValue: If it is no whole number in figures.
    """
    del field
    value = decimal(fold_width(one_line(raw, _LONGEST)), INT_FORM)
    if value != value.to_integral_value():
        raise BadValue(Message("应为整数", "a whole number is expected"), INT_FORM)
    return int(value)


def parse_percent(field: Field, raw: object) -> Percent:
    """Return a fraction from `6%`, `0`, or a decimal point number between 0 and 1.

    A bare `1`, `6` or `1.0` is refused: it can be read two ways. Unless the field sets `min` and
    `max` or is computed, the range is 0 % to 100 %.

    Raises:
        BadValue: If it is no percentage, ambiguous, or out of range.
    """
    text = fold_width(one_line(raw, _LONGEST))
    if text.endswith("%"):
        value = Percent(decimal(text.removesuffix("%").rstrip(), PERCENT_FORM).scaleb(-2))
    else:
        value = Percent(decimal(text, PERCENT_FORM))
        if value and not -1 < value < 1:
            raise BadValue(
                Message("没有百分号，含义不明确", "without a % sign it can be read two ways"),
                Message(f"如 {text}%，或 0 与 1 之间的小数", f"like {text}%, or a decimal between 0 and 1"),
            )
    if (value < 0 and not takes_negative(field)) or (value > 1 and not (field.max or field.compute)):
        raise BadValue(
            Message("百分比应在 0% 至 100% 之间", "percentages lie between 0% and 100%"), PERCENT_FORM
        )
    return value


def decimal(text: str, accepted: Message) -> Decimal:
    """Return the number that ``text`` (half-width, trimmed) writes in figures, commas only by thousands.

    Raises:
        BadValue: If it does not, with ``accepted`` as the form to use.
    """
    match = _NUMBER.fullmatch(text)
    if not match or not any(match.groups()):
        raise BadValue(_why_no_number(text), accepted)
    whole, places = (match[1] or "").replace(",", ""), match[2] or ""
    if len(whole) > _WHOLE_DIGITS or len(places) > _PLACES:
        raise BadValue(Message("数字位数过多", "the number has too many digits"), accepted)
    value = Decimal(text.replace(",", ""))
    return value if value else abs(value)


def _why_no_number(text: str) -> Message:
    if re.fullmatch(r"[+-]?[\d,]+(\.\d*)?", text) and "," in text:
        return Message("千位分隔符位置不对，有歧义", "the commas do not stand between thousands")
    if re.fullmatch(r"[+-]?[\d.]+[eE][+-]?\d+", text):
        return Message("不接受科学计数法", "scientific notation is not accepted")
    if re.fullmatch(r"[\d.,]+\s*[万亿]元?", text):
        return Message("请写出完整数字，不用“万”“亿”作单位", "write the number in full, without 万 or 亿")
    return Message("不是数字", "not a number")


def takes_negative(field: Field) -> bool:
    """Return whether a money, percent or duration may be negative: if `min` says so, or it is computed."""
    return bool(field.min or field.compute)


def _places(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    return -exponent if isinstance(exponent, int) and exponent < 0 else 0


def _within(field: Field, amount: Money) -> Money:
    if amount < 0 and not takes_negative(field):
        raise BadValue(Message("金额不能为负数", "the amount must not be negative"), MONEY_FORM)
    if abs(amount) > LIMIT:
        raise BadValue(Message(f"金额超出范围（最大 {LIMIT:,}）", f"the amount exceeds {LIMIT:,}"))
    return amount
