"""Text of PDF files, by pypdfium2 (it reads the Chinese encodings and browser-made files others miss)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from docgen.base.messages import Message
from docgen.text.extracted import LONGEST_TEXT, Extracted, Unreadable, no_text
from docgen.text.joining import join_wrapped

_PASSWORD_CODE = 4
#: PDFium's sign for a hyphen at the end of a line that is not part of the word.
_SOFT_BREAK = "\ufffe"


def pdf_text(path: Path) -> Extracted:
    """Return the text layer of a PDF file.

    Raises:
        Unreadable: It is damaged or needs a password.
    """
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", None) == _PASSWORD_CODE:
            raise Unreadable("PDF 需要密码才能打开", "the PDF needs a password") from error
        raise Unreadable("PDF 已损坏或不完整", "the PDF is damaged or incomplete") from error
    with closing(document):
        text = "\n".join(_limited(_pages(document))).strip()
        title = " ".join(document.get_metadata_value("Title").split())
    problems = () if text else (_scan(),)
    return Extracted(text, title, problems)


def _scan() -> Any:
    return no_text(Message("PDF 没有文字层，可能是扫描件", "the PDF has no text layer; it may be a scan"))


def _limited(pages: Iterator[str]) -> Iterator[str]:
    """Yield pages until the text is longer than anything that is kept."""
    length = 0
    for page in pages:
        yield page
        length += len(page)
        if length > LONGEST_TEXT:
            return


def _pages(document: Any) -> Iterator[str]:
    for number in range(len(document)):
        with closing(document[number]) as page, closing(page.get_textpage()) as textpage:
            text = textpage.get_text_range()
        yield join_wrapped(text.replace(_SOFT_BREAK + "\r\n", "").replace(_SOFT_BREAK, ""))
