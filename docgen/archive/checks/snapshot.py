"""What `verify` reads of a project: its journal, manifest and file list, seen at one moment."""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from docgen.archive.checks.raw import RawEntry, RawItem, read_entry
from docgen.archive.identity import project_key
from docgen.archive.layout import AT_WORK, JOURNAL, LOCKS, MANIFEST, TMP, entry_path
from docgen.base.locks import is_held, lock

#: No entry and no manifest is larger; of what is, the rest need not be read to know that it is none.
_LIMIT = 1 << 28
_ENTRY = re.compile(rf"{JOURNAL}/([0-9]{{6,}})\.json")
#: What desktop systems drop into every folder that they show.
DROPPINGS = {".DS_Store", "Thumbs.db", "desktop.ini"}


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One project at one moment.

    Attributes:
        project: Name of its folder.
        folder: The folder.
        entries: Its journal files, in the order of the numbers in their names.
        items: All events of the entries that can be read, in order.
        manifest: Its manifest's bytes; ``None``: there is none, or it cannot be read.
        listing: Size in bytes of every other file, by path relative to the project folder.
        irregular: Paths of what is neither file nor folder: links, devices, pipes. Never opened.
        unreadable: Why the system does not let us read folders, entries or the manifest, by path.
    """

    project: str
    folder: Path
    entries: tuple[RawEntry, ...]
    items: tuple[RawItem, ...]
    manifest: bytes | None
    listing: Mapping[str, int]
    irregular: tuple[str, ...]
    unreadable: Mapping[str, str]

    def hidden(self, path: str) -> bool:
        """Whether ``path`` cannot be looked for, since it or a folder above it cannot be read."""
        above = path.split("/")
        return any("/".join(above[:depth]) in self.unreadable for depth in range(len(above) + 1))


def take_snapshot(archive: Path, project: str) -> Snapshot:
    """Read a project under its lock, so that no filing is seen half done; files are hashed later.

    Raises:
        EnvironmentFault: Another process files into it for too long.
    """
    folder = archive / project
    unreadable: dict[str, str] = {}
    with _quiet(archive, project_key(project)):
        listing, irregular = _list(folder, unreadable)
        numbers = sorted((number, path) for path in listing if (number := entry_number(path)))
        ours = [path for path in (MANIFEST, *(path for _, path in numbers)) if path in listing]
        read = {path: _read(folder, path, unreadable) for path in ours}
    entries = tuple(
        read_entry(number, path, content) for number, path in numbers if (content := read[path]) is not None
    )
    return Snapshot(
        project,
        folder,
        entries,
        tuple(item for entry in entries for item in entry.items),
        read.get(MANIFEST),
        {path: size for path, size in listing.items() if path not in read},
        irregular,
        unreadable,
    )


def _list(folder: Path, unreadable: dict[str, str]) -> tuple[dict[str, int], tuple[str, ...]]:
    """Return the sizes of all files, and what is no file, however deep it lies."""
    listing: dict[str, int] = {}
    irregular: list[str] = []
    folders = [""]
    while folders:
        inside = folders.pop()
        try:
            found = list(os.scandir(folder / inside))
        except OSError as error:
            unreadable[inside] = error.strerror or str(error)
            continue
        for one in found:
            path = f"{inside}/{one.name}".lstrip("/")
            if one.is_dir(follow_symlinks=False) and not entry_number(path) and path != MANIFEST:
                folders.append(path)
            elif not one.is_file(follow_symlinks=False):
                irregular.append(path)
            elif one.name not in DROPPINGS:
                listing[path] = one.stat(follow_symlinks=False).st_size
    return dict(sorted(listing.items())), tuple(sorted(irregular))


def entry_number(path: str) -> int:
    """Return the number of the entry that has its place at ``path``; 0: no entry has."""
    match = _ENTRY.fullmatch(path)
    number = int(match[1]) if match else 0
    return number if path == entry_path(number) else 0


def _read(folder: Path, path: str, unreadable: dict[str, str]) -> bytes | None:
    try:
        with (folder / path).open("rb") as stream:
            return stream.read(_LIMIT)
    except OSError as error:
        unreadable[path] = error.strerror or str(error)
        return None


def _quiet(archive: Path, key: str) -> AbstractContextManager[None]:
    """Return the lock of the project with this key; nothing where nobody can file (a read-only copy)."""
    locks = archive / LOCKS
    if not locks.is_dir() or not os.access(locks, os.W_OK):
        return contextlib.nullcontext()
    return lock(locks / f"{key}.lock")


def project_names(archive: Path) -> list[str]:
    """Return the names of all project folders, links not followed; none where there is no archive yet."""
    if not archive.is_dir():
        return []
    return sorted(path.name for path in archive.iterdir() if _is_folder(path) and path.name[0] != ".")


def stray_files(archive: Path) -> list[str]:
    """Return the files, links and the like that lie beside the project folders."""
    return sorted(
        path.name
        for path in archive.iterdir()
        if not _is_folder(path) and path.name not in {*DROPPINGS, ".gitkeep"}
    )


def _is_folder(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink()


def is_irregular(path: Path) -> bool:
    """Whether it is neither file nor folder: a link, a device, a pipe."""
    return path.is_symlink() or not (path.is_file() or path.is_dir())


def strays(archive: Path) -> list[str]:
    """Return what lies beside the project folders and is not ours (files, hidden folders), by path."""
    hidden = {path.name for path in archive.iterdir() if path.is_dir() and path.name.startswith(".")}
    locks = (archive / LOCKS).iterdir() if (archive / LOCKS).is_dir() else ()
    beside = {f"{LOCKS}/{path.name}" for path in locks if path.suffix != ".lock"}
    return sorted({*stray_files(archive), *(hidden - {TMP, LOCKS}), *beside})


def interrupted(archive: Path) -> list[str]:
    """Return what filings that did not end left behind, without those that are still copying."""
    there = (archive / TMP).iterdir() if (archive / TMP).is_dir() else ()
    return sorted(path.name for path in there if _is_left(archive, path))


def _is_left(archive: Path, path: Path) -> bool:
    """Whether nobody works in a temporary folder: asked with the project's lock, under which that ends."""
    if is_held(path / AT_WORK):
        return False
    key = path.name.partition("-")[0]
    known = (archive / LOCKS / f"{key}.lock").exists()
    with _quiet(archive, key) if known else contextlib.nullcontext():
        return os.path.lexists(path) and not is_held(path / AT_WORK)
