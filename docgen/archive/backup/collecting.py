"""What of a workspace is backed up: archive, state, project cards, own templates, settings."""

from __future__ import annotations

import contextlib
import sqlite3
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from docgen.archive.checks.manifest import filed_files
from docgen.archive.checks.snapshot import project_names, stray_files, take_snapshot
from docgen.archive.entries import Head
from docgen.archive.handover.refusals import about
from docgen.archive.handover.tree import unsafe_path, walk
from docgen.archive.layout import MANIFEST
from docgen.archive.legal import printable
from docgen.base.messages import Message
from docgen.base.workspace import SETTINGS_FILE, Workspace

_SQLITE = b"SQLite format 3\0"
#: What beside a database belongs to it while it is open, and locks.
_PASSING = ("-wal", "-shm", "-journal", ".lock")


@dataclass(frozen=True, slots=True)
class Saved:
    """One file to be backed up.

    Attributes:
        path: Its place in the workspace, with `/`.
        content: Where it is, or its bytes.
        sha256: What it must be, as the journal says; empty where nothing says so.
    """

    path: str
    content: Path | bytes
    sha256: str = ""


@dataclass
class Collection:
    """Everything that is backed up, what could not be, and the head of every journal."""

    files: list[Saved] = field(default_factory=list)
    problems: list[Message] = field(default_factory=list)
    heads: dict[str, Head] = field(default_factory=dict)


def collect(workspace: Workspace) -> Collection:
    """Return what a backup of ``workspace`` holds, each project as it is at one moment.

    Raises:
        EnvironmentFault: A project is locked for too long.
        OSError: Something cannot be read.
    """
    found = Collection()
    archive = workspace.archive
    for project in project_names(archive) if archive.is_dir() else []:
        _collect_project(found, archive, project)
    for name in stray_files(archive) if archive.is_dir() else []:
        if stat.S_ISREG((archive / name).lstat().st_mode):
            _add(found, Saved(f"archive/{name}", archive / name))
        else:
            found.problems.append(_irregular(f"archive/{name}"))
    for folder in (workspace.state, workspace.projects, workspace.templates):
        _collect_folder(found, workspace.root, folder)
    for name in sorted({SETTINGS_FILE, workspace.settings.holidays, "synonyms.yaml"}):
        if (workspace.root / name).is_file() and not unsafe_path(name):
            found.files.append(Saved(name, workspace.root / name))
    return found


def _collect_project(found: Collection, archive: Path, project: str) -> None:
    snapshot = take_snapshot(archive, project)
    filed = {path: file.sha256 for path, file in filed_files(snapshot).items()}
    known = {**filed, **{entry.path: entry.digest for entry in snapshot.entries}}
    start = f"archive/{project}"
    for path in sorted({*snapshot.listing, *(entry.path for entry in snapshot.entries)}):
        _add(found, Saved(f"{start}/{path}", snapshot.folder / path, known.get(path, "")))
    for path in sorted(filed.keys() - snapshot.listing.keys()):  # an earlier backup may have them
        _add(found, Saved(f"{start}/{path}", snapshot.folder / path, filed[path]))
    for path in snapshot.irregular:
        found.problems.append(_irregular(f"{start}/{path}"))
    for path, reason in snapshot.unreadable.items():
        found.problems.append(
            about(printable(f"{start}/{path}"), f"无法读取（{reason}）", f"cannot be read ({reason})")
        )
    if snapshot.manifest is not None:
        found.files.append(Saved(f"{start}/{MANIFEST}", snapshot.manifest))
    if snapshot.entries:
        found.heads[project] = Head(snapshot.entries[-1].number, snapshot.entries[-1].digest)


def _collect_folder(found: Collection, root: Path, folder: Path) -> None:
    if not folder.is_dir():
        return
    tree = walk(folder)
    found.problems.extend(about(folder.name, one.zh, one.en) for one in tree.faults)
    for path in tree.files:
        if not path.endswith(_PASSING):
            place = folder / path
            content = place if folder.name != "state" else _settled(place)
            _add(found, Saved(place.relative_to(root).as_posix(), content))


def _irregular(path: str) -> Message:
    return about(
        printable(path), "不是普通文件（链接、设备或管道），没有备份", "not a file; it is not backed up"
    )


def _add(found: Collection, saved: Saved) -> None:
    if reason := unsafe_path(saved.path):
        found.problems.append(about(repr(saved.path), reason.zh, reason.en))
    else:
        found.files.append(saved)


def _settled(path: Path) -> Path | bytes:
    """Return a database as one whole file, whoever writes to it meanwhile; any other file as it is."""
    with path.open("rb") as stream:
        if stream.read(len(_SQLITE)) != _SQLITE:
            return path
    with _closing(path) as database, contextlib.closing(sqlite3.connect(":memory:")) as copy:
        database.backup(copy)
        return copy.serialize()


@contextlib.contextmanager
def _closing(path: Path) -> Iterator[sqlite3.Connection]:
    with contextlib.closing(sqlite3.connect(path, timeout=30)) as database:
        yield database
