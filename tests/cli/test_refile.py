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


PDF = b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"


def test_a_scan_that_was_filed_by_itself_becomes_the_signed_version(docgen, filed, tmp_path) -> None:
    scan = tmp_path / f"{PROJECT}_客户咨询记录_2026-02-12_V1.0.pdf"
    scan.write_bytes(PDF)
    assert docgen(filed, "file", scan).code == 0

    refused = docgen(filed, "file", scan, "--signed", "HT-2026-001")
    ran = docgen(filed, "refile", scan.stem, "--signed", "HT-2026-001")

    assert refused.code == 5
    assert "没有归为" in refused.err
    assert f"docgen refile {scan.stem} --signed" in refused.err
    assert ran.code == 0, ran.err
    shown = docgen(filed, "show", "HT-2026-001", "--json").json
    assert (shown["version"], shown["status"]) == ("V2.0", "已签署")
    listed = docgen(filed, "list", "--type", "客户咨询记录", "--withdrawn", "--json").json
    assert [one["withdrawn"] for one in listed] == [True]
    kept = [path.name for path in filed.archive.rglob("*_V2.0.pdf")]
    assert kept == [f"{PROJECT}_服务合同_2026-02-10_V2.0.pdf"]
    verified = docgen(filed, "verify", "--json")
    assert [one for one in verified.json["findings"] if one["severity"] == "error"] == []


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["HT-2026-001", "--signed", "HT-2026-001"], "就是这份文件"),
        (["HT-2026-001", "--signed", "HT-9"], "档案中没有“HT-9”"),
        (["HT-2026-001", "--signed", "YX-2026-001", "--project", "甲"], "不与"),
    ],
)
def test_what_signs_nothing_is_refused(docgen, filed, words, told: str) -> None:
    before = docgen(filed, "list", "--json").json

    ran = docgen(filed, "refile", *words)

    assert ran.code in (2, 5)
    assert told in ran.err
    assert docgen(filed, "list", "--json", "--withdrawn").json == before


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
