"""Bags as others see them: the `bagit` package, `sha256sum`, `sha512sum`, and our own reader."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import bagit
import pytest

from docgen.archive.handover.bag import write_bag
from docgen.archive.handover.contents import contents_of
from docgen.archive.handover.refusals import Unsound
from docgen.base.errors import ArchiveRefused

PROJECT = "项目A"
DAY = date(2026, 11, 25)
CONTRACT = f"合同协议/{PROJECT}_服务合同_2023-04-01_V1.0.docx"


@pytest.fixture
def bag(full: Any, tmp_path: Path) -> Path:
    write_bag(contents_of(full.folder, PROJECT), tmp_path / "归档包", DAY, organization="示例科技有限公司")
    return tmp_path / "归档包"


def test_the_bagit_package_calls_it_valid(bag: Path) -> None:
    read = bagit.Bag(str(bag))

    assert read.validate()
    assert read.version_info == (1, 0)
    assert set(read.algorithms) == {"sha256", "sha512"}
    assert read.info["External-Identifier"] == PROJECT
    assert read.info["Bagging-Date"] == "2026-11-25"


@pytest.mark.skipif(os.name == "nt", reason="GNU coreutils")
@pytest.mark.parametrize("algorithm", ["sha256", "sha512"])
@pytest.mark.parametrize("kind", ["manifest", "tagmanifest"])
def test_plain_tools_pass(bag: Path, algorithm: str, kind: str) -> None:
    command = [f"{algorithm}sum", "-c", "--strict", "--quiet", f"{kind}-{algorithm}.txt"]
    done = subprocess.run(command, cwd=bag, capture_output=True, text=True, check=False)

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_the_payload_is_the_whole_project_folder(full: Any, bag: Path, project_tree: Callable) -> None:
    assert project_tree(bag / "data" / PROJECT) == project_tree(full.folder / PROJECT)


def test_the_head_and_the_size_are_on_the_label(full: Any, bag: Path) -> None:
    head = full.catalogue.heads()[PROJECT]
    sizes = [path.stat().st_size for path in (bag / "data").rglob("*") if path.is_file()]
    label = (bag / "bag-info.txt").read_text(encoding="utf-8")

    assert f"Journal-Head: {head.seq} {head.digest}\n" in label
    assert f"Payload-Oxum: {sum(sizes)}.{len(sizes)}\n" in label
    assert "Source-Organization: 示例科技有限公司\n" in label


def test_the_same_archive_gives_the_same_bytes(
    full: Any, bag: Path, tmp_path: Path, project_tree: Callable
) -> None:
    elsewhere = Path(shutil.copytree(full.folder, tmp_path / "elsewhere"))
    write_bag(contents_of(elsewhere, PROJECT), tmp_path / "again", DAY, organization="示例科技有限公司")

    assert project_tree(tmp_path / "again") == project_tree(bag)


def test_what_is_there_is_not_replaced(full: Any, tmp_path: Path) -> None:
    (tmp_path / "taken").mkdir()

    with pytest.raises(ArchiveRefused, match="目标已存在"):
        write_bag(contents_of(full.folder, PROJECT), tmp_path / "taken", DAY)


def test_a_damaged_file_is_not_handed_over(full: Any, tmp_path: Path) -> None:
    path = full.folder / PROJECT / CONTRACT
    path.chmod(0o644)
    path.write_bytes(path.read_bytes().replace(b"word", b"Word", 1))

    with pytest.raises(Unsound) as refused:
        write_bag(contents_of(full.folder, PROJECT), tmp_path / "out" / "bag", DAY)

    assert [reason.zh.partition("：")[0] for reason in refused.value.reasons] == [CONTRACT]
    assert list((tmp_path / "out").iterdir()) == []


def test_a_missing_file_is_named_before_anything_is_written(full: Any, tmp_path: Path) -> None:
    (full.folder / PROJECT / CONTRACT).unlink()

    with pytest.raises(Unsound, match="不能移交") as refused:
        contents_of(full.folder, PROJECT)

    assert refused.value.reasons[0].zh.startswith(f"AV01 {CONTRACT}")


@pytest.mark.cuts("death half", "EIO after", "ENOSPC half")
def test_cut_at_any_step_nothing_bears_the_name(
    full: Any, tmp_path: Path, cut_off: Callable[..., bool], how: str
) -> None:
    contents = contents_of(full.folder, PROJECT)
    for at in range(1, 1000):
        final = tmp_path / f"out{at}" / "bag"
        if not cut_off(lambda to=final: write_bag(contents, to, DAY), at, how):
            break
        if final.exists():  # only the syncing of its parent's names was cut
            assert bagit.Bag(str(final)).validate()
            continue
        write_bag(contents, final, DAY)
        assert [path.name for path in final.parent.iterdir()] == ["bag"]
    assert at > 40
