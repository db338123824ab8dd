"""Scans: JPEG, PNG, TIFF and BMP, each with the end that its format demands."""

from __future__ import annotations

import os
import struct
from typing import IO

from docgen.ingest.content.verdict import WHOLE, Verdict, incomplete, not_a

_MARGIN = 1024
_CUT = incomplete("图像的结尾缺失", "the end of the picture is missing")
#: Bytes of one value of a TIFF field, by its type (TIFF 6.0, section 2).
_WIDTHS = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8}
_SHORT, _LONG = 3, 4
#: Offsets and lengths of strips, then of tiles.
_PIECES = ((273, 279), (324, 325))
_MOST_PAGES = 10_000


def examine_jpeg(stream: IO[bytes], size: int, ext: str) -> Verdict:
    """Return whether the end of the image (FF D9) is there; phones and scanners may add some bytes."""
    head = stream.read(3)
    if head != b"\xff\xd8\xff":
        return not_a(ext, head)
    return WHOLE if b"\xff\xd9" in _tail(stream, size) else _CUT


def examine_png(stream: IO[bytes], size: int, ext: str) -> Verdict:
    """Return whether the last chunk (IEND) is there."""
    head = stream.read(8)
    if head != b"\x89PNG\r\n\x1a\n":
        return not_a(ext, head)
    return WHOLE if b"IEND\xaeB`\x82" in _tail(stream, size) else _CUT


def examine_bmp(stream: IO[bytes], size: int, ext: str) -> Verdict:
    """Return whether the file is as long as its header says."""
    head = stream.read(6)
    if head[:2] != b"BM":
        return not_a(ext, head)
    return WHOLE if len(head) == 6 and struct.unpack_from("<I", head, 2)[0] <= size else _CUT


def examine_tiff(stream: IO[bytes], size: int, ext: str) -> Verdict:
    """Return whether every directory, and every strip or tile that it names, lies inside the file."""
    head = stream.read(8)
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(head[:4])
    if order is None or len(head) < 8:
        return not_a(ext, head)
    place: int = struct.unpack_from(order + "I", head, 4)[0]
    try:
        for _ in range(_MOST_PAGES):
            if not place:
                return WHOLE
            place = _page(stream, order, place, size)
    except (struct.error, EOFError):
        pass
    return _CUT


def _page(stream: IO[bytes], order: str, place: int, size: int) -> int:
    """Check one directory; return where the next one is, 0 after the last.

    Raises:
        EOFError: A part of it lies behind the end.
    """
    stream.seek(place)
    (count,) = struct.unpack(order + "H", stream.read(2))
    entries = stream.read(12 * count)
    (following,) = struct.unpack(order + "I", stream.read(4))
    fields = {entry[0]: entry for entry in struct.iter_unpack(order + "HHI4s", entries)}
    for offsets, lengths in _PIECES:
        if offsets in fields and lengths in fields:
            places = _values(stream, order, fields[offsets])
            sizes = _values(stream, order, fields[lengths])
            if any(start + length > size for start, length in zip(places, sizes, strict=False)):
                raise EOFError
    return int(following)


def _values(stream: IO[bytes], order: str, field: tuple[int, int, int, bytes]) -> tuple[int, ...]:
    _, kind, count, inside = field
    if kind not in (_SHORT, _LONG):
        return ()
    length = _WIDTHS[kind] * count
    data = inside
    if length > 4:
        stream.seek(struct.unpack(order + "I", inside)[0])
        data = stream.read(length)
    return struct.unpack(f"{order}{count}{'H' if kind == _SHORT else 'I'}", data[:length])


def _tail(stream: IO[bytes], size: int) -> bytes:
    stream.seek(-min(size, _MARGIN), os.SEEK_END)
    return stream.read()
