"""What lies in a folder of unknown origin: plain files only, under names that are safe everywhere."""

from __future__ import annotations

import os
import stat
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from docgen.archive.handover.refusals import about
from docgen.archive.legal import MAX_NAME_BYTES, fold_key, printable
from docgen.base.messages import Message

#: More than these no hand-over holds: files, and folders inside one another.
MAX_FILES = 500_000
MAX_DEPTH = 8
#: Bytes of a file that is read into memory (a list of digests, a journal entry).
MAX_LIST = 256 << 20
_FORBIDDEN = frozenset('\\:*?"<>|')


@dataclass(frozen=True, slots=True)
class Tree:
    """The files of a folder: path (with `/`, relative to the folder) -> size; and what must not be there."""

    root: Path
    files: Mapping[str, int]
    faults: tuple[Message, ...]

    def below(self, folder: str) -> dict[str, int]:
        """Return the files inside ``folder``, their paths relative to it."""
        start = f"{folder}/"
        return {path[len(start) :]: size for path, size in self.files.items() if path.startswith(start)}


@dataclass
class _Walk:
    files: dict[str, int] = field(default_factory=dict)
    faults: list[Message] = field(default_factory=list)


def walk(root: Path) -> Tree:
    """Return what lies in ``root``; links are never followed.

    Raises:
        OSError: It cannot be read.
    """
    walk = _Walk()
    _enter(root, "", walk)
    walk.faults.extend(_alike(walk.files))
    return Tree(root, walk.files, tuple(walk.faults))


def _enter(folder: Path, inside: str, walk: _Walk) -> None:
    if inside.count("/") > MAX_DEPTH:
        walk.faults.append(about(inside, "文件夹层次过深", "folders are too deep inside one another"))
        return
    with os.scandir(folder) as found:
        for one in sorted(found, key=lambda one: one.name):
            path = inside + one.name
            if reason := unsafe_name(one.name):
                walk.faults.append(about(printable(path), reason.zh, reason.en))
            mode = one.stat(follow_symlinks=False).st_mode
            if stat.S_ISDIR(mode):
                _enter(Path(one.path), path + "/", walk)
            elif not stat.S_ISREG(mode):
                walk.faults.append(about(printable(path), "是链接或特殊文件", "a link or special file"))
            elif len(walk.files) == MAX_FILES:
                walk.faults.append(Message(f"文件超过 {MAX_FILES} 个", f"more than {MAX_FILES} files"))
                return
            else:
                walk.files[path] = one.stat(follow_symlinks=False).st_size


def unsafe_name(name: str) -> Message | None:
    """Return why ``name`` must not be the name of a file or folder, if so."""
    try:
        long = len(name.encode()) > MAX_NAME_BYTES
    except UnicodeEncodeError:
        return Message("名称不是有效的 UTF-8", "the name is not UTF-8")
    if long:
        return Message("名称过长", "the name is too long")
    if any(char in _FORBIDDEN or unicodedata.category(char) in ("Cc", "Cf") for char in name):
        return Message("名称含有不允许的字符", "the name holds a character that no name may hold")
    if name.endswith((".", " ")) or not name:
        return Message("名称以点或空格结尾", "the name ends with a dot or a space")
    return None


def unsafe_path(path: str) -> Message | None:
    """Return why a path in a list (with `/`) must not be used, if so."""
    if path.startswith(("/", "~")) or PurePosixPath(path).as_posix() != path:
        return Message("路径不是简单的相对路径", "not a plain relative path")
    for name in path.split("/"):
        if name in (".", ".."):
            return Message("路径指向文件夹之外", "the path leads outside the folder")
        if reason := unsafe_name(name):
            return reason
    return None


def _alike(paths: Mapping[str, int]) -> Iterator[Message]:
    """Yield paths that are one and the same on some systems: they differ in case, width or normal form."""
    first: dict[str, str] = {}
    for path in paths:
        other = first.setdefault(fold_key(path), path)
        if other != path:
            yield about(path, f"与 {other} 只有大小写或写法之别", f"differs from {other} in spelling only")
