"""Dates and times: reading what people write, writing what papers need."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

from docgen.base.messages import Message
from docgen.forms.definition import Field
from docgen.forms.faults import BadValue
from docgen.forms.kinds.characters import fold_width, one_line

_LONGEST = 60
_YEARS = range(1900, 2101)
DATE_FORM = Message("如 2026-11-02 或 2026年11月2日", "like 2026-11-02 or 2026年11月2日")
TIME_FORM = Message("如 2026-11-02 09:30", "like 2026-11-02 09:30")
_DATE = re.compile(
    r"""(?P<year>\d{4})
        (?: \s*年\s*(?P<cmonth>\d{1,2})\s*月\s*(?P<cday>\d{1,2})\s*[日号號]
          | \s*(?P<mark>[-/.])\s*(?P<month>\d{1,2})\s*(?P=mark)\s*(?P<day>\d{1,2})
          | (?P<plain>\d{4}) )""",
    re.VERBOSE | re.ASCII,
)
_TIME = re.compile(
    r"""(?P<hour>\d{1,2})
        (?: \s*:\s*(?P<minute>\d{2})(?:\s*:\s*(?P<second>\d{2})(?:\.0+)?)?
          | \s*[时時点點]\s*(?:(?P<cminute>\d{1,2})\s*分\s*(?:(?P<csecond>\d{1,2})\s*秒)?)? )""",
    re.VERBOSE | re.ASCII,
)
_NUMERALS = {char: index for index, char in enumerate("〇一二三四五六七八九")} | {"零": 0, "○": 0}
_CHINESE = re.compile(
    r"(?P<year>[〇零○一二三四五六七八九]{4})年"
    r"(?P<month>[一二三四五六七八九十]{1,2})月(?P<day>[一二三四五六七八九十]{1,3})日"
)


def parse_date(field: Field, raw: object) -> date:
    """Return a day: `read_date` of one short line.

    Raises:
        BadValue: If it is no day, or not clear which.
    """
    del field
    return read_date(one_line(raw, _LONGEST))


def parse_datetime(field: Field, raw: object) -> datetime:
    """Return a day with its time, to the second, without zone (the workspace's).

    Raises:
        BadValue: If day or time are missing, impossible or not clear.
    """
    del field
    text = fold_width(one_line(raw, _LONGEST))
    match = _DATE.match(text)
    clock = _TIME.fullmatch(text, match.end() + _gap(text, match.end())) if match else None
    if not match or not clock:
        raise BadValue(Message("应写明日期和时间", "a date and a time are expected"), TIME_FORM)
    day = read_date(match.group())
    minute, second = clock["minute"] or clock["cminute"] or 0, clock["second"] or clock["csecond"] or 0
    try:
        return datetime(day.year, day.month, day.day, int(clock["hour"]), int(minute), int(second))
    except ValueError:
        raise BadValue(Message("没有这个时间", "there is no such time"), TIME_FORM) from None


def read_date(text: str) -> date:
    """Return the day that ``text`` names.

    Read are 2026-11-02, 2026/11/2, 2026.11.2, 20261102, 2026年11月2日 and 二〇二六年十一月二日.

    Raises:
        BadValue: For a year of two digits, a day that does not exist, or anything else.
    """
    folded = re.sub(r"[T ]00:00(:00(\.0+)?)?$", "", fold_width(text))  # a day as sheets write it
    match = _DATE.fullmatch(folded)
    if match:
        plain = match["plain"]
        month = plain[:2] if plain else match["cmonth"] or match["month"]
        day = plain[2:] if plain else match["cday"] or match["day"]
        return _day(int(match["year"]), int(month), int(day))
    words = _CHINESE.fullmatch(text.replace(" ", ""))
    if words:
        year = int("".join(str(_NUMERALS[char]) for char in words["year"]))
        return _day(year, _count(words["month"]), _count(words["day"]))
    raise BadValue(_why_no_date(folded), DATE_FORM)


def _gap(text: str, end: int) -> int:
    """Return how many characters stand between a day that ends at ``end`` and the time; -1 for none."""
    rest = text[end:].removeprefix("T").lstrip()
    gap = len(text) - end - len(rest)
    return gap if gap or text[end - 1 : end] in "日号號" else len(rest)


def _day(year: int, month: int, day: int) -> date:
    if year not in _YEARS:
        raise BadValue(
            Message(
                f"年份应在 {_YEARS[0]} 至 {_YEARS[-1]} 之间",
                f"years lie between {_YEARS[0]} and {_YEARS[-1]}",
            ),
            DATE_FORM,
        )
    try:
        return date(year, month, day)
    except ValueError:
        raise BadValue(Message("没有这一天", "there is no such day"), DATE_FORM) from None


def _count(words: str) -> int:
    """Return 1 to 99 from 一 to 九十九; 0 for what is no number."""
    if "十" not in words:
        return _NUMERALS[words] if len(words) == 1 else 0
    tens, _, ones = words.partition("十")
    if len(tens) > 1 or len(ones) > 1 or "十" in ones:
        return 0
    return (_NUMERALS[tens] if tens else 1) * 10 + (_NUMERALS[ones] if ones else 0)


def _why_no_date(text: str) -> Message:
    if re.fullmatch(r"\d{2}([-/.年])\s*\d{1,2}([-/.月])\s*\d{1,2}日?", text):
        return Message("年份应写四位数字", "write the year with four digits")
    if re.fullmatch(r"\d{4}\s*[-/.年]\s*\d{1,2}\s*月?", text):
        return Message("缺少“日”", "the day is missing")
    if re.fullmatch(r"[2-7]\d{4}(\.\d+)?", text):
        day = date(1899, 12, 30) + timedelta(days=int(text[:5]))
        return Message(
            f"像是表格软件的日期序号（{chinese_date(day)}？），请把单元格设为日期格式",
            f"looks like a sheet's number of a day ({day}?); give the cell a date format",
        )
    return Message("不是可识别的日期", "not a date that can be read")


def chinese_date(day: date) -> str:
    """Return the day as running text writes it: 2026年11月2日."""
    return f"{day.year}年{day.month}月{day.day}日"


def add_months(day: date, months: int) -> date:
    """Return the same day ``months`` later, or the last of that month where it is shorter.

    Raises:
        OverflowError: Beyond the years that dates can express.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not 1 <= year <= 9999:
        raise OverflowError(year)
    first = day.replace(year=year, month=month + 1, day=1)
    following = (first.replace(day=28) + timedelta(days=4)).replace(day=1)
    return first.replace(day=min(day.day, (following - timedelta(days=1)).day))
