"""Telephone numbers and mail addresses."""

from __future__ import annotations

import pytest

from docgen.forms.definition import Field
from docgen.forms.faults import BadValue
from docgen.forms.kinds.parsing import parse

PHONE = Field("hotline", "技术支持热线", "phone")
EMAIL = Field("email", "技术支持邮箱", "email")


@pytest.mark.parametrize(
    ("raw", "numbers"),
    [
        ("13800000000", ("13800000000",)),
        ("138 0000 0000", ("138 0000 0000",)),
        ("010-12345678", ("010-12345678",)),
        ("（010）12345678", ("(010)12345678",)),
        ("０１０－１２３４５６７８", ("010-12345678",)),
        ("010-00000003-801", ("010-00000003-801",)),
        ("010-12345678转801", ("010-12345678转801",)),
        ("010-12345678 ext. 801", ("010-12345678转801",)),
        ("+86 10 1234 5678", ("+86 10 1234 5678",)),
        ("+86 138 0000 0000", ("+86 138 0000 0000",)),
        ("400-800-1234", ("400-800-1234",)),
        ("95588", ("95588",)),
        ("110", ("110",)),
        ("010-12345678、13800000000", ("010-12345678", "13800000000")),
        ("010-12345678/010-12345679", ("010-12345678", "010-12345679")),
        ("010-12345678\n13800000000", ("010-12345678", "13800000000")),
        (["010-12345678", "", "13800000000"], ("010-12345678", "13800000000")),
    ],
)
def test_reads_one_or_more_numbers(raw: object, numbers: tuple[str, ...]) -> None:
    assert parse(PHONE, raw) == numbers


@pytest.mark.parametrize(
    "raw",
    [
        "400-ABC-1234",
        "1380000000",
        "138000000000",
        "12",
        "电话",
        "010-1234-",
        "(010 12345678",
        "138****0000",
        "+",
        "1" * 21,
        "1" * 10**6,
        "13800000000 13900000000",
        "010—",
        "801转",
        "a13800000000",
        {"a": "1"},
        ["13800000000", "热线"],
        "，、",
    ],
)
def test_refuses_other_numbers(raw: object) -> None:
    with pytest.raises(BadValue):
        parse(PHONE, raw)


def test_counts_the_digits_of_a_mobile_number() -> None:
    with pytest.raises(BadValue, match="11 位，现为 10 位"):
        parse(PHONE, "1380000000")


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("service@example.com", "service@example.com"),
        (" Service.Desk+it@sub.example.com.cn ", "Service.Desk+it@sub.example.com.cn"),
        ("ｓｅｒｖｉｃｅ＠ｅｘａｍｐｌｅ．ｃｏｍ", "service@example.com"),
        ("service@example。com", "service@example.com"),
        ("客服@示例.中国", "客服@示例.中国"),
    ],
)
def test_reads_addresses(typed: str, address: str) -> None:
    assert parse(EMAIL, typed) == address


@pytest.mark.parametrize(
    "typed",
    [
        "service",
        "service@",
        "@example.com",
        "a@b",
        "a@b.",
        "a@.com",
        "a..b@example.com",
        ".a@example.com",
        "a.@example.com",
        "a@-b.com",
        "a@b-.com",
        "a@b.1",
        "a,b@example.com",
        "a@example.com,b@example.com",
        "a@b@example.com",
        "<a@example.com>",
        "[X]@example.com",
        "xx@example.com",
        "a b@example.com",
        "a@exam ple.com",
        "a" * 10**6 + "@example.com",
        "a@" + "b." * 90 + "1",
    ],
)
def test_refuses_other_addresses(typed: str) -> None:
    with pytest.raises(BadValue):
        parse(EMAIL, typed)
