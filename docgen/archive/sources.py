"""Removing a source once it is filed, and never anything else; what came twice is set aside, not removed.

The source is first renamed into `.docgen-done/` beside it (or in its inbox); only what then has the digest
of the filed file is removed. A file that took its place meanwhile is put back: it is a new one.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from docgen.archive.aside import set_aside
from docgen.archive.catalogue import PendingSource
from docgen.archive.digests import sha256_bytes, sha256_file
from docgen.archive.layout import DUPLICATES
from docgen.archive.parcel import Source
from docgen.base import files, publishing
from docgen.base.answering import answers
from docgen.base.messages import Message

DONE = ".docgen-done"


def finish_sources(archive: Path, pending: Sequence[PendingSource], day: date) -> dict[int, Message | None]:
    """Remove filed sources, set aside those that came twice; return by id a warning where one must stay.

    Those on a share that does not answer stay, too: nobody is to wait for them.

    Args:
        day: Today, under which duplicates are set aside beside the archive folder.
    """
    silent = {folder for folder in {one.path.parent for one in pending} if not answers(folder)}
    away = [one for one in pending if one.path.parent in silent]
    there = [one for one in pending if one.path.parent not in silent]
    try:
        stay = {one.id: _finish(archive, one, day) for one in there}
        return stay | {one.id: _stays(one, "所在的磁盘没有响应", "its drive does not answer") for one in away}
    finally:
        for folder in {_parked(one).parent for one in there}:
            with contextlib.suppress(OSError):
                files.step(os.rmdir, folder)


def lies_inside(path: Path, archive: Path) -> bool:
    """Whether ``path`` is in the archive folder, by whatever links or mounts one comes there."""
    if not archive.is_dir():
        return False
    return any(folder.samefile(archive) for folder in path.resolve().parents if folder.exists())


def _is_filed(path: Path, kept: Path, archive: Path) -> bool:
    """Whether the source is the filed file itself, or another one in the archive: those are never touched."""
    return path.exists() and (lies_inside(path, archive) or (kept.exists() and path.samefile(kept)))


def _finish(archive: Path, pending: PendingSource, day: date) -> Message | None:
    kept = archive / pending.project / pending.kept
    parked = _parked(pending)
    source = Source(pending.path, pending.size, pending.mtime_ns)
    try:
        if not (parked.exists() or source.unchanged()) or _is_filed(pending.path, kept, archive):
            return None  # gone already, or another file
        if not kept.is_file() or sha256_file(kept) != pending.sha256:
            return _stays(pending, "归档副本核对不符", "the filed copy does not match")
        if pending.aside:
            _set_aside(archive, pending, day)
        else:
            _remove(source, parked, pending)
    except FileNotFoundError as error:
        if not source.unchanged():
            return None  # another process has just finished it
        return _stays(pending, "请再试", str(error))
    except OSError as error:
        return _stays(pending, error.strerror or str(error), error.strerror or str(error))
    return None


def _remove(source: Source, parked: Path, pending: PendingSource) -> None:
    if parked.exists():
        _remove_parked(parked, pending)
    if source.unchanged():
        _park(pending.path, parked)
        _remove_parked(parked, pending)


def _park(path: Path, parked: Path) -> None:
    """Rename a source into the folder for that, which others remove when it is empty."""
    for _ in range(3):
        files.make_folder(parked.parent)
        with contextlib.suppress(FileNotFoundError):
            publishing.move_aside(path, parked)
            return
    publishing.move_aside(path, parked)


def _set_aside(archive: Path, pending: PendingSource, day: date) -> None:
    """Move what came twice to the duplicates; a file that took its place meanwhile is a new one and stays."""
    if sha256_file(pending.path) != pending.sha256:
        return
    kept = f"archive/{pending.project}/{pending.kept}"
    reason = f"内容与已归档的文件完全相同，没有重复归档：{kept}\n来自：{pending.path}"
    set_aside([pending.path], archive.parent / DUPLICATES, day, pending.sha256, reason)


def _parked(pending: PendingSource) -> Path:
    """Return where the source waits between rename and removal: the same name after every crash."""
    folder = (pending.inbox or pending.path.parent) / DONE
    return folder / f"{sha256_bytes(str(pending.path).encode())[:16]}-{pending.sha256[:16]}"


def _remove_parked(parked: Path, pending: PendingSource) -> None:
    if sha256_file(parked) == pending.sha256:
        files.remove(parked)
    else:
        publishing.put_back(parked, pending.path)


def _stays(pending: PendingSource, zh: str, en: str) -> Message:
    return Message(
        f"已归档，但原文件未能移走（{zh}）：{pending.path}",
        f"filed, but the original could not be removed ({en}): {pending.path}",
    )
