"""Enumerations, several choices, yes and no."""

from __future__ import annotations

import pytest

from docgen.forms.definition import Field
from docgen.forms.faults import BadValue
from docgen.forms.kinds.parsing import parse

TYPE = Field("type", "质保方式", "enum", options=("原厂商全免费质保", "供应商免费质保", "其他"))
MODE = Field("mode", "方式", "enum", options=("7×24小时", "VIP", "工作时间（含周六）", "技术方案/设计文档"))
METHODS = Field("methods", "验收方式", "multi", options=("文档审查", "系统测试", "功能演示", "用户试用"))
BOOL = Field("agreed", "是否一致", "bool")


@pytest.mark.parametrize(
    ("field", "typed", "option"),
    [
        (TYPE, "供应商免费质保", "供应商免费质保"),
        (TYPE, "供應商免費質保", "供应商免费质保"),
        (TYPE, "其他 ", "其他"),
        (TYPE, "　其 他", "其他"),
        (MODE, "vip", "VIP"),
        (MODE, "ＶＩＰ", "VIP"),
        (MODE, "7x24小时", "7×24小时"),
        (MODE, "７×２４小時", "7×24小时"),
        (MODE, "工作时间(含周六)", "工作时间（含周六）"),
    ],
)
def test_maps_other_spellings_to_the_option(field: Field, typed: str, option: str) -> None:
    assert parse(field, typed) == option


@pytest.mark.parametrize("typed", ["原厂质保", "无", "供应商", "其他。", "[X]", "x" * 10**6, "其\n他"])
def test_refuses_unknown_options(typed: str) -> None:
    with pytest.raises(BadValue):
        parse(TYPE, typed)


def test_lists_the_options_and_suggests_the_nearest() -> None:
    with pytest.raises(BadValue) as caught:
        parse(TYPE, "供应商收费质保")
    assert "供应商免费质保" in caught.value.reason.zh
    assert caught.value.accepted is not None
    assert caught.value.accepted.zh == "原厂商全免费质保、供应商免费质保、其他"


def test_never_guesses_between_two_options() -> None:
    field = Field("word", "用字", "enum", options=("质保", "質保"))
    assert parse(field, "質保") == "質保"
    with pytest.raises(BadValue, match="多个"):
        parse(field, " 質 保 ")


def test_an_option_may_look_like_a_placeholder() -> None:
    assert parse(Field("grade", "等级", "enum", options=("XX", "X")), "XX") == "XX"


@pytest.mark.parametrize(
    "raw",
    [
        "系统测试、文档审查",
        "系统测试,文档审查",
        "系统测试，文档审查",
        "系统测试;文档审查",
        "系统测试；文档审查",
        "系统测试/文档审查",
        "系统测试 文档审查",
        "系统测试\n文档审查\n",
        "系統測試、文檔審查",
        ["系统测试", "文档审查"],
        ["系统测试 ", "", None, "文档审查"],
    ],
)
def test_reads_several_choices_in_the_order_of_the_form(raw: object) -> None:
    assert parse(METHODS, raw) == ("文档审查", "系统测试")


def test_an_option_may_hold_a_separator() -> None:
    field = Field("papers", "资料", "multi", options=("技术方案/设计文档", "甲、乙", "手册"))
    assert parse(field, "手册、技术方案/设计文档") == ("技术方案/设计文档", "手册")
    assert parse(field, "甲、乙") == ("甲、乙",)
    assert parse(field, ["手册", "甲、乙"]) == ("甲、乙", "手册")


@pytest.mark.parametrize(
    "raw",
    [
        "系统测试、验收",
        "系统测试、系统测试",
        ["系统测试", "系統測試"],
        ["系统测试", ["文档审查"]],
        {"系统测试": "是"},
        "、".join(["系统测试"] * 10**5),
    ],
)
def test_refuses_unknown_or_repeated_choices(raw: object) -> None:
    with pytest.raises(BadValue):
        parse(METHODS, raw)


@pytest.mark.parametrize("raw", ["", "  ", "　", [], [""], None])
def test_no_choice_is_empty(raw: object) -> None:
    assert parse(METHODS, raw) is None


@pytest.mark.parametrize(
    "typed", ["是", "√", "✓", "☑", "true", "True", "TRUE", "yes", "Y", "y", "1", "１", "对", "對", "有"]
)
def test_reads_yes(typed: str) -> None:
    assert parse(BOOL, typed) is True


@pytest.mark.parametrize("typed", ["否", "×", "☐", "false", "False", "no", "N", "0", "０", "不", "无", "無"])
def test_reads_no(typed: str) -> None:
    assert parse(BOOL, typed) is False


@pytest.mark.parametrize(
    "typed", ["是/否", "2", "也许", "-1", "x", "X", "yesno", "[X]", "是 是", "是" * 10**6]
)
def test_refuses_neither_yes_nor_no(typed: str) -> None:
    with pytest.raises(BadValue):
        parse(BOOL, typed)
