"""The expression language: what it computes, what it refuses."""

from __future__ import annotations

import contextlib
from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docgen.forms.expressions.expression import compile_expression
from docgen.forms.faults import ExpressionFault
from docgen.forms.values import Duration, EstimatedDate, Money, Percent, Ref, Ruled, Sig
from docgen.forms.workdays import Calendar

TODAY = date(2026, 11, 22)
SCOPE: dict[str, object] = {
    "单价": Money("19.99"),
    "数量": 3,
    "税率": Percent("0.06"),
    "price": Money("100.00"),
    "round": 2,
    "zero": Decimal(0),
    "empty": None,
    "ruled": Ruled("date"),
    "yes": True,
    "no": False,
    "methods": ("诉讼", "协商"),
    "state": "已签署",
    "start": date(2024, 2, 29),
    "finish": date(2026, 11, 2),
    "last": date(9999, 12, 1),
    "moment": datetime(2026, 11, 2, 9, 30),
    "planned": Duration(Decimal(2), "周"),
    "actual": Duration(Decimal("1.5"), "周"),
    "other_unit": Duration(Decimal(10), "天"),
    "provider_sign": Sig("示例甲", date(2026, 1, 2)),
    "customer_sign": Sig("示例甲"),
    "contract_ref": Ref("ht-1", "service_contract", "HT-1", "V1.0"),
    "items": (
        {"amount": Money("1.10"), "day": date(2026, 3, 1), "span": Duration(Decimal(2), "周"), "name": "甲"},
        {"amount": Money("2.20"), "day": None, "span": Duration(Decimal(4), "周"), "name": "乙"},
    ),
    "gaps": [{"amount": Money("1.10")}, {"amount": None}],
    "none_yet": None,
    "no_rows": (),
}


def value(source: str, **more: object) -> object:
    return compile_expression(source).evaluate({**SCOPE, **more}, today=TODAY)


@pytest.mark.parametrize(
    ("source", "result"),
    [
        ("0.1 + 0.2", "0.3"),
        ("单价 * 数量 * (1 + 税率)", "63.5682"),
        ("单价 × 数量 ×（１＋税率）", "63.5682"),
        ("price ÷ 4 − 5", "20"),
        ("2 + 3 * 4 - 10 / 4", "11.5"),
        ("2 - 3 - 4", "-5"),
        ("12 / 2 / 3", "2"),
        ("-(2 + 3) * --2", "-10"),
        ("+5", "5"),
        ("round + 1", "3"),
        ("round(2.675, 2)", "2.68"),
        ("round(-2.5)", "-3"),
        ("round(1.5, 0)", "2"),
        ("sum(items.amount)", "3.30"),
        ("sum(items.amount, 5)", "8.30"),
        ("sum(none_yet.amount)", "0"),
        ("sum(no_rows.amount)", "0"),
        ("min(items.amount)", "1.10"),
        ("max(1, 3, 2)", "3"),
        ("count(items.day)", "1"),
        ("count(items)", "2"),
        ("count(gaps.amount)", "1"),
        ("count(empty, start, ruled)", "1"),
        ("count(methods)", "2"),
        ("len(state)", "3"),
        ("len(methods)", "2"),
        ("days(start, finish)", "977"),
        ("days(finish, moment)", "0"),
        ("planned / planned * 3", "3"),
        ("sum(items.span) / planned", "3"),
        ("1 if 数量 == 3 else 0", "1"),
        ("1 if no else 2 if no else 3", "3"),
    ],
)
def test_computes_exact_numbers(source: str, result: str) -> None:
    assert value(source) == Decimal(result)


