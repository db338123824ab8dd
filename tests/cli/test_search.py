"""`docgen search` as it is called: output, narrowing, empty results, queries that cannot be read."""

from __future__ import annotations

import pytest

PROJECT = "示例市政务云运维项目"
HIT = [
    *("doc_id", "project", "type", "type_name", "category", "serial", "date", "version", "status"),
    *("confidentiality", "withdrawn", "title", "score", "snippet", "marks", "path", "files"),
]


def test_hits_as_people_read_them(docgen, demonstrated) -> None:
    ran = docgen(demonstrated, "search", "违约责任")

    first = ran.out.splitlines()
    assert ran.code == 0
    assert first[0] == "1. 示例市政务云运维项目技术服务合同"
    assert "服务合同 · 2026-02-10 · V1.0 · HT-2026-001" in first[1]
    assert "【违约责任】" in first[2]
    assert first[3].strip().endswith("_服务合同_2026-02-10_V1.0.docx")
    assert first[-1] == "共 1 条，显示 1 条。"


def test_json_has_the_documented_keys(docgen, demonstrated) -> None:
    found = docgen(demonstrated, "search", "违约责任", "--json").json

    assert list(found) == ["total", "hits", "facets", "suggestions"]
    assert list(found["hits"][0]) == HIT
    assert {found["hits"][0]["snippet"][slice(*span)] for span in found["hits"][0]["marks"]} == {"违约责任"}
    assert (found["hits"][0]["category"], found["hits"][0]["confidentiality"]) == ("合同协议", "内部")
    assert found["hits"][0]["path"] in found["hits"][0]["files"]
    assert found["facets"]["type"] == {"服务合同": 1}


def test_words_are_joined_into_one_query(docgen, demonstrated) -> None:
    together = docgen(demonstrated, "search", "违约责任 仲裁", "--json").json
    apart = docgen(demonstrated, "search", "违约责任", "仲裁", "--json").json

    assert together == apart


def test_pages_of_hits(docgen, demonstrated) -> None:
    everything = docgen(demonstrated, "search", "项目", "--limit", "0", "--sort", "name", "--json").json
    page = docgen(
        demonstrated, "search", "项目", "--limit", "2", "--offset", "1", "--sort", "name", "--json"
    ).json

    assert page["total"] == everything["total"] == len(everything["hits"])
    assert [hit["path"] for hit in page["hits"]] == [hit["path"] for hit in everything["hits"][1:3]]


def test_the_second_page_is_numbered_on(docgen, demonstrated) -> None:
    lines = docgen(demonstrated, "search", "项目", "--limit", "2", "--offset", "2").out.splitlines()

    assert [line[:3] for line in lines[:8:4]] == ["3. ", "4. "]
    assert lines[8] == "共 9 条，显示第 3–4 条。（其后的加 --offset 4）"


def test_what_the_hits_have_in_several_kinds_is_counted(docgen, demonstrated) -> None:
    several = docgen(demonstrated, "search", "违约责任 OR 类型:进度", "--limit", "1").out.splitlines()[-1]
    one = docgen(demonstrated, "search", "违约责任").out.splitlines()[-1]

    assert several == "类型：服务合同 (1)、进度报告 (1)、项目进度表 (1)  类别：项目执行 (2)、合同协议 (1)"
    assert one == "共 1 条，显示 1 条。"


def test_withdrawn_papers_on_request(docgen, filed) -> None:
    from docgen.workflow.session import Session

    session = Session(filed)
    session.archive.withdraw(session.catalogue.find("HT-2026-001")[0], actor="cli:test")

    assert docgen(filed, "search", "违约责任").out == "没有找到。\n"
    ran = docgen(filed, "search", "违约责任", "--withdrawn")
    assert "HT-2026-001 · 已撤回" in ran.out
    assert docgen(filed, "search", "违约责任", "--withdrawn", "--json").json["hits"][0]["withdrawn"]


def test_suggestions_for_programs(docgen, demonstrated) -> None:
    words = ("--type", "验收报表", "--since", "2026-01-02", "--json")
    found = docgen(demonstrated, "search", "违约责任", *words).json

    assert found["suggestions"][0] == {
        "message": "不限类型“验收报表”：有 1 个结果",
        "total": 1,
        "query": "违约责任",
        "conditions": {"since": "2026-01-02"},
    }


