"""Bags that are not whole, by the names of the BagIt conformance suite: every one is refused."""

from __future__ import annotations

import hashlib
import shutil
import unicodedata
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import bagit
import pytest

from docgen.archive.handover.bag import write_bag
from docgen.archive.handover.bag_reading import check_bag
from docgen.archive.handover.building import unwatched
from docgen.archive.handover.contents import contents_of
from docgen.archive.handover.tree import walk

PROJECT = "项目A"
FILE = f"data/{PROJECT}/合同协议/{PROJECT}_服务合同_2023-04-01_V1.0.docx"


@pytest.fixture
def bag(full: Any, tmp_path: Path) -> Path:
    write_bag(contents_of(full.folder, PROJECT), tmp_path / "bag", date(2026, 11, 25))
    return tmp_path / "bag"


def faults(bag: Path) -> list[str]:
    return [fault.zh for fault in check_bag(walk(bag), unwatched).faults]


def seal(bag: Path) -> None:
    """Make the tag manifests right again, as somebody does who knows what he does."""
    for algorithm in ("sha256", "sha512"):
        names = [path for path in sorted(bag.glob("*.txt")) if not path.name.startswith("tag")]
        lines = [f"{hashlib.new(algorithm, path.read_bytes()).hexdigest()}  {path.name}\n" for path in names]
        (bag / f"tagmanifest-{algorithm}.txt").write_text("".join(lines), encoding="utf-8")


def edit(bag: Path, name: str, change: Callable[[str], str]) -> None:
    path = bag / name
    path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")
    seal(bag)


def flip(bag: Path) -> None:
    data = bytearray((bag / FILE).read_bytes())
    data[10] ^= 1
    (bag / FILE).write_bytes(data)


def list_too(path: str) -> Callable[[Path], None]:
    def add(bag: Path) -> None:
        for algorithm, length in (("sha256", 64), ("sha512", 128)):
            edit(bag, f"manifest-{algorithm}.txt", lambda text, n=length: f"{text}{'0' * n}  {path}\n")

    return add


def renamed_file(bag: Path) -> None:
    (bag / FILE).rename(bag / unicodedata.normalize("NFD", FILE.replace("服务", "Ä服务")))
    for algorithm in ("sha256", "sha512"):
        edit(bag, f"manifest-{algorithm}.txt", lambda text: text.replace(FILE, FILE.replace("服务", "Ä服务")))


def twin(bag: Path) -> None:
    """A second file whose name differs in case only, listed as it should be."""
    other = FILE.removesuffix("docx") + "DOCX"
    shutil.copy(bag / FILE, bag / other)
    for algorithm in ("sha256", "sha512"):
        digest = hashlib.new(algorithm, (bag / other).read_bytes()).hexdigest()
        edit(bag, f"manifest-{algorithm}.txt", lambda text, digest=digest: f"{text}{digest}  {other}\n")


def link(bag: Path) -> None:
    (bag / FILE).unlink()
    (bag / FILE).symlink_to("/etc/hostname")


