"""Hand-over folders: one list of digests for everything in them."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from docgen.archive.handover.building import unwatched
from docgen.archive.handover.contents import contents_of
from docgen.archive.handover.plain import check_folder, write_folder
from docgen.archive.handover.tree import walk

PROJECT = "项目A"


@pytest.fixture
def folder(full: Any, tmp_path: Path) -> Path:
    write_folder(contents_of(full.folder, PROJECT), {"清单.docx": b"paper"}, tmp_path / "out")
    return tmp_path / "out"


def faults(folder: Path) -> list[str]:
    return [fault.zh for fault in check_folder(walk(folder), unwatched).faults]


@pytest.mark.skipif(os.name == "nt", reason="GNU coreutils")
def test_sha256sum_passes(folder: Path) -> None:
    command = ["sha256sum", "-c", "--strict", "--quiet", "manifest-sha256.txt"]
    for place in (folder, folder / PROJECT):
        done = subprocess.run(command, cwd=place, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_every_file_is_listed(folder: Path) -> None:
    listed = {line[66:] for line in (folder / "manifest-sha256.txt").read_text("utf-8").splitlines()}
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}

    assert listed == there - {"manifest-sha256.txt"}


def test_what_desktops_drop_is_no_fault(folder: Path) -> None:
    (folder / "Thumbs.db").write_bytes(b"x")
    (folder / PROJECT / ".DS_Store").write_bytes(b"x")

    assert faults(folder) == []


def test_anything_else_is(folder: Path) -> None:
    (folder / "清单.docx").write_bytes(b"Paper")
    (folder / "更多.txt").write_bytes(b"x")

    assert faults(folder) == [
        "更多.txt：manifest-sha256.txt 中没有列出",
        "清单.docx：摘要不符（sha256）",
    ]


@pytest.mark.cuts("death half", "ENOSPC half")
def test_cut_at_any_step_nothing_bears_the_name(
    full: Any, tmp_path: Path, cut_off: Callable[..., bool], how: str
) -> None:
    contents = contents_of(full.folder, PROJECT)
    for at in range(1, 1000):
        final = tmp_path / f"out{at}" / "移交"
        if not cut_off(lambda to=final: write_folder(contents, {"清单.docx": b"paper"}, to), at, how):
            break
        if not final.exists():  # else only the syncing of its parent's names was cut
            write_folder(contents, {"清单.docx": b"paper"}, final)
        assert faults(final) == []
        assert [path.name for path in final.parent.iterdir()] == ["移交"]
    assert at > 40
