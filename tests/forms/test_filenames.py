"""Names of accompanying files."""

from __future__ import annotations

import pytest

from docgen.forms.definition import Field
from docgen.forms.faults import BadValue
from docgen.forms.kinds.filenames import EXTENSIONS
from docgen.forms.kinds.parsing import parse

FILE = Field("letter", "授权委托书", "file")
FILES = Field("papers", "附件", "files")


@pytest.mark.parametrize(
    "extension", ["pdf", "doc", "docx", "xls", "xlsx", "jpg", "png", "tiff", "txt", "eml", "PDF", "Jpg"]
)
def test_takes_the_formats_of_the_archive(extension: str) -> None:
    assert parse(FILE, f" 授权委托书.{extension} ") == f"授权委托书.{extension}"
    assert extension.lower() in EXTENSIONS


@pytest.mark.parametrize(
    "name",
    [
        "../授权.pdf",
        "a/b.pdf",
        "a\\b.pdf",
        "C:授权.pdf",
        "/etc/passwd.txt",
        ".pdf",
        "..pdf",
        "~$授权.docx",
        "con.pdf",
        "LPT1.txt",
        "nul.a.pdf",
        "a?.pdf",
        'a".pdf',
        "a|b.pdf",
        "授权.exe",
        "授权.docm",
        "授权",
        "授权.pdf.",
        "a\x00.pdf",
        "a\u202efdp.txt",
        "[X].pdf",
        "a" * 201 + ".pdf",
        "a" * 10**6,
        ["a.pdf"],
        {"name": "a.pdf"},
    ],
)
def test_refuses_other_names(name: object) -> None:
    with pytest.raises(BadValue):
        parse(FILE, name)


@pytest.mark.parametrize(
    ("raw", "names"),
    [
        ("发票.pdf", ("发票.pdf",)),
        ("发票.pdf、合同、附件.docx；照片.JPG", ("发票.pdf", "合同、附件.docx", "照片.JPG")),
        ("发票.pdf\n验收报告.pdf\n", ("发票.pdf", "验收报告.pdf")),
        (["发票.pdf", "", "a, b.pdf"], ("发票.pdf", "a, b.pdf")),
    ],
)
def test_reads_several_names(raw: object, names: tuple[str, ...]) -> None:
    assert parse(FILES, raw) == names


@pytest.mark.parametrize(
    "raw",
    [
        "a.pdf、b",
        ["a.pdf", "A.PDF"],
        ["../a.pdf"],
        [["a.pdf"]],
        {"a": "b.pdf"},
        [f"{n}.pdf" for n in range(101)],
        "a.pdf、" * 10**5,
    ],
)
def test_refuses_bad_repeated_or_too_many_names(raw: object) -> None:
    with pytest.raises(BadValue):
        parse(FILES, raw)
