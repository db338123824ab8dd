"""What extraction gives, and what may go wrong with a file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from docgen.base.findings import Finding, Severity
from docgen.base.messages import Message

#: More text than this is cut off, and said so (about 2,500 pages).
LONGEST_TEXT = 5_000_000
#: Unpacked bytes of one file that are read at most.
LARGEST = 256 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Extracted:
    """Text of a file, a paragraph a line, cells separated by tabs; problems say what is missing."""

    text: str = ""
    title: str = ""
    problems: tuple[Finding, ...] = ()
    #: Pages are pictures: their text has to be recognised (`recogniser`).
    scanned: bool = False
    #: Of a PDF; 0: not known.
    pages: int = 0


class Unreadable(Exception):
    """A file whose text cannot be had; becomes a problem of that file."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(zh)
        self.message = Message(zh, en)


def limited(pieces: Iterable[str]) -> Iterator[str]:
    """Yield ``pieces`` until they are longer than any text that is kept."""
    length = 0
    for piece in pieces:
        yield piece
        length += len(piece)
        if length > LONGEST_TEXT:
            return


def unreadable(message: Message) -> Finding:
    """Return the problem of a file without readable text."""
    hint = Message(
        "文件已照原样归档；它的正文搜不到，标题、项目、编号仍可搜到",
        "the file is filed as it is; its content cannot be searched, title, project and number can",
    )
    return Finding("text-unreadable", Severity.WARNING, message, hint)


def no_text(message: Message) -> Finding:
    """Return the note that a file has no text of its own (a scan, a picture, a drawing)."""
    hint = Message(
        "扫描件和图片由 docgen ocr 识别文字；其他文件请补充带文字的版本",
        "docgen ocr recognises the text of scans and pictures; of other files add one with text",
    )
    return Finding("text-none", Severity.NOTE, message, hint)


def incomplete(message: Message) -> Finding:
    """Return the problem of a file of which only a part could be read."""
    hint = Message("搜索只覆盖已读出的部分", "search covers the part that was read")
    return Finding("text-incomplete", Severity.WARNING, message, hint)
