"""A workspace brought back from a snapshot, every file compared with its digest."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from docgen.archive.backup.snapshots import ABOUT, CONTENT, FORMAT, NAME, content_path
from docgen.archive.digests import sha256_file
from docgen.archive.handover.building import Watch, built
from docgen.archive.handover.lists import read_list
from docgen.archive.handover.refusals import Unsound, about
from docgen.archive.handover.tree import Tree
from docgen.archive.layout import MANIFEST
from docgen.base import files, publishing
from docgen.base.errors import ArchiveRefused
from docgen.base.messages import Message
from docgen.base.system_errors import told


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A snapshot that was read: path in the workspace -> digest, and what `backup.json` says."""

    path: Path
    files: Mapping[str, str]
    about: Mapping[str, Any]

    @property
    def store(self) -> Path:
        """The backup folder."""
        return self.path.parent


def open_snapshot(source: Path) -> Snapshot:
    """Return the snapshot ``source``, or the newest of the backup folder ``source``.

    Raises:
        ArchiveRefused: There is none.
        Unsound: Its list is damaged.
        EnvironmentFault: It cannot be read.
    """
    with told(source):
        path = source if (source / ABOUT).is_file() else _newest(source)
        faults: list[Message] = []
        said = _said(path, faults)
        tree = Tree(path, {MANIFEST: 0}, ())
        if not faults and sha256_file(path / MANIFEST) != said["manifest_sha256"]:
            faults.append(about(MANIFEST, "摘要与 backup.json 不符", "not the digest of backup.json"))
        listed = {} if faults else read_list(tree, MANIFEST, "sha256", faults)
    if faults:
        raise _damaged(path, faults)
    return Snapshot(path, listed, said)


def _newest(source: Path) -> Path:
    names = [path for path in source.iterdir() if NAME.fullmatch(path.name) and (path / ABOUT).is_file()]
    if not names:
        raise ArchiveRefused(
            Message("这里没有备份", "there is no backup here"),
            where=str(source),
            hint=Message(
                "指定 docgen backup 用过的文件夹，或其中一份快照",
                "name the folder that docgen backup wrote to, or one of its snapshots",
            ),
        )
    return max(names, key=lambda path: path.name)


def _said(path: Path, faults: list[Message]) -> dict[str, Any]:
    try:
        said = json.loads((path / ABOUT).read_bytes())
        if said["format"] == FORMAT and isinstance(said["manifest_sha256"], str):
            return dict(said)
    except (ValueError, KeyError, TypeError, RecursionError):
        pass
    faults.append(about(ABOUT, "无法读取", "cannot be read"))
    return {}


def restore(snapshot: Snapshot, final: Path, watch: Watch) -> None:
    """Bring a snapshot back as the new folder ``final``; it gets that name when every file is right.

    Raises:
        ArchiveRefused: ``final`` holds something.
        Unsound: Contents are missing or damaged; all are named, and nothing bears the name ``final``.
        EnvironmentFault: It cannot be written.
    """
    if final.is_dir() and not final.is_symlink() and not any(final.iterdir()):
        with told(final):
            files.remove_tree(final)
    with built(final) as folder:
        faults: list[Message] = []
        for number, (path, digest) in enumerate(sorted(snapshot.files.items()), start=1):
            _bring(snapshot.store, folder / path, path, digest, faults)
            watch(number, len(snapshot.files))
        if faults:
            raise _damaged(snapshot.path, faults)


def _bring(store: Path, target: Path, path: str, digest: str, faults: list[Message]) -> None:
    content = content_path(store, digest)
    if not content.is_file():
        place = f"{CONTENT}/{digest[:2]}/{digest}"
        faults.append(about(path, f"备份中缺少内容 {place}", f"the backup lacks {place}"))
        return
    files.make_folder(target.parent)
    if files.copy_new(content, target) != digest or sha256_file(target) != digest:
        faults.append(about(path, "备份中的内容已损坏", "the backed-up content is damaged"))
    if path.startswith("archive/") and not path.endswith(MANIFEST):
        publishing.protect(target)


def _damaged(path: Path, faults: list[Message]) -> Unsound:
    return Unsound(
        Message("备份不完整，没有恢复", "the backup is not whole; nothing was restored"),
        faults,
        where=str(path),
        hint=Message("改用另一份快照，或另一处备份", "use another snapshot, or a backup in another place"),
    )
