"""Leftovers of blank forms, in every kind."""

from __future__ import annotations

import pytest

from docgen.forms.definition import Field
from docgen.forms.faults import BadValue
from docgen.forms.kinds.parsing import PARSERS, parse
from docgen.forms.kinds.placeholders import find_placeholder

LEFT = [
    "[X]",
    "［X］",
    "【X】",
    "[XX]",
    "[××]",
    "[**]",
    "【待填写】",
    "（待填）",
    "[请填写日期]",
    "XXXX年XX月XX日",
    "xxxx年xx月xx日",
    "**",
    "＊＊",
    "**公司",
    "某**公司",
    "待填",
    "待填写",
    "待补充",
    "TBD",
    "todo",
    "××",
    "××公司",
    "____",
    "＿＿＿＿",
    "XX公司",
    "年月日",
    "？？",
    "……",
    "响应不超过[X]小时",
]


@pytest.mark.parametrize("text", [*LEFT, "    年  月  日", "20__年___月"])
def test_finds_what_was_left_in(text: str) -> None:
    assert find_placeholder(text)


@pytest.mark.parametrize(
    "text",
    [
        "138****0000",
        "6222****1234",
        "[1]",
        "[2026]1号",
        "单价×数量",
        "7×24小时",
        "表格待填写完毕后提交",
        "X光机",
        "XML",
        "MAXX",
        "AXX200",
        "a_b__c",
        "无",
        "-",
        "/",
        "2*3",
        "待定",
        "f(X)",
    ],
)
def test_leaves_ordinary_text_alone(text: str) -> None:
    assert not find_placeholder(text)


@pytest.mark.parametrize("kind", sorted(PARSERS))
@pytest.mark.parametrize("text", ["[X]", "XXXX年XX月XX日", "**", "待填", "××", "____"])
def test_every_kind_refuses_them_as_placeholders(kind: str, text: str) -> None:
    with pytest.raises(BadValue) as caught:
        parse(Field("field", "字段", kind, options=("是", "否")), text)
    assert "占位符" in caught.value.reason.zh
