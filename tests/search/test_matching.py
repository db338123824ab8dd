"""What matches, on the cases that other archives are known to fail (archive study, b)."""

from __future__ import annotations

import datetime as dt

import pytest

from docgen.search.engine import Engine
from docgen.search.matching import Reading, matches
from docgen.search.query import parse_query

LONG = (
    "本合同由双方于北京签订，" * 8
    + "合同编号HT-2026-001由甲方在签署后三十日内归档并报送备案管理部门"
    + "审核" * 50
)

CASES = [
    ("one character", "张", ["张三负责"], ["李四负责"]),
    ("one character at the end", "京", ["签于北京"], ["签于上海"]),
    (
        "a number glued into a long sentence",
        "HT-2026-001",
        [LONG],
        ["合同编号HT-2026-0012", "编号XHT-2026-001"],
    ),
    ("a part of a number", "2026", [LONG, "2026年"], ["HT-20261", "a2026"]),
    ("not a part of a piece", "T-2026", ["编号T-2026"], [LONG]),
    ("all words", "北京 报告", ["报告，北京"], ["北京", "报告"]),
    ("without", "机房 NOT 巡检", ["机房改造"], ["机房巡检", "巡检"]),
    ("without, written shortly", "机房 -巡检", ["机房改造"], ["机房巡检"]),
    (
        "a phrase, not scattered pairs",
        "中国人民",
        ["中国人民"],
        ["中国企业。外国人员。人民广场。", "中国。人民"],
    ),
    ("a quoted phrase", '"中国人民"', ["中国人民"], ["中国企业。外国人员。人民广场。"]),
    ("a wrapped line", "网络设备", ["网络\n设备", "网络 \r\n 设备"], ["网络。\n设备", "网络\n\n设备"]),
    ("Traditional and Simplified", "驗收報告", ["验收报告", "驗收報告"], ["验收"]),
    ("Simplified finds Traditional", "计划", ["計畫", "計劃"], ["设计"]),
    ("widths", "ＡＢＣ１２", ["abc12", "ABC12"], ["abc123"]),
    ("a quoted string is literal", '"T-2026"', [LONG], ["HT2026"]),
    ("white space in quotes", '"甲方 乙方"', ["甲方   乙方", "甲方\n\n乙方"], ["甲方乙方", "甲方，乙方"]),
    ("mixed scripts", "第3条", ["见第3条。"], ["第13条", "第3 条"]),
    ("a prefix", "conf*", ["configuration", "conf"], ["reconf"]),
    ("a prefix of a number", "HT-2026-0*", [LONG], ["HT-2026-1"]),
    ("percent", "6%", ["税率6%", "16%"], ["6"]),
    ("either", "合同 OR 协议", ["协议", "合同"], ["函"]),
    ("a date in the text", "2026年3月", ["于2026年3月8日"], ["2026年13月"]),
]


@pytest.mark.parametrize(
    ("query", "found", "missed"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_reading_and_engine_agree(
    engine: Engine,
    document,
    query: str,
    found: list[str],
    missed: list[str],
) -> None:
    documents = [
        document(f"{n}", text, type_name="其他", type_id="x") for n, text in enumerate(found + missed)
    ]
    engine.add(documents)
    tree = parse_query(query)
    expected = {str(n) for n in range(len(found))}

    assert {one.id for one in documents if matches(tree, Reading.of(one))} == expected
    assert {hit.document.id for hit in engine.search(tree, limit=None).hits} == expected


FITTING = (
    "项目:示例", "类型:合同", "类型:service_contract", "type:contract", "类型:协议书",
    "类别:合同协议", "版本:V1.2", "版本:1.2", "版本:V1", "版本:1", "版本:V1*", '版本:"V1.2"',
    "编号:HT-2026-007", "编号:2026", "编号:XM-1", "标题:机房", "正文:正文", "日期:2023-04",
    "日期:2023-04-09..", "机房 正文", "协议书", "2026-007", "正文:(这里 OR 机房)",
)  # fmt: skip
NOT_FITTING = (
    "项目:别的", "类别:技术", "版本:V1.1", "版本:2", "标题:正文", "正文:机房", "日期:..2023-04-07",
    "示例项目", "NOT 机房",
)  # fmt: skip


@pytest.mark.parametrize(
    ("query", "expected"), [*((query, True) for query in FITTING), *((query, False) for query in NOT_FITTING)]
)
def test_fields(engine: Engine, document, query: str, expected: bool) -> None:
    one = document(
        "1", "这里是正文", project="示例项目", version="V1.2", number="HT-2026-007", title="机房改造",
        aliases=("协议书",), date=dt.date(2023, 4, 9),
    )  # fmt: skip
    engine.add([one])
    tree = parse_query(query)

    assert matches(tree, Reading.of(one)) is expected
    assert bool(engine.search(tree).total) is expected
