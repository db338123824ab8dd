"""The only module, with `publishing`, that writes, links, renames, syncs or removes on behalf of the archive.

Every change of the disk is one `step`: the crash tests replace that one function by one that fails,
or dies, at the n-th step. What is written is on the disk (fsync) before its name is.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
import stat
from collections.abc import Callable
from pathlib import Path
from typing import ParamSpec, Protocol, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

_BLOCK = 1 << 20


def step(operation: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Make one change of the disk: the seam at which the crash tests cut."""
    return operation(*args, **kwargs)


# Folders


def make_folder(folder: Path) -> None:
    """Create ``folder`` and its parents so that they survive a power cut."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    try:
        step(os.mkdir, folder)
    except FileExistsError:
        if not folder.is_dir():  # else another process made it meanwhile
            raise
    sync_folder(folder.parent)


def sync_folder(folder: Path) -> None:
    """Bring the names inside ``folder`` to the disk (Windows has no such call and needs none)."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        step(os.fsync, handle)
    finally:
        os.close(handle)


def remove_tree(folder: Path) -> None:
    """Remove a folder of our own temporary files; another process may be doing the same."""
    try:
        inside = sorted(folder.rglob("*"), key=lambda path: len(path.parts), reverse=True)
    except FileNotFoundError:
        inside = []
    for path in (*inside, folder):
        if path.is_dir() and not path.is_symlink():
            with contextlib.suppress(FileNotFoundError):
                step(os.rmdir, path)
        else:
            remove(path)


def remove(path: Path) -> None:
    """Remove a file, also a read-only one; it may be gone already."""
    with contextlib.suppress(FileNotFoundError):
        if os.name == "nt":
            step(os.chmod, path, stat.S_IWRITE | stat.S_IREAD)
        step(os.unlink, path)


# Writing


def write_new(path: Path, data: bytes) -> None:
    """Create ``path`` with ``data``, synced; it must not exist yet."""
    handle = step(os.open, path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o644)
    try:
        _write_all(handle, data)
        step(os.fsync, handle)
    finally:
        os.close(handle)


class Hasher(Protocol):
    """What takes a digest of bytes as they pass (an object of `hashlib`)."""

    def update(self, data: bytes, /) -> None:
        """Take further bytes in."""


def copy_new(source: Path, target: Path, *also: Hasher) -> str:
    """Copy the bytes of ``source`` to ``target``, synced, and return the SHA-256 of what was read.

    The target must not exist yet. The bytes are handed to the hashers of ``also``, too.
    """
    digest = hashlib.sha256()
    handle = step(os.open, target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o644)
    try:
        with source.open("rb") as stream:
            while block := stream.read(_BLOCK):
                for hasher in (digest, *also):
                    hasher.update(block)
                _write_all(handle, block)
        step(os.fsync, handle)
    finally:
        os.close(handle)
    return digest.hexdigest()


def append(path: Path, data: bytes) -> None:
    """Append ``data`` to ``path`` in one write and sync it; creates the file."""
    handle = step(os.open, path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0), 0o644)
    try:
        _write_all(handle, data)
        step(os.fsync, handle)
    finally:
        os.close(handle)


def replace(path: Path, data: bytes, room: Path | None = None) -> None:
    """Give ``path`` new content: readers see the old or the new, never a part (for derived files).

    Until it is whole the new file lies in ``room`` (same drive), else beside ``path``.
    """
    beside = (room or path.parent) / f".{path.name}.{secrets.token_hex(4)}.tmp"
    try:
        write_new(beside, data)
        step(os.replace, beside, path)
    except OSError:
        with contextlib.suppress(OSError):
            remove(beside)
        raise
    sync_folder(path.parent)


def show(path: Path, data: bytes) -> None:
    """Give ``path`` new content, as `replace` does, but unsynced and no step: for what is only looked at."""
    beside = path.with_suffix(".new")
    beside.write_bytes(data)
    beside.replace(path)


def _write_all(handle: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        written = step(os.write, handle, view)
        view = view[written:]


def same_bytes(one: Path, other: Path) -> bool:
    """Whether two files hold the same bytes; a file that is gone or unreadable is not the same."""
    try:
        if one.stat().st_size != other.stat().st_size:
            return False
        with one.open("rb") as left, other.open("rb") as right:
            while block := left.read(_BLOCK):
                if block != right.read(_BLOCK):
                    return False
    except OSError:
        return False
    return True
