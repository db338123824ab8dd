"""Text, mail, drawings and records: little or nothing in them tells whether they are whole."""

from __future__ import annotations

import json
from typing import IO

from docgen.ingest.content.verdict import ENDLESS, WHOLE, Verdict, incomplete, not_a, unfit

#: Bytes at the end of a text that are looked at.
_TAIL = 64
#: Bytes of the largest record that is read; real ones have some ten thousand.
_RECORD = 16 << 20


def examine_text(stream: IO[bytes], size: int, _ext: str) -> Verdict:
    """Return that a text has no end mark, or that its space was only reserved so far."""
    stream.seek(max(0, size - _TAIL))
    if not stream.read(_TAIL).strip(b"\0"):
        return incomplete("内容尚未写入", "the content is not written yet")
    return ENDLESS


def examine_dwg(stream: IO[bytes], _size: int, ext: str) -> Verdict:
    """Return that a drawing has no end mark, or that it is none: all versions begin with AC."""
    head = stream.read(_TAIL)
    return ENDLESS if head.startswith(b"AC") else not_a(ext, head)


def examine_record(stream: IO[bytes], size: int, ext: str) -> Verdict:
    """Return whether the record that docgen put beside a document is whole: JSON ends with its bracket."""
    if size > _RECORD:
        return unfit("记录文件过大", "the record is too large")
    text = stream.read(_RECORD)
    if not text.startswith(b"{"):
        return not_a(ext, text)
    try:
        json.loads(text)
    except ValueError:
        return incomplete("JSON 没有写完", "the JSON does not come to its end")
    except RecursionError:
        return unfit("记录嵌套过深", "the record is nested too deeply")
    return WHOLE
