"""PDF files that are cut behind an older end, or have a hole, are not whole; odd ones are."""

from __future__ import annotations

import io
import re
import struct
import zlib

import pytest
from pypdf import PdfReader

from docgen.ingest.content.pdf import examine_pdf
from docgen.ingest.content.verdict import State


def state(content: bytes) -> State:
    return examine_pdf(io.BytesIO(content), len(content), "pdf").state


def made(packed: bool = False) -> bytes:
    """A PDF of twenty pages: with a table, or a cross-reference stream as programs pack it."""
    kids = b" ".join(b"%d 0 R" % number for number in range(3, 43, 2))
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Count 20 /Kids [%s] >>" % kids]
    for number in range(4, 44, 2):
        objects.append(b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents %d 0 R >>" % number)
        objects.append(b"<< /Length 900 >>\nstream\n" + b"% " + b"x" * 898 + b"\nendstream")
    content, places = b"%PDF-1.5\n", []
    for number, text in enumerate(objects, 1):
        places.append(len(content))
        content += b"%d 0 obj\n%s\nendobj\n" % (number, text)
    end = b"startxref\n%d\n%%%%EOF\n" % len(content)
    return content + (stream_of(places, len(content)) if packed else table_of(places)) + end


def table_of(places: list[int]) -> bytes:
    rows = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1)
    return head + rows + b"trailer\n<< /Size %d /Root 1 0 R >>\n" % (len(places) + 1)


def stream_of(places: list[int], own: int) -> bytes:
    rows = [struct.pack(">BIB", *row) for row in ((0, 0, 255), *((1, place, 0) for place in (*places, own)))]
    packed = b"".join(
        b"\2" + bytes((one - other) & 0xFF for one, other in zip(row, above, strict=True))
        for row, above in zip(rows, (bytes(6), *rows), strict=False)
    )
    data = zlib.compress(packed)
    form = b"/DecodeParms << /Predictor 12 /Columns 6 >> /Filter /FlateDecode /Length %d" % len(data)
    head = b"<< /Type /XRef /W [1 4 1] /Size %d /Root 1 0 R %s >>" % (len(rows), form)
    return b"%d 0 obj\n%s\nstream\n%s\nendstream\nendobj\n" % (len(places) + 1, head, data)


@pytest.mark.parametrize("packed", [False, True])
def test_a_hole_where_an_object_begins_is_noticed(packed) -> None:
    content = made(packed)
    assert len(PdfReader(io.BytesIO(content), strict=True).pages) == 20
    assert state(content) is State.WHOLE
    for number in range(1, 43):
        place = content.index(b"\n%d 0 obj" % number) + 1
        assert state(content[:place] + bytes(50) + content[place + 50 :]) is State.INCOMPLETE, number


def later(content: bytes) -> bytes:
    """A further edition behind the file: one object more, and a table that names the one before."""
    at = len(content)
    before = int(content.rpartition(b"startxref")[2].split()[0])
    table = b"xref\n40 1\n%010d 00000 n \ntrailer\n<< /Size 41 /Prev %d >>\n" % (at, before)
    added = b"40 0 obj\n(" + b"x" * 700 + b")\nendobj\n"
    return content + added + table + b"startxref\n%d\n%%%%EOF\n" % (at + len(added))


def test_a_later_edition_is_whole_only_with_its_own_end(whole) -> None:
    first = whole["pdf"]
    content = later(first)
    assert state(content) is State.WHOLE
    for end in range(len(first) + 1, len(content) - 1):
        assert state(content[:end]) is State.INCOMPLETE, end


def test_a_hole_in_an_earlier_edition_is_noticed() -> None:
    content = made()
    place = content.index(b"\n5 0 obj") + 1

    assert state(later(content)) is State.WHOLE
    assert state(later(content[:place] + bytes(400) + content[place + 400 :])) is State.INCOMPLETE


def test_what_others_add_behind_the_end_leaves_it_open_whether_it_is_whole(whole) -> None:
    assert state(whole["pdf"] + b"\r\n\0\0") is State.WHOLE
    assert state(whole["pdf"] + b"<!-- served by a gateway -->") is State.ENDLESS


def test_places_count_from_the_header_where_something_stands_before_it() -> None:
    assert state(b"mail header\r\n" + made()) is State.WHOLE


def test_places_that_are_wrong_are_the_business_of_readers() -> None:
    content = made()
    wrong = re.sub(
        rb"([0-9]{10})( 00000 n)", lambda match: b"%010d" % (int(match[1]) + 3) + match[2], content
    )

    assert state(wrong) is State.WHOLE
    assert state(re.sub(rb"[0-9]{10}( 00000 n)", rb"9999999999\1", content)) is State.WHOLE


@pytest.mark.parametrize(
    "entry", [b"", b"/Prev 9", b"/Prev 999999", b"/W [1 9 9] /Predictor 12", b"/W [0 0 0]"]
)
def test_a_cross_reference_of_nonsense_is_no_mistake_of_ours(entry) -> None:
    rows = zlib.compress(b"\1" + b"\xff" * 18 + struct.pack(">BQ", 1, 20) * 3)
    head = b"%PDF-1.5\n"
    body = (
        b"1 0 obj\n<< /Type /XRef /Filter /FlateDecode " + entry + b" >>\nstream\n" + rows + b"\nendstream\n"
    )

    assert state(head + body + b"startxref\n%d\n%%%%EOF\n" % len(head)) is State.WHOLE


def test_a_cross_reference_that_unpacks_to_very_much_is_read_only_so_far() -> None:
    rows = zlib.compress(bytes(200 << 20))
    head = b"%PDF-1.5\n"
    body = b"1 0 obj\n<< /Type /XRef /W [1 8 0] /Filter /FlateDecode >>\nstream\n" + rows + b"\nendstream\n"
    content = head + body + b"startxref\n%d\n%%%%EOF\n" % len(head)

    assert state(content) is State.WHOLE
