"""`docgen ocr`: the queue of scans, and how it is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from docgen.base.messages import Message
from docgen.base.workspace import Workspace
from docgen.text.recogniser import Recogniser
from docgen.workflow import recognising

SCAN = "示例项目_验收报告_2026-09-01_V1.0.jpg"


@pytest.fixture
def scan(tmp_path: Path) -> Path:
    (tmp_path / SCAN).write_bytes(b"\xff\xd8\xff\xe0 picture")
    return tmp_path / SCAN


def able(monkeypatch: pytest.MonkeyPatch, *, is_able: bool) -> None:
    monkeypatch.setattr(recognising, "available", lambda: is_able)
    monkeypatch.setattr("docgen.text.recogniser.available", lambda: is_able)


def test_without_the_extra_the_way_to_it_is_told_once(
    workspace: Workspace, docgen, scan: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    able(monkeypatch, is_able=False)
    other = scan.with_name("示例项目_发票_2026-09-01_V1.0.png")
    other.write_bytes(b"\x89PNG\r\n\x1a\n picture")
    filed = docgen(workspace, "file", scan, other)

    assert filed.code == 0
    assert filed.err.count('pip install "docgen[ocr]"') == 1
    assert "2 份扫描件等待文字识别" in filed.err
    refused = docgen(workspace, "ocr")
    assert refused.code == 6
    assert 'pip install "docgen[ocr]"' in refused.err
    assert docgen(workspace, "ocr", "--status").out == "扫描件：已处理 0 份，等待识别 2 份。\n"
    findings = {one["code"]: one for one in docgen(workspace, "doctor", "--json").json}
    assert (findings["DR30"]["severity"], "等待识别 2 份" in findings["DR30"]["message"]) == ("warning", True)


def test_the_queue_is_worked_off(
    workspace: Workspace, docgen, scan: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    able(monkeypatch, is_able=True)
    pages: dict[int, str | Message] = {0: "机房验收合格", 1: Message("坏页", "broken")}
    monkeypatch.setattr(Recogniser, "pages", lambda *_: list(pages))
    monkeypatch.setattr(Recogniser, "text", lambda _self, _path, page: pages[page])
    assert "docgen ocr" in docgen(workspace, "file", scan).err
    done = docgen(workspace, "ocr")

    assert done.code == 0
    assert done.out.startswith("本次识别 2 页。\n扫描件：已处理 1 份，等待识别 0 份。")
    assert f"{SCAN}：第 1/2 页" in done.err
    assert f"{SCAN} 第 2 页: 坏页" in done.err
    assert docgen(workspace, "search", "验收合格", "--json").json["total"] == 1
    status = docgen(workspace, "ocr", "--status", "--json").json
    assert (status["waiting"], status["done"], [one["page"] for one in status["troubles"]]) == (0, 1, [2])
    pages[1] = "双方签字"
    assert docgen(workspace, "ocr", "--again", "--json").json["pages"] == 1
    assert docgen(workspace, "search", "双方签字", "--json").json["total"] == 1
    assert {one["code"] for one in docgen(workspace, "doctor", "--json").json} & {"DR31"} == set()


def test_a_document_with_text_is_no_scan(workspace: Workspace, docgen, tmp_path: Path) -> None:
    (tmp_path / "示例项目_发票_2026-09-01_V1.0.txt").write_text("发票", encoding="utf-8")

    assert "扫描件" not in docgen(workspace, "file", tmp_path / "示例项目_发票_2026-09-01_V1.0.txt").err


def test_scans_that_an_import_brings_are_told_of(
    workspace: Workspace, docgen, scan: Path, tmp_path: Path
) -> None:
    docgen(workspace, "file", scan)
    docgen(workspace, "export", "示例项目", tmp_path / "移交")
    docgen(None, "init", tmp_path / "另一处")

    ran = docgen(Workspace(tmp_path / "另一处"), "import", tmp_path / "移交")

    assert (ran.code, "1 份扫描件等待文字识别" in ran.err) == (0, True)
