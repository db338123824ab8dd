"""What `verify` reads of a project: its journal, manifest and file list, seen at one moment.

Written apart from the code that files, so that a mistake there cannot hide itself here.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from docgen.archive.digests import sha256_bytes
from docgen.archive.identity import RECORD_EXT, Identity, project_key
from docgen.archive.layout import JOURNAL, LOCKS, MANIFEST, TMP
from docgen.archive.legal import SERIAL, fold_key
from docgen.archive.versions import Version
from docgen.base.errors import ArchiveRefused
from docgen.base.locks import lock

_ENTRY = re.compile(rf"{JOURNAL}/([0-9]{{6,}})\.json")
#: What desktop systems drop into every folder that they show.
DROPPINGS = {".DS_Store", "Thumbs.db", "desktop.ini"}


@dataclass(frozen=True, slots=True)
class RawEntry:
    """One journal file: number from its name, digest of its bytes, content where it can be read."""

    number: int
    path: str
    digest: str
    data: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class RawFile:
    """One file as an entry lists it."""

    path: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class RawItem:
    """One event of an entry."""

    event: str
    #: When it was entered (RFC 3339, UTC).
    time: str
    identity: Identity
    type_id: str
    recurring: bool
    doc_id: str
    category: str
    files: tuple[RawFile, ...]
    refs: tuple[Mapping[str, str], ...]

    @property
    def document(self) -> tuple[str, str, str]:
        """What makes it the same document: type, serial, and the date where the type recurs."""
        day = self.identity.date.isoformat() if self.recurring else ""
        return self.type_id, fold_key(self.identity.serial), day


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One project at one moment."""

    project: str
    folder: Path
    entries: tuple[RawEntry, ...]
    items: tuple[RawItem, ...]
    manifest: bytes | None
    #: Every other file: path relative to the project folder -> size in bytes.
    listing: Mapping[str, int]


def take_snapshot(archive: Path, project: str) -> Snapshot:
    """Read a project under its lock, so that no filing is seen half done; files are hashed later.

    Raises:
        EnvironmentFault: Another process files into it for too long.
        OSError: It cannot be read.
    """
    folder = archive / project
    with _quiet(archive, project):
        listing = {
            path.relative_to(folder).as_posix(): path.lstat().st_size
            for path in sorted(folder.rglob("*"))
            if not path.is_dir() and path.name not in DROPPINGS
        }
        numbers = sorted((int(match[1]), path) for path in listing if (match := _ENTRY.fullmatch(path)))
        entries = tuple(_entry(folder, number, path) for number, path in numbers)
        manifest = (folder / MANIFEST).read_bytes() if MANIFEST in listing else None
    items = tuple(item for entry in entries if entry.data for item in _items(entry.data))
    others = {path: size for path, size in listing.items() if not _ENTRY.fullmatch(path) and path != MANIFEST}
    return Snapshot(project, folder, entries, items, manifest, others)


def _quiet(archive: Path, project: str) -> AbstractContextManager[None]:
    """Return the project's lock; nothing where nobody can file (a read-only copy)."""
    locks = archive / LOCKS
    if not locks.is_dir() or not os.access(locks, os.W_OK):
        return contextlib.nullcontext()
    return lock(locks / f"{project_key(project)}.lock")


def project_names(archive: Path) -> list[str]:
    """Return the names of all project folders."""
    return sorted(path.name for path in archive.iterdir() if path.is_dir() and not path.name.startswith("."))


def stray_files(archive: Path) -> list[str]:
    """Return the files that lie beside the project folders."""
    return sorted(
        path.name
        for path in archive.iterdir()
        if not path.is_dir() and path.name not in {*DROPPINGS, ".gitkeep"}
    )


def interrupted(archive: Path) -> list[str]:
    """Return what filings that did not end left behind."""
    return sorted(path.name for path in (archive / TMP).iterdir()) if (archive / TMP).is_dir() else []


def _entry(folder: Path, number: int, path: str) -> RawEntry:
    content = (folder / path).read_bytes()
    data = None
    with contextlib.suppress(ValueError, KeyError, TypeError, AttributeError, ArchiveRefused):
        parsed = json.loads(content.decode())
        if content.endswith(b"}\n") and isinstance(parsed["seq"], int) and isinstance(parsed["prev"], str):
            _items(parsed)
            data = parsed
    return RawEntry(number, path, sha256_bytes(content), data)


def _items(data: Mapping[str, Any]) -> list[RawItem]:
    return [
        RawItem(
            item["event"],
            str(data["time"]),
            Identity(
                item["identity"]["project"],
                item["identity"]["type_name"],
                item["identity"]["serial"],
                date.fromisoformat(item["identity"]["date"]),
                Version.parse(item["identity"]["version"]),
            ),
            item["identity"]["type"],
            item["identity"]["recurring"],
            item["identity"]["doc_id"],
            item["category"],
            tuple(RawFile(file["path"], file["size"], file["sha256"]) for file in item["files"]),
            tuple(item["facts"]["refs"]),
        )
        for item in data["items"]
    ]


def canonical_place(item: RawItem, path: str) -> str:
    """Return where a file of this item belongs: the same extension, the folder and name of its identity."""
    name = path.rpartition("/")[2]
    ext = RECORD_EXT if name.endswith("." + RECORD_EXT) else name.rpartition(".")[2]
    return f"{item.category}/{item.identity.stem}.{ext}"


def is_canonical(name: str) -> bool:
    """Whether a file name reads as one of ours, for whatever type."""
    stem, ext = (name[: -len(RECORD_EXT) - 1], RECORD_EXT)
    if not name.endswith("." + RECORD_EXT):
        stem, _, ext = name.rpartition(".")
    try:
        project, token, day, version = stem.rsplit("_", 3)
        head, hyphen, tail = token.rpartition("-")
        type_name, serial = (head, tail) if hyphen and SERIAL.fullmatch(tail) else (token, "")
        identity = Identity(project, type_name, serial, date.fromisoformat(day), Version.parse(version))
        return identity.filename(ext) == name
    except (ValueError, ArchiveRefused):
        return False
