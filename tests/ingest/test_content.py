"""Whole files pass; cut anywhere they are incomplete; what is something else, or built to harm, is unfit."""

from __future__ import annotations

import io
import os
import struct
import zipfile
from pathlib import Path

import pytest

from docgen.ingest.content.examine import examine, extension, stem
from docgen.ingest.content.images import examine_jpeg
from docgen.ingest.content.verdict import State

KINDS = ("docx", "xlsx", "pptx", "odt", "ods", "pdf", "jpg", "png", "tif", "tiff", "bmp", "doc")


def state(tmp_path: Path, ext: str, content: bytes) -> State:
    path = tmp_path / f"文件.{ext}"
    path.write_bytes(content)
    return examine(path).state


@pytest.mark.parametrize("ext", KINDS)
def test_whole_files_pass(tmp_path, whole, ext) -> None:
    assert state(tmp_path, ext, whole[ext]) is State.WHOLE


@pytest.mark.parametrize("ext", KINDS)
def test_a_file_that_is_cut_anywhere_is_incomplete(tmp_path, whole, ext) -> None:
    content = whole[ext]
    last = {"pdf": 8, "doc": 512}.get(ext, 1)  # a line break after %%EOF, a padded last sector say nothing
    cuts = {len(content) - last, len(content) // 2, len(content) // 3 * 2, 600 if len(content) > 1000 else 40}
    for cut in sorted(cuts):
        assert state(tmp_path, ext, content[:cut]) is State.INCOMPLETE, cut


@pytest.mark.parametrize("ext", KINDS)
def test_space_that_was_only_reserved_is_incomplete(tmp_path, whole, ext) -> None:
    reserved = whole[ext][:64] + bytes(8000) if ext != "bmp" else bytes(100)

    assert state(tmp_path, ext, bytes(8000)) is State.INCOMPLETE
    assert ext in ("doc", "tif", "tiff") or state(tmp_path, ext, reserved) is State.INCOMPLETE


@pytest.mark.parametrize("ext", [ext for ext in KINDS if ext != "doc"])
def test_another_kind_of_content_is_unfit(tmp_path, ext) -> None:
    assert state(tmp_path, ext, b"MZ\x90\0 this program cannot be run in DOS mode" * 100) is State.UNFIT


OLD = ("doc", "wps", "xls", "et", "ppt", "dps", "msg", "mpp")


@pytest.mark.parametrize("ext", OLD)
def test_a_file_of_an_old_format_whose_beginning_is_not_written_yet_is_incomplete(
    tmp_path, whole, ext
) -> None:
    assert state(tmp_path, ext, bytes(len(whole["doc"]))) is State.INCOMPLETE
    assert state(tmp_path, ext, bytes(512) + whole["doc"][512:]) is State.INCOMPLETE


@pytest.mark.parametrize("ext", OLD)
def test_a_package_under_an_old_extension_is_whole_with_its_end(tmp_path, whole, ext) -> None:
    assert state(tmp_path, ext, whole["docx"]) is State.WHOLE
    assert state(tmp_path, ext, whole["docx"][:-30]) is State.INCOMPLETE


@pytest.mark.parametrize("ext", OLD)
def test_other_text_under_an_old_extension_has_no_end_mark(tmp_path, ext) -> None:
    assert state(tmp_path, ext, b"{\\rtf1 half of a docum") is State.ENDLESS
    assert state(tmp_path, ext, b"{\\rtf1 half of a docum" * 50 + bytes(8000)) is State.INCOMPLETE
    assert state(tmp_path, ext, b"\xdb\xa5\x2d\0" + b"older still" + bytes(8000)) is State.ENDLESS


def test_a_large_file_of_an_old_format_is_judged_by_its_whole_table(tmp_path, many_sectors) -> None:
    assert state(tmp_path, "doc", many_sectors) is State.WHOLE
    assert state(tmp_path, "doc", many_sectors[:-512]) is State.INCOMPLETE
    assert state(tmp_path, "doc", many_sectors[: 110 * 128 * 512]) is State.INCOMPLETE


def test_a_header_of_an_old_format_that_says_nonsense_is_incomplete(tmp_path, whole) -> None:
    assert state(tmp_path, "doc", whole["doc"][:30] + b"\0\0" + whole["doc"][32:]) is State.INCOMPLETE
    assert state(tmp_path, "doc", whole["doc"][:44] + b"\xff" * 4 + whole["doc"][48:]) is State.INCOMPLETE


def test_a_docx_that_is_a_workbook_is_unfit(tmp_path, whole) -> None:
    assert state(tmp_path, "docx", whole["xlsx"]) is State.UNFIT


def test_files_with_an_opening_password_are_unfit(tmp_path, whole) -> None:
    assert state(tmp_path, "docx", whole["doc"]) is State.UNFIT


def test_encrypted_members_are_unfit(tmp_path, whole) -> None:
    content = bytearray(whole["docx"])
    at = content.index(b"PK\x01\x02")
    content[at + 8] |= 1

    assert state(tmp_path, "docx", bytes(content)) is State.UNFIT


def test_macros_are_unfit(tmp_path, make_package) -> None:
    content = make_package("word/document.xml", "word/vbaProject.bin")

    assert state(tmp_path, "docx", content) is State.UNFIT


def test_open_documents_that_are_another_kind_or_locked_or_hold_macros_are_unfit(
    tmp_path, whole, make_open_document
) -> None:
    assert state(tmp_path, "ods", whole["odt"]) is State.UNFIT
    assert state(tmp_path, "odt", whole["docx"]) is State.UNFIT
    locked = make_open_document("text", manifest="<manifest:encryption-data/>")
    assert state(tmp_path, "odt", locked) is State.UNFIT
    assert state(tmp_path, "odt", make_open_document("text", "Basic/script-lc.xml")) is State.UNFIT
    assert state(tmp_path, "odt", make_open_document("text", "Configurations2/x.xml")) is State.WHOLE


def test_a_zip_bomb_is_unfit_without_being_unpacked(tmp_path) -> None:
    path = tmp_path / "炸弹.docx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", "<x/>")
        with package.open("word/document.xml", "w") as part:
            for _ in range(300):
                part.write(bytes(1 << 20))

    assert examine(path).state is State.UNFIT


