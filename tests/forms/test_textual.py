"""Text kinds."""

from __future__ import annotations

import pytest

from docgen.forms.definition import Field
from docgen.forms.faults import BadValue
from docgen.forms.kinds.parsing import parse
from docgen.forms.values import Ref

TEXT = Field("name", "名称", "text")
LONG = Field("content", "内容", "longtext")
LIST = Field("attachments", "附件", "list")
REF = Field("contract_ref", "合同编号", "ref", of=("service_contract",))


@pytest.mark.parametrize(
    "text",
    [
        "=HYPERLINK(1)",
        "@SUM(1)",
        "a & b < c > d",
        "{{ x }}",
        "{% raw %}",
        "𠮷野家 龘 㐂",
        "好的👍🏽",
        "繁體與简体",
        "<script>",
        "甲　乙",
    ],
)
def test_keeps_text_as_it_is(text: str) -> None:
    assert parse(TEXT, text) == text
    assert parse(Field("seal", "盖章", "seal"), text) == text


def test_trims_and_composes_text() -> None:
    assert parse(TEXT, "　 cafe\u0301\t表 ") == "café 表"


@pytest.mark.parametrize("text", ["甲\n乙", "甲\r\n乙", "甲\x0b乙", "甲\u2028乙"])
def test_line_breaks_belong_into_long_text_only(text: str) -> None:
    assert parse(LONG, text) == "甲\n乙"
    with pytest.raises(BadValue, match="换行"):
        parse(TEXT, text)


def test_long_text_keeps_blank_lines_and_loses_trailing_spaces() -> None:
    assert parse(LONG, "\n第一段  \n\n　第二段\t\n") == "第一段\n\n　第二段"


def test_text_has_a_longest_length() -> None:
    assert parse(LONG, "字" * 10_000) == "字" * 10_000
    short = Field("short", "简称", "text", max_length=5)
    assert parse(short, "五个字以内") == "五个字以内"
    with pytest.raises(BadValue, match="共 6 个字符，最多 5 个"):
        parse(short, "六个字就多了")
    for field in (TEXT, LONG, LIST, REF):
        with pytest.raises(BadValue):
            parse(field, "字" * 10**6)


@pytest.mark.parametrize("raw", [["a"], {"a": "b"}])
def test_text_is_no_list_and_no_mapping(raw: object) -> None:
    for field in (TEXT, LONG):
        with pytest.raises(BadValue):
            parse(field, raw)


@pytest.mark.parametrize(
    ("raw", "items"),
    [
        ("甲、乙；丙;丁", ("甲", "乙", "丙", "丁")),
        ("甲、乙\n丙\n\n", ("甲、乙", "丙")),
        ("一，二", ("一，二",)),
        (["甲、乙", " 丙 ", "", None], ("甲、乙", "丙")),
    ],
)
def test_reads_lists(raw: object, items: tuple[str, ...]) -> None:
    assert parse(LIST, raw) == items


@pytest.mark.parametrize("raw", [["[X]"], ["甲\n乙"], [["甲"]], {"甲": "乙"}, ["甲"] * 1001])
def test_refuses_other_lists(raw: object) -> None:
    with pytest.raises(BadValue):
        parse(LIST, raw)


def test_reads_references_as_typed_or_as_recorded() -> None:
    assert parse(REF, " HT-2026-001 ") == Ref("HT-2026-001")
    recorded = {
        "text": "HT-2026-001",
        "type_id": "service_contract",
        "doc_id": "HT-2026-001",
        "version": "V1.0",
    }
    assert parse(REF, recorded) == Ref("HT-2026-001", "service_contract", "HT-2026-001", "V1.0")


@pytest.mark.parametrize("raw", [{"doc_id": "HT-1"}, {"text": ["HT-1"]}, {"text": "[X]"}, ["HT-1"], "HT\n1"])
def test_refuses_other_references(raw: object) -> None:
    with pytest.raises(BadValue):
        parse(REF, raw)
