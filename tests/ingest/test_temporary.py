"""Names of programs at work are never taken; names of documents always are."""

from __future__ import annotations

import pytest

from docgen.ingest.temporary import is_temporary


@pytest.mark.parametrize(
    "name",
    [
        *("~$服务合同.docx", "~WRD0001.tmp", "~WRL2345.tmp", "5F3A2B10", "Word Work File D_12.tmp"),
        *(".~lock.服务合同.docx#", "lu12345abc.tmp", "~$wps.et", ".~服务合同.docx"),
        *(
            "合同.pdf.part",
            "合同.pdf.crdownload",
            "合同.pdf.download",
            "合同.pdf.partial",
            "未确认 1.crdownload",
        ),
        *(".合同.pdf.Xk3a2Q", "合同.pdf.filepart", "合同.docx~", "合同.docx.swp"),
        *(
            "Thumbs.db",
            "desktop.ini",
            ".DS_Store",
            "._合同.pdf",
            "Icon\r",
            "$RECYCLE.BIN",
            "__MACOSX",
            "@eaDir",
        ),
        *("合同.docx.sb-1a2b3c4d-Xy12aB", "合同.~docx", "lu12345abc", "合同.pdf.qkdownload"),
        *(".docgen-done", ".docgen-probe-12ab"),
    ],
)
def test_temporary(name: str) -> None:
    assert is_temporary(name)


@pytest.mark.parametrize(
    "name",
    [
        "项目A_服务合同_2023-04-01_V1.0.docx",
        "合同~终稿.docx",
        "临时用电方案.pdf",
        "part.pdf",
        "lumen.pdf",
        "5F3A2B10.pdf",
        "Word Work File 项目_服务合同_2023-04-01_V1.0.docx",
        "lu1_服务合同_2023-04-01_V1.0.docx",
        "合同.sb-1.docx",
    ],
)
def test_document(name: str) -> None:
    assert not is_temporary(name)


@pytest.mark.parametrize(
    "name", ["20230401", "5F3A2B10", "lu2", "lu2023", "Word Work File 1", "a.~b", "a.sb-1"]
)
def test_folders_are_named_by_people(name: str) -> None:
    assert not is_temporary(name, folder=True)


@pytest.mark.parametrize(
    "name",
    ["(A Document Being Saved By Pages)", "(A Document Being Saved By TextEdit 2)", "~a", "a.download"],
)
def test_folders_of_programs_at_work(name: str) -> None:
    assert is_temporary(name, folder=True)