@pytest.mark.parametrize(
    ("words", "types"),
    [
        (["--type", "验收报告"], {"验收报告"}),
        (["--type", "acceptance_report"], {"验收报告"}),
        (["--category", "商务文档"], {"费用结算申请表"}),
        (["--since", "2026年7月1日"], {"费用结算申请表"}),
        (["--until", "2026-01-12"], {"需求确认单"}),
        (["--phase", "settlement"], {"费用结算申请表"}),
        (["--phase", "5", "--contract", "HT-2026-001"], {"费用结算申请表"}),
        (["--contract", "HT-2026-002"], set()),
        (["--counterparty", "示例客户有限公司", "--data-class", "商务文档"], {"费用结算申请表"}),
        (["--version", "V1", "--confidentiality", "内部", "--type", "验收报告"], {"验收报告"}),
        (["--problem-type", "硬件"], set()),
    ],
)
def test_a_search_is_narrowed(docgen, demonstrated, words: list[str], types: set[str]) -> None:
    hits = docgen(demonstrated, "search", "项目", "--limit", "0", "--json", *words).json["hits"]

    assert {hit["type_name"] for hit in hits} == types


def test_a_condition_that_hides_everything_is_named(docgen, demonstrated) -> None:
    ran = docgen(demonstrated, "search", "项目", "--type", "验收报表")

    assert "不限类型“验收报表”：有 9 个结果" in ran.err


def test_nothing_found_is_no_error_unless_asked(docgen, demonstrated) -> None:
    plain = docgen(demonstrated, "search", "天王盖地虎")
    failing = docgen(demonstrated, "search", "天王盖地虎", "--fail-empty")

    assert (plain.code, plain.out) == (0, "没有找到。\n")
    assert failing.code == 1


def test_nothing_found_suggests_what_to_try(docgen, demonstrated) -> None:
    ran = docgen(demonstrated, "search", "HT-2026-002")

    assert "HT-2026-001" in ran.err


@pytest.mark.parametrize(
    ("query", "place"),
    [
        ("(违约", "第 1 个字符"),
        ("违约 AND", "第 4 个字符"),
        ("日期:2023-13", "2023-13"),
        ('"违约', "引号"),
        ("违约)", "右括号"),
    ],
)
def test_a_query_that_cannot_be_read_is_pointed_at(docgen, demonstrated, query: str, place: str) -> None:
    ran = docgen(demonstrated, "search", query)

    assert ran.code == 2
    assert place in ran.err
    assert "Traceback" not in ran.err


@pytest.mark.parametrize("words", [["合同\udcff"], ["合同\udcff", "--synonyms"], ["项目:\ud800", "--json"]])
def test_bytes_that_are_no_characters_are_not_found(docgen, demonstrated, words: list[str]) -> None:
    ran = docgen(demonstrated, "search", *words)

    assert ran.code == 0
    assert "错误" not in ran.err


def test_english(docgen, demonstrated) -> None:
    ran = docgen(demonstrated, "--lang", "en", "search", "违约责任")

    assert ran.out.endswith("1 hits, 1 shown.\n")
    assert "第" not in docgen(demonstrated, "--lang", "en", "search", "(违约").err


def test_a_mistake_in_the_synonyms_stops_only_searches_with_synonyms(docgen, workspace) -> None:
    (workspace.root / "synonyms.yaml").write_text("- [合同, 合约]\n- x", encoding="utf-8")

    assert docgen(workspace, "search", "违约").code == 0
    ran = docgen(workspace, "search", "违约", "--synonyms")
    assert ran.code == 7
    assert "synonyms.yaml:2" in ran.err


def test_an_empty_archive(docgen, workspace) -> None:
    found = docgen(workspace, "search", "违约", "--json").json

    assert (found["total"], found["hits"]) == (0, [])


def test_a_minus_before_a_word_excludes_it(docgen, demonstrated) -> None:
    with_it = docgen(demonstrated, "search", "违约责任", "--json").json
    without = docgen(demonstrated, "search", "违约责任", "-仲裁裁决", "--json").json
    excluded = docgen(demonstrated, "search", "违约责任", "-不可抗力", "--json").json

    assert (with_it["total"], without["total"], excluded["total"]) == (1, 1, 0)


def test_a_misspelt_option_is_no_query(docgen, demonstrated) -> None:
    ran = docgen(demonstrated, "search", "合同", "--projct", "项目")

    assert ran.code == 2
    assert "--projct" in ran.err
