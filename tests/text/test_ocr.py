"""Text of scans: the pages that need it, the rows of a page, and rapidocr itself where it is installed."""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from docgen.base.messages import Message
from docgen.text.ocr_child import Piece, page_text
from docgen.text.pdf_text import pdf_text, scanned_pages
from docgen.text.readers import read
from docgen.text.recogniser import Recogniser, available

FONT = Path("/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc")
LINES = (
    "技术服务合同",
    "合同编号：HT-2026-0815",
    "合同金额：￥1,234,567.89",
    "任何一方不履行合同义务的，应当承担继续履行、采取补救措施或者违",
    "约责任，每逾期一日支付违约金 12,345.67 元。",
)
SECOND = ("验收报告", "验收结论：合格", "验收日期：2026年8月15日，参加人员五人")
needs_ocr = pytest.mark.skipif(
    not available() or not FONT.exists(), reason="rapidocr or the font is not installed"
)
needs_pil = pytest.mark.skipif(find_spec("PIL") is None, reason="Pillow is not installed (extra ocr)")


def piece(text: str, left: float, top: float, right: float = 0.0) -> Piece:
    return Piece(left, top, right or left + 40 * len(text), top + 40, text)


def test_rows_are_read_from_the_top_and_from_the_left() -> None:
    pieces = [
        piece("金额", 500, 104),
        piece("合同", 100, 100),
        piece("第二行", 100, 160),
        piece("首", 90, 20),
    ]

    assert page_text(pieces) == "首\n合同 金额\n第二行"


def test_only_a_full_row_goes_on_in_the_next_one() -> None:
    wide = [piece("签订于2026年11月", 100, 100, 1000), piece("2日。", 100, 160)]
    short = [piece("编号：HT-1", 100, 100), piece("甲方：示例", 100, 160), piece("满", 100, 220, 1000)]

    assert page_text(wide) == "签订于2026年11月2日。"
    assert page_text(short) == "编号：HT-1\n甲方：示例\n满"
    assert page_text([]) == ""


def test_pictures_are_scans_and_drawings_are_not(tmp_path: Path) -> None:
    for name, scanned in (("a.jpg", True), ("a.TIF", True), ("a.dwg", False)):
        (tmp_path / name).write_bytes(b"x")
        assert read(tmp_path / name).scanned is scanned


def test_a_page_of_text_is_no_scan(tmp_path: Path, pdf) -> None:
    assert not pdf_text(pdf(tmp_path / "a.pdf", ["服务合同"])).scanned
    assert not pdf_text(pdf(tmp_path / "b.pdf", [])).scanned  # an empty page


def drawn(*lines: str) -> Any:
    """Draw a page at 200 dpi."""
    from PIL import Image, ImageDraw, ImageFont

    page = Image.new("RGB", (1654, 2339), "white")
    pen = ImageDraw.Draw(page)
    font = ImageFont.truetype(str(FONT), 42, index=2) if FONT.exists() else None
    for number, line in enumerate(lines):
        pen.text((150, 200 + 90 * number), line, font=font, fill="black")
    return page


@pytest.fixture
def mixed(tmp_path: Path, pdf: Callable[..., Path]) -> Path:
    """A PDF of a page of text and a scanned page."""
    pypdf = pytest.importorskip("pypdf")
    drawn(*SECOND).save(tmp_path / "scan.pdf", resolution=200)
    writer = pypdf.PdfWriter()
    writer.append(pdf(tmp_path / "text.pdf", ["服务合同正文，这一页有足够多的文字，不需要识别。"]))
    writer.append(tmp_path / "scan.pdf")
    writer.write(tmp_path / "mixed.pdf")
    return tmp_path / "mixed.pdf"


@needs_pil
def test_scanned_pages_among_pages_of_text(mixed: Path) -> None:
    found = pdf_text(mixed)

    assert found.scanned
    assert "服务合同正文" in found.text
    assert scanned_pages(mixed) == [1]


@pytest.fixture(scope="module")
def recogniser() -> Any:
    with Recogniser() as made:
        yield made


@needs_ocr
def test_a_scanned_page_is_read(tmp_path: Path, recogniser: Recogniser) -> None:
    drawn(*LINES).save(tmp_path / "a.png")

    assert recogniser.pages(tmp_path / "a.png") == [0]
    text = recogniser.text(tmp_path / "a.png", 0)
    assert isinstance(text, str)
    for phrase in ("技术服务合同", "HT-2026-0815", "1,234,567.89", "12,345.67"):
        assert phrase in text
    assert "违约责任" in text.replace("\n", "")  # search reads over the end of the line


@needs_ocr
def test_pages_of_a_fax_and_of_a_pdf(tmp_path: Path, mixed: Path, recogniser: Recogniser) -> None:
    drawn(*LINES).save(tmp_path / "a.tif", save_all=True, append_images=[drawn(*SECOND)])

    assert recogniser.pages(tmp_path / "a.tif") == [0, 1]
    assert recogniser.text(tmp_path / "a.tif", 1) == "\n".join(SECOND)
    assert recogniser.pages(mixed) == [1]
    assert recogniser.text(mixed, 1) == "\n".join(SECOND)


@needs_ocr
def test_a_broken_picture_costs_itself(tmp_path: Path, recogniser: Recogniser) -> None:
    drawn(*SECOND).save(tmp_path / "good.png")
    data = (tmp_path / "good.png").read_bytes()
    (tmp_path / "bad.png").write_bytes(data[: len(data) // 2])
    (tmp_path / "none.png").write_bytes(b"x")

    assert isinstance(recogniser.pages(tmp_path / "none.png"), Message)
    assert isinstance(recogniser.text(tmp_path / "bad.png", 0), Message)
    assert recogniser.text(tmp_path / "good.png", 0) == "\n".join(SECOND)
