from __future__ import annotations

import contextlib
import io
import os
import struct
import subprocess
import sys
import tracemalloc
import zipfile
import zlib
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from docgen.render.ooxml import BadPackage, parse
from docgen.render.package import MAX_PARTS, Package

TYPES = b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
RELS = (
    b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    b'<Relationship Id="rId1" Target="word/d.xml" '
    b'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"/>'
    b"</Relationships>"
)


def zipped(parts: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def small(**more: bytes) -> dict[str, bytes]:
    return {"[Content_Types].xml": TYPES, "_rels/.rels": RELS, "word/d.xml": b"<a/>", **more}


def test_reads_parts_and_finds_the_document() -> None:
    package = Package.open(zipped(small()))
    assert package.main == "word/d.xml"
    assert package.parts["word/d.xml"] == b"<a/>"


def test_written_bytes_do_not_depend_on_order_time_or_host() -> None:
    parts = small()
    turned = dict(reversed(parts.items()))
    data = Package(parts).to_bytes()
    assert data == Package(turned).to_bytes()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.namelist()[0] == "[Content_Types].xml"
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert archive.testzip() is None


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"%PDF-1.7 not a zip",
        zipped(small())[:-40],
        zipped({"[Content_Types].xml": TYPES, "_rels/.rels": RELS.replace(b"d.xml", b"gone.xml")}),
        zipped({"hello.txt": b"a zip, but no Word file"}),
    ],
    ids=["empty", "pdf", "cut", "no document", "other zip"],
)
def test_refuses_what_is_not_a_whole_word_file(data: bytes) -> None:
    with pytest.raises(BadPackage):
        Package.open(data)


def test_refuses_a_flipped_byte_in_a_part() -> None:
    data = bytearray(zipped(small(x=os.urandom(4000))))
    at = data.index(b"x", data.index(b"word/d.xml") + 20) + 2000
    data[at] ^= 0xFF
    with pytest.raises(BadPackage):
        Package.open(bytes(data))


def test_refuses_a_bomb() -> None:
    with pytest.raises(BadPackage, match="超出限制"):
        Package.open(zipped(small(bomb=b"\0" * (8 << 20))))


def test_the_xml_alone_is_read_up_to_a_size(tmp_path: Path) -> None:
    path = tmp_path / "a.docx"
    parts = small(**{"word/media/a.png": b"p" * 5_000})
    path.write_bytes(zipped(parts))
    xml = {name: data for name, data in parts.items() if name != "word/media/a.png"}
    size = sum(map(len, xml.values()))

    assert Package.xml_of(path, size).parts == xml
    with pytest.raises(BadPackage):
        Package.xml_of(path, size - 1)


def test_a_part_that_is_longer_than_it_says_is_not_unpacked_further() -> None:
    """The directory says 100 bytes, with their checksum; packed are 50 MB."""
    long = b"a" * (50 << 20)
    data = bytearray(zipped(small(**{"word/long.xml": long})))
    for mark, offset in ((b"PK\x03\x04", 14), (b"PK\x01\x02", 16)):
        place = data.rindex(mark) + offset
        struct.pack_into("<I", data, place, zlib.crc32(long[:100]))
        struct.pack_into("<I", data, place + 8, 100)
    tracemalloc.start()
    try:
        assert Package.open(bytes(data)).parts["word/long.xml"] == long[:100]
        assert tracemalloc.get_traced_memory()[1] < 5 << 20
    finally:
        tracemalloc.stop()


def test_refuses_too_many_parts() -> None:
    with pytest.raises(BadPackage, match="超出限制"):
        Package.open(zipped(small(**{f"p{number}": b"" for number in range(MAX_PARTS)})))


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_refuses_a_name_twice() -> None:
    buffer = io.BytesIO(zipped(small()))
    with zipfile.ZipFile(buffer, "a") as archive:
        archive.writestr("word/d.xml", b"<b/>")
    with pytest.raises(BadPackage, match="重名"):
        Package.open(buffer.getvalue())


def test_expands_no_entity() -> None:
    bomb = b'<!DOCTYPE a [<!ENTITY b "xxxx">]><a>&b;</a>'
    with pytest.raises(BadPackage, match="文档类型声明"):
        parse(bomb, "word/document.xml")


def test_relates_and_unrelates_parts() -> None:
    package = Package.open(zipped(small(**{"customXml/item1.xml": b"<x/>"})))
    assert package.relate("word/d.xml", "urn:kind", "customXml/item1.xml") == "rId1"
    assert package.related("word/d.xml", "urn:kind") == ["customXml/item1.xml"]
    package.unrelate("word/d.xml", "customXml/item1.xml")
    assert package.related("word/d.xml", "urn:kind") == []


def test_same_bytes_in_another_process_zone_and_locale(tmp_path: Path) -> None:
    program = tmp_path / "write.py"
    program.write_text(
        "import sys\nfrom docgen.render.package import Package\n"
        "parts = {name: name.encode() * 50 for name in {'b', 'a', 'c', '[Content_Types].xml'}}\n"
        "sys.stdout.buffer.write(Package(parts).to_bytes())"
    )
    outputs = {
        subprocess.run(
            [sys.executable, str(program)],
            env={**os.environ, "TZ": zone, "LC_ALL": locale, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for zone, locale, seed in [("Asia/Shanghai", "C", "1"), ("America/New_York", "C.UTF-8", "2")]
    }
    assert len(outputs) == 1


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), min_size=1, max_size=8))
@example([(35, 0)])  # an entry without a name
def test_any_damage_is_refused_or_read_never_anything_else(changes: list[tuple[int, int]]) -> None:
    data = bytearray(WHOLE)
    for at, value in changes:
        data[-1 - at % len(data)] = value
    with contextlib.suppress(BadPackage):
        assert Package.open(bytes(data)).parts


WHOLE = zipped(small(**{"word/other.xml": b"<b>text</b>" * 20}))
