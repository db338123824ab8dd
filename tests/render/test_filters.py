from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest

from docgen.forms.values import EstimatedDate, Money, Percent, Ruled, Sig
from docgen.render import filters
from docgen.render.filters import FilterFault

RULED_DATE = "　　　　年　　月　　日"


@pytest.mark.parametrize(
    ("value", "money", "yuan"),
    [
        (Money("0.00"), "0.00", "￥0.00"),
        (Money("1234567.90"), "1,234,567.90", "￥1,234,567.90"),
        (Money("-5.5"), "-5.50", "￥-5.50"),
        (Decimal("2.675"), "2.68", "￥2.68"),
        (3, "3.00", "￥3.00"),
        (None, "", ""),
    ],
)
def test_amounts(value: object, money: str, yuan: str) -> None:
    assert (filters.money(value), filters.yuan(value)) == (money, yuan)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal("1000"), "1,000"),
        (Decimal("1.50"), "1.5"),
        (Decimal("-1234.5"), "-1,234.5"),
        (Decimal("-0.5"), "-0.5"),
        (Decimal("1E+3"), "1,000"),
        (0, "0"),
        (None, ""),
    ],
)
def test_numbers(value: object, text: str) -> None:
    assert filters.number(value) == text


def test_dates() -> None:
    assert filters.cndate(datetime(2026, 3, 7, 9, 30)) == "2026年3月7日 09:30"
    assert filters.iso(date(2026, 3, 7)) == "2026-03-07"
    assert filters.cndate(None) == filters.iso("") == ""
    assert filters.iso(Ruled("date")) == RULED_DATE
    assert "暂按周末推算" in filters.cndate(EstimatedDate(2030, 1, 2))


def test_signatures() -> None:
    assert filters.sign_name(Sig("示例甲")) == "示例甲"
    assert filters.sign_date(Sig("示例甲")) == RULED_DATE
    assert filters.sign_date(None) == RULED_DATE
    assert filters.sign_date(date(2026, 1, 2)) == "2026年1月2日"
    assert filters.sign_name(None).strip("　") == ""
    assert len(filters.sign_name(None)) >= 6


def test_choices_of_one_and_of_several() -> None:
    options = filters.make_options({"way": ("现场", "远程", "电话")})
    assert options("远程", "way") == "☐现场　☑远程　☐电话"
    assert options(("现场", "电话"), "way") == "☑现场　☐远程　☑电话"
    assert options(None, ["甲"]) == "☐甲"
    with pytest.raises(FilterFault):
        options("甲", "unknown")


def test_percent_yes_no_and_blank() -> None:
    assert filters.percent(Percent("0.0650")) == "6.5%"
    assert filters.yesno(True) == "是"
    assert filters.default_blank(None, 3) == "　　　"
    assert filters.default_blank("有") == "有"
    assert len(filters.default_blank(None, 10**9)) == 60


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("money", "12"),
        ("money", True),
        ("cny", date(2026, 1, 1)),
        ("iso", "2026-01-01"),
        ("yesno", "是"),
        ("percent", "6%"),
    ],
)
def test_a_value_that_does_not_fit_is_named(name: str, value: object) -> None:
    with pytest.raises(FilterFault, match=name):
        filters.FILTERS[name](value)


def test_control_characters_are_shown_and_line_breaks_are_one_kind() -> None:
    assert filters.printable("a\r\nb\rc\u2028d\x0be\x85f\x0cg") == "a\nb\nc\nd\ne\nf\ng"
    assert filters.printable("\x00\x1b\ufffe\ud800") == "␀␛\ufffd\ufffd"
    assert filters.printable("tab\t and 😀 \u202e stay") == "tab\t and 😀 \u202e stay"
