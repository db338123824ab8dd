"""How long something is kept: `10年`, `10年自归档日`, `10年自次年`, `2035-12-31`, `永久`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

_YEARS = re.compile(r"([1-9][0-9]{0,2})\s*年(?:自(文件日期|归档日|次年)起?)?")
_FOREVER = ("永久", "长期", "forever")


class Start(StrEnum):
    """From when the years count (catalogue C053: 起算)."""

    #: The date of the document.
    DATED = "文件日期"
    #: The day on which it was filed.
    FILED = "归档日"
    #: The first of January after it was filed.
    NEXT_YEAR = "次年"


@dataclass(frozen=True, slots=True)
class Period:
    """A period of retention.

    Attributes:
        text: As it was written.
        years: How many; 0 where `until` says it, or never.
        start: From when they count.
        until: The day itself; ``None`` with no years: for ever.
    """

    text: str
    years: int = 0
    start: Start = Start.DATED
    until: date | None = None

    @classmethod
    def parse(cls, text: str) -> Period:
        """Return the period that ``text`` writes.

        Raises:
            ValueError: It is none.
        """
        text = text.strip()
        if text.lower() in _FOREVER:
            return cls(text)
        if match := _YEARS.fullmatch(text):
            return cls(text, int(match[1]), Start(match[2] or Start.DATED))
        return cls(text, until=date.fromisoformat(text))

    def ends(self, dated: date, filed: date) -> date | None:
        """Return the first day on which it is over; ``None``: never."""
        if not self.years:
            return self.until
        start = {Start.DATED: dated, Start.FILED: filed, Start.NEXT_YEAR: date(filed.year + 1, 1, 1)}
        return _years_after(start[self.start], self.years)


def _years_after(day: date, years: int) -> date | None:
    if day.year + years > date.max.year:
        return None
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # the 29th of February: the years are full on the first of March
        return date(day.year + years, 3, 1)
