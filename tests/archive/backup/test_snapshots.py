"""Snapshots share contents, are whole or absent, and come back byte for byte."""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from docgen.archive.backup.collecting import collect
from docgen.archive.backup.restoring import open_snapshot, restore
from docgen.archive.backup.snapshots import Backed, content_path, write_snapshot
from docgen.archive.handover.building import unwatched
from docgen.archive.handover.refusals import Unsound
from docgen.base.errors import ArchiveRefused
from docgen.base.workspace import Workspace

CONTRACT = "项目A/合同协议/项目A_服务合同_2023-04-01_V1.0.pdf"


@pytest.fixture
def space(desk: Any) -> Workspace:
    """A small workspace: two filed documents, a card, a database, a template."""
    workspace = Workspace(desk.root)
    desk.file("项目A 服务合同 2023-04-01 V1.0", ("pdf", b"contract"))
    desk.file("项目B 发票 2023-04-03 V1.0", ("jpg", b"bill"))
    for path, content in {
        "docgen.toml": 'lang = "zh"\n',
        "projects/项目A.yaml": "project_name: 项目A\n",
        "templates/own/form.yaml": "id: own\n",
        "inbox/等待.pdf": "waiting",
        "drafts/草稿.docx": "draft",
    }.items():
        (workspace.root / path).parent.mkdir(parents=True, exist_ok=True)
        (workspace.root / path).write_text(content, encoding="utf-8")
    workspace.state.mkdir()
    with contextlib.closing(sqlite3.connect(workspace.state / "jobs.sqlite")) as database:
        database.execute("CREATE TABLE job (name TEXT)")
        database.execute("INSERT INTO job VALUES ('批次')")
        database.commit()
    return workspace


def back_up(space: Workspace, store: Path, second: int = 0) -> Backed:
    moment = datetime(2026, 11, 25, 3, 15, second, tzinfo=UTC)
    return write_snapshot(store, collect(space), moment, {"workspace": "w"}, unwatched)


def restored(store: Path, to: Path) -> dict[str, bytes]:
    restore(open_snapshot(store), to, unwatched)
    return {path.relative_to(to).as_posix(): path.read_bytes() for path in to.rglob("*") if path.is_file()}


