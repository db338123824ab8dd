"""Publishing never replaces, survives errors that were none, and leaves nothing half done."""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from docgen.base import files, publishing
from docgen.base.errors import EnvironmentFault
from docgen.base.system_errors import told


def failing(*operations: object, code: int = errno.EOPNOTSUPP) -> Callable[..., Any]:
    """Return a step that refuses ``operations`` with ``code`` and does everything else."""

    def step(operation: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        if operation in operations:
            raise OSError(code, os.strerror(code))
        return operation(*args, **kwargs)

    return step


NO_LINK = (os.link,)
NO_RENAME = (os.link, publishing._rename_no_replace, os.rename)
WAYS = pytest.mark.parametrize("missing", [(), NO_LINK, NO_RENAME], ids=["link", "rename", "copy"])


@pytest.fixture
def tmp(tmp_path: Path) -> Path:
    path = tmp_path / "tmp"
    files.write_new(path, b"content")
    return path


@WAYS
def test_publishing_gives_the_name_and_makes_read_only(
    tmp: Path, missing: tuple[object, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "step", failing(*missing))
    final = tmp.with_name("final")
    publishing.publish(tmp, final)
    assert final.read_bytes() == b"content"
    assert not tmp.exists()
    assert not stat.S_IMODE(final.stat().st_mode) & 0o222


@WAYS
def test_publishing_never_replaces(
    tmp: Path, missing: tuple[object, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "step", failing(*missing))
    final = tmp.with_name("final")
    final.write_bytes(b"another")
    with pytest.raises(publishing.Taken):
        publishing.publish(tmp, final)
    assert final.read_bytes() == b"another"
    assert tmp.read_bytes() == b"content"


@WAYS
def test_equal_bytes_under_the_name_count_as_done(
    tmp: Path, missing: tuple[object, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "step", failing(*missing))
    final = tmp.with_name("final")
    final.write_bytes(b"content")
    publishing.publish(tmp, final)
    assert not tmp.exists()


@pytest.mark.parametrize("lying", [os.link, publishing._rename_no_replace])
def test_an_error_for_a_call_that_succeeded_is_no_error(
    tmp: Path, lying: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    def step(operation: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        if operation is os.link and lying is not os.link:
            raise OSError(errno.EPERM, "no links here")
        result = operation(*args, **kwargs)
        if operation is lying:
            raise OSError(errno.EIO, "lost answer")
        return result

    monkeypatch.setattr(files, "step", step)
    publishing.publish(tmp, tmp.with_name("final"))
    assert tmp.with_name("final").read_bytes() == b"content"


def test_a_copy_that_fails_half_way_leaves_nothing(tmp: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def step(operation: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        if operation in NO_RENAME:
            raise OSError(errno.EPERM, "cannot")
        if operation is os.write:
            os.write(args[0], bytes(args[1])[:3])
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return operation(*args, **kwargs)

    monkeypatch.setattr(files, "step", step)
    final = tmp.with_name("final")
    with pytest.raises(OSError, match="No space"):
        publishing.publish(tmp, final)
    assert not final.exists()
    assert tmp.exists()


def test_replacing_is_all_or_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "derived"
    files.replace(path, b"old")
    monkeypatch.setattr(files, "step", failing(os.write, code=errno.ENOSPC))
    with pytest.raises(OSError, match="No space"):
        files.replace(path, b"new")
    assert path.read_bytes() == b"old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["derived"]


def test_copying_returns_the_digest_of_what_was_read(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.write_bytes(os.urandom(3 << 20))
    digest = files.copy_new(source, tmp_path / "copy")
    assert (tmp_path / "copy").read_bytes() == source.read_bytes()
    assert digest == hashlib.sha256(source.read_bytes()).hexdigest()
    with pytest.raises(FileExistsError):
        files.copy_new(source, tmp_path / "copy")


def test_appending_adds_and_creates(tmp_path: Path) -> None:
    files.append(tmp_path / "log", b"one\n")
    files.append(tmp_path / "log", b"two\n")
    assert (tmp_path / "log").read_bytes() == b"one\ntwo\n"


def test_folders_and_trees(tmp_path: Path) -> None:
    files.make_folder(tmp_path / "a" / "b" / "c")
    files.write_new(tmp_path / "a" / "b" / "file", b"x")
    (tmp_path / "a" / "b" / "file").chmod(0o444)
    files.remove_tree(tmp_path / "a")
    files.remove(tmp_path / "a" / "gone already")
    assert not (tmp_path / "a").exists()


@pytest.mark.parametrize(
    ("code", "word"),
    [
        (errno.ENOSPC, "磁盘空间不足"),
        (errno.EACCES, "没有权限"),
        (errno.EROFS, "没有权限"),
        (errno.EIO, "读写失败"),
    ],
)
def test_errors_of_the_system_are_told_in_words(code: int, word: str) -> None:
    with pytest.raises(EnvironmentFault, match=word), told("somewhere"):
        raise OSError(code, os.strerror(code))


@pytest.mark.parametrize(("missing", "way"), [((), "link"), (NO_LINK, "rename"), (NO_RENAME, "copy")])
def test_the_probe_names_the_way_a_folder_offers(
    tmp_path: Path, missing: tuple[object, ...], way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "step", failing(*missing))
    assert publishing.probe(tmp_path) == way
    assert list(tmp_path.iterdir()) == []


def test_the_probe_tells_when_nothing_can_be_written(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentFault):
        publishing.probe(tmp_path / "missing")
