"""Word, Excel, PowerPoint, WPS and mail files of the old formats: compound files ([MS-CFB])."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import IO

from docgen.ingest.content.plain import examine_text
from docgen.ingest.content.verdict import ENDLESS, WHOLE, Verdict, incomplete
from docgen.ingest.content.zipped import examine_zip

SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_FREE = 0xFFFFFFFF
#: Sectors of the allocation table whose places the header itself holds ([MS-CFB] 2.2).
_IN_HEADER = 109
#: Bytes of a sector, by the power of two that the header names.
_WIDTHS = {9: 512, 12: 4096}


def examine_compound(stream: IO[bytes], size: int, ext: str) -> Verdict:
    """Return whether all sectors in use lie inside the file.

    Newer programs write packages under these names; RTF, HTML and text come under them, too, and have no end
    mark. A file whose beginning is still blank is one that is being copied.
    """
    head = stream.read(512)
    if not head.strip(b"\0"):
        return incomplete("内容尚未写入", "the content is not written yet")
    if head.startswith(b"PK"):
        stream.seek(0)
        return examine_zip(stream, size, ext)
    if not head.startswith(SIGNATURE):  # formats that are older still may end with zeros
        return ENDLESS if b"\0" in head else examine_text(stream, size, ext)
    try:
        if _last_sector(stream, head, size) < size:
            return WHOLE
    except (EOFError, struct.error):
        pass
    return incomplete("文件的后半部分缺失", "the rest of the file is missing")


def _last_sector(stream: IO[bytes], head: bytes, size: int) -> int:
    """Return the place where the last sector in use begins.

    Raises:
        EOFError: The table is cut off, or is none.
        struct.error: So is the header.
    """
    width = _WIDTHS.get(struct.unpack_from("<H", head, 30)[0])
    if width is None:
        raise EOFError
    last = 0
    for number, sector in enumerate(_tables(stream, head, width, size)):
        table = _sector(stream, sector, width)
        used = [place for place, value in enumerate(table) if value != _FREE]
        if used:
            last = number * len(table) + used[-1]
    return (last + 1) * width


def _tables(stream: IO[bytes], head: bytes, width: int, size: int) -> Iterator[int]:
    """Yield the sectors of the allocation table: first those that the header holds, then along the chain."""
    count, following = struct.unpack_from("<I", head, 44)[0], struct.unpack_from("<I", head, 68)[0]
    if count > size // width:
        raise EOFError
    yield from struct.unpack_from(f"<{min(count, _IN_HEADER)}I", head, 76)
    left = count - _IN_HEADER
    while left > 0:
        *places, following = _sector(stream, following, width)
        yield from places[:left]
        left -= len(places)


def _sector(stream: IO[bytes], number: int, width: int) -> tuple[int, ...]:
    stream.seek((number + 1) * width)
    data = stream.read(width)
    if len(data) < width:
        raise EOFError
    return struct.unpack(f"<{width // 4}I", data)
