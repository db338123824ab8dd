"""Amounts in Chinese words, by the bank rule.

Source: 正确填写票据和结算凭证的基本规定 (annex to 支付结算办法). Where it allows two forms, `cny`
writes the first of its examples: 零 after 元 (￥1,680.32 壹仟陆佰捌拾元零叁角贰分), none after 万
(￥107,000.53 壹拾万柒仟元零伍角叁分). `parse_cny` takes both.
"""

from __future__ import annotations

import re
from decimal import Decimal

from docgen.base.messages import Message
from docgen.forms.faults import BadValue
from docgen.forms.values import half_up

#: The largest amount in either direction.
LIMIT = Decimal("9999999999999.99")
_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_UNITS = ("仟", "佰", "拾", "")
_VALUES = {"拾": 10, "佰": 100, "仟": 1000, "万": 10**4, "亿": 10**8}
#: 零 that the rule leaves free: written by `cny` after 元, not written after 万.
_FREE_YUAN, _FREE_WAN = "?", "!"
#: Traditional and older characters that banks take as well.
_VARIANTS = str.maketrans("貳陸億萬圓圆參叄正", "贰陆亿万元元叁叁整")
_LONGEST = 60
_PARTS = re.compile(
    rf"(负?)(?:([{_DIGITS}拾佰仟万亿]+)元)?(?:零?([{_DIGITS[1:]}])角)?(?:零?([{_DIGITS[1:]}])分)?整?"
)


def cny(amount: Decimal) -> str:
    """Return ``amount`` (yuan) in words: no 人民币 in front, 整 only after 元, 负 for negatives.

    Args:
        amount: Rounded half-up to 0.01 first.

    Raises:
        BadValue: If it is not a number, or beyond ±9999999999999.99.
    """
    marked = _marked(_fen(amount))
    return marked.replace(_FREE_YUAN, "零").replace(_FREE_WAN, "")


def parse_cny(text: str) -> Decimal:
    """Return the amount that ``text`` states in words, in either form that the rule permits.

    人民币 in front, 圆 for 元, 正 for 整 and traditional characters are taken as well.

    Raises:
        BadValue: If it is no such amount; where the number is clear, the right wording is shown.
    """
    words = text.strip().removeprefix("人民币").strip().translate(_VARIANTS) if len(text) <= _LONGEST else ""
    match = _PARTS.fullmatch(words)
    if not match or not any(match.groups()[1:]):
        raise BadValue(Message("不是规范的大写金额", "not an amount in words"), _EXAMPLE)
    sign, yuan, jiao, fen = match.groups()
    total = _read(yuan or "") * 100 + _DIGITS.index(jiao or "零") * 10 + _DIGITS.index(fen or "零")
    total = -total if sign else total
    amount = Decimal(total).scaleb(-2)
    if abs(amount) > LIMIT or not re.fullmatch(_permitted(total), words):
        raise BadValue(Message("大写金额不规范", "the amount in words breaks the rule"), _right(amount))
    return amount


_EXAMPLE = Message("如 壹仟陆佰捌拾元零叁角贰分", "like 壹仟陆佰捌拾元零叁角贰分 (1,680.32)")


def _right(amount: Decimal) -> Message:
    if not amount or abs(amount) > LIMIT:
        return _EXAMPLE
    return Message(f"{cny(amount)}（{amount:,.2f}）", f"{cny(amount)} ({amount:,.2f})")


def _permitted(total: int) -> str:
    """Return the pattern of every wording that the rule permits for ``total`` fen."""
    marked = _marked(total).replace(_FREE_YUAN, "零?").replace(_FREE_WAN, "零?")
    if marked.endswith("分"):
        return marked
    return marked.removesuffix("整") + "整?"


def _fen(amount: Decimal) -> int:
    if not amount.is_finite() or abs(amount) > LIMIT + 1:
        raise BadValue(_TOO_LARGE)
    rounded = half_up(amount, 2)
    if abs(rounded) > LIMIT:
        raise BadValue(_TOO_LARGE)
    return int(rounded.scaleb(2))


_TOO_LARGE = Message(
    f"金额超出可写的范围（±{LIMIT:,}）", f"the amount is beyond what can be written (±{LIMIT:,})"
)


def _marked(total: int) -> str:
    """Return the words for ``total`` fen, the two free 零 marked."""
    sign = "负" if total < 0 else ""
    yuan, rest = divmod(abs(total), 100)
    return sign + (_integer(yuan) + "元" if yuan or not rest else "") + _fraction(yuan, rest)


def _fraction(yuan: int, rest: int) -> str:
    jiao, fen = divmod(rest, 10)
    if not rest:
        return "整"
    words = (_DIGITS[jiao] + "角" if jiao else "") + (_DIGITS[fen] + "分" if fen else "")
    if not yuan:
        return words
    if not jiao:
        return "零" + words
    return (_FREE_YUAN if yuan % 10 == 0 else "") + words


def _integer(value: int) -> str:
    """Return ``value`` in words, by 亿, 万 and the rest."""
    if value == 0:
        return "零"
    for unit, size in (("亿", 10**8), ("万", 10**4)):
        if value >= size:
            high, low = divmod(value, size)
            return _integer(high) + unit + _joint(high, low, size) + (_integer(low) if low else "")
    return _section(value)


def _joint(high: int, low: int, size: int) -> str:
    """Return what stands between ``high`` 万 (or 亿) and ``low``: 零 if ``low`` does not fill its places."""
    if not low:
        return ""
    if low < size // 10:
        return "零"
    return _FREE_WAN if high % 10 == 0 else ""


def _section(value: int) -> str:
    """Return a number of up to four digits in words."""
    words, gap = "", False
    for digit, unit in zip(map(int, str(value).zfill(4)), _UNITS, strict=True):
        if digit:
            words += ("零" if gap and words else "") + _DIGITS[digit] + unit
        gap = not digit
    return words


def _read(words: str) -> int:
    """Return the number that ``words`` come to, whatever their 零."""
    high, unit, low = words.rpartition("亿")
    if unit:
        return _read(high) * _VALUES[unit] + _read(low)
    high, unit, low = words.rpartition("万")
    if unit:
        return _read(high) * _VALUES[unit] + _read(low)
    total = digit = 0
    for char in words:
        if char in _VALUES:
            total, digit = total + max(digit, 1) * _VALUES[char], 0
        else:
            digit = _DIGITS.index(char)
    return total + digit