#: Name of the case -> (what is done to the bag, a part of one of the reasons).
BROKEN: dict[str, tuple[Callable[[Path], object], str]] = {
    "flipped byte": (flip, "摘要不符（sha256、sha512）"),
    "truncated file": (lambda bag: (bag / FILE).write_bytes(b"word"), "摘要不符"),
    "extra file": (lambda bag: (bag / "data/more.txt").write_text("x"), "中没有列出"),
    "missing file": (lambda bag: (bag / FILE).unlink(), "文件不存在"),
    "not all manifests list all files": (
        lambda bag: edit(bag, "manifest-sha512.txt", lambda text: text.partition("\n")[2]),
        "manifest-sha512.txt 中没有列出",
    ),
    "out of scope by ..": (list_too("data/../../evil.txt"), "路径指向文件夹之外"),
    "out of scope by .. in the middle": (list_too("data/x/../../../evil.txt"), "路径指向文件夹之外"),
    "absolute path": (list_too("/etc/passwd"), "不是简单的相对路径"),
    "home folder": (list_too("~/evil.txt"), "不是简单的相对路径"),
    "backslash": (list_too("data\\..\\evil.txt"), "不允许的字符"),
    "drive letter": (list_too("C:/evil.txt"), "不允许的字符"),
    "doubled slash": (list_too("data//evil.txt"), "不是简单的相对路径"),
    "percent-encoded line break": (list_too("data/a%0Ab.txt"), "不允许的字符"),
    "listed twice": (
        lambda bag: edit(bag, "manifest-sha256.txt", lambda text: text + text.splitlines()[0] + "\n"),
        "列了两次",
    ),
    "BOM in bagit.txt": (
        lambda bag: edit(bag, "bagit.txt", lambda text: "\N{ZERO WIDTH NO-BREAK SPACE}" + text),
        "bagit.txt：文件开头有 BOM",
    ),
    "BOM in a manifest": (
        lambda bag: edit(bag, "manifest-sha256.txt", lambda text: "\N{ZERO WIDTH NO-BREAK SPACE}" + text),
        "manifest-sha256.txt：文件开头有 BOM",
    ),
    "another normal form": (renamed_file, "中没有列出"),
    "names that differ in case": (twin, "只有大小写或写法之别"),
    "bad tag manifest": (
        lambda bag: (bag / "bag-info.txt").write_text("Bagging-Date: 2020-01-01\n"),
        "bag-info.txt：摘要不符",
    ),
    "tag manifest without a manifest": (
        lambda bag: (bag / "tagmanifest-sha256.txt").write_text(""),
        "tagmanifest-sha256.txt 中没有列出",
    ),
    "tag file missing": (lambda bag: (bag / "bag-info.txt").unlink(), "bag-info.txt：tagmanifest"),
    "no declaration": (lambda bag: (bag / "bagit.txt").unlink(), "bagit.txt：缺少此文件"),
    "another version": (
        lambda bag: edit(bag, "bagit.txt", lambda text: text.replace("1.0", "9.9")),
        "不是 BagIt 1.0",
    ),
    "another encoding": (
        lambda bag: edit(bag, "bagit.txt", lambda text: text.replace("UTF-8", "UTF-16")),
        "不是 BagIt 1.0",
    ),
    "a manifest not in UTF-8": (
        lambda bag: (bag / "manifest-sha256.txt").write_bytes(b"\xff\xfe"),
        "不是 UTF-8 文本",
    ),
    "a line without a digest": (
        lambda bag: edit(bag, "manifest-sha256.txt", lambda text: text + "data/x.txt\n"),
        "格式不对",
    ),
    "wrong size on the label": (
        lambda bag: edit(bag, "bag-info.txt", lambda text: text.replace("Oxum: ", "Oxum: 1")),
        "Payload-Oxum 与实际不符",
    ),
    "to be fetched": (lambda bag: (bag / "fetch.txt").write_text("http://x 1 data/x\n"), "不接收"),
    "unknown algorithm": (lambda bag: (bag / "manifest-crc32.txt").write_text(""), "未知的摘要算法"),
    "a link": (link, "是链接或特殊文件"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_bag_that_is_not_whole_is_refused(bag: Path, case: str) -> None:
    harm, reason = BROKEN[case]
    harm(bag)

    assert any(reason in fault for fault in faults(bag)), faults(bag)


def test_manifests_of_weak_digests_do_not_do_alone(bag: Path) -> None:
    for path in bag.glob("*manifest-*.txt"):
        path.unlink()
    files = [path for path in sorted((bag / "data").rglob("*")) if path.is_file()]
    lines = [
        f"{hashlib.md5(path.read_bytes()).hexdigest()}  {path.relative_to(bag).as_posix()}\n"
        for path in files
    ]
    (bag / "manifest-md5.txt").write_text("".join(lines), encoding="utf-8")

    assert bagit.Bag(str(bag)).is_valid()
    assert faults(bag) == ["缺少 sha256 或 sha512 的清单"]


def test_all_faults_are_told_at_once(bag: Path) -> None:
    flip(bag)
    (bag / "data/more.txt").write_text("x")

    told = [fault.rpartition("：")[2] for fault in faults(bag)]
    assert sorted(told) == sorted(
        [
            "摘要不符（sha256、sha512）",
            "manifest-sha256.txt 中没有列出",
            "manifest-sha512.txt 中没有列出",
            "Payload-Oxum 与实际不符",
        ]
    )


def test_a_bag_that_the_bagit_package_made_is_read(full: Any, tmp_path: Path) -> None:
    shutil.copytree(full.folder / PROJECT, tmp_path / "theirs" / PROJECT)
    bagit.make_bag(str(tmp_path / "theirs"), checksums=["sha512"])

    assert faults(tmp_path / "theirs") == []
