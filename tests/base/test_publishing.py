"""Links, pipes and the like moved from another drive, where no rename reaches."""

from __future__ import annotations

import errno
import os
import socket
import stat
from pathlib import Path

import pytest

from docgen.base import files, publishing


@pytest.fixture(autouse=True)
def other_drive(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OSError(errno.EXDEV, os.strerror(errno.EXDEV))

    monkeypatch.setattr(publishing, "_rename_no_replace", fail)


def make(path: Path, kind: str) -> None:
    if kind == "link":
        path.symlink_to("../外面/秘密.pdf")
    elif kind == "pipe":
        os.mkfifo(path, 0o640)
    else:
        with socket.socket(socket.AF_UNIX) as made:
            made.bind(str(path))


@pytest.mark.parametrize("kind", ["link", "pipe", "socket"])
def test_what_is_no_file_is_made_anew_under_a_free_name(tmp_path: Path, kind: str) -> None:
    path, target = tmp_path / "a.pdf", tmp_path / "b.pdf"
    target.write_bytes(b"other")
    make(path, kind)
    before = path.lstat()

    moved = publishing.bring(path, target)

    assert moved.name == "b (2).pdf"
    assert stat.S_IFMT(moved.lstat().st_mode) == stat.S_IFMT(before.st_mode)
    assert not os.path.lexists(path)
    assert target.read_bytes() == b"other"
    if kind == "link":
        assert str(moved.readlink()) == "../外面/秘密.pdf"


def test_a_link_that_cannot_be_taken_away_is_in_one_place_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.pdf"
    make(path, "link")
    remove = files.remove

    def refuse(which: Path) -> None:
        if which == path:
            raise PermissionError(errno.EACCES, "no")
        remove(which)

    monkeypatch.setattr(files, "remove", refuse)
    with pytest.raises(PermissionError):
        publishing.bring(path, tmp_path / "b.pdf")

    assert [one.name for one in tmp_path.iterdir()] == ["a.pdf"]
