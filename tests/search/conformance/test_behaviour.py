"""Every engine takes, gives, counts and orders documents in the same way."""

from __future__ import annotations

import datetime as dt

import pytest

from docgen.search.engine import Engine, Filters, Mark, Sort
from docgen.search.query import parse_query

ALL = parse_query("")


def ids(engine: Engine, query: str = "", **values: object) -> list[str]:
    found = engine.search(parse_query(query), Filters(**values), limit=None)  # type: ignore[arg-type]
    return [hit.document.id for hit in found.hits]


def test_a_hit_returns_the_document_as_it_was_added(engine: Engine, document) -> None:
    one = document(
        "1", "原文\n  保持ＡＢＣ繁體。", number="HT-1", serial="01", aliases=("协议",), status="已签署",
        path="示例项目/合同协议/x.docx", files=("a", "b"), title="标题",
    )  # fmt: skip
    engine.add([one])

    assert engine.search(parse_query("繁体")).hits[0].document == one


def test_adding_again_replaces(engine: Engine, document) -> None:
    engine.add([document("1", "旧的正文"), document("2", "另一份")])
    engine.add([document("1", "新的正文")])

    assert engine.count() == 2
    assert ids(engine, "旧的") == []
    assert ids(engine, "新的") == ["1"]


def test_the_last_of_equal_ids_in_one_call_wins(engine: Engine, document) -> None:
    engine.add([document("1", "旧的正文"), document("1", "新的正文")])

    assert engine.count() == 1
    assert ids(engine, "新的") == ["1"]


def test_removed_versions_are_gone(engine: Engine, document) -> None:
    engine.add([document("1", "正文"), document("2", "正文")])
    engine.remove(["1", "没有这个"])

    assert (engine.count(), ids(engine, "正文")) == (1, ["2"])


def test_newest_version_by_default_all_on_request(engine: Engine, document) -> None:
    engine.add([document("1", "正文")])
    engine.add([document("2", "正文", version="V1.1")], [Mark("1", current=False)])

    assert ids(engine, "正文") == ["2"]
    assert ids(engine, "正文", all_versions=True) == ["2", "1"]
    assert engine.search(ALL, Filters(all_versions=True)).hits[1].document.text == "正文"


def test_withdrawn_versions_only_on_request(engine: Engine, document) -> None:
    engine.add([document("1", "正文"), document("2", "正文"), document("3", "正文", current=False)])
    engine.add(marks=[Mark("1", current=False, withdrawn=True)])

    assert ids(engine, "正文") == ["2"]
    assert sorted(ids(engine, "正文", all_versions=True)) == ["2", "3"]
    assert sorted(ids(engine, "正文", withdrawn=True)) == ["1", "2"]
    assert sorted(ids(engine, "正文", withdrawn=True, all_versions=True)) == ["1", "2", "3"]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"project": "项目甲"}, ["1"]),
        ({"project": "項目甲"}, ["1"]),
        ({"project": "项目"}, []),  # a filter means the whole name
        ({"type": "验收报告"}, ["2"]),
        ({"type": "acceptance_report"}, ["2"]),
        ({"type": "验收单"}, ["2"]),
        ({"category": "技术文档"}, ["2"]),
        ({"status": "已签署"}, ["1"]),
        ({"version": "V1"}, ["1"]),
        ({"version": "V1.0", "all_versions": True}, ["1"]),
        ({"contract": "HT-2026-001"}, ["2"]),
        ({"counterparty": "示例客户有限公司"}, ["1"]),
        ({"counterparty": "示例客户"}, []),
        ({"phase": "delivery"}, ["2"]),
        ({"problem_type": "網絡"}, ["2"]),
        ({"data_class": "服务记录"}, ["2"]),
        ({"confidentiality": "内部", "phase": "delivery"}, []),
        ({"since": dt.date(2023, 5, 2)}, ["2"]),
        ({"since": dt.date(2023, 5, 1), "until": dt.date(2023, 5, 1)}, ["1"]),
        ({"until": dt.date(2023, 5, 1), "project": "项目乙"}, []),
    ],
)
def test_filters(engine: Engine, document, values: dict[str, object], expected: list[str]) -> None:
    one = {"project": "项目甲", "status": "已签署", "counterparty": "示例客戶有限公司", "phase": "contract"}
    other = {"project": "项目乙", "type_id": "acceptance_report", "type_name": "验收报告", "version": "V2.1"}
    labels = {
        "contract": "HT-2026-001",
        "phase": "delivery",
        "problem_type": "网络",
        "data_class": "服务记录",
    }
    engine.add(
        [
            document("1", date=dt.date(2023, 5, 1), confidentiality="内部", **one),
            document(
                "2", date=dt.date(2024, 5, 1), aliases=("验收单",), category="技术文档", **other, **labels
            ),
        ]
    )

    assert ids(engine, **values) == expected


