"""Files set aside: under their own names, with the reason, from another drive too, never lost half-way."""

from __future__ import annotations

import errno
import os
import subprocess
from datetime import date
from pathlib import Path

import pytest

from docgen.archive.aside import REASON, set_aside
from docgen.base import files, publishing

DAY = date(2026, 11, 2)
DIGEST = "0123456789abcdef"


def dropped(tmp_path: Path, name: str, content: bytes = b"one") -> Path:
    path = tmp_path / "收" / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    return path


def test_files_lie_under_day_and_digest_with_the_reason(tmp_path) -> None:
    paths = [dropped(tmp_path, "一.pdf"), dropped(tmp_path, "一.docx", b"two")]

    moved = set_aside(paths, tmp_path / "rejected", DAY, DIGEST, "不行")

    folder = tmp_path / "rejected/2026-11-02/01234567"
    assert moved == [folder / "一.pdf", folder / "一.docx"]
    assert [path.read_bytes() for path in moved] == [b"one", b"two"]
    assert (folder / REASON).read_text(encoding="utf-8") == "不行\n"
    assert not any(path.exists() for path in paths)


def test_a_name_that_is_taken_by_other_bytes_gets_a_number(tmp_path) -> None:
    for content in (b"one", b"two", b"two"):
        set_aside([dropped(tmp_path, "一.pdf", content)], tmp_path / "r", DAY, DIGEST, "不行")

    kept = sorted((tmp_path / "r/2026-11-02/01234567").glob("*.pdf"))
    assert [(path.name, path.read_bytes()) for path in kept] == [("一 (2).pdf", b"two"), ("一.pdf", b"one")]


def test_links_are_moved_not_followed(tmp_path) -> None:
    goal = dropped(tmp_path, "目标.pdf")
    link = tmp_path / "收/链接.pdf"
    link.symlink_to(goal)

    (moved,) = set_aside([link], tmp_path / "r", DAY, DIGEST, "不行")

    assert moved.is_symlink()
    assert goal.read_bytes() == b"one"
    assert not goal.samefile(moved.parent)


def test_what_cannot_be_moved_leaves_no_reason_but_that_of_others(tmp_path, monkeypatch) -> None:
    def refuse(*_: object) -> Path:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    set_aside([dropped(tmp_path, "一.pdf")], tmp_path / "r", DAY, DIGEST, "不行")
    monkeypatch.setattr("docgen.base.publishing.bring", refuse)
    for digest in (DIGEST, "f" * 16):
        with pytest.raises(OSError, match="Read-only"):
            set_aside([dropped(tmp_path, "二.pdf")], tmp_path / "r", DAY, digest, "也不行")

    left = sorted(path.name for path in (tmp_path / "r").rglob("*") if path.is_file())
    assert left == [REASON, "一.pdf"]
    assert dropped(tmp_path, "二.pdf").exists()


def save_anew(path: Path) -> None:
    """As programs do: whole beside it, then over it."""
    beside = path.with_name("new")
    beside.write_bytes(b"new")
    beside.replace(path)


@pytest.mark.parametrize("cannot", [(), ("rename",), ("rename", "link")])
def test_what_is_saved_anew_while_it_is_set_aside_stays(tmp_path, monkeypatch, cannot) -> None:
    """On drives that rename, that only link, that do neither."""
    path, step = dropped(tmp_path, "一.pdf"), files.step
    ways = {publishing._rename_no_replace: "rename", os.link: "link", os.fsync: ""}
    saved: list[Path] = []

    def meanwhile(operation, *args, **kwargs):
        if ways.get(operation) in cannot:
            raise OSError(errno.EPERM, os.strerror(errno.EPERM))
        done = step(operation, *args, **kwargs)
        final = tmp_path / "r/2026-11-02/01234567/一.pdf"
        if not saved and operation in ways and final.exists() and final.read_bytes() == b"one":
            saved.append(path)
            save_anew(path)
        return done

    monkeypatch.setattr(files, "step", meanwhile)
    (moved,) = set_aside([path], tmp_path / "r", DAY, DIGEST, "不行")

    assert saved
    assert (moved.read_bytes(), path.read_bytes()) == (b"one", b"new")
    assert [one.name for one in path.parent.iterdir()] == ["一.pdf"]


@pytest.fixture
def drive(tmp_path: Path):
    """Another drive, mounted where that is allowed."""
    place = tmp_path / "另一个盘"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(place)]
    if os.geteuid() or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("another drive can be mounted by root only")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


def test_from_another_drive(tmp_path, drive) -> None:
    path = drive / "一.pdf"
    path.write_bytes(b"one" * 1000)

    (moved,) = set_aside([path], tmp_path / "r", DAY, DIGEST, "不行")

    assert moved.read_bytes() == b"one" * 1000
    assert not path.exists()
    assert sorted(one.name for one in moved.parent.iterdir()) == [REASON, "一.pdf"]


def test_what_is_saved_anew_on_another_drive_stays(tmp_path, drive, monkeypatch) -> None:
    path, put_back = drive / "一.pdf", publishing.put_back
    path.write_bytes(b"one")

    def meanwhile(*paths: Path) -> Path:
        final = put_back(*paths)
        if path.read_bytes() == b"one":
            save_anew(path)
        return final

    monkeypatch.setattr(publishing, "put_back", meanwhile)
    (moved,) = set_aside([path], tmp_path / "r", DAY, DIGEST, "不行")

    assert (moved.read_bytes(), path.read_bytes()) == (b"one", b"new")


def test_from_another_drive_nothing_is_removed_that_is_not_whole(tmp_path, drive, monkeypatch) -> None:
    """Every step fails in turn: the file is whole in one place at least, and tried again it moves."""
    step = files.step
    for at in range(1, 30):
        path = drive / "一.pdf"
        path.write_bytes(b"one" * 1000)
        root, calls = tmp_path / str(at), []

        def fail(operation, *args, _at=at, _calls=calls, **kwargs):
            _calls.append(operation)
            if len(_calls) == _at:
                raise OSError(errno.EIO, os.strerror(errno.EIO))
            return step(operation, *args, **kwargs)

        with monkeypatch.context() as patch:
            patch.setattr(files, "step", fail)
            try:
                set_aside([path], root, DAY, DIGEST, "不行")
            except OSError:
                kept = [one.read_bytes() for one in (path, *root.rglob("一*.pdf")) if one.exists()]
                assert b"one" * 1000 in kept
        if path.exists():
            set_aside([path], root, DAY, DIGEST, "不行")
        assert (root / "2026-11-02/01234567/一.pdf").read_bytes() == b"one" * 1000
        if len(calls) < at:
            return
    raise AssertionError("there are more steps than were tried")


def test_what_changes_while_it_is_copied_from_another_drive_stays(tmp_path, drive, monkeypatch) -> None:
    path = drive / "一.pdf"
    path.write_bytes(b"old")
    copy = files.copy_new

    def change(source: Path, target: Path) -> str:
        digest = copy(source, target)
        source.write_bytes(b"newer")
        return digest

    monkeypatch.setattr(files, "copy_new", change)
    with pytest.raises(OSError, match="changed"):
        set_aside([path], tmp_path / "r", DAY, DIGEST, "不行")

    assert path.read_bytes() == b"newer"
    assert list((tmp_path / "r").rglob("一*")) == []
