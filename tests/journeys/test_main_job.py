"""The main job as a clerk does it: fill in, file, find again."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

from docgen.base.workspace import Workspace
from docgen.workflow.start import initialise

TYPES = (
    "service_commitment_letter",
    "service_intent_letter",
    "service_contract",
    "demand_confirmation_sheet",
    "progress_report",
    "project_progress_sheet",
    "acceptance_report",
    "acceptance_application",
    "fee_settlement_application",
)
PROJECT = "示例市政务云运维项目"
CONTRACT = f"{PROJECT}/合同协议/{PROJECT}_服务合同_2026-02-10_V1.0"


def names(workspace: Workspace) -> list[str]:
    return sorted(path.name for path in workspace.archive.rglob("*") if path.suffix in (".docx", ".pdf"))


def test_a_contract_is_made_filed_and_found_by_words_inside_it(docgen, workspace) -> None:
    data = workspace.samples / "service_contract.yaml"

    made = docgen(workspace, "new", "service_contract", "--data", data, "--file", "--json")
    found = docgen(workspace, "search", "违约责任", "--json")

    assert (made.code, found.code) == (0, 0)
    assert made.json["identity"] == {
        "project": PROJECT,
        "type": "service_contract",
        "serial": "",
        "date": "2026-02-10",
        "version": "V1.0",
        "doc_id": "HT-2026-001",
    }
    assert Path(made.json["path"]) == workspace.archive / f"{CONTRACT}.docx"
    assert found.json["total"] == 1
    assert found.json["hits"][0]["path"] == f"{CONTRACT}.docx"
    assert found.json["hits"][0]["doc_id"] == "HT-2026-001"
    assert "违约责任" in found.json["hits"][0]["snippet"]
    assert not list(workspace.drafts.iterdir())


@pytest.mark.parametrize("type_id", TYPES)
def test_every_sample_is_valid_filed_and_found_by_two_characters(docgen, demonstrated, type_id: str) -> None:
    """Each document of the sample project is found by two Chinese characters from inside it."""
    name, word = {
        "service_commitment_letter": ("服务承诺书", "质保"),
        "service_intent_letter": ("服务意向书", "意向"),
        "service_contract": ("服务合同", "违约"),
        "demand_confirmation_sheet": ("需求确认单", "咨询"),
        "progress_report": ("进度报告", "偏差"),
        "project_progress_sheet": ("项目进度表", "填报"),
        "acceptance_report": ("验收报告", "合格"),
        "acceptance_application": ("验收申请单", "申请"),
        "fee_settlement_application": ("费用结算申请表", "结算"),
    }[type_id]

    found = docgen(demonstrated, "search", word, "--limit", "0", "--json")

    assert name in [hit["type_name"] for hit in found.json["hits"]]
    assert {hit["project"] for hit in found.json["hits"]} <= {PROJECT}


def test_the_demonstration_files_nine_documents_and_verifies(docgen, demonstrated) -> None:
    listed = docgen(demonstrated, "list", "--json")
    verified = docgen(demonstrated, "verify", "--json")

    assert sorted(one["type"] for one in listed.json) == sorted(TYPES)
    assert verified.code == 0
    assert [one for one in verified.json["findings"] if one["severity"] == "error"] == []
    # The plan that the contract is based on is no document of the sample project: a recorded warning.
    # Nor has it everything that its phases ask for: a note.
    reference, lacking = verified.json["findings"]
    assert reference["message"] == "引用的文档“FA-2026-001”不在本项目中"
    assert lacking["code"] == "AV43"


def test_sha256sum_accepts_every_manifest(demonstrated) -> None:
    done = subprocess.run(
        ["sha256sum", "-c", "--strict", "--quiet", "manifest-sha256.txt"],
        cwd=demonstrated.archive / PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_a_sealed_scan_completes_the_version(docgen, filed, tmp_path, a_pdf) -> None:
    """Generate, file, drop the sealed scan `…_V1.0.pdf`: one version, two files, one hit."""
    scan = tmp_path / f"{PROJECT}_服务合同_2026-02-10_V1.0.pdf"
    scan.write_bytes(a_pdf)

    assert docgen(filed, "file", scan).code == 0
    shown = docgen(filed, "show", "HT-2026-001", "--json").json
    hits = docgen(filed, "search", "违约责任", "--json").json

    assert shown["versions"] == ["V1.0"]
    assert [Path(file["path"]).name for file in shown["files"] if not file["path"].endswith("json")] == [
        f"{PROJECT}_服务合同_2026-02-10_V1.0.docx",
        f"{PROJECT}_服务合同_2026-02-10_V1.0.pdf",
    ]
    assert hits["total"] == 1
    assert scan.exists()


def test_a_signed_scan_becomes_the_next_major_version(docgen, filed, tmp_path, a_pdf) -> None:
    scan = tmp_path / "扫描0001.pdf"
    scan.write_bytes(a_pdf)

    assert docgen(filed, "file", scan, "--signed", "HT-2026-001").code == 0
    shown = docgen(filed, "show", "HT-2026-001", "--json").json

    assert (shown["version"], shown["status"], shown["versions"]) == ("V2.0", "已签署", ["V2.0", "V1.0"])


@pytest.mark.office
def test_an_edited_and_renamed_document_keeps_its_identity(docgen, workspace, tmp_path) -> None:
    """Opened, edited and saved by LibreOffice, renamed 最终版(2).docx: filed as itself, marked edited."""
    data = workspace.samples / "service_intent_letter.yaml"
    draft = Path(docgen(workspace, "new", "service_intent_letter", "--data", data, "--json").json["path"])
    renamed = tmp_path / "最终版(2).docx"
    edit_with_libreoffice(draft, renamed, "示例客户有限公司", "示例客户集团有限公司")

    assert docgen(workspace, "file", renamed).code == 0
    shown = docgen(workspace, "show", "服务意向书", "--json").json

    assert (shown["project"], shown["type"], shown["version"]) == (PROJECT, "service_intent_letter", "V1.0")
    assert shown["edited"] is True
    assert shown["files"][0]["original_name"] == "最终版(2).docx"


@pytest.mark.office
def test_saving_without_a_change_is_no_edit(docgen, workspace, tmp_path) -> None:
    data = workspace.samples / "service_intent_letter.yaml"
    draft = Path(docgen(workspace, "new", "service_intent_letter", "--data", data, "--json").json["path"])
    renamed = tmp_path / "最终版(2).docx"
    edit_with_libreoffice(draft, renamed)

    docgen(workspace, "file", renamed)

    assert docgen(workspace, "show", "服务意向书", "--json").json["edited"] is False


def edit_with_libreoffice(source: Path, target: Path, old: str = "", new: str = "") -> None:
    """Change a word (a person typing), then let LibreOffice open and save the file."""
    changed = target.parent / "in" / "copy.docx"
    changed.parent.mkdir()
    with ZipFile(source) as before, ZipFile(changed, "w") as after:
        for item in before.infolist():
            data = before.read(item)
            if item.filename == "word/document.xml" and old:
                assert old.encode() in data
                data = data.replace(old.encode(), new.encode())
            after.writestr(item, data)
    profile = (target.parent / "profile").as_uri()
    command = ["soffice", f"-env:UserInstallation={profile}", "--headless", "--convert-to", "docx"]
    out = target.parent / "out"
    subprocess.run([*command, "--outdir", out, changed], check=True, capture_output=True, timeout=120)
    shutil.move(out / "copy.docx", target)


def test_same_record_gives_the_same_bytes_anywhere(tmp_path) -> None:
    """In another folder, zone, locale and hash seed."""
    digests = set()
    for name, environment in {
        "甲": {"TZ": "Asia/Shanghai", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "0"},
        "乙": {"TZ": "America/New_York", "LC_ALL": "POSIX", "PYTHONHASHSEED": "4711"},
    }.items():
        made = initialise(tmp_path / name)
        words = ["new", "service_contract", "--data", "samples/service_contract.yaml"]
        subprocess.run(
            [sys.executable, "-m", "docgen", *words],
            cwd=made.root,
            env={**os.environ, **environment},
            check=True,
            capture_output=True,
        )
        (draft,) = made.drafts.glob("*.docx")
        digests.add(hashlib.sha256(draft.read_bytes()).hexdigest())

    assert len(digests) == 1


def test_filing_the_same_record_again_changes_nothing(docgen, filed) -> None:
    before = names(filed)

    again = docgen(
        filed, "new", "service_contract", "--data", filed.samples / "service_contract.yaml", "--file"
    )

    assert again.code == 0
    assert "未变化" in again.err
    assert names(filed) == before


def test_a_changed_record_becomes_the_next_minor_version(docgen, filed) -> None:
    data = filed.samples / "service_contract.yaml"

    words = ("new", "service_contract", "--data", data, "--set", "签订地点=示例县", "--file", "--json")
    made = docgen(filed, *words)
    shown = docgen(filed, "show", "HT-2026-001", "--json").json

    assert made.json["identity"]["version"] == "V1.1"
    assert made.json["identity"]["doc_id"] == "HT-2026-001"
    assert (shown["versions"], shown["change_note"]) == (["V1.1", "V1.0"], "数据更新")
    assert docgen(filed, "search", "违约责任", "--json").json["total"] == 1
    assert docgen(filed, "search", "违约责任", "--all-versions", "--json").json["total"] == 2


def test_rebuild_brings_back_the_same_answers(docgen, filed) -> None:
    queries = ("违约责任", "类型:服务合同", "HT-2026-001", "合同*", "验收 OR 结算")
    before = [docgen(filed, "search", query, "--json").json for query in queries]
    listed = docgen(filed, "list", "--json").json
    shutil.rmtree(filed.index)

    assert docgen(filed, "rebuild").code == 0

    assert [docgen(filed, "search", query, "--json").json for query in queries] == before
    assert docgen(filed, "list", "--json").json == listed


def test_traditional_on_request(docgen, workspace) -> None:
    data = workspace.samples / "service_contract.yaml"

    made = docgen(workspace, "new", "service_contract", "--data", data, "--script", "hant", "--json")

    with ZipFile(made.json["path"]) as package:
        text = package.read("word/document.xml").decode()
    assert "違約責任" in text
    assert "违约责任" not in text
    assert 'w:eastAsia="zh-TW"' in package_text(Path(made.json["path"]))


def package_text(path: Path) -> str:
    with ZipFile(path) as package:
        return "".join(package.read(name).decode() for name in package.namelist() if name.endswith(".xml"))
