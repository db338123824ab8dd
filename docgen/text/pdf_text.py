"""Text of PDF files, by pypdfium2 (it reads the Chinese encodings and browser-made files others miss)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from docgen.base.messages import Message
from docgen.text.extracted import Extracted, Unreadable, limited, no_text
from docgen.text.joining import join_wrapped

PASSWORD_CODE = 4
#: What PDFium gives for a hyphen at the end of a line (it drops the line break behind it).
_END_HYPHEN = re.compile("(?P<word>(?<=[a-z])\ufffe(?=[a-z]))|\ufffe")
_WIDE = "\u2e80-\u9fff\uf900-\uff60\U00020000-\U000323af"
_GAP = re.compile(rf"(?<=[{_WIDE}]) (?=[!-~])|(?<=[!-~]) (?=[{_WIDE}])")
#: Height of a line up to which the gap between Chinese and Latin is the typesetter's, not the writer's.
_NARROW = 0.6
#: Letters and digits from which the text of a page counts; part of the page that a picture of text covers
#: (one in so many); how deeply it may be nested.
_USABLE, _LARGE, _DEPTH = 20, 4, 4


def pdf_text(path: Path) -> Extracted:
    """Return the text layer of a PDF file.

    Raises:
        Unreadable: It is damaged or needs a password.
    """
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", None) == PASSWORD_CODE:
            raise Unreadable("PDF 需要密码才能打开", "the PDF needs a password") from error
        raise Unreadable("PDF 已损坏或不完整", "the PDF is damaged or incomplete") from error
    with closing(document):
        number, pages = len(document), list(limited(_pages(document)))
        scanned = any(is_scanned(document, place, page) for place, page in enumerate(pages))
        title = " ".join(document.get_metadata_value("Title").split())
    text = join_wrapped("\n".join(pages)).strip()
    problems = () if text else (_scan(),)
    return Extracted(text, title, problems, scanned, number)


def scanned_pages(path: Path) -> list[int]:
    """Return the pages, from 0, that are pictures of text."""
    import pypdfium2

    with closing(pypdfium2.PdfDocument(path)) as document:
        return [number for number, page in enumerate(_pages(document)) if is_scanned(document, number, page)]


def is_scanned(document: Any, number: int, text: str) -> bool:
    """Whether a page is a picture with no text to speak of (a stamped number, a mark of the scanner)."""
    if sum(map(str.isalnum, text)) >= _USABLE:
        return False
    from pypdfium2 import raw

    with closing(document[number]) as page:
        area = page.get_width() * page.get_height()
        pictures = page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=_DEPTH)
        return any(_area(picture) * _LARGE >= area for picture in pictures)


def _area(picture: Any) -> float:
    left, bottom, right, top = picture.get_bounds()
    return float((right - left) * (top - bottom))


def _scan() -> Any:
    return no_text(Message("PDF 没有文字层，可能是扫描件", "the PDF has no text layer; it may be a scan"))


def _pages(document: Any) -> Iterator[str]:
    for number in range(len(document)):
        with closing(document[number]) as page, closing(page.get_textpage()) as textpage:
            text = _without_gaps(textpage)
        # the hyphen of a broken English word goes, that of a number (HT-2026) stays
        yield _END_HYPHEN.sub(lambda match: "" if match["word"] else "-", text)


def _without_gaps(textpage: Any) -> str:
    """Return the text of a page without the blanks that PDFium makes of gaps between Chinese and Latin.

    Word processors set `2026年11月` with small gaps; as blanks they would hide it from a search.
    """
    text: str = textpage.get_text_range()
    if len(text.encode("utf-16-le", "surrogatepass")) // 2 != textpage.count_chars():
        return text  # some characters are left out: places cannot be told
    pieces, done, units = [], 0, 0
    for match in _GAP.finditer(text):
        piece = text[done : match.start()]
        units += len(piece) + sum(char > "\uffff" for char in piece)
        pieces.append(piece if _is_gap(textpage, units) else piece + " ")
        done, units = match.end(), units + 1
    return "".join(pieces) + text[done:]


def _is_gap(textpage: Any, index: int) -> bool:
    from pypdfium2 import raw

    if raw.FPDFText_IsGenerated(textpage.raw, index) != 1:
        return False
    _, bottom, right, top = textpage.get_charbox(index - 1, loose=True)
    left = textpage.get_charbox(index + 1, loose=True)[0]
    return bool(left - right < _NARROW * (top - bottom))
