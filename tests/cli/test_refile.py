"""`docgen refile`: a misfiling is corrected, the old place kept and marked."""

from __future__ import annotations

import pytest

PROJECT = "示例市政务云运维项目"


def test_the_old_place_is_withdrawn_and_search_finds_only_the_new_one(docgen, filed) -> None:
    ran = docgen(filed, "refile", "HT-2026-001", "--project", "示例二期项目", "--json")
    hits = docgen(filed, "search", "违约责任", "--json").json["hits"]
    listed = docgen(filed, "list", "--type", "服务合同", "--withdrawn", "--json").json
    verified = docgen(filed, "verify", "--json")

    assert ran.code == 0
    assert [hit["project"] for hit in hits] == ["示例二期项目"]
    assert sorted((one["project"], one["withdrawn"]) for one in listed) == [
        ("示例二期项目", False),
        (PROJECT, True),
    ]
    assert verified.code == 0
    assert not [one for one in verified.json["findings"] if one["severity"] == "error"]
    assert len(list(filed.archive.rglob("*_服务合同_*.docx"))) == 2


def test_all_versions_move_together(docgen, filed) -> None:
    data = filed.samples / "service_contract.yaml"
    docgen(filed, "new", "service_contract", "--data", data, "--set", "签订地点=示例县", "--file")

    ran = docgen(filed, "refile", "HT-2026-001", "--project", "示例二期项目")
    shown = docgen(filed, "show", "HT-2026-001", "--json").json

    assert ran.code == 0
    assert (shown["project"], shown["versions"]) == ("示例二期项目", ["V1.1", "V1.0"])


def test_what_fits_several_documents_is_to_be_named_wholly(docgen, filed) -> None:
    """`--project` says where it belongs, not where it is: the hint must not lead there."""
    ran = docgen(filed, "refile", "服务", "--type", "发票")

    assert (ran.code, "--project" in ran.err) == (2, False)
    named = ran.err.rpartition("如 ")[2].strip()
    assert docgen(filed, "show", named).code == 0


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (["HT-2026-001"], 2, "没有说明正确的归属"),
        (["HT-9", "--project", "甲"], 2, "档案中没有“HT-9”"),
        (["HT-2026-001", "--type", "无此类型"], 2, "没有名为“无此类型”的文件类型"),
        (["HT-2026-001", "--project", PROJECT], 5, "已在该项目和类型下"),
        (["HT-2026-001", "--type", "服务意向书"], 5, "已被另一份文档占用"),
        (["HT-2026-001", "--project", "CON"], 5, "CON"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_changes(docgen, filed, words, code: int, told: str) -> None:
    before = docgen(filed, "list", "--json").json

    ran = docgen(filed, "refile", *words)

    assert ran.code == code
    assert told in ran.err
    assert docgen(filed, "list", "--json", "--withdrawn").json == before
