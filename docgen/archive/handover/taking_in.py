"""A checked project, taken into the archive: as a new one, or bringing one forward that lags behind."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from docgen.archive.entries import Entry, Event, Head
from docgen.archive.handover.adopting import Adopted, adopt
from docgen.archive.handover.incoming import Incoming, space_fault
from docgen.archive.journal import Journal
from docgen.archive.layout import entry_path
from docgen.archive.store import Archive
from docgen.base.errors import ArchiveRefused
from docgen.base.messages import Message

#: Decides on the new entries of a project.
Allow = Callable[[str, Sequence[Entry]], None]


class Change(StrEnum):
    """What an import did to the archive."""

    NEW = "new"
    FORWARD = "forward"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What came of an import.

    Attributes:
        change: What was done.
        before: The journal's head before it.
        head: And after it.
    """

    change: Change
    before: Head
    head: Head


def take_in(archive: Archive, incoming: Incoming, allow: Allow = lambda _project, _new: None) -> TakenIn:
    """Bring a project into the archive: the same files, entries and manifest.

    Cut short, the project ends at one of its entries; running it again goes on from there.

    Args:
        archive: The archive.
        incoming: The project.
        allow: Is told, under the project's lock, its name and the entries that are new here; refuses by
            raising `ArchiveRefused`.

    Raises:
        ArchiveRefused: The project exists with another journal, or ``allow`` refuses; nothing has changed.
        EnvironmentFault: Disk, permission, lock; the project is as it was, or a part of the way forward.
    """
    found = Head()

    def choose(project: str, head: Head) -> Adopted:
        nonlocal found
        found = head
        _check_same(archive, incoming, project, head)
        allow(project, [entry for entry, _ in incoming.entries[head.seq :]])
        return _what_is_new(archive, incoming, head)

    after = adopt(archive, incoming.project, choose)
    change = Change.UNCHANGED if after == found else Change.FORWARD if found.seq else Change.NEW
    return TakenIn(change, found, after)


def _check_same(archive: Archive, incoming: Incoming, project: str, head: Head) -> None:
    """Refuse another journal: entries that both have must be the same."""
    if project != incoming.project:
        raise _another(incoming.project, f"项目名称写作 {project}", f"here it is spelled {project}")
    journal = Journal(archive.folder / project)
    common = min(head.seq, incoming.head.seq)
    if common and journal.read(common)[1] != incoming.entries[common - 1][1]:
        first = next(
            number
            for number in range(1, common + 1)
            if journal.read(number)[1] != incoming.entries[number - 1][1]
        )
        raise _another(project, f"自第 {first} 条日志起不同", f"they differ from entry {first} on")


def _what_is_new(archive: Archive, incoming: Incoming, head: Head) -> Adopted:
    new = incoming.entries[head.seq :]
    brought = {
        file.path
        for entry, _ in new
        for item in entry.items
        if item.event in (Event.FILED, Event.ADDED)
        for file in item.files
    }
    paths = sorted(brought & incoming.files.keys())
    needed = sum((incoming.folder / path).stat().st_size for path in paths)
    if needed > shutil.disk_usage(archive.folder).free:
        raise space_fault(incoming.folder)
    return Adopted(
        [(path, incoming.folder / path, incoming.files[path]) for path in paths],
        [
            (path, incoming.folder / path, at.digest)
            for path, at in ((entry_path(at.seq), at) for _, at in new)
        ],
    )


def _another(project: str, zh: str, en: str) -> ArchiveRefused:
    return ArchiveRefused(
        Message(
            f"档案中已有同名项目，日志不同（{zh}）；档案未作任何改动",
            f"the archive has a project of that name with another journal ({en}); nothing was changed",
        ),
        where=project,
        hint=Message(
            "导入到另一个工作区，或先与移交方核对两边的日志末端（docgen verify）",
            "import it into another workspace, or compare the journals' heads first (docgen verify)",
        ),
    )
