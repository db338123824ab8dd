"""Slips in YAML are told with their line, in words that say what to write instead."""

from __future__ import annotations

import pytest

from docgen.forms.yaml_nodes import YamlFault, read_yaml


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("编制人：李示例\n合同: x\n", 1, "全角冒号"),
        ("a: 1\n编制人：李示例\n\nb: 2\n", 2, "全角冒号"),
        ("items:\n  - {名称: 甲，数量: 1}\n", 2, "全角的逗号"),
        ("items:\n\t- b\n", 2, "制表符"),
        ("编制人:李示例\nb: 2\n", 1, "冒号后面要有空格"),
        ("a: b: c\n", 1, "加上引号"),
        ('a: "x\nb: 1\n', 3, "引号没有成对"),
        ("a: @x\n", 1, "加上引号"),
        ("a: [1\n", 2, "括号没有写完"),
    ],
)
def test_slips_are_named(text: str, line: int, said: str) -> None:
    with pytest.raises(YamlFault) as fault:
        read_yaml(text.encode(), "a.yaml")

    assert (fault.value.line, said in fault.value.reason.zh) == (line, True), fault.value.reason.zh
    assert fault.value.reason.en.isascii() or "“" in fault.value.reason.en


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("网址: http://示例/甲：乙\n", {"网址": "http://示例/甲：乙"}),
        ("说明: 甲：乙，丙\n", {"说明": "甲：乙，丙"}),
        ('"a：b": 1\n', {"a：b": "1"}),
    ],
)
def test_what_can_be_read_is_no_slip(text: str, read: dict[str, str]) -> None:
    assert read_yaml(text.encode(), "a.yaml").plain() == read
