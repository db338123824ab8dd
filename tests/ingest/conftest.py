"""Small whole files of every kind, built by hand from their formats."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable

import pytest


def pdf(text: str = "x") -> bytes:
    body = b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\n% " + text.encode() + b"\n"
    table = b"xref\n0 1\n0000000000 65535 f \ntrailer\n<< /Size 1 /Root 1 0 R >>\n"
    return body + table + b"startxref\n%d\n%%%%EOF\n" % len(body)


def package(*names: str, content: bytes = b"<x/>" * 50) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        for name in ("[Content_Types].xml", *names):
            file.writestr(name, content)
    return buffer.getvalue()


def open_document(kind: str, *names: str, manifest: str = "<m/>") -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        file.writestr("mimetype", f"application/vnd.oasis.opendocument.{kind}")
        file.writestr("META-INF/manifest.xml", manifest * 50)
        for name in ("content.xml", *names):
            file.writestr(name, "<x/>" * 50)
    return buffer.getvalue()


def tiff(order: str = "<", strip: bytes = b"abcdefgh") -> bytes:
    head = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(order + "I", 8 + len(strip))
    long_ = struct.Struct(order + "HHII")
    fields = long_.pack(273, 4, 1, 8) + long_.pack(279, 4, 1, len(strip))
    return head + strip + struct.pack(order + "H", 2) + fields + struct.pack(order + "I", 0)


def compound() -> bytes:
    """Header, one sector of the allocation table (sector 0), one more sector in use."""
    head = bytearray(512)
    head[:8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    struct.pack_into("<H", head, 30, 9)
    struct.pack_into("<I", head, 44, 1)
    struct.pack_into("<109I", head, 76, 0, *[0xFFFFFFFF] * 108)
    table = struct.pack("<128I", 0xFFFFFFFD, 0xFFFFFFFE, *[0xFFFFFFFF] * 126)
    return bytes(head) + table + b"d" * 512


def large_compound(tables: int = 111) -> bytes:
    """A compound file of many sectors: places of its table beyond the 109th stand in a further sector."""
    in_use = (tables - 1) * 128 + 64
    head = bytearray(512)
    head[:8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    struct.pack_into("<H", head, 30, 9)
    struct.pack_into("<I", head, 44, tables)
    struct.pack_into("<II", head, 68, 0, 1)
    struct.pack_into("<109I", head, 76, *range(1, 110))
    chain = struct.pack("<128I", *range(110, tables + 1), *[0xFFFFFFFF] * (127 - tables + 109), 0xFFFFFFFE)
    table = struct.pack("<I", 0xFFFFFFFE) * in_use + b"\xff" * 4 * (tables * 128 - in_use)
    return bytes(head) + chain + table + b"d" * 512 * (in_use - tables - 1)


WHOLE: dict[str, bytes] = {
    "docx": package("word/document.xml"),
    "xlsx": package("xl/workbook.xml"),
    "pptx": package("ppt/presentation.xml"),
    "odt": open_document("text"),
    "ods": open_document("spreadsheet"),
    "pdf": pdf(),
    "jpg": b"\xff\xd8\xff\xda\0\x02" + b"j" * 3000 + b"\xff\xd9",
    "png": b"\x89PNG\r\n\x1a\n" + b"p" * 3000 + b"\0\0\0\0IEND\xaeB`\x82",
    "tif": tiff(),
    "tiff": tiff(">"),
    "bmp": b"BM" + struct.pack("<I", 100) + b"b" * 94,
    "doc": compound(),
}


@pytest.fixture
def whole() -> dict[str, bytes]:
    return WHOLE


@pytest.fixture
def make_package() -> Callable[..., bytes]:
    return package


@pytest.fixture
def make_open_document() -> Callable[..., bytes]:
    return open_document


@pytest.fixture
def many_sectors() -> bytes:
    return large_compound()
