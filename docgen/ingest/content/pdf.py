"""PDF files: header, end, and a cross-reference where the end says it is (ISO 32000-1, 7.5)."""

from __future__ import annotations

import os
import re
from typing import IO

from docgen.ingest.content.verdict import WHOLE, Verdict, incomplete, not_a

#: Readers look for header and end in so many bytes (ISO 32000-1, annex H.3).
_MARGIN = 1024
_TAIL = re.compile(rb"startxref\s+([0-9]{1,12})\s+%%EOF[\s\0]*\Z|startxref\s+([0-9]{1,12})\s+%%EOF")
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
    ends = list(_TAIL.finditer(stream.read()))
    if not ends:
        return incomplete("缺少结尾标记 %%EOF", "the end mark %%EOF is missing")
    place = int(ends[-1][1] or ends[-1][2])
    if place and any(_is_table(stream, at, size) for at in (place, place + start)):
        return WHOLE
    return incomplete("交叉引用表缺失或不可读", "the cross-reference is missing or cannot be read")


def _is_table(stream: IO[bytes], place: int, size: int) -> bool:
    if place >= size:
        return False
    stream.seek(place)
    return _TABLE.match(stream.read(64)) is not None
