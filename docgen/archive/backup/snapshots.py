"""Snapshots: dated folders that list files by digest; the contents lie beside them, each once.

    <backup folder>/content/ab/abcdef…            contents, by their SHA-256; read-only, never changed
    <backup folder>/2026-11-25T031500Z/           a snapshot
        manifest-sha256.txt                       `<digest>  <path in the workspace>`
        backup.json                               when, by whom, heads of the journals, digest of the list

This needs no hard links, so any drive will do. A snapshot gets its name when all that it lists is there.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from docgen import __version__
from docgen.archive.backup.collecting import Collection, Saved
from docgen.archive.digests import sha256_bytes, sha256_file
from docgen.archive.handover.building import Watch, built, sync_tree
from docgen.archive.handover.lists import write_list
from docgen.archive.handover.refusals import about
from docgen.archive.layout import MANIFEST
from docgen.base import files, publishing
from docgen.base.clock import rfc3339
from docgen.base.errors import EnvironmentFault
from docgen.base.messages import Message
from docgen.base.system_errors import told

FORMAT = 1
CONTENT, ABOUT = "content", "backup.json"
NAME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{6}Z")
_NEW = ".new"


@dataclass
class Backed:
    """What a backup has come to.

    Attributes:
        path: The snapshot.
        files: How many files it lists.
        size: Their bytes.
        copied: How many contents were not there yet.
        problems: What could not be saved, or is not what the journal says.
    """

    path: Path
    files: int = 0
    size: int = 0
    copied: int = 0
    problems: list[Message] = field(default_factory=list)


def content_path(store: Path, digest: str) -> Path:
    """Return where the content with this digest lies."""
    return store / CONTENT / digest[:2] / digest


def write_snapshot(
    store: Path, found: Collection, moment: datetime, said: Mapping[str, object], watch: Watch
) -> Backed:
    """Back up what was collected; contents that are there already are read and, if sound, not copied again.

    Args:
        store: The backup folder; made where it is missing.
        found: What to save.
        moment: Names the snapshot.
        said: Further facts for `backup.json`.
        watch: Is told how far it is.

    Raises:
        ArchiveRefused: There is a snapshot of this second.
        EnvironmentFault: It cannot be written, or reads back differently; no snapshot is named.
    """
    done = Backed(store / moment.astimezone(UTC).strftime("%Y-%m-%dT%H%M%SZ"))
    done.problems += found.problems
    with built(done.path) as folder:
        room = store / CONTENT / _NEW
        if room.is_dir():
            files.remove_tree(room)
        files.make_folder(room)
        listed: dict[str, str] = {}
        for number, saved in enumerate(found.files, start=1):
            if digest := _keep(store, room, saved, done):
                listed[saved.path] = digest
            watch(number, len(found.files))
        files.remove_tree(room)
        sync_tree(store / CONTENT)
        done.files = len(listed)
        data = write_list(listed)
        files.write_new(folder / MANIFEST, data)
        files.write_new(
            folder / ABOUT, _about(found, done, moment, {**said, "manifest_sha256": sha256_bytes(data)})
        )
    return done


def _keep(store: Path, room: Path, saved: Saved, done: Backed) -> str:
    """See to it that a content is in the store; return its digest, or nothing if it is nowhere."""
    if isinstance(saved.content, Path) and saved.sha256 and not saved.content.exists():
        return _kept_before(store, saved, done)
    with told(saved.content if isinstance(saved.content, Path) else store):
        size = saved.content.stat().st_size if isinstance(saved.content, Path) else len(saved.content)
        digest = saved.sha256 or _digest(saved.content)
        if _sound(content_path(store, digest), digest):
            done.size += size
            return digest
    tmp = room / "next"
    if isinstance(saved.content, bytes):
        files.write_new(tmp, saved.content)
        found = digest
    else:
        found = files.copy_new(saved.content, tmp)
    if sha256_file(tmp) != found:
        raise EnvironmentFault(
            Message(
                "写入后读回的内容不一致，磁盘可能有故障", "what was read back differs from what was written"
            ),
            where=str(tmp),
        )
    if saved.sha256 and found != saved.sha256:
        done.problems.append(about(saved.path, "内容与归档时不符", "the content is not what was filed"))
    _publish(tmp, content_path(store, found))
    done.size += size
    done.copied += 1
    return found


def _kept_before(store: Path, saved: Saved, done: Backed) -> str:
    """Return the digest of a filed file that is missing, if an earlier backup has it."""
    content = content_path(store, saved.sha256)
    if not _sound(content, saved.sha256):
        done.problems.append(about(saved.path, "文件不见了", "the file is missing"))
        return ""
    done.size += content.stat().st_size
    done.problems.append(
        about(
            saved.path,
            "文件不见了；这份快照仍含有以前备份的那一份",
            "the file is missing; this snapshot still has what was backed up before",
        )
    )
    return saved.sha256


def _digest(content: Path | bytes) -> str:
    return sha256_bytes(content) if isinstance(content, bytes) else sha256_file(content)


def _sound(path: Path, digest: str) -> bool:
    """Whether a content is there and is what its name says: one that rotted must be written anew."""
    try:
        return path.is_file() and sha256_file(path) == digest
    except OSError:  # a sector that cannot be read
        return False


def _publish(tmp: Path, final: Path) -> None:
    """Give a content its name; what bears it and is something else is damaged, and gives way."""
    files.make_folder(final.parent)
    try:
        publishing.publish(tmp, final)
    except publishing.Taken:
        files.remove(final)
        publishing.publish(tmp, final)


def _about(found: Collection, done: Backed, moment: datetime, said: Mapping[str, object]) -> bytes:
    data = {
        "format": FORMAT,
        "time": rfc3339(moment),
        "docgen": __version__,
        "files": done.files,
        "bytes": done.size,
        "heads": {name: {"seq": head.seq, "digest": head.digest} for name, head in found.heads.items()},
        "problems": [problem.zh for problem in done.problems],
        **said,
    }
    return (json.dumps(data, ensure_ascii=False, indent=1) + "\n").encode()
