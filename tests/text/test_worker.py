"""The child process: bad files cost themselves, limits hold, nothing outlives its parent."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from docgen.text import extracted
from docgen.text.extract import extract
from docgen.text.worker import Limits, Worker


def codes(worker: Worker, path: Path) -> list[str]:
    found = worker.extract(path)
    assert all(problem.message.zh and problem.message.en and problem.hint.zh for problem in found.problems)
    return [problem.code for problem in found.problems]


def bomb(path: Path, size: int = 3 << 30) -> Path:
    """A package of a few megabytes that unpacks to gigabytes."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        with package.open("word/document.xml", "w", force_zip64=True) as member:
            for _ in range(size >> 24):
                member.write(bytes(1 << 24))
    return path


def test_one_file(tmp_path: Path, docx, p) -> None:
    assert extract(docx(tmp_path / "a.docx", p("服务合同"))).text == "服务合同"


def test_text_comes_through_unchanged(worker: Worker, tmp_path: Path) -> None:
    text = '引号"反斜杠\\换行\n制表\t\u2028𠮷' * 10_000
    (tmp_path / "项目 ‘甲’.txt").write_text(text, encoding="utf-8")

    assert worker.extract(tmp_path / "项目 ‘甲’.txt").text == text


KINDS = (".docx", ".docm", ".pdf", ".xlsx", ".xlsm", ".xls", ".ods", ".eml", ".txt", ".csv")


@pytest.mark.parametrize("kind", KINDS)
def test_garbage_under_the_right_name(worker: Worker, tmp_path: Path, docx, p, kind: str) -> None:
    path = tmp_path / f"a{kind}"
    path.write_bytes(b"\0\xff\xd8\x81" + bytes(range(256)) * 20)
    assert codes(worker, path) == ["text-unreadable"]

    path.write_bytes(b"")
    found = worker.extract(path)
    assert (found.text, len(found.problems)) == ("", kind not in (".txt", ".csv"))

    assert worker.extract(docx(tmp_path / "good.docx", p("好的"))).text == "好的"


@pytest.mark.parametrize("kind", [".docx", ".xlsx", ".ods"])
def test_a_package_of_another_kind(worker: Worker, tmp_path: Path, kind: str) -> None:
    with zipfile.ZipFile(tmp_path / f"a{kind}", "w") as package:
        package.writestr("readme", "hello")

    assert codes(worker, tmp_path / f"a{kind}") == ["text-unreadable"]


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
def test_a_truncated_package(worker: Worker, tmp_path: Path, docx, p, share: float) -> None:
    whole = docx(tmp_path / "a.docx", "".join(p(f"第{n}段") for n in range(500))).read_bytes()
    (tmp_path / "b.docx").write_bytes(whole[: int(len(whole) * share)])

    assert codes(worker, tmp_path / "b.docx") == ["text-unreadable"]


def test_damaged_content(worker: Worker, tmp_path: Path, docx, p) -> None:
    data = bytearray(docx(tmp_path / "a.docx", "".join(p(f"第{n}段") for n in range(500))).read_bytes())
    middle = data.index(b"word/document.xml") + 60
    data[middle : middle + 20] = bytes(20)
    (tmp_path / "b.docx").write_bytes(data)

    assert codes(worker, tmp_path / "b.docx") == ["text-unreadable"]


def test_nested_to_the_sky(worker: Worker, tmp_path: Path, docx, p) -> None:
    path = docx(tmp_path / "a.docx", "<w:sdt>" * 5000 + p("深处") + "</w:sdt>" * 5000)
    found = worker.extract(path)

    assert found.text == "深处" or [problem.code for problem in found.problems] == ["text-unreadable"]


def test_an_encrypted_office_file(worker: Worker, tmp_path: Path) -> None:
    compound = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4000)
    for kind in (".docx", ".xlsx"):
        (tmp_path / f"a{kind}").write_bytes(compound)
        found = worker.extract(tmp_path / f"a{kind}")
        assert "加密" in found.problems[0].message.zh


