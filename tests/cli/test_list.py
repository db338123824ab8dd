"""`docgen list` and `docgen show`: what is filed."""

from __future__ import annotations

import pytest

PROJECT = "示例市政务云运维项目"
KEYS = [
    *("project", "type", "type_name", "serial", "doc_id", "date", "version", "category", "status"),
    *(
        "confidentiality",
        "retention",
        "groups",
        "edited",
        "withdrawn",
        "removed",
        "change_note",
        "filed_at",
        "filed_by",
        "path",
        "files",
        "refs",
    ),
]


def test_a_line_a_document(docgen, demonstrated) -> None:
    lines = docgen(demonstrated, "list").out.splitlines()

    assert len(lines) == 9
    assert all(line.startswith(f"{PROJECT}\t") for line in lines)


def test_json_has_the_same_keys_for_all(docgen, demonstrated) -> None:
    for one in docgen(demonstrated, "list", "--json").json:
        assert list(one) == KEYS
        assert one["files"][0]["path"] == one["path"]


@pytest.mark.parametrize(
    ("words", "number"),
    [
        (["--type", "服务合同"], 1),
        (["--type", "service_contract"], 1),
        (["--category", "合同协议"], 3),
        (["--since", "2026年6月30日"], 2),
        (["--until", "20260120"], 2),
        (["--since", "2026-02-10", "--until", "2026-02-10"], 1),
        (["--project", PROJECT.upper()], 9),
        (["--project", "无"], 0),
    ],
)
def test_listings_are_narrowed(docgen, demonstrated, words: list[str], number: int) -> None:
    assert len(docgen(demonstrated, "list", "--json", *words).json) == number


def test_an_empty_listing_says_so(docgen, workspace) -> None:
    ran = docgen(workspace, "list")

    assert (ran.code, ran.out) == (0, "")
    assert "没有符合条件的文件" in ran.err
    assert docgen(workspace, "list", "--json").json == []


def test_an_unknown_type_names_the_nearest(docgen, demonstrated) -> None:
    ran = docgen(demonstrated, "list", "--type", "服务合约")

    assert ran.code == 2
    assert "服务合同" in ran.err


@pytest.mark.parametrize(
    "name",
    [
        "HT-2026-001",
        "ht-2026-001",
        "服务合同",
        f"{PROJECT}_服务合同_2026-02-10_V1.0",
        f"{PROJECT}_服务合同_2026-02-10_V1.0.docx",
        f"archive/{PROJECT}/合同协议/{PROJECT}_服务合同_2026-02-10_V1.0.docx",
    ],
)
def test_a_document_is_shown_by_number_name_path_or_part(docgen, demonstrated, name: str) -> None:
    assert docgen(demonstrated, "show", name, "--json").json["doc_id"] == "HT-2026-001"


def test_json_of_one_document_adds_its_versions(docgen, demonstrated) -> None:
    shown = docgen(demonstrated, "show", "HT-2026-001", "--json").json

    assert list(shown) == [*KEYS, "versions"]
    assert shown["versions"] == ["V1.0"]


def test_a_name_that_fits_several_lists_them(docgen, demonstrated) -> None:
    ran = docgen(demonstrated, "show", "验收")

    assert ran.code == 2
    assert "对应 2 份文件" in ran.err
    assert "验收报告" in ran.err
    assert "验收申请单" in ran.err


@pytest.mark.parametrize("name", ["无", "", "%", "_"])
def test_a_name_that_fits_none_says_where_to_look(docgen, demonstrated, name: str) -> None:
    ran = docgen(demonstrated, "show", name)

    assert ran.code == 2


def test_english_labels(docgen, demonstrated) -> None:
    ran = docgen(demonstrated, "--lang", "en", "show", "HT-2026-001")

    assert "number: HT-2026-001" in ran.out
    assert "：" not in ran.out


def test_times_are_shown_as_the_history_shows_them(docgen, demonstrated) -> None:
    shown = docgen(demonstrated, "show", "HT-2026-001").out
    told = docgen(demonstrated, "history", "HT-2026-001").out

    (moment,) = (line.partition("：")[2] for line in shown.splitlines() if line.startswith("归档时间："))
    assert moment in told
