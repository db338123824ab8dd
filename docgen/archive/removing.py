"""Removing documents after their retention: the journal keeps what they were, the files go.

The entry (a tombstone for each version) is the commit; then manifest and catalogue, then the files. What a
crash leaves is in the catalogue's list of removals, which is derived from the tombstones; recovery does it.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from dataclasses import replace

from docgen.archive.catalogue import PendingRemoval
from docgen.archive.commits import Commits
from docgen.archive.digests import sha256_file
from docgen.archive.entries import Event, FileFact, Item
from docgen.archive.filed import Filed, event_item
from docgen.archive.queries import FiledVersion
from docgen.base import files
from docgen.base.errors import EnvironmentFault
from docgen.base.messages import Message


def remove(
    commits: Commits,
    version: FiledVersion,
    allow: Callable[[Sequence[FiledVersion]], Message],
    *,
    actor: str,
) -> list[Filed]:
    """Remove all files of the document of ``version``; return what became of each version.

    Args:
        commits: Of the archive.
        version: Any version of the document.
        allow: Is told, under the project's lock, the versions that have files; returns why they may go
            (recorded), or raises `ArchiveRefused`.
        actor: As for `Archive.file`.

    Raises:
        ArchiveRefused: ``allow`` does not allow it; nothing has changed.
        EnvironmentFault: Disk, permission, lock: before the commit nothing has changed, after it recovery
            removes what is left.
    """

    def tombstones(there: Sequence[FiledVersion]) -> list[Item]:
        note = allow(there)
        return [_tombstone(one, note) for one in there]

    removed = commits.tell(version, tombstones, actor=actor)
    left = finish_removals(commits, version.project)
    return [replace(one, warnings=(*one.warnings, *left)) for one in removed]


def _tombstone(version: FiledVersion, note: Message) -> Item:
    facts = (
        FileFact(one.path.partition("/")[2], one.size, one.sha256, one.original_name) for one in version.files
    )
    return replace(event_item(Event.TOMBSTONE, version, [note]), files=tuple(facts))


def finish_removals(commits: Commits, project: str = "") -> tuple[Message, ...]:
    """Remove what tombstones (of one project) name and is still there; return warnings about what stays.

    A file with other bytes than the tombstone says is not ours and stays; `verify` tells of it.
    """
    pending = commits.catalogue.pending_removals(project)
    if not pending:
        return ()
    stay = {one.id: _remove(commits, one) for one in pending}
    gone = [number for number, message in stay.items() if message is None]
    with contextlib.suppress(OSError, EnvironmentFault):  # the next recovery finds them gone
        files.step(commits.catalogue.removed, gone)
    return tuple(message for message in stay.values() if message)


def _remove(commits: Commits, pending: PendingRemoval) -> Message | None:
    path = commits.folder / pending.project / pending.path
    try:
        held = commits.catalogue.holds(pending.project, pending.path)
        if not held and path.is_file() and sha256_file(path) == pending.sha256:
            files.remove(path)
            files.sync_folder(path.parent)
    except OSError as error:
        reason = error.strerror or str(error)
        return Message(
            f"已记为移除，但文件暂时删不掉（{reason}）；下次运行时再删：{path}",
            f"noted as removed, but the file cannot be deleted now ({reason}); the next run does it: {path}",
        )
    return None
