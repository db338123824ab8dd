"""Working days: the published calendars, the site's own, and estimates beyond."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import holidays
import pytest

from docgen.base.errors import TemplateFault
from docgen.forms.workdays import Calendar, add_workdays, is_workday, load_calendar

DAY = timedelta(days=1)


def test_counts_over_the_national_holiday_of_2026() -> None:
    # The days off run from 1 to 7 October 2026, and Saturday the 10th is worked.
    assert add_workdays(date(2026, 9, 28), 5) == (date(2026, 10, 10), False)


@pytest.mark.parametrize(
    ("start", "count", "expected"),
    [
        (date(2026, 11, 2), 0, date(2026, 11, 2)),
        (date(2026, 10, 3), 0, date(2026, 10, 3)),
        (date(2026, 11, 6), 1, date(2026, 11, 9)),
        (date(2026, 11, 9), -1, date(2026, 11, 6)),
        (date(2026, 10, 10), -5, date(2026, 9, 28)),
    ],
)
def test_counts_from_any_day_in_both_directions(start: date, count: int, expected: date) -> None:
    assert add_workdays(start, count) == (expected, False)


def test_agrees_with_another_source_on_every_day() -> None:
    other = holidays.country_holidays("CN", years=range(2006, 2027))
    day = date(2006, 1, 1)
    while day.year < 2027:
        assert is_workday(day) == (other.is_working_day(day), False), day
        day += DAY


def test_marks_years_without_a_published_calendar_as_estimated() -> None:
    assert is_workday(date(2099, 10, 1)) == (True, True)
    assert is_workday(date(2099, 10, 3)) == (False, True)
    assert add_workdays(date(2026, 12, 31), 1)[1] is True
    assert add_workdays(date(2026, 12, 30), 1) == (date(2026, 12, 31), False)


def test_lets_the_site_correct_days_and_declare_years(tmp_path: Path) -> None:
    path = tmp_path / "calendar.yaml"
    path.write_text(
        "holidays: [2026-11-09, 2099年10月1日]\nworkdays: [2026-11-07, 2099/10/3]\nyears: [2099]\n",
        encoding="utf-8",
    )
    calendar = load_calendar(path)
    assert is_workday(date(2026, 11, 9), calendar) == (False, False)
    assert is_workday(date(2026, 11, 7), calendar) == (True, False)
    assert is_workday(date(2099, 10, 1), calendar) == (False, False)
    assert is_workday(date(2099, 10, 3), calendar) == (True, False)
    assert is_workday(date(2099, 10, 5), calendar) == (True, False)
    assert add_workdays(date(2099, 9, 30), 2, calendar) == (date(2099, 10, 3), False)


def test_an_empty_calendar_adds_nothing(tmp_path: Path) -> None:
    path = tmp_path / "calendar.yaml"
    path.write_text("", encoding="utf-8")
    assert load_calendar(path) == Calendar()


@pytest.mark.parametrize(
    "text",
    [
        "holidays: 2027-01-01",
        "- 2027-01-01",
        "holiday: []",
        "holidays: [2027-02-30]",
        "holidays: [[2027-01-01]]",
        "years: [27]",
        "holidays: [2027-01-01]\nworkdays: [2027/1/1]",
        "holidays: [",
        "holidays: [2027-01-01]\nholidays: [2027-01-02]",
        "!!python/object:os.system {}",
    ],
)
def test_refuses_other_calendars_and_names_the_file(tmp_path: Path, text: str) -> None:
    path = tmp_path / "calendar.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(TemplateFault) as caught:
        load_calendar(path)
    assert str(path) in caught.value.text()


def test_refuses_a_missing_calendar(tmp_path: Path) -> None:
    with pytest.raises(TemplateFault):
        load_calendar(tmp_path / "none.yaml")


def test_refuses_to_count_for_ever() -> None:
    with pytest.raises(OverflowError):
        add_workdays(date(2026, 1, 1), 10**9)
    with pytest.raises(OverflowError):
        add_workdays(date(9999, 12, 30), 5)