def test_a_damaged_member_is_incomplete(tmp_path, make_package) -> None:
    content = bytearray(make_package("word/document.xml", content=os.urandom(3000)))
    content[200] ^= 1

    assert state(tmp_path, "docx", bytes(content)) is State.INCOMPLETE


def test_a_cut_that_ends_with_the_end_of_an_earlier_revision_is_noticed_where_the_file_says_its_length(
    tmp_path, whole
) -> None:
    linear = whole["pdf"].replace(b"/Type /Catalog", b"/Linearized 1 /L 99999", 1)

    assert state(tmp_path, "pdf", linear) is State.INCOMPLETE


def test_a_reference_to_nowhere_is_incomplete(tmp_path, whole) -> None:
    head, _, _ = whole["pdf"].rpartition(b"startxref")

    assert state(tmp_path, "pdf", head + b"startxref\n7\n%%EOF\n") is State.INCOMPLETE
    assert state(tmp_path, "pdf", head + b"startxref\n0\n%%EOF\n") is State.INCOMPLETE


def test_a_strip_behind_the_end_is_incomplete(tmp_path, whole) -> None:
    content = whole["tif"].replace(struct.pack("<HHII", 279, 4, 1, 8), struct.pack("<HHII", 279, 4, 1, 9999))

    assert state(tmp_path, "tif", content) is State.INCOMPLETE


def directory(next_one: int, *fields: tuple[int, int, int, int]) -> bytes:
    entries = b"".join(struct.pack("<HHII", *field) for field in fields)
    return struct.pack("<H", len(fields)) + entries + struct.pack("<I", next_one)


@pytest.mark.parametrize("next_one", [8, 14])
def test_directories_that_lead_back_are_unfit(tmp_path, next_one) -> None:
    content = b"II*\0" + struct.pack("<I", 8) + directory(next_one) + directory(8)

    assert state(tmp_path, "tif", content) is State.UNFIT


def test_directories_that_share_what_they_name_are_read_only_so_often(tmp_path) -> None:
    pages, many = 2_000, 200_000
    values = 8 + pages * 30
    chain = (
        directory(8 + number * 30 if number < pages else 0, (273, 4, many, values), (279, 4, many, values))
        for number in range(1, pages + 1)
    )
    content = b"II*\0" + struct.pack("<I", 8) + b"".join(chain) + bytes(4 * many)

    assert state(tmp_path, "tif", content) is State.UNFIT


def test_more_values_than_the_file_has_bytes_are_not_read(tmp_path) -> None:
    content = b"II*\0" + struct.pack("<I", 8)
    content += directory(0, (273, 4, 0xFFFFFFFF, 60), (279, 4, 0xFFFFFFFF, 60)) + bytes(100)

    assert state(tmp_path, "tif", content) is State.INCOMPLETE


def segment(kind: int, data: bytes) -> bytes:
    return b"\xff" + bytes([kind]) + struct.pack(">H", 2 + len(data)) + data


