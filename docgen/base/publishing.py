"""Giving files and folders their final names, never replacing anything: the other half of `files`."""

from __future__ import annotations

import contextlib
import ctypes
import errno
import hashlib
import itertools
import os
import secrets
import shutil
import stat
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from docgen.base import files
from docgen.base.system_errors import told

_NO_REPLACE = 1
_AT_FDCWD = -100
#: What a folder answers that cannot do an operation at all, so that the next way is tried.
_CANNOT = {
    getattr(errno, name)
    for name in ("EPERM", "EOPNOTSUPP", "ENOTSUP", "ENOSYS", "EXDEV", "EMLINK", "EINVAL", "ENOTTY")
    if hasattr(errno, name)
}


#: A way from one path to another.
Way = Callable[[Path, Path], None]


class Taken(Exception):
    """The final name exists already, with other bytes."""


def publish(tmp: Path, final: Path) -> None:
    """Move the synced file ``tmp`` to its final name, never replacing anything, and make it read-only.

    Tried in turn: a hard link, a rename that does not replace, an exclusive copy (the caller holds the
    lock; what a crash leaves of such a copy does not match its digest and recovery removes it). After any
    error the target is read: equal bytes mean that it was done (network drives report errors for calls
    that succeeded). The folder is not synced here: several files share one sync.

    Raises:
        Taken: The name exists with other bytes.
        OSError: No way worked.
    """
    _place(tmp, final)
    protect(final)


def protect(path: Path) -> None:
    """Make a file read-only, against accidents."""
    try:
        files.step(os.chmod, path, 0o444)
    except OSError as error:  # a drive without permissions cannot make it read-only
        if error.errno not in _CANNOT:
            raise


def put_back(path: Path, target: Path) -> Path:
    """Move ``path`` to ``target`` or a free name like it, never replacing anything; return where it is."""
    for name in _free_names(target):
        with contextlib.suppress(Taken):
            _place(path, name)
            return name
    raise AssertionError("there is always a free name")


def bring(path: Path, target: Path) -> Path:
    """Move a file of other people as `put_back` moves ours, also from another drive; return where it is.

    It is renamed where the system can do that without replacing anything. Else, and from another drive, it is
    copied, synced, read back and only then removed, if it is still what was copied: one that a program saved
    anew in the meantime stays.
    Links, pipes and devices are renamed, never followed or opened; from another drive they are made anew.

    Raises:
        OSError: It could not be moved; it is whole where it was.
    """
    before = path.lstat()
    if not stat.S_ISREG(before.st_mode):
        return _rename_aside(path, target)
    if before.st_dev == target.parent.stat().st_dev:
        for name in _free_names(target):
            with contextlib.suppress(Taken):
                _place(path, name, ways=(_by_rename, _by_link, _by_copy), let_go=_let_go)
                return name
    beside = target.parent / f".{secrets.token_hex(8)}.tmp"
    try:
        if files.copy_new(path, beside) != _digest(beside) or _changed(path, before):
            raise OSError(errno.EIO, "changed while it was copied", str(path))
        final = put_back(beside, target)
    except OSError:
        with contextlib.suppress(OSError):
            files.remove(beside)
        raise
    files.sync_folder(target.parent)
    _let_go(path, final)
    return final


def _let_go(path: Path, kept: Path) -> None:
    """Remove ``path`` where it holds what ``kept`` holds; what took its place meanwhile is put back."""
    if not files.same_bytes(path, kept):
        return
    parked = path.with_name(f".{secrets.token_hex(8)}.tmp")
    files.step(os.rename, path, parked)
    try:
        if files.same_bytes(parked, kept):
            files.remove(parked)
    finally:
        if parked.exists():
            put_back(parked, path)


def _rename_aside(path: Path, target: Path) -> Path:
    for name in _free_names(target):
        with contextlib.suppress(FileExistsError):
            try:
                _by_rename(path, name)
            except OSError as error:
                if error.errno not in _CANNOT:
                    raise
                _move_anew(path, name)
            return name
    raise AssertionError("there is always a free name")


def _move_anew(path: Path, name: Path) -> None:
    _make_anew(path, name)
    try:
        files.sync_folder(name.parent)
        files.remove(path)
    except OSError:
        with contextlib.suppress(OSError):
            files.remove(name)
        raise


