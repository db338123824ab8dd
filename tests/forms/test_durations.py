"""Lengths of time as staff write them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from docgen.forms.definition import Field
from docgen.forms.faults import BadValue
from docgen.forms.kinds.parsing import parse
from docgen.forms.values import Duration

ANY = Field("planned", "预计用时", "duration")
MINUTES = Field("response", "响应时间(分钟)", "duration", of=("分钟",))
HOURS = Field("solution", "解决时限(小时)", "duration", of=("小时",))


@pytest.mark.parametrize(
    ("typed", "amount", "unit"),
    [
        ("2周", "2", "周"),
        ("1.5周", "1.5", "周"),
        ("１．５ 周", "1.5", "周"),
        ("10天", "10", "天"),
        ("10日", "10", "天"),
        ("1个月", "1", "个月"),
        ("1個月", "1", "个月"),
        ("半个月", "0.5", "个月"),
        ("一个半月", "1.5", "个月"),
        ("3个半月", "3.5", "个月"),
        ("半小时", "0.5", "小时"),
        ("30分钟", "30", "分钟"),
        ("30 min", "30", "分钟"),
        ("0.5h", "0.5", "小时"),
        ("0.5H", "0.5", "小时"),
        ("1小时半", "1.5", "小时"),
        ("一个半小时", "1.5", "小时"),
        ("1小时30分钟", "90", "分钟"),
        ("1小时30分", "90", "分钟"),
        ("2个工作日", "2", "工作日"),
        ("5工作日", "5", "工作日"),
        ("两周", "2", "周"),
        ("十五天", "15", "天"),
        ("二十天", "20", "天"),
        ("2个星期", "2", "周"),
        ("3年", "3", "年"),
        ("一年半", "1.5", "年"),
        ("三年", "3", "年"),
        ("0周", "0", "周"),
        ("2 weeks", "2", "周"),
    ],
)
def test_reads_durations_in_their_unit(typed: str, amount: str, unit: str) -> None:
    assert parse(ANY, typed) == Duration(Decimal(amount), unit)


@pytest.mark.parametrize(
    "typed",
    [
        "30",
        "半",
        "三",
        "周",
        "-1天",
        "1..5周",
        "1e3天",
        "2周3天",
        "半半小时",
        "1.5小时半",
        "半个半小时",
        "十十天",
        "三二天",
        "24小时内",
        "尽快",
        "2世纪",
        "[X]天",
        "___天",
        "1,00天",
        "9" * 10**6 + "天",
        "半" * 10**6,
    ],
)
def test_refuses_other_durations(typed: str) -> None:
    with pytest.raises(BadValue):
        parse(ANY, typed)


def test_says_that_the_unit_is_missing() -> None:
    with pytest.raises(BadValue, match="缺少单位"):
        parse(ANY, "30")


@pytest.mark.parametrize(
    ("typed", "minutes"),
    [
        ("半小时", "30"),
        ("0.5h", "30"),
        ("30分钟", "30"),
        ("1小时半", "90"),
        ("30", "30"),
        ("３０", "30"),
        ("1小时", "60"),
    ],
)
def test_converts_exactly_to_the_unit_of_the_field(typed: str, minutes: str) -> None:
    assert parse(MINUTES, typed) == Duration(Decimal(minutes), "分钟")


def test_converts_minutes_to_hours_only_when_exact() -> None:
    assert parse(HOURS, "90分钟") == Duration(Decimal("1.5"), "小时")
    with pytest.raises(BadValue, match="不能准确换算"):
        parse(HOURS, "50分钟")


@pytest.mark.parametrize("typed", ["1天", "1个工作日", "2周", "1个月", "半", "三十"])
def test_refuses_units_that_have_no_fixed_number_of_minutes(typed: str) -> None:
    with pytest.raises(BadValue):
        parse(MINUTES, typed)


def test_a_computed_length_may_be_negative() -> None:
    deviation = Field("deviation", "偏差", "duration", compute="actual - planned")
    assert parse(deviation, "-0.5周") == Duration(Decimal("-0.5"), "周")
    with pytest.raises(BadValue, match="不能为负"):
        parse(ANY, "-0.5周")


def test_keeps_durations_within_limits_of_the_same_unit() -> None:
    field = Field("response", "响应时间", "duration", of=("分钟",), min="1", max="2小时")
    assert parse(field, "2小时") == Duration(Decimal(120), "分钟")
    for typed in ("0", "121"):
        with pytest.raises(BadValue):
            parse(field, typed)
    with pytest.raises(BadValue, match="单位"):
        parse(Field("span", "时长", "duration", min="1天"), "2周")
