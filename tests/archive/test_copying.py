"""Copying aside hinders nobody, and nobody clears away what is being copied."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from docgen.archive.checks import snapshot
from docgen.archive.identity import project_key
from docgen.archive.refile import refile
from docgen.archive.staging import Staging
from docgen.base import files
from docgen.base.errors import ArchiveRefused
from docgen.base.locks import Locked, lock

LARGE = "项目A 技术服务方案 2023-04-01 V1.0"
SMALL = "项目A 发票 2023-04-03 V1.0"


@pytest.fixture
def while_copying(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], None]], None]:
    """Have something done once, in the middle of the next copying."""

    def do(what: Callable[[], None]) -> None:
        copy = files.copy_new

        def copy_and_do(source: Path, target: Path, *also: Any) -> str:
            monkeypatch.setattr(files, "copy_new", copy)
            digest = copy(source, target, *also)
            what()
            return digest

        monkeypatch.setattr(files, "copy_new", copy_and_do)

    return do


def rooms(desk: Any) -> list[str]:
    return [path.name.partition("-")[0] for path in (desk.folder / ".tmp").iterdir()]


@pytest.mark.parametrize("new", [False, True], ids=["a project that is there", "a new project"])
def test_others_file_into_the_project_while_a_file_is_copied(
    desk: Any, while_copying: Any, new: bool
) -> None:
    """Patience is zero at this desk: who had to wait would be refused."""
    if not new:
        desk.file("项目A 服务合同 2023-03-01 V1.0")

    def work() -> None:
        other = type(desk)(desk.root)
        assert other.archive.recover(actor="cli:other") == ()
        other.archive.finish([other.file(SMALL, finish=True)])
        assert other.codes() == []
        assert other.archive.rebuild(actor="cli:other") == ()
        assert rooms(desk) == [project_key("项目A")]
        other.catalogue.close()

    while_copying(work)
    filed = desk.file(LARGE, ("pdf", b"large " * 1000))

    assert filed.seq == 2 + (not new)
    assert {SMALL.encode(), b"large " * 1000} <= set(desk.tree().values())
    assert rooms(desk) == []
    assert desk.codes() == []


def test_the_version_is_decided_after_the_copying(desk: Any, while_copying: Any) -> None:
    """Another program files the same bytes meanwhile: there is one copy."""
    while_copying(lambda: desk.file(SMALL, ("pdf", b"same")))
    again = desk.file(LARGE, ("pdf", b"same"))
    assert str(again.event) == "duplicate"
    assert list(desk.tree().values()) == [b"same"]
    assert rooms(desk) == []


def test_nothing_is_left_when_the_project_is_held_too_long_after_the_copying(
    desk: Any, while_copying: Any
) -> None:
    parcel = desk.parcel(LARGE)
    held = lock(desk.folder / ".locks" / f"{project_key('项目A')}.lock")
    while_copying(held.__enter__)
    with pytest.raises(Locked):
        desk.archive.file(parcel, actor="cli:test")
    assert rooms(desk) == []
    held.__exit__(None, None, None)
    desk.archive.file(parcel, actor="cli:test")
    assert list(desk.tree().values()) == [LARGE.encode()]


def test_nothing_is_left_when_the_source_changes_while_it_is_copied(desk: Any, while_copying: Any) -> None:
    parcel = desk.parcel(LARGE)
    (source,) = (desk.root / "desk").iterdir()
    while_copying(lambda: source.write_bytes(b"changed"))
    with pytest.raises(ArchiveRefused, match="改动"):
        desk.archive.file(parcel, actor="cli:test")
    assert rooms(desk) == []
    assert desk.tree() == {}


def test_leftovers_are_cleared_before_anything_is_copied(desk: Any, while_copying: Any) -> None:
    """They may be what fills the disk."""
    desk.file(SMALL)
    (desk.folder / ".tmp" / f"{project_key('项目A')}-dead").mkdir()
    seen: list[str] = []
    while_copying(lambda: seen.extend(path.name for path in (desk.folder / ".tmp").iterdir()))
    desk.file(LARGE)
    assert len(seen) == 1
    assert not seen[0].endswith("-dead")


def test_a_damaged_journal_is_told_before_anything_is_copied(desk: Any, while_copying: Any) -> None:
    desk.file(SMALL)
    parcel = desk.parcel(LARGE)
    (desk.folder / "项目A" / "journal" / "000001.json").unlink()
    copied: list[bool] = []
    while_copying(lambda: copied.append(True))
    with pytest.raises(ArchiveRefused, match="日志"):
        desk.archive.file(parcel, actor="cli:test")
    assert copied == []
    assert rooms(desk) == []


def test_what_is_removed_when_it_is_copied_is_not_refiled(desk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else what was to be removed would live on under another name."""
    desk.file("项目A 会议纪要 2023-04-01 V1.0", ("pdf", b"to be removed"))
    take = Staging.take_all

    def take_and_bury(staging: Staging, *args: Any) -> Any:
        staged = take(staging, *args)
        desk.bury("项目A", 1)
        return staged

    monkeypatch.setattr(Staging, "take_all", take_and_bury)
    (minutes,) = desk.catalogue.find("项目A_会议纪要_2023-04-01_V1.0")
    with pytest.raises(ArchiveRefused, match="不能改归"):
        refile(desk.archive, [minutes], desk.parcel(SMALL).doc_type, "项目A", actor="cli:test")
    assert desk.tree() == {}
    assert desk.codes() == []


def test_verify_does_not_tell_of_a_filing_that_has_just_ended(
    desk: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.file(SMALL)
    room = desk.folder / ".tmp" / f"{project_key('项目A')}-0123"
    room.mkdir()
    assert snapshot.interrupted(desk.folder) == [room.name]

    def end(_path: Path) -> bool:
        if room.exists():
            room.rmdir()
        return False

    monkeypatch.setattr(snapshot, "is_held", end)
    assert snapshot.interrupted(desk.folder) == []


COPIER = """
import sys
from pathlib import Path
from docgen.archive.catalogue import Catalogue
from docgen.archive.store import Archive

root = Path(sys.argv[1])
archive = Archive(root / "archive", Catalogue(root / "index"))
with archive.commits.room_ahead("项目A") as room:
    room.write(b"copied")
    print(room.folder.name, flush=True)
    sys.stdin.read()
"""


def test_what_a_killed_process_was_copying_is_cleared_away(desk: Any) -> None:
    command = [sys.executable, "-c", COPIER, str(desk.root)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as copier:
        assert copier.stdout is not None
        name = copier.stdout.readline().strip()
        desk.archive.recover(actor="cli:test")
        desk.file(SMALL)
        assert [path.name for path in (desk.folder / ".tmp").iterdir()] == [name]
        copier.kill()
    assert desk.codes() == ["AV20"]
    assert desk.archive.recover(actor="cli:test") == ()
    assert rooms(desk) == []
    assert desk.codes() == []