@pytest.mark.parametrize("name", ["project", "counterparty", "contract", "version", "type", "status"])
def test_values_of_any_length(engine: Engine, document, name: str) -> None:
    long, other = "合" * 990, "合" * 989 + "同"
    column = {"type": "type_name"}.get(name, name)
    engine.add([document("1", **{column: long}), document("2", **{column: "合"}), document("3")])

    assert ids(engine, **{name: long}) == ["1"]
    assert ids(engine, **{name: other}) == []
    assert ids(engine, **{name: "合"}) == ["2"]


@pytest.mark.parametrize("field", ["", "版本:", "标题:", "项目:"])
def test_words_of_any_length(engine: Engine, document, field: str) -> None:
    engine.add([document("1", "合同")])
    words = (
        "合" * 990,
        "a" * 990,
        "合" * 989 + "*",
        "a" * 989 + "*",
        f'"{"a" * 980}"',
        f'"{"a" * 480}，{"b" * 480}"',
    )

    assert [ids(engine, field + word) for word in words] == [[]] * len(words)


def test_long_words_are_found(engine: Engine, document) -> None:
    engine.add([document("1", "a" * 700 + "，" + "b" * 700), document("2", "a" * 690 + "，" + "b" * 390)])

    assert ids(engine, "a" * 695 + "*") == ["1"]
    assert ids(engine, f'"{"a" * 695}"') == ["1"]
    assert ids(engine, f'"{"a" * 480}，{"b" * 480}"') == ["1"]
    assert len(ids(engine, f'"{"a" * 600}，{"b" * 390}"')) == 2


def test_facets_count_every_hit(engine: Engine, document) -> None:
    engine.add([document(f"{n}", "正文", date=dt.date(2022 + n % 2, 1, 1)) for n in range(3)])
    engine.add(
        [document("9", "正文", project="另一项目", status="草稿"), document("8", "无关", project="第三")]
    )
    found = engine.search(parse_query("正文"), limit=1)

    assert found.total == 4
    assert found.facets == {
        "project": {"示例项目": 3, "另一项目": 1},
        "type": {"服务合同": 4},
        "category": {"合同协议": 4},
        "status": {"草稿": 1},
        "year": {"2022": 2, "2023": 2},
    }
    assert list(found.facets["project"]) == ["示例项目", "另一项目"]


def test_pages_cover_everything_once(engine: Engine, document) -> None:
    engine.add([document(f"{n:03d}", "正文" * (n % 7 + 1)) for n in range(25)])
    engine.add([document(f"{n:03d}", "正文" * (n % 7 + 1)) for n in range(25, 53)])
    query = parse_query("正文")
    pages = [engine.search(query, offset=start, limit=10).hits for start in range(0, 60, 10)]

    assert [len(page) for page in pages] == [10, 10, 10, 10, 10, 3]
    assert [hit.document.id for page in pages for hit in page] == ids(engine, "正文")
    assert len(set(ids(engine, "正文"))) == 53


@pytest.mark.parametrize("huge", [10**9, 2**62, 2**63 - 1, 2**64, 10**30])
def test_pages_beyond_all_numbers(engine: Engine, document, huge: int) -> None:
    engine.add([document("1", "正文"), document("2", "正文")])
    for query, sort in ((parse_query("正文"), Sort.SCORE), (ALL, Sort.NAME)):
        assert len(engine.search(query, sort=sort, limit=huge).hits) == 2
        assert len(engine.search(query, sort=sort, offset=1, limit=huge).hits) == 1
        assert engine.search(query, sort=sort, offset=huge).hits == ()
        assert engine.search(query, sort=sort, offset=huge, limit=huge).total == 2


