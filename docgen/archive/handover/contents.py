"""What of a project is handed over: its filed files, its journal, its manifest, at one moment."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from docgen.archive.checks.manifest import filed_files
from docgen.archive.checks.snapshot import take_snapshot
from docgen.archive.checks.verify import verify
from docgen.archive.entries import Head
from docgen.archive.handover.building import Watch
from docgen.archive.handover.refusals import Unsound, about, errors_among
from docgen.archive.layout import MANIFEST
from docgen.base import files
from docgen.base.messages import Message
from docgen.base.system_errors import told

#: A moment after all filings: `verify` then reads no content, which is read when it is copied.
READ_NOTHING = "9999"


@dataclass(frozen=True, slots=True)
class Contents:
    """A project as it is handed over.

    Attributes:
        project: Its name, as the archive spells it.
        folder: Its folder.
        head: The journal's last entry.
        digests: Path inside the folder -> SHA-256, of filed files and entries.
        manifest: The manifest's bytes.
    """

    project: str
    folder: Path
    head: Head
    digests: Mapping[str, str]
    manifest: bytes


def contents_of(archive: Path, project: str) -> Contents:
    """Return what of ``project`` is handed over.

    Raises:
        Unsound: `verify` finds errors in it; all are named.
        EnvironmentFault: It cannot be read, or is locked for too long.
    """
    with told(archive / project):
        reasons = errors_among(verify(archive, projects=[project], since=READ_NOTHING).findings)
        if reasons:
            raise _damaged(project, reasons)
        snapshot = take_snapshot(archive, project)
    filed = {path: file.sha256 for path, file in filed_files(snapshot).items()}
    entries = {entry.path: entry.digest for entry in snapshot.entries}
    last = snapshot.entries[-1]
    head = Head(last.number, last.digest)
    return Contents(project, snapshot.folder, head, {**filed, **entries}, snapshot.manifest or b"")


def copy_contents(contents: Contents, target: Path, watch: Watch) -> dict[str, tuple[str, str]]:
    """Copy a project into the new folder ``target``; return path -> (SHA-256, SHA-512) of what was copied.

    Raises:
        Unsound: A file is not what the journal says; all such files are named.
        OSError: Something cannot be read or written.
    """
    copied: dict[str, tuple[str, str]] = {}
    reasons: list[Message] = []
    for number, (path, digest) in enumerate(sorted(contents.digests.items()), start=1):
        files.make_folder((target / path).parent)
        long = hashlib.sha512()
        copied[path] = (files.copy_new(contents.folder / path, target / path, long), long.hexdigest())
        if copied[path][0] != digest:
            reasons.append(about(path, "内容与归档时不符", "the content is not what was filed"))
        watch(number, len(contents.digests))
    if reasons:
        raise _damaged(contents.project, reasons)
    files.write_new(target / MANIFEST, contents.manifest)
    copied[MANIFEST] = (
        hashlib.sha256(contents.manifest).hexdigest(),
        hashlib.sha512(contents.manifest).hexdigest(),
    )
    return copied


def _damaged(project: str, reasons: list[Message]) -> Unsound:
    return Unsound(
        Message("项目的档案不完整，不能移交", "the project's archive is not whole; it is not handed over"),
        reasons,
        where=project,
        hint=Message(
            "运行 docgen verify，按其处理办法恢复后再试",
            "run docgen verify, do what it says, then try again",
        ),
    )
