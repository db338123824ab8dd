"""Days, months, years and ranges of them, as people write them in a query."""

from __future__ import annotations

import calendar
import datetime as dt
import re
import unicodedata

from docgen.base.messages import Message

_FORMS = tuple(
    re.compile(form)
    for form in (
        r"(\d{4})年?",
        r"(\d{4})[-/.](\d{1,2})",
        r"(\d{4})年(\d{1,2})月?",
        r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})",
        r"(\d{4})年(\d{1,2})月(\d{1,2})[日号]?",
        r"(\d{4})(\d{2})(\d{2})?",
    )
)
_RANGE = re.compile(r"\s*(?:\.{2,}|~|至|到)\s*")
#: What is accepted, for messages.
ACCEPTED = Message(
    "2023、2023-05、2023-05-08、2023年5月，或范围 2023-01..2023-06（一端可以省略）",
    "2023, 2023-05, 2023-05-08, or a range 2023-01..2023-06 (one end may be left out)",
)


class BadDate(ValueError):
    """Not a date, or a range that runs backwards."""

    def __init__(self, message: Message) -> None:
        super().__init__(message.zh)
        self.message = message


def period(text: str) -> tuple[dt.date, dt.date]:
    """Return first and last day of the day, month or year that ``text`` writes.

    Raises:
        BadDate: It writes none, or one that the calendar does not have.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    match = next((match for form in _FORMS if (match := form.fullmatch(plain))), None)
    try:
        if match is None:
            raise ValueError(text)
        return _bounds([int(part) for part in match.groups() if part])
    except ValueError:
        raise BadDate(
            Message(f"“{text}”不是日期；可写 {ACCEPTED.zh}", f"“{text}” is not a date; write {ACCEPTED.en}")
        ) from None


def _bounds(parts: list[int]) -> tuple[dt.date, dt.date]:
    year, month, day = (*parts, 0, 0)[:3]
    if day:
        return (dt.date(year, month, day),) * 2
    if len(parts) > 1:
        return dt.date(year, month, 1), dt.date(year, month, calendar.monthrange(year, month)[1])
    return dt.date(year, 1, 1), dt.date(year, 12, 31)


def date_range(text: str) -> tuple[dt.date, dt.date]:
    """Return first and last day of a period or of a range of periods; an open end reaches for ever.

    Raises:
        BadDate: As for `period`, or the range runs backwards.
    """
    ends = _RANGE.split(unicodedata.normalize("NFKC", text).strip())
    if len(ends) != 2 or not any(ends):
        return period(text)
    first = period(ends[0])[0] if ends[0] else dt.date.min
    last = period(ends[1])[1] if ends[1] else dt.date.max
    if first > last:
        raise BadDate(
            Message(f"日期范围“{text}”的起点晚于终点", f"the range of dates “{text}” ends before it begins")
        )
    return first, last


def goes_on(text: str, word: str) -> bool:
    """Whether ``word``, behind a blank, belongs to the range that ``text`` begins: `2023-01 ..2023-06`."""
    if word.startswith(".."):
        return True
    try:
        return text.endswith("..") and bool(period(word))
    except BadDate:
        return False
