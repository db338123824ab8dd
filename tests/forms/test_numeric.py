"""Numbers as staff type them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from docgen.forms.definition import Field
from docgen.forms.faults import BadValue
from docgen.forms.kinds.parsing import parse
from docgen.forms.values import Money, Percent

MONEY = Field("fee", "费用", "money")
NUMBER = Field("quantity", "数量", "number")
INT = Field("days", "天数", "int")
PERCENT = Field("rate", "税率", "percent")


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("1200", "1200.00"),
        ("1,200.00", "1200.00"),
        ("￥1,200.00", "1200.00"),
        ("¥1200", "1200.00"),
        ("￥ 1200.5", "1200.50"),
        ("1200元", "1200.00"),
        ("1,200 元整", "1200.00"),
        ("人民币1200元", "1200.00"),
        ("RMB 1,200.00", "1200.00"),
        ("１，２００．５０", "1200.50"),
        ("　1200　", "1200.00"),
        ("0", "0.00"),
        ("-0", "0.00"),
        (".5", "0.50"),
        ("9999999999999.99", "9999999999999.99"),
        ("壹仟陆佰捌拾元零叁角贰分", "1680.32"),
        ("壹仟陆佰捌拾元叁角贰分", "1680.32"),
        ("人民币壹佰元整", "100.00"),
        ("零元整", "0.00"),
    ],
)
def test_reads_money(typed: str, amount: str) -> None:
    value = parse(MONEY, typed)
    assert isinstance(value, Money)
    assert str(value) == amount


@pytest.mark.parametrize(
    "typed",
    [
        "1e5",
        "1E5",
        "NaN",
        "nan",
        "inf",
        "-inf",
        "Infinity",
        "1.234",
        "1.200",
        "-5",
        "－5",
        "−5",
        "1,20.00",
        "1,2000",
        "12,00",
        ",100",
        "1,,000",
        "1.2.3",
        "5.",
        "1,200,00",
        "面议",
        "八成",
        "三千元",
        "一百",
        "12万",
        "1.5万元",
        "0x10",
        "1_000",
        "٣",
        "1/2",
        "$5",
        "1200美元",
        "￥",
        "元",
        "+",
        "-",
        "10000000000000",
        "99999999999999999999",
        "100-",
        "(100)",
        "[X]",
        "**",
    ],
)
def test_refuses_money(typed: str) -> None:
    with pytest.raises(BadValue):
        parse(MONEY, typed)


def test_takes_negative_money_only_down_to_min() -> None:
    refund = Field("refund", "退款", "money", min="-100")
    assert parse(refund, "-99.50") == Decimal("-99.50")
    with pytest.raises(BadValue, match="不能小于 -100"):
        parse(refund, "-100.01")


def test_computed_amounts_and_percentages_may_lie_beyond_the_usual_range() -> None:
    assert parse(Field("rest", "余额", "money", compute="a - b"), "-0.01") == Decimal("-0.01")
    assert parse(Field("growth", "增长", "percent", compute="a / b"), "-120%") == Decimal("-1.2")
    assert parse(Field("growth", "增长", "percent", compute="a / b"), "120%") == Decimal("1.2")


def test_keeps_money_exact_where_binary_fractions_are_not() -> None:
    for typed in ("0.07", "0.29", "1.15", "4.35", "19.99", "9007199254740.93"):
        assert str(parse(MONEY, typed)) == typed


@pytest.mark.parametrize(
    ("typed", "fraction"),
    [
        ("6%", "0.06"),
        ("６％", "0.06"),
        ("6 %", "0.06"),
        ("6.5%", "0.065"),
        ("0.06", "0.06"),
        (".06", "0.06"),
        ("0.5", "0.5"),
        ("0", "0"),
        ("0%", "0"),
        ("0.0", "0"),
        ("100%", "1"),
        ("5%", "0.05"),
        ("0.05", "0.05"),
        ("0.05%", "0.0005"),
    ],
)
def test_reads_percent(typed: str, fraction: str) -> None:
    value = parse(PERCENT, typed)
    assert isinstance(value, Percent)
    assert value == Decimal(fraction)


@pytest.mark.parametrize(
    "typed",
    [
        "1",
        "5",
        "6",
        "13",
        "80",
        "105",
        "1.0",
        "1.5",
        "-1",
        "-5",
        "-5%",
        "−5%",
        "-0.1",
        "101%",
        "105%",
        "八成",
        "%",
        "百分之六",
        "6%%",
        "%6",
        "6‰",
        "1e-2",
        "NaN",
    ],
)
def test_refuses_percent(typed: str) -> None:
    with pytest.raises(BadValue):
        parse(PERCENT, typed)


def test_says_how_to_write_an_ambiguous_percent() -> None:
    with pytest.raises(BadValue) as caught:
        parse(PERCENT, "13")
    assert "百分号" in caught.value.reason.zh
    assert caught.value.accepted is not None
    assert "13%" in caught.value.accepted.zh


def test_takes_percent_beyond_100_where_the_field_allows() -> None:
    growth = Field("growth", "增长率", "percent", min="-50%", max="200%")
    assert parse(growth, "105%") == Decimal("1.05")
    assert parse(growth, "-5%") == Decimal("-0.05")
    with pytest.raises(BadValue, match="不能大于 200%"):
        parse(growth, "201%")


@pytest.mark.parametrize(
    ("typed", "value"),
    [("3", "3"), ("-1.50", "-1.5"), ("1,200.25", "1200.25"), ("＋３", "3"), ("0.0000000001", "1E-10")],
)
def test_reads_numbers(typed: str, value: str) -> None:
    assert parse(NUMBER, typed) == Decimal(value)


@pytest.mark.parametrize(
    "typed", ["三年", "3年", "三", "1e3", "inf", "1.2.3", "1,00", "0.00000000001", "1234567890123456789"]
)
def test_refuses_numbers(typed: str) -> None:
    with pytest.raises(BadValue):
        parse(NUMBER, typed)


@pytest.mark.parametrize(
    ("typed", "value"), [("60", 60), ("６０", 60), ("1,000", 1000), ("3.0", 3), ("-1", -1)]
)
def test_reads_whole_numbers(typed: str, value: int) -> None:
    assert parse(INT, typed) == value
    assert type(parse(INT, typed)) is int


@pytest.mark.parametrize("typed", ["3.5", "三", "3 4", "1e2"])
def test_refuses_whole_numbers(typed: str) -> None:
    with pytest.raises(BadValue):
        parse(INT, typed)


@pytest.mark.parametrize("field", [MONEY, NUMBER, INT, PERCENT])
@pytest.mark.parametrize("typed", ["9" * 10**6, "9," * 10**5, "." * 10**6, "-" * 10**6, "9" * 61 + "%"])
def test_refuses_endless_digits(field: Field, typed: str) -> None:
    with pytest.raises(BadValue):
        parse(field, typed)