def test_order(engine: Engine, document) -> None:
    engine.add(
        [
            document("text", "这里提到机房巡检，" + "以及许多别的事情，" * 20, date=dt.date(2024, 1, 1)),
            document("title", "别的", title="机房巡检记录", date=dt.date(2022, 1, 1)),
            document("often", "机房巡检，机房巡检，机房巡检。", date=dt.date(2021, 1, 1)),
        ]
    )
    query = parse_query("机房巡检")

    def order(sort: Sort) -> list[str]:
        return [hit.document.id for hit in engine.search(query, sort=sort).hits]

    assert order(Sort.SCORE) == ["title", "often", "text"]
    assert order(Sort.DATE) == ["text", "title", "often"]
    scores = [hit.score for hit in engine.search(query).hits]
    assert scores == sorted(scores, reverse=True)


ORDERED = {
    "机房 巡检": ["title", "both", "once"],
    "机房 设备": ["title", "both"],  # what it is called says more
    "(机房 OR 验收) 巡检": ["title", "both", "once"],
    "设备 OR 值守": ["other", "both", "title"],  # has both, one of them rare; then what has it more often
}


@pytest.mark.parametrize(("query", "expected"), ORDERED.items())
def test_every_engine_orders_several_words_alike(
    engine: Engine, document, query: str, expected: list[str]
) -> None:
    rest = "其余的话说了许多别的事情，" * 8
    engine.add(
        [
            document("title", "机房巡检的设备。" + rest, title="机房巡检"),
            document("both", "机房巡检，机房，设备，设备，设备。" + rest[:60]),
            document("once", "机房和巡检。" + rest * 3),
            document("other", "设备与值守。" + rest),
            *(document(f"{number}", f"机房第{number}号。" + rest) for number in range(5)),
        ]
    )

    assert [one for one in ids(engine, query) if not one.isdecimal()] == expected


def test_the_order_of_words_changes_no_score(engine: Engine, document) -> None:
    engine.add([document("1", "机房巡检机房"), document("2", "机房"), document("3", "巡检机房" * 3)])
    engine.add([document("4", "巡检"), document("5", "别的", title="机房 设备")])

    def scores(query: str) -> dict[str, float]:
        hits = engine.search(parse_query(query)).hits
        return {hit.document.id: round(hit.score, 4) for hit in hits}

    assert scores("机房 巡检") == scores("巡检 机房") != {}
    assert scores("(机房 OR 别的) 巡检") == scores("巡检 (别的 OR 机房)") != {}


def test_among_equals_the_newer_comes_first(engine: Engine, document) -> None:
    engine.add([document("old", "正文", date=dt.date(2020, 1, 1)), document("v1", "正文", version="V1.9")])
    engine.add([document("v2", "正文", version="V1.10"), document("new", "正文", date=dt.date(2024, 1, 1))])

    assert ids(engine, "正文") == ["new", "v2", "v1", "old"]
    assert ids(engine, "NOT 无") == ["new", "v2", "v1", "old"]


def test_sorted_by_name_reads_like_a_list(engine: Engine, document) -> None:
    engine.add([document(name, "正文", project=name) for name in ("中项目", "阿项目", "北项目", "A项目")])
    found = engine.search(parse_query("正文"), sort=Sort.NAME).hits

    assert [hit.document.project for hit in found] == ["A项目", "阿项目", "北项目", "中项目"]


def test_values_for_suggestions(engine: Engine, document) -> None:
    engine.add([document("1", title="机房\n改造", number="HT-1"), document("2", project="另一项目")])

    assert engine.values("project") == {"示例项目", "另一项目"}
    assert engine.values("type") == {"服务合同"}
    assert engine.values("number") == {"HT-1", "XM-2"}
    assert engine.values("title") == {"机房 改造"}


def test_many_documents_are_found_like_few(engine: Engine, document) -> None:
    many = [document(f"{n}", f"正文{n}号" + "合同" * (n % 5)) for n in range(700)]
    engine.rebuild(many)
    built = [engine.search(parse_query(text), limit=None) for text in ("正文", "合同", "77号", "")]
    engine.rebuild([])
    for start in range(0, 700, 100):
        engine.add(many[start : start + 100])

    assert [engine.search(parse_query(text), limit=None) for text in ("正文", "合同", "77号", "")] == built
    assert engine.count() == 700
