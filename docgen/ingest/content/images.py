"""Scans: JPEG, PNG, TIFF and BMP, each with the end that its format demands."""

from __future__ import annotations

import os
import re
import struct
from typing import IO

from docgen.ingest.content.verdict import ENDLESS, WHOLE, Verdict, incomplete, not_a, unfit

_MARGIN = 1024
_BLOCK = 1 << 20
#: The segment after which the data of a picture comes; what begins another one there.
_SCAN = 0xDA
_MARK = re.compile(rb"\xff[\x01-\xcf\xd8-\xfe]")
_CUT = incomplete("图像的结尾缺失", "the end of the picture is missing")
#: Types of TIFF fields that hold places and lengths, and the bytes of one value (TIFF 6.0, section 2).
_SHORT, _LONG = 3, 4
_WIDTHS = {_SHORT: 2, _LONG: 4}
#: Offsets and lengths of strips, then of tiles.
_PIECES = ((273, 279), (324, 325))
_MOST_PAGES = 10_000


def examine_jpeg(stream: IO[bytes], size: int, ext: str) -> Verdict:
    """Return whether the end of the image (FF D9) is there.

    Phones and scanners add some bytes; behind the picture there may be a film (motion photos), whose end
    cannot be told.
    """
    head = stream.read(3)
    if head != b"\xff\xd8\xff":
        return not_a(ext, head)
    end = _end_of_picture(stream, size)
    if end > size:
        return _CUT
    return WHOLE if size - end <= _MARGIN else ENDLESS


def _end_of_picture(stream: IO[bytes], size: int) -> int:
    """Return where a JPEG picture ends, behind the file when it is cut (ITU-T T.81, annex B).

    Where it is not built as it should be, the last end mark must do.
    """
    place = 2
    while True:
        stream.seek(place)
        head = stream.read(4)
        if head.startswith(b"\xff\xd9"):
            return place + 2
        if len(head) < 4:
            return size + 1
        mark, kind, length = struct.unpack(">BBH", head)
        if mark != 0xFF:
            return size if b"\xff\xd9" in _tail(stream, size) else size + 1
        place += 1 if kind == 0xFF else 2 + length
        if kind == _SCAN:
            place = _behind_scan(stream, place)


def _behind_scan(stream: IO[bytes], place: int) -> int:
    """Return where the next segment begins: in the data of a scan no other mark occurs."""
    stream.seek(place)
    kept = b""
    while block := stream.read(_BLOCK):
        data = kept + block
        if found := _MARK.search(data):
            return place + found.start()
        kept = data[-1:]
        place += len(data) - len(kept)
    return place + len(kept)


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
    try:
        _Pages(stream, order, size).check(struct.unpack_from(order + "I", head, 4)[0])
    except EOFError:
        return _CUT
    except _Tangled:
        return unfit(
            "图像目录互相重叠或循环", "the directories of the picture overlap, or go round in circles"
        )
    return WHOLE


class _Tangled(Exception):
    """More is to be read than any honest file of this size asks for."""


class _Pages:
    """The directories of a TIFF file, one for each page."""

    def __init__(self, stream: IO[bytes], order: str, size: int) -> None:
        self._stream, self._order, self._size = stream, order, size
        #: Honest files keep everything once.
        self._left = 2 * size

    def check(self, place: int) -> None:
        """Follow the directories from ``place`` on.

        Raises:
            EOFError: A part of one lies behind the end.
            _Tangled: They overlap, or one comes again.
        """
        seen: set[int] = set()
        while place:
            if place in seen or len(seen) == _MOST_PAGES:
                raise _Tangled
            seen.add(place)
            place = self._page(place)

    def _page(self, place: int) -> int:
        """Check one directory; return where the next one is, 0 after the last."""
        (count,) = struct.unpack(self._order + "H", self._read(place, 2))
        entries = self._read(place + 2, 12 * count)
        (following,) = struct.unpack(self._order + "I", self._read(place + 2 + len(entries), 4))
        fields = {entry[0]: entry for entry in struct.iter_unpack(self._order + "HHI4s", entries)}
        for offsets, lengths in _PIECES:
            if offsets in fields and lengths in fields:
                pieces = zip(self._values(fields[offsets]), self._values(fields[lengths]), strict=False)
                if any(start + length > self._size for start, length in pieces):
                    raise EOFError
        return int(following)

    def _values(self, field: tuple[int, int, int, bytes]) -> tuple[int, ...]:
        _, kind, count, inside = field
        if kind not in (_SHORT, _LONG):
            return ()
        length = _WIDTHS[kind] * count
        place = struct.unpack(self._order + "I", inside)[0]
        data = self._read(place, length) if length > 4 else inside[:length]
        return struct.unpack(f"{self._order}{count}{'H' if kind == _SHORT else 'I'}", data)

    def _read(self, place: int, length: int) -> bytes:
        if place + length > self._size:
            raise EOFError
        self._left -= length
        if self._left < 0:
            raise _Tangled
        self._stream.seek(place)
        data = self._stream.read(length)
        if len(data) < length:
            raise EOFError  # it has just been cut
        return data


def _tail(stream: IO[bytes], size: int) -> bytes:
    stream.seek(-min(size, _MARGIN), os.SEEK_END)
    return stream.read()