def photo() -> bytes:
    """With a thumbnail that has an end mark of its own, two scans, stuffing and a restart."""
    thumbnail = segment(0xE1, b"\xff\xd8" + b"t" * 2000 + b"\xff\xd9")
    scan = segment(0xDA, b"s" * 10) + b"d" * 700 + b"\xff\0\xff\xd0" + b"d" * 700
    return b"\xff\xd8" + thumbnail + scan + segment(0xC4, b"\xff\xd9" * 4) + scan + b"\xff\xd9"


def test_a_photo_with_a_film_behind_it_has_no_end_mark(tmp_path) -> None:
    assert state(tmp_path, "jpg", photo()) is State.WHOLE
    assert state(tmp_path, "jpg", photo() + b"film" * 1000) is State.ENDLESS


@pytest.mark.parametrize("block", [1, 7, 1 << 20])
def test_a_photo_that_is_cut_is_incomplete_whatever_its_thumbnail_holds(tmp_path, monkeypatch, block) -> None:
    monkeypatch.setattr("docgen.ingest.content.images._BLOCK", block)
    content = photo()
    assert state(tmp_path, "jpg", content + b"film" * 1000) is State.ENDLESS
    for end in range(100, len(content)):
        assert examine_jpeg(io.BytesIO(content[:end]), end, "jpg").state is State.INCOMPLETE, end


def test_a_photo_that_is_not_built_as_it_should_be_has_its_end_mark_at_least(tmp_path) -> None:
    content = b"\xff\xd8" + segment(0xE0, b"j" * 10) + b"odd" * 1000

    assert state(tmp_path, "jpg", content) is State.INCOMPLETE
    assert state(tmp_path, "jpg", content + b"\xff\xd9" + bytes(100)) is State.WHOLE


def test_an_empty_file_is_waited_for(tmp_path) -> None:
    assert state(tmp_path, "txt", b"") is State.INCOMPLETE


@pytest.mark.parametrize("ext", ["exe", "gz", "docm"])
def test_what_is_never_filed_is_unfit(tmp_path, ext) -> None:
    assert state(tmp_path, ext, b"x") is State.UNFIT


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("项目A_发票_2023-04-03_V1.0", "缺少扩展名"),
        ("发票 2023.04.03", "缺少扩展名"),
        ("发票.最终版 二", "缺少扩展名"),
        ("发票", "缺少扩展名"),
        ("发票.7z", "“7z”"),
        ("发票.EXE", "“exe”"),
    ],
)
def test_a_name_without_extension_is_told_to_have_none(tmp_path, name, told) -> None:
    path = tmp_path / name
    path.write_bytes(b"x")

    assert told in examine(path).reason.zh


@pytest.mark.parametrize("ext", ["txt", "md", "eml", "csv", "dxf"])
def test_what_has_no_end_mark_tells_so_unless_its_space_was_only_reserved(tmp_path, ext) -> None:
    assert state(tmp_path, ext, "第一行".encode()) is State.ENDLESS
    assert state(tmp_path, ext, "第一行\n".encode("utf-16")) is State.ENDLESS
    assert state(tmp_path, ext, "第一行".encode() + bytes(8000)) is State.INCOMPLETE


def test_drawings_have_no_end_mark_but_a_beginning(tmp_path) -> None:
    assert state(tmp_path, "dwg", b"AC1032" + bytes(8000)) is State.ENDLESS
    assert state(tmp_path, "dwg", b"%PDF-1.4") is State.UNFIT
    assert state(tmp_path, "dwg", bytes(8000)) is State.INCOMPLETE


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b'{"a": {"b": 1}}\n', State.WHOLE),
        (b'{"a": {"b": 1}', State.INCOMPLETE),
        (b'{"a": {"b"', State.INCOMPLETE),
        (b'{"a": 1}' + bytes(100), State.INCOMPLETE),
        (bytes(100), State.INCOMPLETE),
        (b'{"a":' * 100_000, State.UNFIT),
        (b"MZ}", State.UNFIT),
    ],
)
def test_a_record_ends_with_its_bracket(tmp_path, content, expected) -> None:
    assert state(tmp_path, "record.json", content) is expected


def test_what_may_not_be_read_is_waited_for(tmp_path, whole, monkeypatch) -> None:
    path = tmp_path / "文件.pdf"
    path.write_bytes(whole["pdf"])

    def refuse(*_: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", refuse)

    assert examine(path).state is State.INCOMPLETE


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("合同.PDF", ("合同", "pdf")),
        ("合同_V1.0.record.json", ("合同_V1.0", "record.json")),
        ("合同", ("合同", "")),
        ("合同.", ("合同.", "")),
    ],
)
def test_names_are_cut_into_stem_and_extension(name, parts) -> None:
    assert (stem(name), extension(name)) == parts
