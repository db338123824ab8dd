"""`docgen file`: what is taken, what is refused and why, and what becomes of the others."""

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path

import pytest

from docgen.base import files

PDF = b"%PDF-1.7\n%one\n"
PROJECT = "示例市政务云运维项目"
CONTRACT = f"{PROJECT}_服务合同_2026-02-10_V1.0"


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A folder in which papers lie."""
    folder = tmp_path / "桌面"
    folder.mkdir()
    return folder


def paper(desk: Path, name: str, content: bytes = PDF) -> Path:
    path = desk / name
    path.write_bytes(content)
    return path


def filed_names(workspace) -> list[str]:
    return sorted(path.name for path in workspace.archive.rglob("*.pdf"))


def test_a_canonical_name_is_filed_and_the_original_stays(docgen, workspace, desk) -> None:
    path = paper(desk, "项目A_发票_2023-04-03_V1.0.pdf")

    ran = docgen(workspace, "file", path)

    assert ran.code == 0
    assert ran.out == "已归档：项目A/商务文档/项目A_发票_2023-04-03_V1.0.pdf\n"
    assert path.exists()


@pytest.mark.parametrize("way", ["archive", "link"])
def test_what_lies_in_the_archive_is_no_source(docgen, workspace, desk, way) -> None:
    docgen(workspace, "file", paper(desk, "项目A_发票_2023-04-03_V1.0.pdf"))
    (filed,) = workspace.archive.rglob("*.pdf")
    (desk / "link").symlink_to(workspace.archive)
    path = {"archive": filed, "link": desk / "link" / filed.relative_to(workspace.archive)}[way]

    ran = docgen(workspace, "file", "--move", path)

    assert ran.code == 5
    assert "归档文件夹" in ran.err
    assert filed.read_bytes() == PDF


def test_json_says_what_became_of_every_parcel(docgen, workspace, desk) -> None:
    good, bad = paper(desk, "项目A_发票_2023-04-03_V1.0.pdf"), paper(desk, "扫描0001.pdf", PDF + b"2")

    ran = docgen(workspace, "file", good, bad, "--json")

    first, second = ran.json
    assert ran.code == 5
    assert first["sources"] == [str(good)]
    assert (first["event"], first["project"], first["type_name"]) == ("filed", "项目A", "发票")
    assert (first["date"], first["version"], first["serial"]) == ("2023-04-03", "V1.0", "")
    assert first["paths"] == ["项目A/商务文档/项目A_发票_2023-04-03_V1.0.pdf"]
    assert set(second) == {"sources", "error"}


def test_what_one_lacks_does_not_hinder_the_others(docgen, workspace, desk) -> None:
    names = ("项目A_发票_2023-04-03_V1.0.pdf", "扫描0001.pdf", "项目A_发票_2023-04-04_V1.0.pdf")
    paths = [paper(desk, name, PDF + name.encode()) for name in names]

    ran = docgen(workspace, "file", *paths)

    assert ran.code == 5
    assert filed_names(workspace) == [names[0], names[2]]
    assert "未归档 扫描0001.pdf" in ran.err
    assert "项目名称_文件类型_日期_版本号" in ran.err


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("项目A_发票_2023-04-03_V1.0.pdf", b"no pdf", "不是 pdf 文件"),
        ("项目A_发票_2023-04-03_V1.0.docx", b"PK\x03\x04 cut", "不是 docx 文件"),
        ("项目A_发票_2023-04-03_V1.0.pdf", b"", "文件是空的"),
        ("项目A_发票_2023-02-29_V1.0.pdf", PDF, "2023-02-29"),
        ("项目A_无此类型_2023-04-03_V1.0.pdf", PDF, "无此类型"),
        ("项目A_发票_2023-04-03_V0.9.pdf", PDF, "V0.9"),
        ("项目A_发票_2023-04-03_V1.0.exe", PDF, "exe"),
    ],
)
def test_what_is_refused_stays_and_is_explained(docgen, workspace, desk, name, content, told) -> None:
    path = paper(desk, name, content)

    ran = docgen(workspace, "file", path, "--move")

    assert ran.code == 5
    assert told in ran.err
    assert path.read_bytes() == content
    assert filed_names(workspace) == []


def test_only_regular_files_are_taken(docgen, workspace, desk) -> None:
    real = paper(desk, "真.pdf")
    names = [f"项目A_发票_2023-04-0{day}_V1.0.pdf" for day in (1, 2, 3, 4)]
    link, pipe, folder, good = (desk / name for name in names)
    link.symlink_to(real)
    os.mkfifo(pipe)
    folder.mkdir()
    good.write_bytes(PDF)

    ran = docgen(workspace, "file", link, pipe, folder, good)

    assert ran.code == 5
    assert ran.err.count("不是普通文件") == 2
    assert f"写 {names[2]}/*" in ran.err
    assert filed_names(workspace) == [names[3]]


def test_a_path_that_does_not_exist_is_a_wrong_call_before_anything_is_filed(docgen, workspace, desk) -> None:
    good = paper(desk, "项目A_发票_2023-04-03_V1.0.pdf")

    ran = docgen(workspace, "file", good, desk / "无.pdf")

    assert ran.code == 2
    assert "没有这个文件" in ran.err
    assert filed_names(workspace) == []


def test_files_of_one_stem_are_one_parcel(docgen, workspace, desk) -> None:
    stem = "项目B_发票_2023-04-03_V1.0"
    papers = [paper(desk, f"{stem}.{ext}", text) for ext, text in (("pdf", PDF), ("txt", b"x"))]

    ran = docgen(workspace, "file", *papers, "--json")

    assert ran.code == 0
    assert [one["paths"] for one in ran.json] == [
        [f"项目B/商务文档/{stem}.pdf", f"项目B/商务文档/{stem}.txt"]
    ]
    assert len(docgen(workspace, "list", "--json").json) == 1


def test_name_and_content_that_disagree_are_both_named(docgen, filed, desk) -> None:
    source = filed.archive / PROJECT / "合同协议" / f"{CONTRACT}.docx"
    path = Path(shutil.copy(source, desk / "项目B_服务意向书_2026-02-10_V1.0.docx"))

    ran = docgen(filed, "file", path)

    assert ran.code == 5
    for word in ("项目B", "服务意向书", PROJECT, "服务合同"):
        assert word in ran.err


def test_a_second_filing_of_the_same_bytes_is_a_duplicate(docgen, workspace, desk) -> None:
    first = paper(desk, "项目A_发票_2023-04-03_V1.0.pdf")
    docgen(workspace, "file", first)

    ran = docgen(workspace, "file", paper(desk, "项目A_发票_2023-05-03_V1.0.pdf"), "--json")

    assert (ran.code, ran.json[0]["event"]) == (0, "duplicate")
    assert ran.json[0]["paths"] == ["项目A/商务文档/项目A_发票_2023-04-03_V1.0.pdf"]
    assert filed_names(workspace) == [first.name]


def test_a_taken_version_suggests_the_next_free_one(docgen, workspace, desk) -> None:
    path = paper(desk, "项目A_发票_2023-04-03_V1.0.pdf")
    docgen(workspace, "file", path)
    path.write_bytes(PDF + b"other")

    ran = docgen(workspace, "file", path)

    assert ran.code == 5
    assert "V1.1" in ran.err


def test_a_gap_is_filed_with_a_warning(docgen, workspace, desk) -> None:
    ran = docgen(workspace, "file", paper(desk, "项目A_发票_2023-04-03_V1.3.pdf"))

    assert ran.code == 0
    assert "版本不连续" in ran.err


def test_move_removes_the_original_after_filing_a_duplicate_too(docgen, workspace, desk) -> None:
    paths = [
        paper(desk, name) for name in ("项目A_发票_2023-04-03_V1.0.pdf", "项目A_发票_2023-04-05_V1.0.pdf")
    ]

    ran = docgen(workspace, "file", *paths, "--move")

    assert ran.code == 0
    assert filed_names(workspace) == [paths[0].name]
    assert list(desk.iterdir()) == []


def test_a_full_disk_half_way_tells_what_is_filed_and_ends(docgen, workspace, desk, monkeypatch) -> None:
    paths = [paper(desk, f"项目{one}_发票_2023-04-03_V1.0.pdf", PDF + one.encode()) for one in "甲乙"]
    real = files.step

    def full(operation, *args, **kwargs):
        if any("乙" in str(arg) for arg in args):
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(operation, *args, **kwargs)

    monkeypatch.setattr(files, "step", full)

    ran = docgen(workspace, "file", *paths, "--json", "--move")

    assert ran.code == 7
    assert [one["project"] for one in ran.json] == ["项目甲"]
    assert "磁盘空间不足" in ran.err
    assert paths[1].exists()


# --signed


def test_signed_needs_a_document_that_is_there(docgen, workspace, desk) -> None:
    ran = docgen(workspace, "file", paper(desk, "扫描.pdf"), "--signed", "HT-9")

    assert ran.code == 2
    assert "HT-9" in ran.err


def test_signed_files_one_document_at_a_time(docgen, filed, desk) -> None:
    paths = [paper(desk, name, PDF + name.encode()) for name in ("a.pdf", "b.pdf")]

    ran = docgen(filed, "file", *paths, "--signed", "HT-2026-001")

    assert ran.code == 2
    assert "一次只归档一份" in ran.err


def test_signed_takes_no_broken_scan(docgen, filed, desk) -> None:
    ran = docgen(filed, "file", paper(desk, "a.pdf", b"no scan"), "--signed", "HT-2026-001")

    assert ran.code == 5
    assert "不是 pdf 文件" in ran.err


def test_signed_by_an_ambiguous_name_lists_what_it_fits(docgen, filed, desk) -> None:
    ran = docgen(filed, "file", paper(desk, "a.pdf"), "--signed", "2026")

    assert ran.code == 2
    assert "服务合同" in ran.err
    assert "对应 9 份文件" in ran.err


def test_english(docgen, workspace, desk) -> None:
    good, bad = paper(desk, "项目A_发票_2023-04-03_V1.3.pdf"), paper(desk, "scan.pdf", PDF + b"2")

    ran = docgen(workspace, "--lang", "en", "file", good, bad)

    assert "filed: 项目A/" in ran.out
    assert "not filed: scan.pdf" in ran.err
    assert "note: gap" in ran.err
    for chinese in ("归档", "注意", "处理"):
        assert chinese not in ran.err
