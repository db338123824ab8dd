"""`manifest-sha256.txt` of a project: derived from the journal, checked by `sha256sum -c` without docgen."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from docgen.archive.entries import Entry, Event, Head
from docgen.archive.layout import MANIFEST, entry_path
from docgen.base import files


def entry_lines(entry: Entry, head: Head) -> str:
    """Return the lines that ``entry`` adds: the files it brought, then the entry itself."""
    facts = [
        f"{file.sha256}  {file.path}\n"
        for item in entry.items
        if item.event in (Event.FILED, Event.ADDED)
        for file in item.files
    ]
    return "".join([*facts, f"{head.digest}  {entry_path(entry.seq)}\n"])


def all_lines(entries: Iterable[tuple[Entry, Head]]) -> str:
    """Return the whole manifest of a journal; files that were removed after their retention are left out."""
    kept: list[str] = []
    for entry, head in entries:
        gone = {file.path for item in entry.items if item.event is Event.TOMBSTONE for file in item.files}
        kept = [line for line in kept if line[66:-1] not in gone]
        kept.extend(entry_lines(entry, head).splitlines(keepends=True))
    return "".join(kept)


def size(project_folder: Path) -> int:
    """Return the size of the manifest in bytes; -1 when there is none."""
    path = project_folder / MANIFEST
    return path.stat().st_size if path.exists() else -1


def append(project_folder: Path, lines: str) -> int:
    """Append ``lines`` in one synced write and return the new size."""
    files.append(project_folder / MANIFEST, lines.encode())
    return size(project_folder)


def rewrite(project_folder: Path, lines: str, room: Path) -> int:
    """Replace the manifest where it is not already what it should be; return its size.

    ``room`` is a folder of our own for the new file until it is whole.
    """
    path = project_folder / MANIFEST
    if not path.exists() or path.read_bytes() != lines.encode():
        files.replace(path, lines.encode(), room)
    return size(project_folder)
