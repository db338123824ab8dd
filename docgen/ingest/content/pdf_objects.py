"""Where the objects of a PDF file begin, as its cross-references say (ISO 32000-1, 7.5.4 and 7.5.8)."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from typing import IO

#: Bytes of cross-references that are read and unpacked, and objects that are looked at: the first are enough.
_MOST, _MOST_OBJECTS = 4 << 20, 100_000
_BLOCK = 1 << 16
_ENTRY = re.compile(rb"([0-9]{10}) [0-9]{5} n")
_PREVIOUS = re.compile(rb"/Prev\s+([0-9]{1,12})")
_WIDTHS = re.compile(rb"/W\s*\[\s*([0-9])\s+([0-9])\s+([0-9])\s*\]")
_PREDICTOR = re.compile(rb"/Predictor\s+([0-9]+)")
_STREAM = re.compile(rb"stream\r?\n")
_FLATE = b"/FlateDecode"
#: How a row of a packed table differs from the one above it (PNG, 9.2): not at all, or by addition.
_SAME, _UP = 0, 2


def object_places(stream: IO[bytes], place: int, base: int) -> list[int]:
    """Return the places that the cross-reference at ``place``, and those before it, name; odd ones are left.

    Args:
        base: What is to be added to every place.
    """
    found: set[int] = set()
    seen: set[int] = set()
    left = _MOST
    while place not in seen and left > 0 and len(found) < _MOST_OBJECTS:
        seen.add(place)
        data = _reference(stream, place + base, left)
        head, body = _parted(data)
        packed = not data.lstrip().startswith(b"xref")
        rows = _unpacked(head, body, left) if packed else b""
        left -= len(data) + len(rows)
        found.update(_in_rows(head, rows) if packed else (int(one[1]) for one in _ENTRY.finditer(data)))
        previous = _PREVIOUS.search(head if packed else data)
        place = int(previous[1]) if previous else place
    return sorted(one + base for one in found)[:_MOST_OBJECTS]


def _reference(stream: IO[bytes], place: int, most: int) -> bytes:
    """Return a cross-reference with its trailer, or as much of it as may be read."""
    stream.seek(place)
    data = b""
    while len(data) < most and (block := stream.read(_BLOCK)):
        data += block
        end = max(data.find(b"startxref"), data.find(b"endstream"))
        if end >= 0:
            return data[:end]
    return data[:most]


def _parted(data: bytes) -> tuple[bytes, bytes]:
    """Return the dictionary of a cross-reference stream, and what is packed in it."""
    begin = _STREAM.search(data)
    return (data[: begin.start()], data[begin.end() :]) if begin else (data, b"")


def _unpacked(head: bytes, body: bytes, most: int) -> bytes:
    """Return the rows of a cross-reference stream; none where they are packed in a way that nobody uses."""
    widths = _WIDTHS.search(head)
    if not widths or _FLATE not in head:
        return b""
    try:
        data = zlib.decompressobj().decompress(body, most)
    except zlib.error:
        return b""
    predictor = _PREDICTOR.search(head)
    width = sum(map(int, widths.groups()))
    return _unpredicted(data, width) if predictor and int(predictor[1]) >= 10 else data


def _unpredicted(data: bytes, width: int) -> bytes:
    above, rows = bytes(width), []
    for start in range(0, len(data) - width, width + 1):
        row = data[start + 1 : start + 1 + width]
        if data[start] == _UP:
            row = bytes((one + other) & 0xFF for one, other in zip(row, above, strict=True))
        elif data[start] != _SAME:
            return b""
        rows.append(row)
        above = row
    return b"".join(rows)


def _in_rows(head: bytes, rows: bytes) -> Iterator[int]:
    """Yield the places in the rows; a row tells kind (1: an object in the file), place, and generation."""
    widths = _WIDTHS.search(head)
    kind, place, rest = map(int, widths.groups()) if widths else (0, 0, 0)
    width = kind + place + rest
    for start in range(0, len(rows) - width + 1, width) if width else ():
        if not kind or int.from_bytes(rows[start : start + kind]) == 1:
            yield int.from_bytes(rows[start + kind : start + kind + place])
