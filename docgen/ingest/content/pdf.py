"""PDF files: header, end, and a cross-reference where the end says it is (ISO 32000-1, 7.5)."""

from __future__ import annotations

import os
import re
from typing import IO

from docgen.ingest.content.pdf_objects import object_places
from docgen.ingest.content.verdict import ENDLESS, WHOLE, Verdict, incomplete, not_a

#: Readers look for header and end in so many bytes (ISO 32000-1, annex H.3).
_MARGIN = 1024
_TAIL = re.compile(rb"startxref\s+([0-9]{1,12})\s+%%EOF")
#: So begins what a later edition adds behind the end of the one before: an object, a table, a remark.
_MORE = re.compile(rb"[0-9x%]")
_BLANK = b" \t\r\n\f\0"
#: Bytes of the shortest object.
_SHORTEST = len(b"1 0 obj 1 endobj")
_TABLE = re.compile(rb"\s*(?:xref\b|[0-9]+\s+[0-9]+\s+obj\b)")
_LINEARIZED = re.compile(rb"/Linearized\b.{0,200}?/L\s+([0-9]{1,12})", re.DOTALL)


def examine_pdf(stream: IO[bytes], size: int, ext: str) -> Verdict:
    """Return whether the file has its end, and the end names a cross-reference that is there."""
    head = stream.read(2 * _MARGIN)
    start = head.find(b"%PDF-", 0, _MARGIN + 5)
    if start < 0:
        return not_a(ext, head)
    promised = _LINEARIZED.search(head)
    if promised and int(promised[1]) > size:
        return incomplete("文件比它自己说的短", "it is shorter than it says itself")
    stream.seek(-min(size, 2 * _MARGIN), os.SEEK_END)
    tail = stream.read()
    ends = list(_TAIL.finditer(tail))
    if not ends:
        return incomplete("缺少结尾标记 %%EOF", "the end mark %%EOF is missing")
    behind = tail[ends[-1].end() :].strip(_BLANK)
    if _MORE.match(behind):
        return incomplete("最后一次修改没有写完", "the last change of it is not written to its end")
    fault = _fault(stream, int(ends[-1][1]), start, size)
    return fault or (ENDLESS if behind else WHOLE)


def _fault(stream: IO[bytes], place: int, start: int, size: int) -> Verdict | None:
    """Return what is missing by the cross-reference at ``place`` (from the file's begin, or its header's)."""
    base = next((base for base in (0, start) if place and _is_table(stream, place + base, size)), None)
    if base is None:
        return incomplete("交叉引用表缺失或不可读", "the cross-reference is missing or cannot be read")
    if any(_is_hole(stream, at, size) for at in object_places(stream, place, base)):
        return incomplete("中间有尚未写入的部分", "a part in the middle is not written yet")
    return None


def _is_hole(stream: IO[bytes], place: int, size: int) -> bool:
    """Whether there are only zeros where an object should begin; it may begin elsewhere: readers find it."""
    if place + _SHORTEST > size:
        return False
    stream.seek(place)
    return not stream.read(_SHORTEST).strip(b"\0")


def _is_table(stream: IO[bytes], place: int, size: int) -> bool:
    if place >= size:
        return False
    stream.seek(place)
    return _TABLE.match(stream.read(64)) is not None
