"""Signatures."""

from __future__ import annotations

from datetime import date

import pytest

from docgen.forms.definition import Field
from docgen.forms.faults import BadValue
from docgen.forms.kinds.parsing import parse
from docgen.forms.values import Sig

SIGN = Field("customer_sign", "客户签字", "sig")


@pytest.mark.parametrize(
    "raw",
    [
        "示例甲 2026-01-12",
        "示例甲，2026年1月12日",
        "示例甲（2026年1月12日）",
        "示例甲2026/1/12",
        "示例甲 20260112",
        "示例甲 二〇二六年一月十二日",
        {"name": "示例甲", "date": "2026-01-12"},
        {"姓名": "示例甲", "日期": "2026.1.12"},
        ["示例甲", "2026-01-12"],
    ],
)
def test_reads_name_and_date(raw: object) -> None:
    assert parse(SIGN, raw) == Sig("示例甲", date(2026, 1, 12))


@pytest.mark.parametrize(
    "raw", ["示例甲", {"name": "示例甲"}, {"name": "示例甲", "date": ""}, ["示例甲"], ["示例甲", None]]
)
def test_the_date_may_follow_later(raw: object) -> None:
    assert parse(SIGN, raw) == Sig("示例甲")


@pytest.mark.parametrize("raw", [None, "", "　", {}, {"name": "", "date": None}, [], ["", ""]])
def test_nothing_typed_is_no_signature(raw: object) -> None:
    assert parse(SIGN, raw) is None


@pytest.mark.parametrize(
    "raw",
    [
        "示例甲 2026-02-30",
        "示例甲 26-1-12",
        "2026-01-12",
        {"date": "2026-01-12"},
        {"name": "示例甲", "date": "明天"},
        {"name": "示例甲", "when": "2026-01-12"},
        {"name": ["示例甲"]},
        ["示例甲", "2026-01-12", "示例乙"],
        "****",
        "示例甲 XXXX年XX月XX日",
        "甲" * 10**6,
    ],
)
def test_refuses_other_signatures(raw: object) -> None:
    with pytest.raises(BadValue):
        parse(SIGN, raw)