def tree(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def test_what_is_backed_up_comes_back(space: Workspace, tmp_path: Path) -> None:
    done = back_up(space, tmp_path / "备份")
    back = restored(tmp_path / "备份", tmp_path / "back")

    kept = {f"archive/{path}": data for path, data in tree(space.archive).items() if path[0] != "."}
    for folder in (space.projects, space.templates):
        kept |= {f"{folder.name}/{path}": data for path, data in tree(folder).items()}
    assert {path: data for path, data in back.items() if not path.startswith("state/")} == {
        **kept,
        "docgen.toml": b'lang = "zh"\n',
    }
    with contextlib.closing(sqlite3.connect(tmp_path / "back/state/jobs.sqlite")) as database:
        assert database.execute("SELECT name FROM job").fetchall() == [("批次",)]
    assert (done.path.name, done.files, done.problems) == ("2026-11-25T031500Z", len(back), [])
    assert not os.access(tmp_path / "back/archive" / CONTRACT, os.W_OK) or os.geteuid() == 0
    assert (tmp_path / "back/archive" / CONTRACT).stat().st_mode & 0o222 == 0


def test_a_database_is_saved_with_what_is_not_checkpointed(space: Workspace, tmp_path: Path) -> None:
    with contextlib.closing(sqlite3.connect(space.state / "jobs.sqlite")) as database:
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("INSERT INTO job VALUES ('第二批')")
        database.commit()
        back_up(space, tmp_path / "备份")
    restored(tmp_path / "备份", tmp_path / "back")

    with contextlib.closing(sqlite3.connect(tmp_path / "back/state/jobs.sqlite")) as database:
        assert database.execute("SELECT count(*) FROM job").fetchone() == (2,)


def test_contents_that_are_there_are_not_copied_again(space: Workspace, desk: Any, tmp_path: Path) -> None:
    first = back_up(space, tmp_path / "备份")
    desk.file("项目A 服务合同 2023-05-01 V1.1", ("pdf", b"changed"))
    second = back_up(space, tmp_path / "备份", 1)

    assert first.copied == first.files
    assert second.copied == 3  # the file, its entry, the manifest
    assert len(restored(first.path, tmp_path / "one")) == first.files
    assert len(restored(second.path, tmp_path / "two")) == first.files + 2
    assert open_snapshot(tmp_path / "备份").path == second.path


@pytest.mark.skipif(os.name == "nt", reason="GNU tools")
def test_it_can_be_restored_by_hand(space: Workspace, tmp_path: Path) -> None:
    """The script of docs/handover.md."""
    done, to = back_up(space, tmp_path / "备份"), tmp_path / "back"
    page = (Path(__file__).parents[3] / "docs/handover.md").read_text(encoding="utf-8")
    script = page[page.index("    while read") : page.index("超过 `backup_days`")].replace(
        "/新工作区", str(to)
    )
    ran = subprocess.run(["bash", "-ec", script], cwd=done.path, capture_output=True, text=True, check=False)

    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.count(": OK") == done.files


def test_a_damaged_file_is_told_and_all_else_is_saved(space: Workspace, tmp_path: Path) -> None:
    (space.archive / CONTRACT).chmod(0o644)
    (space.archive / CONTRACT).write_bytes(b"CONTRACT")

    done = back_up(space, tmp_path / "备份")

    assert [one.zh for one in done.problems] == [f"archive/{CONTRACT}：内容与归档时不符"]
    assert restored(tmp_path / "备份", tmp_path / "back")[f"archive/{CONTRACT}"] == b"CONTRACT"


def test_what_is_no_file_is_told_and_all_else_is_saved(space: Workspace, tmp_path: Path) -> None:
    (space.archive / CONTRACT).with_name("link.pdf").symlink_to(space.archive / CONTRACT)
    os.mkfifo(space.archive / "pipe")
    (space.archive / "项目C").symlink_to(space.archive / "项目B")
    (space.archive / "一\n二.pdf").write_bytes(b"x")
    done = back_up(space, tmp_path / "store")
    told = [one.zh.partition("：")[0] for one in done.problems]
    assert told == [
        "archive/项目A/合同协议/link.pdf",
        "archive/pipe",
        repr("archive/一\n二.pdf"),
        "archive/项目C",
    ]
    assert f"archive/{CONTRACT}" in restored(tmp_path / "store", tmp_path / "back")


def test_a_good_content_outlives_its_damage(space: Workspace, tmp_path: Path) -> None:
    back_up(space, tmp_path / "备份")
    (space.archive / CONTRACT).chmod(0o644)
    (space.archive / CONTRACT).write_bytes(b"CONTRACT")
    back_up(space, tmp_path / "备份", 1)

    assert restored(tmp_path / "备份", tmp_path / "back")[f"archive/{CONTRACT}"] == b"contract"


def test_a_good_content_outlives_its_loss(space: Workspace, tmp_path: Path) -> None:
    back_up(space, tmp_path / "备份")
    (space.archive / CONTRACT).unlink()

    done = back_up(space, tmp_path / "备份", 1)

    (said,) = done.problems
    assert "仍含有以前备份的那一份" in said.zh
    assert restored(tmp_path / "备份", tmp_path / "back")[f"archive/{CONTRACT}"] == b"contract"


def test_a_file_that_is_nowhere_is_told_and_left_out(space: Workspace, tmp_path: Path) -> None:
    (space.archive / CONTRACT).unlink()

    done = back_up(space, tmp_path / "备份")

    assert [one.zh for one in done.problems] == [f"archive/{CONTRACT}：文件不见了"]
    assert f"archive/{CONTRACT}" not in restored(tmp_path / "备份", tmp_path / "back")


@pytest.mark.parametrize("harm", ["gone", "changed", "list"])
def test_a_damaged_backup_restores_nothing(space: Workspace, tmp_path: Path, harm: str) -> None:
    done = back_up(space, tmp_path / "备份")
    digest = open_snapshot(done.path).files[f"archive/{CONTRACT}"]
    path = done.path / "manifest-sha256.txt" if harm == "list" else content_path(tmp_path / "备份", digest)
    path.chmod(0o644)
    if harm == "gone":
        path.unlink()
    else:
        path.write_bytes(path.read_bytes().replace(b"c", b"C"))

    with pytest.raises(Unsound, match="备份不完整"):
        restored(tmp_path / "备份", tmp_path / "back")

    assert [one.name for one in tmp_path.iterdir() if "back" in one.name] == []


@pytest.mark.parametrize("harm", [b"con", b"CONTRACT"])
def test_a_damaged_content_is_mended_by_the_next_backup(
    space: Workspace, tmp_path: Path, harm: bytes
) -> None:
    done = back_up(space, tmp_path / "备份")
    path = content_path(tmp_path / "备份", open_snapshot(done.path).files[f"archive/{CONTRACT}"])
    path.chmod(0o644)
    path.write_bytes(harm)
    assert back_up(space, tmp_path / "备份", 1).problems == []

    assert restored(tmp_path / "备份", tmp_path / "back")[f"archive/{CONTRACT}"] == b"contract"


@pytest.mark.parametrize("path", ["../evil", "/evil", "archive/../../evil"])
def test_a_list_that_leads_outside_is_refused(space: Workspace, tmp_path: Path, path: str) -> None:
    import hashlib
    import json

    done = back_up(space, tmp_path / "备份")
    listed, about = done.path / "manifest-sha256.txt", done.path / "backup.json"
    listed.write_bytes(listed.read_bytes() + f"{'0' * 64}  {path}\n".encode())
    said = json.loads(about.read_bytes())
    said["manifest_sha256"] = hashlib.sha256(listed.read_bytes()).hexdigest()
    about.write_text(json.dumps(said), encoding="utf-8")

    with pytest.raises(Unsound):
        open_snapshot(done.path)


def test_nothing_is_restored_over_anything(space: Workspace, tmp_path: Path) -> None:
    back_up(space, tmp_path / "备份")
    (tmp_path / "empty").mkdir()
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine").write_text("mine")

    assert restored(tmp_path / "备份", tmp_path / "empty")
    with pytest.raises(ArchiveRefused, match="目标已存在"):
        restored(tmp_path / "备份", tmp_path / "full")
    assert (tmp_path / "full" / "mine").read_text() == "mine"


def test_a_folder_without_backups(tmp_path: Path) -> None:
    with pytest.raises(ArchiveRefused, match="没有备份"):
        open_snapshot(tmp_path)


@pytest.mark.cuts("death half", "ENOSPC half")
def test_cut_at_any_step_no_snapshot_is_half(
    space: Workspace, tmp_path: Path, cut_off: Callable[..., bool], how: str
) -> None:
    """And the next backup into the same folder is whole, whatever the cut left there."""
    for at in range(1, 1000):
        store = tmp_path / f"store{at}"
        if not cut_off(lambda to=store: back_up(space, to), at, how):
            break
        if at % 5 == 0 or (store / "2026-11-25T031500Z").exists():
            if (store / "2026-11-25T031500Z").exists():
                assert restored(store / "2026-11-25T031500Z", tmp_path / f"early{at}")
            back_up(space, store, 1)
            assert len(restored(store, tmp_path / f"back{at}")) == len(collect(space).files)
            shutil.rmtree(tmp_path / f"back{at}")
        shutil.rmtree(store, ignore_errors=True)
    assert at > 100


@pytest.mark.cuts("death half", "ENOSPC half")
def test_cut_at_any_step_nothing_restored_bears_the_name(
    space: Workspace, tmp_path: Path, cut_off: Callable[..., bool], how: str
) -> None:
    back_up(space, tmp_path / "备份")
    snapshot = open_snapshot(tmp_path / "备份")
    whole = restored(tmp_path / "备份", tmp_path / "back")
    for at in range(1, 1000):
        final = tmp_path / f"to{at}" / "工作区"
        if not cut_off(lambda to=final: restore(snapshot, to, unwatched), at, how):
            break
        if not final.exists():  # else only the syncing of its parent's names was cut
            restore(snapshot, final, unwatched)
        assert tree(final) == whole
        assert [path.name for path in final.parent.iterdir()] == ["工作区"]
        shutil.rmtree(final.parent)
    assert at > 50