@pytest.mark.parametrize(
    ("source", "result"),
    [
        ("cny(单价 * 数量)", "伍拾玖元玖角柒分"),
        ("cny(-0.5)", "负伍角"),
        ('"项目" + “甲” + state', "项目甲已签署"),
        ("'单×价' + ＂（）＂", "单×价（）"),
        ("upper('ht-1a')", "HT-1A"),
        ("'质保期' + 数量 + '年'", "质保期3年"),
        ("price + '元，' + 税率", "100.00元，6%"),
        ("'自' + start + '起，计划' + planned", "自2024年2月29日起，计划2周"),
        ('"乙方" if yes else "甲方"', "乙方"),
        ("add_days(start, 1)", date(2024, 3, 1)),
        ("add_days(finish, -2)", date(2026, 10, 31)),
        ("add_months(start, 12)", date(2025, 2, 28)),
        ("add_years(start, 1)", date(2025, 2, 28)),
        ("add_years(start, 4)", date(2028, 2, 29)),
        ("add_years(start, 1.5)", date(2025, 8, 29)),
        ("add_days(add_years(start, 3), -1)", date(2027, 2, 27)),
        ("add_workdays(add_days(finish, -35), 5)", date(2026, 10, 10)),
        ("today()", TODAY),
        ("min(items.day)", date(2026, 3, 1)),
        ("max(start, finish)", date(2026, 11, 2)),
        ("planned - actual", Duration(Decimal("0.5"), "周")),
        ("planned * 2", Duration(Decimal(4), "周")),
        ("0.5 * planned", Duration(Decimal(1), "周")),
        ("-planned / 2", Duration(Decimal(-1), "周")),
        ("sum(items.span)", Duration(Decimal(6), "周")),
        ("planned * 税率", Duration(Decimal("0.12"), "周")),
        ("state", "已签署"),
        ("contract_ref", "HT-1"),
    ],
)
def test_computes_texts_dates_and_durations(source: str, result: object) -> None:
    assert value(source) == result


@pytest.mark.parametrize(
    ("source", "result"),
    [
        ("数量 == 3", True),
        ("数量 ＝＝ ３", True),
        ("1 < 数量 <= 3", True),
        ("1 < 数量 < 3", False),
        ("1 ≤ 数量 and 数量 ≥ 4", False),
        ("数量 ≠ 3", False),
        ("start < finish", True),
        ("finish == moment", True),
        ('"诉讼" in methods', True),
        ('"仲裁" in methods', False),
        ('"仲裁" not in methods', True),
        ('"签" in state', True),
        ('state in ("已批准", "已签署")', True),
        ('state not in ["已批准", "已签署"]', False),
        ("数量 in (1, 2)", False),
        ("yes and not no", True),
        ("no or yes", True),
        ("yes and no or yes", True),
        ("not yes == no", True),
        ("true and False", False),
        ("planned > actual", True),
        ("planned - actual > 0", True),
        ("planned <= 2", True),
        ("provider_sign == customer_sign", True),
        ('contract_ref == "HT-1"', True),
        ("sum(items.amount) == 3.3", True),
    ],
)
def test_decides_conditions(source: str, result: bool) -> None:
    assert value(source) is result


@pytest.mark.parametrize(
    "source",
    [
        "empty",
        "none",
        "ruled",
        "empty + 1",
        "1 / empty",
        "empty / zero",
        "-empty",
        "empty == 1",
        "empty == empty",
        "1 < empty < 3",
        "empty in methods",
        '"甲" in empty',
        "not empty",
        "empty and yes",
        "empty or no",
        "1 if empty else 2",
        "round(empty, 2)",
        "cny(empty)",
        "len(empty)",
        "add_days(empty, 1)",
        "add_workdays(start, empty)",
        "sum(gaps.amount)",
        "sum(empty, 1)",
        "max(empty, 1)",
        "max(no_rows.amount)",
        "min(gaps.missing)",
        "sum(items.amount) * empty",
    ],
)
def test_the_unknown_stays_unknown(source: str) -> None:
    assert value(source) is None


@pytest.mark.parametrize(
    ("source", "result"),
    [
        ("empty and no", False),
        ("no and empty", False),
        ("empty or yes", True),
        ("yes or empty", True),
        ("3 < 1 < empty", False),
        ("max(gaps.amount)", Decimal("1.10")),
    ],
)
def test_the_unknown_does_not_matter_where_the_rest_decides(source: str, result: object) -> None:
    assert value(source) == result


