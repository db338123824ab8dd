"""Which reader takes which file; what goes wrong with a file becomes its problem."""

from __future__ import annotations

import stat
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from docgen.base.messages import Message
from docgen.text.docx_text import docx_text
from docgen.text.extracted import (
    LARGEST,
    LONGEST_TEXT,
    Extracted,
    Unreadable,
    incomplete,
    no_text,
    unreadable,
)
from docgen.text.legacy_text import LEGACY, legacy_text
from docgen.text.mail_text import mail_text
from docgen.text.pdf_text import pdf_text
from docgen.text.plain_text import plain_text
from docgen.text.sheet_text import sheet_text
from docgen.text.slides_text import slides_text

_READERS: dict[str, Callable[[Path], Extracted]] = {
    **dict.fromkeys((".docx", ".docm"), docx_text),
    ".pdf": pdf_text,
    **dict.fromkeys((".xlsx", ".xlsm", ".xls", ".ods"), sheet_text),
    **dict.fromkeys((".txt", ".csv", ".tsv", ".md"), plain_text),
    ".eml": mail_text,
    ".pptx": slides_text,
    **dict.fromkeys(LEGACY, legacy_text),
}
#: Pictures whose text can be recognised.
PICTURES = frozenset((".jpg", ".jpeg", ".png", ".tif", ".tiff", ".bmp"))


def read(path: Path) -> Extracted:
    """Return the text of ``path`` in this process, without limits of time and memory; never raises."""
    try:
        return _shortened(_read(path))
    except Unreadable as error:
        return Extracted(problems=(unreadable(error.message),))
    except MemoryError:
        return Extracted(problems=(unreadable(OUT_OF_MEMORY),))
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # a library may panic, and no file may take others down
        name = type(error).__name__
        message = Message(
            f"文件已损坏或无法识别（{name}）", f"the file is damaged or not what it claims ({name})"
        )
        return Extracted(problems=(unreadable(message),))


OUT_OF_MEMORY = Message("读取正文需要的内存超过上限", "reading its text needs more memory than allowed")


def _read(path: Path) -> Extracted:
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        kind = path.suffix or path.name
        message = Message(f"不提取 {kind} 文件的正文", f"no text is read from {kind} files")
        return Extracted(problems=(no_text(message),), scanned=kind.lower() in PICTURES)
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            raise Unreadable("不是普通文件", "it is not a regular file")
        if found.st_size > LARGEST:
            raise Unreadable("文件过大", "the file is too large")
        return reader(path)
    except OSError as error:
        reason = error.strerror or str(error)
        raise Unreadable(f"无法读取（{reason}）", f"it cannot be read ({reason})") from error


def _shortened(extracted: Extracted) -> Extracted:
    if len(extracted.text) <= LONGEST_TEXT:
        return extracted
    message = Message(
        f"正文超过 {LONGEST_TEXT} 字，只取前面部分", f"only the first {LONGEST_TEXT} characters were taken"
    )
    return replace(
        extracted, text=extracted.text[:LONGEST_TEXT], problems=(*extracted.problems, incomplete(message))
    )
