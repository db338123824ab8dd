"""Text of PDF files."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import docx as python_docx
import pypdf
import pytest

from docgen.search.fold import fold
from docgen.text.extracted import Unreadable
from docgen.text.joining import join_wrapped
from docgen.text.pdf_lock import is_locked
from docgen.text.pdf_text import pdf_text
from docgen.text.readers import read


def test_fonts_that_are_not_embedded(tmp_path: Path, pdf) -> None:
    found = pdf_text(pdf(tmp_path / "a.pdf", ["服务合同", "", "甲方：示例客户有限公司"]))

    assert "服务合同" in found.text
    assert "甲方：示例客户有限公司" in found.text
    assert found.problems == ()


def test_a_page_without_text_is_said(tmp_path: Path, pdf) -> None:
    found = pdf_text(pdf(tmp_path / "a.pdf", []))

    assert (found.text, [problem.code for problem in found.problems]) == ("", ["text-none"])
    assert "扫描件" in found.problems[0].message.zh


def test_a_password_is_named(tmp_path: Path, pdf) -> None:
    writer = pypdf.PdfWriter(clone_from=pdf(tmp_path / "a.pdf", ["机密"]))
    writer.encrypt("secret", algorithm="RC4-128")
    writer.write(tmp_path / "b.pdf")

    with pytest.raises(Unreadable, match="密码"):
        pdf_text(tmp_path / "b.pdf")


def test_title(tmp_path: Path, pdf) -> None:
    writer = pypdf.PdfWriter(clone_from=pdf(tmp_path / "a.pdf", ["正文"]))
    writer.add_metadata({"/Title": "服务 合同"})
    writer.write(tmp_path / "b.pdf")

    assert pdf_text(tmp_path / "b.pdf").title == "服务 合同"


@pytest.mark.parametrize("share", [0.2, 0.5, 0.8])
def test_a_truncated_file(tmp_path: Path, pdf, share: float) -> None:
    whole = pdf(tmp_path / "a.pdf", ["正文" * 100] * 30).read_bytes()
    (tmp_path / "b.pdf").write_bytes(whole[: int(len(whole) * share)])

    found = read(tmp_path / "b.pdf")  # PDFium mends what it can

    assert "正文" in found.text or [problem.code for problem in found.problems] == ["text-unreadable"]


@pytest.mark.office
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_phrases_wrapped_by_a_word_processor_are_found(tmp_path: Path) -> None:
    phrases = ["违约责任条款", "2026年11月2日", "HT-2026-001", "1,234,567.89", "系统集成项目验收报告"]
    made = python_docx.Document()
    for shift in range(12):
        made.add_paragraph("引" * shift + "，".join(phrases * 6) + "。")
    made.save(tmp_path / "a.docx")
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    where = ["--outdir", str(tmp_path), str(tmp_path / "a.docx")]
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", *where]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    text = fold(pdf_text(tmp_path / "a.pdf").text)

    for phrase in map(fold, phrases):
        assert text.count(phrase) == 12 * 6, phrase


@pytest.mark.parametrize(
    ("page", "text"),
    [
        ("于二〇二六年签订编号\r\nHT-2026-001的合同", "于二〇二六年签订编号HT-2026-001的合同"),
        ("2026年11月2 \n 日", "2026年11月2日"),
        ("编号HT-2026-\n001", "编号HT-2026-001"),
        ("甲方应当，\n乙方应当", "甲方应当，乙方应当"),
        ("金额为\n￥1,200.00", "金额为￥1,200.00"),
        ("本合同\n一式两份", "本合同\n一式两份"),
        ("付款。\n2026年", "付款。\n2026年"),
        ("编号：\nHT-1", "编号：\nHT-1"),
        ("编号\n\nHT-1", "编号\n\nHT-1"),
        ("the service\ncontract", "the service\ncontract"),
        ("", ""),
    ],
)
def test_joining(page: str, text: str) -> None:
    assert join_wrapped(page) == text


@pytest.mark.parametrize("algorithm", ["RC4-40", "RC4-128"])
@pytest.mark.parametrize(("password", "locked"), [("geheim", True), ("", False)])
def test_only_what_nobody_can_open_is_locked(
    tmp_path: Path, algorithm: str, password: str, locked: bool
) -> None:
    """A file whose owner only restricts what may be done with it opens for everybody."""
    writer = pypdf.PdfWriter()
    writer.add_blank_page(100, 100)
    writer.encrypt(password, "owner", algorithm=algorithm)
    writer.write(tmp_path / "a.pdf")

    assert is_locked(tmp_path / "a.pdf") is locked


def test_the_word_alone_locks_nothing(tmp_path: Path) -> None:
    writer = pypdf.PdfWriter()
    writer.add_blank_page(100, 100)
    writer.add_metadata({"/Title": "/Encrypt"})
    writer.write(tmp_path / "a.pdf")

    assert not is_locked(tmp_path / "a.pdf")