@pytest.mark.parametrize("kind", [".docx", ".xlsx"])
def test_a_bomb_is_not_unpacked(worker: Worker, tmp_path: Path, kind: str) -> None:
    path = bomb(tmp_path / f"a{kind}", size=extracted.LARGEST + (32 << 20))

    assert "炸弹" in worker.extract(path).problems[0].message.zh


def test_a_bomb_that_lies_about_its_size(worker: Worker, tmp_path: Path) -> None:
    data = bytearray(bomb(tmp_path / "a.docx", size=extracted.LARGEST + (32 << 20)).read_bytes())
    entry = data.rindex(b"PK\x01\x02")
    data[entry + 24 : entry + 28] = (1000).to_bytes(4, "little")  # the size in the central directory
    (tmp_path / "b.docx").write_bytes(data)

    assert codes(worker, tmp_path / "b.docx") == ["text-unreadable"]


def test_files_without_text_of_their_own(worker: Worker, tmp_path: Path) -> None:
    for name in ("photo.jpg", "plan.dwg", "noextension"):
        (tmp_path / name).write_bytes(b"x")
        assert codes(worker, tmp_path / name) == ["text-none"]


def test_missing_files_folders_and_pipes(worker: Worker, tmp_path: Path) -> None:
    (tmp_path / "folder.pdf").mkdir()
    os.mkfifo(tmp_path / "pipe.txt")

    for name in ("missing.pdf", "folder.pdf", "pipe.txt"):
        assert codes(worker, tmp_path / name) == ["text-unreadable"]


def test_very_long_text_is_cut_and_said(worker: Worker, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("字" * (extracted.LONGEST_TEXT + 1), encoding="utf-8")
    found = worker.extract(tmp_path / "a.txt")

    assert len(found.text) == extracted.LONGEST_TEXT
    assert [problem.code for problem in found.problems] == ["text-incomplete"]


def test_the_clock_ends_a_slow_file_and_the_next_one_is_read(tmp_path: Path, docx, p) -> None:
    slow = docx(tmp_path / "slow.docx", p("段") * 1_000_000)
    with Worker(Limits(seconds=0.05)) as worker:
        assert "超过 0.05 秒" in worker.extract(slow).problems[0].message.zh
    with Worker() as worker:
        first = worker._ready_child()
        assert worker.extract(docx(tmp_path / "a.docx", p("好"))).text == "好"
        assert worker._child is first  # the child is kept


def test_memory_is_limited(tmp_path: Path, docx, p) -> None:
    path = docx(tmp_path / "large.docx", p("段") * 1_000_000)
    with Worker(Limits(seconds=60, megabytes=256)) as worker:
        found = worker.extract(path)
        assert found.text == ""
        assert [problem.code for problem in found.problems] == ["text-unreadable"]
        assert worker.extract(docx(tmp_path / "a.docx", p("好"))).text == "好"


def test_a_child_that_dies_is_replaced(tmp_path: Path, docx, p) -> None:
    good = docx(tmp_path / "a.docx", p("好"))
    with Worker() as worker:
        for _ in range(2):
            child = worker._ready_child()
            child._process.kill()
            child._process.wait()
            assert worker.extract(good).text == "好"


def test_a_child_ends_with_its_parent(tmp_path: Path) -> None:
    """The parent is killed while the child waits: the child's pipe closes, and it leaves."""
    script = (
        "import sys, time\n"
        "from docgen.text.worker import Worker\n"
        "worker = Worker()\n"
        "print(worker._ready_child()._process.pid, flush=True)\n"
        "sys.stdin.read()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout
        child = int(parent.stdout.readline())
        waiting = os.pidfd_open(child)
        parent.send_signal(signal.SIGKILL)
    import select

    assert select.select([waiting], [], [], 30)[0], "the child is still there"
    os.close(waiting)
