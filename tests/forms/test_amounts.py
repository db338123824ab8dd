"""Amounts in words: the examples of the rule, an independent writer, and cn2an below 1亿."""

from __future__ import annotations

import random
import re
from decimal import Decimal

import cn2an
import pytest
from hypothesis import given
from hypothesis import strategies as st

from docgen.forms.amounts import LIMIT, cny, parse_cny
from docgen.forms.faults import BadValue

#: The examples of 正确填写票据和结算凭证的基本规定: the first wording, then any other it allows.
PUBLISHED = [
    ("1409.50", "壹仟肆佰零玖元伍角"),
    ("6007.14", "陆仟零柒元壹角肆分"),
    ("1680.32", "壹仟陆佰捌拾元零叁角贰分", "壹仟陆佰捌拾元叁角贰分"),
    ("107000.53", "壹拾万柒仟元零伍角叁分", "壹拾万零柒仟元伍角叁分"),
    ("16409.02", "壹万陆仟肆佰零玖元零贰分"),
    ("325.04", "叁佰贰拾伍元零肆分"),
]
#: Worked out by hand from the rule.
BY_HAND = [
    ("0", "零元整"),
    ("0.01", "壹分"),
    ("0.10", "壹角"),
    ("0.05", "伍分"),
    ("0.55", "伍角伍分"),
    ("1", "壹元整"),
    ("1.05", "壹元零伍分"),
    ("1.50", "壹元伍角"),
    ("10", "壹拾元整"),
    ("10.50", "壹拾元零伍角"),
    ("15", "壹拾伍元整"),
    ("100.01", "壹佰元零壹分"),
    ("1001", "壹仟零壹元整"),
    ("1010", "壹仟零壹拾元整"),
    ("10000", "壹万元整"),
    ("10001", "壹万零壹元整"),
    ("10100", "壹万零壹佰元整"),
    ("100000", "壹拾万元整"),
    ("100000.50", "壹拾万元零伍角"),
    ("100001000", "壹亿零壹仟元整"),
    ("100010000", "壹亿零壹万元整"),
    ("1000000000000", "壹万亿元整"),
    ("1000100000000", "壹万零壹亿元整"),
    ("1234567890123.45", "壹万贰仟叁佰肆拾伍亿陆仟柒佰捌拾玖万零壹佰贰拾叁元肆角伍分"),
    ("9999999999999.99", "玖万玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分"),
    ("-1234.50", "负壹仟贰佰叁拾肆元伍角"),
    ("-0.01", "负壹分"),
]


@pytest.mark.parametrize(("amount", "words"), [row[:2] for row in PUBLISHED] + BY_HAND)
def test_writes_the_examples(amount: str, words: str) -> None:
    assert cny(Decimal(amount)) == words


@pytest.mark.parametrize(("amount", "words"), [(row[0], words) for row in PUBLISHED for words in row[1:]])
def test_reads_every_published_wording(amount: str, words: str) -> None:
    assert parse_cny(words) == Decimal(amount)


@pytest.mark.parametrize(
    ("amount", "words"),
    [("1005.005", "壹仟零伍元零壹分"), ("0.005", "壹分"), ("-0.004", "零元整"), ("-0", "零元整")],
)
def test_rounds_half_up_first(amount: str, words: str) -> None:
    assert cny(Decimal(amount)) == words


@pytest.mark.parametrize(
    "amount", ["NaN", "Infinity", "-Infinity", "1E+30", "9999999999999.995", "1E+999999"]
)
def test_refuses_what_cannot_be_written(amount: str) -> None:
    with pytest.raises(BadValue):
        cny(Decimal(amount))


def independent(fen: int) -> str:
    """Write ``fen`` another way: every digit with its place, then rules on the string."""
    digits = "零壹贰叁肆伍陆柒捌玖"
    places = ["分", "角", "元", "拾", "佰", "仟", "万", "拾", "佰", "仟", "亿", "拾", "佰", "仟", "万"]
    number = str(abs(fen)).zfill(3)
    text = "".join(digits[int(d)] + places[len(number) - 1 - i] for i, d in enumerate(number))
    cents = text[-4:]
    text = re.sub(r"(?<=[仟佰拾])零(?=[亿万元])", "", text[:-4])  # 零 before a section's own unit is silent
    text = re.sub("零[仟佰拾]", "零", text)
    text = re.sub("零+", "零", text)
    text = re.sub("零([亿万元])", r"\1", text)
    text = re.sub("亿万", "亿零", text)  # a section that is wholly empty leaves one 零
    text = re.sub("零+", "零", text)
    text = re.sub("零元$", "元", text)
    if text == "元":
        text = ""
    jiao, fens = digits.index(cents[0]), digits.index(cents[2])
    if not (jiao or fens):
        return ("负" if fen < 0 else "") + (text or "零元") + "整"
    gap = "零" if text and (not jiao or (abs(fen) // 100) % 10 == 0) else ""
    tail = (cents[:2] if jiao else "") + (cents[2:] if fens else "")
    return ("负" if fen < 0 else "") + text + gap + tail


def zero_heavy(source: random.Random) -> int:
    length = source.randint(1, 15)
    digits = [source.choice("0000123456789") for _ in range(length)]
    return int("".join(digits)) * source.choice((1, 1, 1, -1))


def test_agrees_with_an_independent_writer() -> None:
    source = random.Random(20261122)
    for _ in range(30_000):
        fen = zero_heavy(source)
        assert cny(Decimal(fen).scaleb(-2)) == independent(fen), fen


def test_agrees_with_cn2an_below_one_hundred_million_but_for_the_free_zeros() -> None:
    source = random.Random(7)
    for _ in range(3_000):
        fen = abs(zero_heavy(source)) % 10**10
        amount = Decimal(fen).scaleb(-2)
        expected = cn2an.an2cn(str(amount), "rmb")
        assert cny(amount).replace("零", "") == expected.replace("零", "") or fen == 0
        assert parse_cny(expected) == amount


@given(st.integers(-(10**15) + 1, 10**15 - 1))
def test_reads_back_what_it_writes(fen: int) -> None:
    amount = Decimal(fen).scaleb(-2)
    assert abs(amount) <= LIMIT
    assert parse_cny(cny(amount)) == amount


@pytest.mark.parametrize(
    ("words", "amount"),
    [
        ("人民币壹佰元整", "100"),
        ("壹佰元", "100"),
        ("壹佰圆正", "100"),
        ("貳萬陸仟圓整", "26000"),
        ("伍角整", "0.5"),
        ("壹仟零伍拾元零叁角", "1050.3"),
        ("壹仟万零柒仟元整", "10007000"),
    ],
)
def test_reads_what_banks_take(words: str, amount: str) -> None:
    assert parse_cny(words) == Decimal(amount)


@pytest.mark.parametrize(
    "words",
    [
        "",
        "元",
        "整",
        "负",
        "一百元",
        "三千元整",
        "壹元壹分整元",
        "亿亿亿元整",
        "壹佰贰",
        "壹元零角伍分",
        "壹" * 10**6,
        "壹佰零零伍元整",
        "壹佰伍元整",
        "玖拾万亿元整",
        "壹元伍分",
        "负零元整",
        "壹角伍角",
    ],
)
def test_refuses_other_wordings(words: str) -> None:
    with pytest.raises(BadValue):
        parse_cny(words)


def test_shows_the_right_wording_of_a_slip() -> None:
    with pytest.raises(BadValue) as caught:
        parse_cny("拾元整")
    assert caught.value.accepted is not None
    assert "壹拾元整" in caught.value.accepted.zh