def _make_anew(path: Path, name: Path) -> None:
    """Make a link, a pipe or a device like ``path``."""
    seen = path.lstat()
    if stat.S_ISLNK(seen.st_mode):
        files.step(os.symlink, path.readlink(), name)
    elif stat.S_ISFIFO(seen.st_mode):
        files.step(os.mkfifo, name, stat.S_IMODE(seen.st_mode))
    else:
        files.step(os.mknod, name, seen.st_mode, seen.st_rdev)


def _changed(path: Path, before: os.stat_result) -> bool:
    now = path.lstat()
    return (now.st_ino, now.st_size, now.st_mtime_ns) != (before.st_ino, before.st_size, before.st_mtime_ns)


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _free_names(target: Path) -> Iterator[Path]:
    """Yield the name and names like it, until one is free."""
    yield target
    for number in itertools.count(2):
        yield target.with_name(f"{target.stem} ({number}){target.suffix}")


def _place(tmp: Path, final: Path, *, ways: Sequence[Way] = (), let_go: Way | None = None) -> None:
    for way in ways or (_by_link, _by_rename, _by_copy):
        try:
            way(tmp, final)
            if way is _by_rename:
                return
            break
        except OSError as error:
            if _done_already(tmp, final):
                break
            if isinstance(error, FileExistsError):
                raise Taken(str(final)) from error
            if error.errno not in _CANNOT or way is _by_copy:
                raise
    if let_go:
        let_go(tmp, final)
    else:
        files.remove(tmp)


def _done_already(tmp: Path, final: Path) -> bool:
    """Whether ``final`` holds what ``tmp`` held (a ``tmp`` that is gone was renamed), on the disk."""
    if not final.exists() or (tmp.exists() and not files.same_bytes(tmp, final)):
        return False
    if os.name != "nt":
        handle = os.open(final, os.O_RDONLY)
        try:
            files.step(os.fsync, handle)
        finally:
            os.close(handle)
    return True


def _by_link(tmp: Path, final: Path) -> None:
    files.step(os.link, tmp, final)


def _by_rename(tmp: Path, final: Path) -> None:
    if os.name == "nt":
        files.step(os.rename, tmp, final)  # Windows never replaces on rename
    else:
        files.step(_rename_no_replace, tmp, final)


def _by_copy(tmp: Path, final: Path) -> None:
    try:
        files.copy_new(tmp, final)
    except FileExistsError:
        raise
    except OSError:
        if not files.same_bytes(tmp, final):  # what was begun is ours alone: it was created exclusively
            with contextlib.suppress(OSError):
                files.remove(final)
        raise


def _rename_no_replace(tmp: Path, final: Path) -> None:
    library = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None
    function = getattr(library, "renameat2", None)
    if function is None:
        raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS))
    if function(_AT_FDCWD, os.fsencode(tmp), _AT_FDCWD, os.fsencode(final), _NO_REPLACE):
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code), str(final))


def settle_folder(tmp: Path, final: Path) -> None:
    """Give the folder ``tmp``, whole and synced, its final name on the same drive, never replacing anything.

    Raises:
        FileExistsError: There is something of that name.
    """
    try:
        files.step(os.rename if os.name == "nt" else _rename_no_replace, tmp, final)
    except OSError as error:
        if error.errno not in _CANNOT:
            raise
        if final.exists():
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(final)) from error
        files.step(os.rename, tmp, final)
    files.sync_folder(final.parent)


def move_aside(path: Path, target: Path) -> None:
    """Rename ``path`` to ``target`` on the same drive; the target is a free name of our own."""
    files.step(os.rename, path, target)


def probe(folder: Path) -> str:
    """Return the first way in which ``folder`` can publish: `link`, `rename` or `copy`.

    Raises:
        EnvironmentFault: Nothing can be written there.
    """
    ground = folder / f".probe-{secrets.token_hex(4)}"
    with told(folder):
        ground.mkdir()
        try:
            for name, way in (("link", _by_link), ("rename", _by_rename), ("copy", _by_copy)):
                tmp, final = ground / "tmp", ground / name
                if not tmp.exists():
                    files.write_new(tmp, b"probe")
                with contextlib.suppress(OSError):
                    way(tmp, final)
                    if _refuses_to_replace(way, ground / "tmp", final):
                        return name
            raise OSError(errno.EPERM, os.strerror(errno.EPERM))
        finally:
            shutil.rmtree(ground, ignore_errors=True)


def _refuses_to_replace(way: Callable[[Path, Path], None], tmp: Path, final: Path) -> bool:
    if not tmp.exists():
        files.write_new(tmp, b"other")
    try:
        way(tmp, final)
    except FileExistsError:
        return True
    except OSError:
        return False
    return False