@given(st.sampled_from([True, False, None]), st.sampled_from([True, False, None]))
def test_logic_has_three_values(a: bool | None, b: bool | None) -> None:
    rank = {False: 0, None: 1, True: 2}
    assert value("a and b", a=a, b=b) == min((a, b), key=rank.__getitem__)
    assert value("a or b", a=a, b=b) == max((a, b), key=rank.__getitem__)
    assert value("not a", a=a) == {True: False, False: True, None: None}[a]


@pytest.mark.parametrize(
    "source",
    [
        "1 / 0",
        "price / zero",
        "planned / 0",
        "planned + other_unit",
        "planned < other_unit",
        "planned + 1",
        "planned * planned",
        "1 / planned",
        "sum(items.name)",
        "finish - start",
        "finish + 1",
        "state + yes",
        "state + methods",
        "state * 3",
        "state - state",
        "-state",
        "-yes",
        "yes + 1",
        "state < state",
        "state == 1",
        "finish == state",
        "yes == 1",
        "methods + methods",
        "1 in 数量",
        "1 in state",
        "数量 and yes",
        "not state",
        "1 if state else 2",
        "round(state)",
        "round(1.5, -1)",
        "round(1.5, 0.5)",
        "cny(state)",
        "cny(99999999999999)",
        "len(数量)",
        "upper(数量)",
        "days(state, start)",
        "add_days(start, 0.5)",
        "add_days(start, 100000000)",
        "add_days(state, 1)",
        "add_months(start, -30000)",
        "add_years(start, 0.3)",
        "add_years(start, 9000)",
        "add_years(add_months(last, -1), 1)",
        "add_days(last, 31)",
        "add_workdays(start, 1000000)",
        "missing",
        "Infinity",
        "NaN",
        "yield",
        "sum(missing.amount)",
        "sum(state.amount)",
        "max(1, state)",
        "items + 1",
    ],
)
def test_refuses_what_cannot_be_computed(source: str) -> None:
    with pytest.raises(ExpressionFault) as caught:
        value(source)
    assert caught.value.reason.zh
    assert caught.value.reason.en.isascii() or "missing" not in source


HOSTILE = [
    "__class__",
    "().__class__",
    "().__class__.__bases__[0].__subclasses__()",
    "单价.as_tuple()",
    "items.amount",
    "items.__len__",
    "sum(items.amount.real)",
    "''.join(state)",
    '"{0.__class__}".format(1)',
    '"%s" % 1',
    'f"{price}"',
    'b"x"',
    'r"x"',
    "price.amount",
    "items[0]",
    "items[0:1]",
    "lambda: 1",
    "lambda x: x",
    "[x for x in items]",
    "{x for x in items}",
    "{1: 2}",
    "(x for x in items)",
    "sum(x.amount for x in items)",
    "price := 1",
    "(price := 1)",
    "price = 1",
    "price += 1",
    "sum(*items)",
    "sum(**items)",
    "round(value=1)",
    "9**9**9",
    "10**(10**8)",
    "2 ** 3",
    "1 // 2",
    "5 % 2",
    "6%",
    "1 << 1000000",
    "1 & 1",
    "1 | 1",
    "~1",
    "1e999999",
    "1e5",
    "1E5",
    "0x10",
    "1_000",
    "1j",
    "1.",
    ".5",
    "1.2.3",
    "+-",
    "int(1)",
    "int('9' * 10**9)",
    "sum(range(10**10))",
    "open('/etc/passwd').read()",
    "__import__('os').system('id')",
    "eval('1')",
    "exec('1')",
    "getattr(state, 'upper')",
    "print(1)",
    "globals()",
    "await x",
    "yield 1",
    "import os",
    "1; 2",
    "1 # comment",
    "1 \\\n + 1",
    "a b",
    "1 2",
    "1 +",
    "* 1",
    "( 1",
    "1 )",
    "(1, 2",
    "[1",
    "()",
    "[]",
    "(1,)",
    "sum()",
    "cny()",
    "cny(1, 2)",
    "today(1)",
    "round(1, 2, 3)",
    "add_days(start)",
    "len(items.amount)",
    "round(items.amount)",
    "sum(items.amount + 1)",
    "price(1)",
    "(sum)(1)",
    "sum(items.amount)(1)",
    "'open",
    '"open',
    "“open",
    "'back\\slash'",
    "'line\nbreak'",
    "'\x00'",
    "\x00",
    "1 if yes",
    "if yes else 1",
    "and",
    "not",
    "yes not no",
    "数量 is none",
    "数量 <> 3",
    "数量 === 3",
    "!yes",
    "yes && no",
    "yes || no",
    "yes ? 1 : 2",
    "a：b",
    "@price",
    "$price",
    "`id`",
    "{{ price }}",
    "",
    "   ",
    "\ud800",
    "1e" + "9" * 400,
    "9" * 35,
    "9" * 500,
    "a" * 501,
    "1+" * 50_000 + "1",
    "(" * 100_000,
    "(" * 240 + "1" + ")" * 240,
    "-" * 490 + "1",
    "not " * 120 + "yes",
    "[" * 490,
    "sum(" * 100 + "1" + ")" * 100,
    "1 if yes else " * 35 + "1",
    "“" * 499,
]


