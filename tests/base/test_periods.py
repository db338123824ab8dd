"""Periods of retention: how they are written, and when they are over."""

from __future__ import annotations

from datetime import date

import pytest

from docgen.base.periods import Period

DATED, FILED = date(2023, 4, 1), date(2023, 5, 17)


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("10年", date(2033, 4, 1)),
        (" 10 年 ", date(2033, 4, 1)),
        ("10年自文件日期", date(2033, 4, 1)),
        ("10年自归档日", date(2033, 5, 17)),
        ("10年自归档日起", date(2033, 5, 17)),
        ("10年自次年", date(2034, 1, 1)),
        ("2030-12-31", date(2030, 12, 31)),
        ("永久", None),
    ],
)
def test_a_period_is_over_on_the_day_it_says(text: str, end: date | None) -> None:
    assert Period.parse(text).ends(DATED, FILED) == end


def test_years_from_the_29th_of_february_are_full_on_the_first_of_march() -> None:
    assert Period.parse("1年").ends(date(2024, 2, 29), FILED) == date(2025, 3, 1)
    assert Period.parse("4年").ends(date(2024, 2, 29), FILED) == date(2028, 2, 29)


def test_what_no_calendar_reaches_is_never_over() -> None:
    assert Period.parse("999年").ends(date(9001, 1, 1), FILED) is None


@pytest.mark.parametrize(
    "text", ["", "十年", "0年", "10", "-1年", "1000年", "10年自明天", "2030-13-01", "10月"]
)
def test_what_is_no_period_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        Period.parse(text)
