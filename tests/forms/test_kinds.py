"""Every kind: blanks, hostile input, limits, and the round trip through JSON."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docgen.forms.canonical import canonical
from docgen.forms.definition import KINDS, Field
from docgen.forms.faults import BadValue
from docgen.forms.kinds.durations import UNITS
from docgen.forms.kinds.parsing import PARSERS, is_blank, limits, parse
from docgen.forms.values import Duration, Money, Percent, Ref, Sig

OPTIONS = ("文档审查", "系统测试", "功能演示")
FIELDS = {kind: Field("field", "字段", kind, options=OPTIONS) for kind in PARSERS}
ONE_LINE = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S"]), min_size=1, max_size=40)
FREE = {
    "money": Field("field", "字段", "money", min="-9999999999999.99"),
    "percent": Field("field", "字段", "percent", min="-100000%", max="100000%"),
    "duration": Field("field", "字段", "duration", compute="a - b"),
}


def test_knows_every_kind_but_tables() -> None:
    assert set(PARSERS) == KINDS - {"table"}


@pytest.mark.parametrize("kind", sorted(PARSERS))
@pytest.mark.parametrize("raw", [None, "", " ", "　", "\t\n ", "\xa0"])
def test_blank_is_empty_in_every_kind(kind: str, raw: object) -> None:
    assert parse(FIELDS[kind], raw) is None


def test_blank_lists_and_mappings_are_empty() -> None:
    assert all(is_blank(raw) for raw in ([], ["", None, "　"], {"name": " ", "date": None}))
    assert not any(is_blank(raw) for raw in (["", "甲"], "0", {"name": "甲"}))


@pytest.mark.parametrize("kind", ["multi", "list", "files", "phone"])
def test_separators_alone_are_refused(kind: str) -> None:
    with pytest.raises(BadValue):
        parse(FIELDS[kind], "；")


HOSTILE = [
    "9" * 10**6,
    "甲" * 10**6,
    "\u202e" * 10**6,
    "a@" * 500_000,
    "(" * 10**6,
    "1," * 500_000,
    "、" * 10**6,
    "年" * 10**6,
]


@pytest.mark.parametrize("kind", sorted(PARSERS))
@pytest.mark.parametrize("raw", HOSTILE)
def test_endless_input_is_refused_in_every_kind(kind: str, raw: str) -> None:
    with pytest.raises(BadValue):
        parse(FIELDS[kind], raw)


@pytest.mark.parametrize("kind", sorted(PARSERS))
@given(raw=st.one_of(st.text(max_size=30), st.lists(st.text(max_size=5), max_size=3)))
def test_any_input_gives_a_value_or_a_reason(kind: str, raw: object) -> None:
    try:
        value = parse(FIELDS[kind], raw)
    except BadValue:
        return
    assert through_json(FIELDS[kind], value) == value


def through_json(field: Field, value: object) -> object:
    return parse(field, json.loads(json.dumps(canonical(value), ensure_ascii=False)))


def decimals(limit: int, places: int) -> st.SearchStrategy[Decimal]:
    return st.decimals(-limit, limit, allow_nan=False, allow_infinity=False, places=places)


CENTS = st.integers(-(10**15) + 1, 10**15 - 1).map(lambda fen: Money(Decimal(fen).scaleb(-2)))
MOMENTS = st.datetimes(datetime(1900, 1, 1), datetime(2100, 12, 31)).map(
    lambda moment: moment.replace(microsecond=0)
)
DAYS = st.dates(date(1900, 1, 1), date(2100, 12, 31))
AMOUNTS = st.decimals(-(10**6), 10**6, allow_nan=False, places=3)


@given(CENTS)
def test_money_comes_back(value: Money) -> None:
    back = through_json(FREE["money"], value)
    assert type(back) is Money
    assert str(back) == str(value if value else Money("0.00"))


@given(decimals(100, 6).map(Percent))
def test_percent_comes_back(value: Percent) -> None:
    back = through_json(FREE["percent"], value)
    assert type(back) is Percent
    assert back == value


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("number", decimals(10**9, 8)),
        ("int", st.integers(-(10**15), 10**15)),
        ("date", DAYS),
        ("datetime", MOMENTS),
        ("bool", st.booleans()),
        ("enum", st.sampled_from(OPTIONS)),
        (
            "multi",
            st.sets(st.sampled_from(OPTIONS), min_size=1).map(lambda s: tuple(o for o in OPTIONS if o in s)),
        ),
        ("duration", st.builds(Duration, AMOUNTS, st.sampled_from(UNITS))),
        ("sig", st.builds(Sig, st.sampled_from(["示例甲", "Jane Roe", "示例甲、示例乙"]), st.none() | DAYS)),
        (
            "ref",
            st.builds(
                Ref,
                st.sampled_from(["HT-2026-001", "项目A_服务合同_2023-04-01_V1.0"]),
                st.just("a"),
                st.just("b"),
            ),
        ),
        ("phone", st.lists(st.sampled_from(["010-12345678转801", "13800000000"]), min_size=1).map(tuple)),
        ("email", st.just("service@example.com")),
        ("file", st.just("授权委托书.pdf")),
        ("files", st.just(("发票、一.pdf", "报告.docx"))),
        ("list", st.just(("甲、乙", "丙"))),
    ],
)
@given(data=st.data())
def test_every_kind_comes_back(kind: str, values: st.SearchStrategy[object], data: st.DataObject) -> None:
    value = data.draw(values)
    back = through_json(FREE.get(kind, FIELDS[kind]), value)
    assert back == value
    assert type(back) is type(value)


@pytest.mark.parametrize("kind", ["text", "longtext", "seal", "list"])
@given(text=ONE_LINE)
def test_text_comes_back(kind: str, text: str) -> None:
    try:
        value = parse(FIELDS[kind], [text] if kind == "list" else text)
    except BadValue:
        return
    assert through_json(FIELDS[kind], value) == value


def test_limits_are_values_of_the_kind() -> None:
    assert limits(Field("day", "日期", "date", min="2020-01-01")) == (date(2020, 1, 1), None)
    assert limits(Field("fee", "费用", "money", min="-1", max="1,000")) == (Decimal(-1), Decimal(1000))
    with pytest.raises(BadValue):
        limits(Field("fee", "费用", "money", min="很多"))


def test_limits_are_inclusive() -> None:
    field = Field("count", "数量", "int", min="1", max="3")
    assert [parse(field, str(value)) for value in (1, 2, 3)] == [1, 2, 3]
    for typed in ("0", "4"):
        with pytest.raises(BadValue):
            parse(field, typed)
    with pytest.raises(BadValue):
        parse(Field("name", "名称", "text", min="1"), "2")


def test_a_moment_compares_with_its_limit() -> None:
    field = Field("moment", "时间", "datetime", min="2026-01-01 09:00")
    assert parse(field, "2026-01-01 09:00") == datetime(2026, 1, 1) + timedelta(hours=9)
    with pytest.raises(BadValue):
        parse(field, "2026-01-01 08:59")
