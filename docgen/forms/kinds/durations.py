"""Lengths of time: 2周, 1.5周, 10天, 1个月, 半小时, 1小时半, 0.5h."""

from __future__ import annotations

import re
from decimal import Decimal

from docgen.base.messages import Message
from docgen.forms.definition import Field
from docgen.forms.faults import BadValue
from docgen.forms.kinds.characters import fold_width, one_line
from docgen.forms.kinds.numeric import decimal, takes_negative
from docgen.forms.values import Duration, half_up, plain

UNITS = ("分钟", "小时", "天", "工作日", "周", "个月", "年")
_LONGEST = 40
#: What people write for each unit; the longest spelling wins.
_SPELLINGS = {
    "分钟": "分钟 分鐘 分 minutes minute mins min",
    "小时": "个小时 個小時 小时 小時 个钟头 钟头 hours hour hrs hr h",
    "天": "日历天 自然日 天 日 days day d",
    "工作日": "个工作日 個工作日 工作日 工作天",
    "周": "个星期 星期 个礼拜 周 週 weeks week w",
    "个月": "个月 個月 月 months month",
    "年": "年 years year",
}
_UNIT_OF = {spelling: unit for unit, text in _SPELLINGS.items() for spelling in text.split()}
_UNIT = "|".join(sorted(_UNIT_OF, key=len, reverse=True))
_AMOUNT = r"[\d.,]+|[零一二两兩三四五六七八九十]{1,3}"
_DURATION = re.compile(
    rf"(?P<sign>-?)(?P<amount>{_AMOUNT}|半)?\s*(?P<half>个半|個半)?\s*(?P<unit>{_UNIT})(?P<after>半)?"
)
_CLOCK = re.compile(r"([\d]{1,4})\s*(?:小时|小時|h)\s*([\d]{1,2})\s*(?:分钟|分鐘|分|min)", re.ASCII)
_NUMERALS = {char: index for index, char in enumerate("零一二三四五六七八九")} | {"两": 2, "兩": 2}
#: Exact conversions; a day or a month has no fixed number of hours or days.
_MINUTES = {"分钟": Decimal(1), "小时": Decimal(60)}
DURATION_FORM = Message("如 2周、10天、1个月、30分钟、半小时", "like 2周, 10天, 1个月, 30分钟, 0.5h")


def parse_duration(field: Field, raw: object) -> Duration:
    """Return a length of time in the unit given, or converted to the field's unit (`of`).

    With a unit of its own the field takes a bare number in that unit, and converts exactly between 分钟 and
    小时; every other unit is refused.

    Raises:
        BadValue: If it is no length of time, has no unit, or one that the field cannot take.
    """
    text = fold_width(one_line(raw, _LONGEST)).lower()
    wanted = next((unit for unit in field.of if unit in UNITS), "")
    if wanted and re.fullmatch(r"[\d.,]+", text):
        return Duration(decimal(text, DURATION_FORM), wanted)
    duration = _read(text)
    if duration.amount < 0 and not takes_negative(field):
        raise BadValue(Message("时长不能为负", "a length of time must not be negative"), DURATION_FORM)
    return _converted(duration, wanted) if wanted else duration


def _read(text: str) -> Duration:
    clock = _CLOCK.fullmatch(text)
    if clock:
        return Duration(Decimal(int(clock[1]) * 60 + int(clock[2])), "分钟")
    match = _DURATION.fullmatch(text)
    if not match or not (match["amount"] or match["half"]):
        raise BadValue(_why_not(text), DURATION_FORM)
    amount = _amount(match["amount"] or "")
    halves = bool(match["half"]) + bool(match["after"])
    if halves > 1 or (halves and (amount != amount.to_integral_value() or not amount)):
        raise BadValue(Message("不是可识别的时长", "not a length of time that can be read"), DURATION_FORM)
    amount += Decimal("0.5") * halves
    return Duration(-amount if match["sign"] else amount, _UNIT_OF[match["unit"]])


def _amount(text: str) -> Decimal:
    if text == "半":
        return Decimal("0.5")
    if text[:1].isascii():
        return decimal(text, DURATION_FORM)
    tens, ten, ones = text.partition("十")
    parts = (tens, ones) if ten else ("", tens)
    if any(len(part) > 1 for part in parts) or (ten and "十" in ones):
        raise BadValue(Message("不是可识别的时长", "not a length of time that can be read"), DURATION_FORM)
    high = (_NUMERALS[tens] if tens else 1) * 10 if ten else 0
    return Decimal(high + (_NUMERALS[parts[1]] if parts[1] else 0))


def _converted(duration: Duration, wanted: str) -> Duration:
    if duration.unit == wanted:
        return duration
    if duration.unit not in _MINUTES or wanted not in _MINUTES:
        raise BadValue(
            Message(f"单位应为{wanted}，不能由{duration.unit}换算", f"the unit must be {wanted}"),
            Message(f"如 30{wanted}", f"like 30{wanted}"),
        )
    amount = duration.amount * _MINUTES[duration.unit] / _MINUTES[wanted]
    if amount != half_up(amount, 10):
        raise BadValue(Message(f"不能准确换算成{wanted}", f"it cannot be converted to {wanted} exactly"))
    return Duration(Decimal(plain(amount)), wanted)


def _why_not(text: str) -> Message:
    if re.fullmatch(rf"{_AMOUNT}|半", text):
        return Message("缺少单位", "the unit is missing")
    return Message("不是可识别的时长", "not a length of time that can be read")
