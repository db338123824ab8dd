"""Presentations, and files in old formats by way of LibreOffice."""

from __future__ import annotations

import shutil
import subprocess
import zipfile
from pathlib import Path

import docx as python_docx
import pytest

from docgen.ingest.content.examine import examine
from docgen.ingest.content.verdict import State
from docgen.text.extracted import Unreadable
from docgen.text.slides_text import slides_text
from docgen.text.worker import Worker

A = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'


def presentation(path: Path, **parts: str) -> Path:
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("ppt/presentation.xml", "<p/>")
        for name, content in parts.items():
            folder = "notesSlides" if name.startswith("notes") else "slides"
            package.writestr(f"ppt/{folder}/{name}.xml", f"<x {A}>{content}</x>")
    return path


def test_slides_in_order_then_notes(tmp_path: Path) -> None:
    path = presentation(
        tmp_path / "a.pptx",
        slide10="<a:p><a:r><a:t>第十页</a:t></a:r></a:p>",
        notesSlide1="<a:p><a:r><a:t>备注</a:t></a:r></a:p>",
        slide2="<a:p><a:r><a:t>机房</a:t></a:r><a:r><a:t>验收</a:t></a:r><a:br/><a:r><a:t>下一行</a:t></a:r></a:p><a:p/>",
    )

    assert slides_text(path).text == "机房验收\n下一行\n第十页\n备注"


def test_what_is_no_presentation(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.pptx", "w") as package:
        package.writestr("readme", "x")
    with pytest.raises(Unreadable, match="演示文稿"):
        slides_text(tmp_path / "a.pptx")


def by_office(folder: Path, kind: str) -> Path:
    """Have LibreOffice write a file of this kind."""
    made = python_docx.Document()
    made.sections[0].header.paragraphs[0].text = "页眉字样"
    made.add_paragraph("违约责任条款")
    made.save(folder / "a.docx")
    office = shutil.which("soffice") or "libreoffice"
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [office, profile, "--headless", "--convert-to", kind, "--outdir", str(folder)]
    subprocess.run([*command, str(folder / "a.docx")], check=True, capture_output=True, timeout=120)
    return folder / f"a.{kind}"


@pytest.mark.office
def test_an_open_document_is_whole_and_has_its_text(worker: Worker, tmp_path: Path) -> None:
    path = by_office(tmp_path, "odt")

    assert examine(path).state is State.WHOLE
    assert worker.extract(path).text == "页眉字样\n违约责任条款"


@pytest.mark.office
def test_an_old_word_file(worker: Worker, tmp_path: Path) -> None:
    by_office(tmp_path, "doc")
    (tmp_path / "b.wps").write_bytes((tmp_path / "a.doc").read_bytes())

    assert worker.extract(tmp_path / "a.doc").text == "页眉字样\n违约责任条款"
    assert worker.extract(tmp_path / "b.wps").text == "页眉字样\n违约责任条款"


@pytest.mark.office
def test_an_old_file_that_is_broken(worker: Worker, tmp_path: Path) -> None:
    (tmp_path / "a.doc").write_bytes(b"\0\1\2" * 100)

    assert [problem.code for problem in worker.extract(tmp_path / "a.doc").problems] == ["text-unreadable"]


def test_without_libreoffice_that_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCGEN_SOFFICE", "/没有/soffice")
    (tmp_path / "a.doc").write_bytes(b"x")
    with Worker() as worker:
        (problem,) = worker.extract(tmp_path / "a.doc").problems

    assert problem.code == "text-none"
    assert "LibreOffice" in problem.message.zh
