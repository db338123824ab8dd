"""Dates and times as staff write them."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docgen.forms.dates import add_months, chinese_date, read_date
from docgen.forms.definition import Field
from docgen.forms.faults import BadValue
from docgen.forms.kinds.parsing import parse

DATE = Field("day", "日期", "date")
MOMENT = Field("moment", "时间", "datetime")
DAYS = st.dates(date(1900, 1, 1), date(2100, 12, 31))


@pytest.mark.parametrize(
    "typed",
    [
        "2023-04-01",
        "2023-4-1",
        "2023/4/1",
        "2023.4.1",
        "20230401",
        "2023年4月1日",
        "2023年04月01日",
        "2023年 4月 1日",
        " 2023 年 4 月 1 号 ",
        "２０２３年４月１日",
        "２０２３－０４－０１",
        "2023-04-01 00:00:00",
        "2023-04-01T00:00:00",
        "二〇二三年四月一日",
        "二○二三年四月一日",
    ],
)
def test_reads_days(typed: str) -> None:
    assert parse(DATE, typed) == date(2023, 4, 1)


def test_reads_a_day_with_inner_spaces() -> None:
    assert parse(DATE, "2014年 11月 13日") == date(2014, 11, 13)


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("二〇二六年十月十日", date(2026, 10, 10)),
        ("二〇二六年十一月二十一日", date(2026, 11, 21)),
        ("一九九九年十二月三十一日", date(1999, 12, 31)),
        ("二零二六年二月二十日", date(2026, 2, 20)),
    ],
)
def test_reads_days_in_chinese_figures(words: str, day: date) -> None:
    assert parse(DATE, words) == day


@pytest.mark.parametrize(
    "typed",
    [
        "2023-02-29",
        "2023-04-31",
        "2014-02-30",
        "2014年02月30日",
        "2023-13-01",
        "2023-00-10",
        "2023-1-0",
        "23-4-1",
        "23年4月1日",
        "1/4/2023",
        "2023-4/1",
        "2023年4月",
        "2023-4",
        "2023",
        "45017",
        "今天",
        "1899-12-31",
        "2101-01-01",
        "0000-00-00",
        "20231301",
        "2023-04-01T12:00",
        "XXXX年XX月XX日",
        "年月日",
        "２３年４月１日",
        "二〇二三年十十月一日",
        "二〇二三年四月三十二日",
        "二三年四月一日",
        "٢٠٢٣-٠٤-٠١",
        "2023-04-01Z",
        "-2023-04-01",
    ],
)
def test_refuses_other_days(typed: str) -> None:
    with pytest.raises(BadValue):
        parse(DATE, typed)


@pytest.mark.parametrize(
    ("typed", "why"),
    [("23-4-1", "四位"), ("2023-02-29", "没有这一天"), ("2023年4月", "缺少“日”"), ("20233-4-1", "识别")],
)
def test_says_why_a_day_is_refused(typed: str, why: str) -> None:
    with pytest.raises(BadValue, match=why):
        parse(DATE, typed)


@given(DAYS)
def test_reads_back_every_form_it_writes(day: date) -> None:
    assert read_date(chinese_date(day)) == day
    assert read_date(day.isoformat()) == day
    assert read_date(f"{day:%Y%m%d}") == day


@pytest.mark.parametrize(
    ("typed", "moment"),
    [
        ("2023-04-01 09:30", datetime(2023, 4, 1, 9, 30)),
        ("2023-04-01T09:30:15", datetime(2023, 4, 1, 9, 30, 15)),
        ("2023年4月1日9时30分", datetime(2023, 4, 1, 9, 30)),
        ("2023年4月1日 21点", datetime(2023, 4, 1, 21, 0)),
        ("2023/4/1　９：３０", datetime(2023, 4, 1, 9, 30)),
        ("20230401 09:30", datetime(2023, 4, 1, 9, 30)),
    ],
)
def test_reads_moments(typed: str, moment: datetime) -> None:
    assert parse(MOMENT, typed) == moment


@pytest.mark.parametrize(
    "typed",
    [
        "2023-04-01",
        "09:30",
        "2023-04-01 24:00",
        "2023-04-01 9:5",
        "2023-4-109:30",
        "2023-02-29 09:30",
        "2023-04-01 下午3点",
        "2023-04-01 09:30+08:00",
        "202304010930",
        "2023-04-01 09:60",
        "2023-04-01 09:30:61",
    ],
)
def test_refuses_other_moments(typed: str) -> None:
    with pytest.raises(BadValue):
        parse(MOMENT, typed)


def test_keeps_days_within_limits() -> None:
    field = Field("day", "日期", "date", min="2020-01-01", max="2030年12月31日")
    assert parse(field, "2020-01-01") == date(2020, 1, 1)
    assert parse(field, "2030-12-31") == date(2030, 12, 31)
    for typed in ("2019-12-31", "2031-01-01"):
        with pytest.raises(BadValue):
            parse(field, typed)


@given(DAYS, st.integers(-600, 600))
def test_adds_months_to_the_same_day_or_the_last_one(day: date, months: int) -> None:
    later = add_months(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day == day.day or (later.day < day.day and (later + timedelta(days=1)).day == 1)


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2024, 2, 29), 48, date(2028, 2, 29)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
    ],
)
def test_adds_months_at_the_ends(day: date, months: int, later: date) -> None:
    assert add_months(day, months) == later


def test_writes_days_as_running_text_does() -> None:
    assert chinese_date(date(2026, 11, 2)) == "2026年11月2日"


@pytest.mark.parametrize(("typed", "day"), [("46055", "2026年2月2日"), ("46055.5", "2026年2月2日")])
def test_the_number_of_a_day_is_explained(typed: str, day: str) -> None:
    with pytest.raises(BadValue) as caught:  # 1900 system: 2026-02-02 is 46055 (1900-01-01 is 1)
        parse(DATE, typed)
    assert f"日期序号（{day}？）" in caught.value.reason.zh
