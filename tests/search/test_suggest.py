"""Nothing found: every suggestion finds what it says it finds."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from docgen.search.engine import Engine, Filters
from docgen.search.query import parse_query
from docgen.search.suggest import suggest
from docgen.search.synonyms import load_synonyms, with_synonyms


@pytest.fixture
def filled(engine: Engine, document) -> Engine:
    engine.add(
        [
            document("1", "机房每月巡检。", title="机房改造服务合同", number="HT-2026-001", status="已签署"),
            document(
                "2", "双方签订契约。", project="另一项目", type_id="acceptance_report", type_name="验收报告"
            ),
            document("3", "旧版的内容。", current=False),
        ]
    )
    return engine


@pytest.mark.parametrize(
    ("query", "filters", "message", "better"),
    [
        ("巡检", {"project": "另一项目"}, "不限项目“另一项目”：有 1 个结果", "巡检"),
        ("巡检", {"phase": "delivery"}, "不限阶段“delivery”：有 1 个结果", "巡检"),
        ("巡检", {"confidentiality": "机密"}, "不限密级“机密”：有 1 个结果", "巡检"),
        ("巡检", {"since": dt.date(2024, 1, 1)}, "不限起始日期“2024-01-01”：有 1 个结果", "巡检"),
        ("巡检", {"project": "另一项目", "status": "草稿"}, "不设任何条件：有 1 个结果", "巡检"),
        ("旧版", {}, "包括旧版本：有 1 个结果", "旧版"),
        ("巡检 不存在的词语", {}, "去掉“不存在的词语”：有 1 个结果", "巡检"),
        ("验收报表", {}, "改查 验收报告：有 1 个结果", "验收报告"),
        ("HT-2026-01", {}, "改查 HT-2026-001：有 1 个结果", "HT-2026-001"),
        ("每月 HT-2026-01", {}, "改查 每月 HT-2026-001：有 1 个结果", "每月 HT-2026-001"),
        ("标頭:机房", {}, "改查 标题:机房：有 1 个结果", "标题:机房"),
        ("正文:合约", {}, "按同义词查找：有 1 个结果", "正文:合约"),
    ],
)
def test_suggestions(
    filled: Engine, tmp_path: Path, query: str, filters: dict[str, object], message: str, better: str
) -> None:
    groups = load_synonyms(tmp_path)
    given = Filters(**filters)  # type: ignore[arg-type]
    assert filled.search(parse_query(query), given).total == 0
    found = suggest(filled, query, given, groups)

    assert message in [one.message.zh for one in found]
    assert better in [one.query for one in found]
    assert len(found) <= 5
    for one in found:
        tree = parse_query(one.query)
        tree = with_synonyms(tree, groups) if one.synonyms else tree
        assert filled.search(tree, one.filters).total == one.total > 0


def test_nothing_to_suggest(filled: Engine, tmp_path: Path) -> None:
    assert suggest(filled, "ξξξξ", Filters(), load_synonyms(tmp_path)) == ()


def test_an_empty_archive(engine: Engine, tmp_path: Path) -> None:
    assert suggest(engine, "合同 验收", Filters(project="甲"), load_synonyms(tmp_path)) == ()


@pytest.mark.parametrize("query", ["日其:明天", "dat:foo", "版夲:9", "日期x:2023-13", "dates:.."])
def test_no_fault_of_a_query_that_nobody_typed(filled: Engine, tmp_path: Path, query: str) -> None:
    for one in suggest(filled, query, Filters(), load_synonyms(tmp_path)):
        assert filled.search(parse_query(one.query), one.filters).total == one.total


@pytest.mark.parametrize(
    "title", ["关于“机房改造的通知", '关于"机房"改造的通知', "机房（改造方案", "NOT改造 OR 方案", "改造*方案"]
)
def test_titles_that_do_not_read_as_they_stand(engine: Engine, document, title: str) -> None:
    engine.add([document("1", title=title)])
    queries = ("机房改照通知", "关于机房改照的通知", "机房改照方案", "改照 OR方案", "改照方案")
    found = [one for query in queries for one in suggest(engine, query, Filters(), ())]

    for one in found:
        assert engine.search(parse_query(one.query), one.filters).total == one.total > 0
        assert one.query.count('"') in (0, 2)
