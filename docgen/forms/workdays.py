"""Working days in China: 调休 by the State Council's published calendars, corrected by the site's own.

The years that the calendar library knows are published. Of any other year nothing but weekends is known:
a date counted over it is an estimate and says so (暂按周末推算), unless the site's calendar declares the
year complete.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from docgen.base.errors import TemplateFault
from docgen.base.messages import Message, same
from docgen.forms.dates import read_date
from docgen.forms.faults import BadValue
from docgen.forms.yaml_nodes import Raw, YamlFault, read_yaml

#: The most working days that may be counted, about 40 years.
LIMIT = 10_000
_DAYS_KEYS = ("holidays", "workdays")
_YEARS_KEY = "years"


@dataclass(frozen=True, slots=True)
class Calendar:
    """What a site adds to the published calendars.

    Attributes:
        holidays: Days off, whatever the published calendar says.
        workdays: Days worked, whatever the published calendar says.
        years: Years beyond the published calendars for which these lists are complete.
    """

    holidays: frozenset[date] = frozenset()
    workdays: frozenset[date] = frozenset()
    years: frozenset[int] = frozenset()


PUBLISHED = Calendar()


def is_workday(day: date, calendar: Calendar = PUBLISHED) -> tuple[bool, bool]:
    """Return whether ``day`` is worked, and whether that is only estimated from the weekday."""
    plain = date(day.year, day.month, day.day)
    if plain in calendar.holidays:
        return False, False
    if plain in calendar.workdays:
        return True, False
    if day.year in calendar.years:
        return day.weekday() < 5, False
    import chinese_calendar

    try:
        return bool(chinese_calendar.is_workday(plain)), False
    except NotImplementedError:
        return day.weekday() < 5, True


def add_workdays(day: date, count: int, calendar: Calendar = PUBLISHED) -> tuple[date, bool]:
    """Return the working day that is ``count`` after ``day`` (before it if negative), and if it is estimated.

    ``day`` itself is never counted; a count of 0 returns it as it is, worked or not.

    Raises:
        OverflowError: More than `LIMIT` days, or beyond the years that dates can express.
    """
    if abs(count) > LIMIT:
        raise OverflowError(count)
    step, left, estimated = timedelta(days=1 if count > 0 else -1), abs(count), False
    while left:
        day += step
        worked, guessed = is_workday(day, calendar)
        estimated = estimated or guessed
        left -= worked
    return day, estimated


def load_calendar(path: Path) -> Calendar:
    """Return the site's calendar from YAML: `holidays: [2027-01-01, …]`, `workdays: […]`, `years: [2027]`.

    Raises:
        TemplateFault: If it cannot be read, or holds anything else; the file is named.
    """
    try:
        return _calendar(read_yaml(path.read_bytes(), path.name).plain())
    except OSError as error:
        raise TemplateFault(same(str(error)), where=str(path)) from error
    except YamlFault as error:
        raise TemplateFault(error.reason, where=f"{path}:{error.line}") from error
    except BadValue as error:
        raise TemplateFault(error.reason, where=str(path), hint=error.accepted) from error


_SHAPE = Message(
    "工作日历只有 holidays、workdays、years 三个列表",
    "a calendar has three lists: holidays, workdays, years",
)


def _calendar(data: Raw) -> Calendar:
    if not isinstance(data, dict) or set(data) - {*_DAYS_KEYS, _YEARS_KEY}:
        raise BadValue(_SHAPE)
    holidays, workdays = (frozenset(_day(text) for text in _texts(data, key)) for key in _DAYS_KEYS)
    both = holidays & workdays
    if both:
        day = min(both)
        raise BadValue(Message(f"{day} 既是假日又是工作日", f"{day} is both a holiday and a working day"))
    return Calendar(holidays, workdays, frozenset(_year(text) for text in _texts(data, _YEARS_KEY)))


def _texts(data: dict[str, Raw], key: str) -> list[str]:
    items = data.get(key) or []
    texts = [item for item in items if isinstance(item, str)]
    if not isinstance(items, list) or len(texts) < len(items):
        raise BadValue(_SHAPE)
    return texts


def _day(text: str) -> date:
    try:
        return read_date(text)
    except BadValue as error:
        raise BadValue(
            Message(f"“{text[:40]}”{error.reason.zh}", f"“{text[:40]}”: {error.reason.en}"), error.accepted
        ) from None


def _year(text: str) -> int:
    if len(text) == 4 and text.isascii() and text.isdecimal():
        return int(text)
    raise BadValue(Message(f"“{text[:40]}”不是年份", f"“{text[:40]}” is not a year"))