@pytest.mark.timeout(5)
@pytest.mark.parametrize("source", HOSTILE)
def test_refuses_everything_that_is_not_in_the_language(source: str) -> None:
    with pytest.raises(ExpressionFault):
        compile_expression(source)


@pytest.mark.timeout(5)
@pytest.mark.parametrize(
    "source",
    [
        '"a" * 1000000000',
        "99999999999999999999 * 99999999999999999999",
        "9999999999999999 * 9999999999999999 * 9999999999999999",
        "round(1.5, 1000000000)",
        "add_days(start, 999999999999)",
        "add_workdays(start, 999999999999)",
        "add_months(start, 99999999999999999)",
        "text + text",
    ],
)
def test_refuses_results_without_measure(source: str) -> None:
    with pytest.raises(ExpressionFault):
        value(source, text="字" * 9_000)


def test_long_chains_are_computed_without_depth() -> None:
    assert value("1" + "+1" * 249) == Decimal(250)
    assert value("yes" + " and yes" * 60) is True


@given(st.text(max_size=40))
def test_any_text_is_read_or_refused(source: str) -> None:
    with contextlib.suppress(ExpressionFault):
        compile_expression(source)


PIECES = st.sampled_from(
    [
        "1",
        "0.5",
        "(",
        ")",
        "+",
        "-",
        "*",
        "/",
        "<",
        "==",
        "and",
        "or",
        "not",
        "in",
        "if",
        "else",
        "yes",
        "empty",
        "数量",
        "items.amount",
        "sum(",
        "round(",
        ",",
        "'x'",
        "[",
        "]",
    ]
)


@given(st.lists(PIECES, max_size=14).map(" ".join))
def test_any_words_are_computed_or_refused(source: str) -> None:
    with contextlib.suppress(ExpressionFault):
        value(source)


def test_names_what_it_uses() -> None:
    source = "sum(items.amount) + price if count(rows) > 0 and today() > start else round"
    assert compile_expression(source).names() == {"items.amount", "price", "rows", "start", "round"}


def test_a_division_is_cut_after_34_digits() -> None:
    assert value("1 / 3") == Decimal("0." + "3" * 34)


def test_the_calendar_of_the_site_counts() -> None:
    closed = Calendar(holidays=frozenset({date(2026, 11, 3)}))
    compiled = compile_expression("add_workdays(finish, 1)")
    assert compiled.evaluate(SCOPE, today=TODAY) == date(2026, 11, 3)
    assert compiled.evaluate(SCOPE, today=TODAY, calendar=closed) == date(2026, 11, 4)


def test_working_days_without_a_published_calendar_are_estimates_and_stay_so() -> None:
    assert isinstance(value("add_workdays(add_years(finish, 20), 5)"), EstimatedDate)
    assert isinstance(value("add_days(add_workdays(add_years(finish, 20), 5), 1)"), EstimatedDate)
    assert not isinstance(value("add_workdays(start, 5)"), EstimatedDate)
