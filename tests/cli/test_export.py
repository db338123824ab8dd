"""`docgen export` and `docgen import`: handed over here, taken in there, the same."""

from __future__ import annotations

import json
from pathlib import Path

import bagit
import pytest

from docgen.workflow.start import initialise

PROJECT = "示例市政务云运维项目"


def tree(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


@pytest.mark.parametrize("options", [[], ["--bagit"]], ids=["folder", "bag"])
def test_a_project_is_the_same_after_export_and_import(docgen, filed, tmp_path, options) -> None:
    before = tree(filed.archive / PROJECT)

    ran = docgen(filed, "export", PROJECT, tmp_path / "移交", *options, "--json")

    assert (ran.code, ran.json["versions"], ran.json["head"]["seq"]) == (0, 9, 9)
    there = initialise(tmp_path / "there")
    taken = docgen(there, "import", tmp_path / "移交", "--json")
    assert (taken.code, taken.json["change"], taken.json["head"]) == (0, "new", ran.json["head"])
    assert tree(there.archive / PROJECT) == before
    assert docgen(there, "verify", "--head", ran.json["head"]["digest"]).code == 0
    assert docgen(there, "search", "违约责任", "--json").json["total"] > 0
    assert docgen(there, "import", tmp_path / "移交").out.startswith("未变化")
    if options:
        assert bagit.Bag(str(tmp_path / "移交")).validate()


def test_the_journal_notes_it_after_it_is_whole(docgen, filed, tmp_path) -> None:
    ran = docgen(filed, "export", PROJECT, tmp_path / "移交", "--json")

    entry = json.loads((filed.archive / PROJECT / "journal/000010.json").read_bytes())
    assert {item["event"] for item in entry["items"]} == {"exported"}
    assert len(entry["items"]) == 9
    assert entry["items"][0]["notes"][0]["zh"] == (
        f"导出为移交文件夹 移交，截至日志第 9 条 {ran.json['head']['digest']}"
    )
    assert not (tmp_path / "移交" / PROJECT / "journal/000010.json").exists()
    assert docgen(filed, "verify", "--head", ran.json["noted"]["digest"]).code == 0


def test_the_head_is_printed(docgen, filed, tmp_path) -> None:
    ran = docgen(filed, "export", PROJECT, tmp_path / "移交")

    assert f"日志末端：{PROJECT} 第 9 条" in ran.out


def test_places_that_are_refused(docgen, filed, tmp_path) -> None:
    (tmp_path / "taken").mkdir()

    assert docgen(filed, "export", PROJECT, tmp_path / "taken").code == 5
    assert docgen(filed, "export", PROJECT, filed.archive / "x").code == 2
    assert docgen(filed, "export", "别的项目", tmp_path / "x").code == 2
    assert docgen(filed, "verify", "--json").json["heads"][PROJECT]["seq"] == 9


def test_a_damaged_project_is_not_exported(docgen, filed, tmp_path) -> None:
    next(filed.archive.rglob("*_服务合同_*.docx")).unlink()

    ran = docgen(filed, "export", PROJECT, tmp_path / "out")

    assert ran.code == 5
    assert "AV01" in ran.err
    assert not (tmp_path / "out").exists()


def test_a_source_with_faults_is_refused_with_all_of_them(docgen, filed, tmp_path) -> None:
    docgen(filed, "export", PROJECT, tmp_path / "out")
    contract = next((tmp_path / "out").rglob("*_服务合同_*.docx"))
    contract.write_bytes(b"another")
    next((tmp_path / "out").rglob("*_验收报告_*.docx")).unlink()
    there = initialise(tmp_path / "there")

    ran = docgen(there, "import", tmp_path / "out")

    assert ran.code == 5
    assert "共 2 处问题" in ran.err
    assert "_服务合同_" in ran.err
    assert "_验收报告_" in ran.err
    assert list(there.archive.glob("[!.]*")) == []


def test_another_project_of_that_name_is_left_alone(docgen, filed, tmp_path) -> None:
    docgen(filed, "export", PROJECT, tmp_path / "out")
    there = initialise(tmp_path / "there")
    docgen(there, "new", "service_contract", "--data", there.samples / "service_contract.yaml", "--file")
    before = tree(there.archive / PROJECT)

    ran = docgen(there, "import", tmp_path / "out")

    assert (ran.code, "日志不同" in ran.err) == (5, True)
    assert tree(there.archive / PROJECT) == before
