"""Settling what an interrupted filing left, and deriving the catalogue from the journals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from docgen.archive import manifest
from docgen.archive.catalogue import Catalogue, KnownProject
from docgen.archive.database import CatalogueDamaged
from docgen.archive.entries import Entry, Head
from docgen.archive.identity import project_key
from docgen.archive.journal import Journal, damaged
from docgen.archive.layout import JOURNAL, entry_path
from docgen.archive.legal import fold_key
from docgen.archive.staging import Staging, clear, foreign, leftovers, remove_torn_entry
from docgen.base import files
from docgen.base.errors import ArchiveRefused
from docgen.base.messages import Message

#: Size of a manifest that was not compared with the journal yet.
_UNCHECKED = -2


class Recovery:
    """Brings a project, or everything, to the state that the journals tell. The caller holds the lock."""

    def __init__(self, archive: Path, catalogue: Catalogue, own: Sequence[Path] = ()) -> None:
        self._archive = archive
        self._catalogue = catalogue
        self._own = own

    def settle(self, name: str, key: str) -> tuple[str, Head]:
        """Clear leftovers of a project and bring manifest and catalogue up; return its spelling and head.

        Raises:
            ArchiveRefused: The journal is damaged.
        """
        self.rebuild_if_stale()
        left = leftovers(self._archive, key)
        for leftover in left:
            remove_torn_entry(self._archive, leftover)
        spelling, head = self.catch_up(name, sources=not any(map(foreign, left)))
        for leftover in left:
            clear(self._archive, leftover, self._catalogue.holds)
        return spelling, head

    def behind(self) -> list[str]:
        """Return the projects with leftovers, or whose catalogue or manifest lags behind the journal."""
        keys = {path.name.partition("-")[0] for path in leftovers(self._archive)}
        known = self._catalogue.known_projects()
        return [
            name
            for name in project_folders(self._archive)
            if project_key(name) in keys or self._lags(name, known.get(fold_key(name)))
        ]

    def strays(self) -> list[Path]:
        """Return leftovers of projects that have no folder yet: nothing in them got its name."""
        keys = {project_key(name) for name in project_folders(self._archive)}
        return [path for path in leftovers(self._archive) if path.name.partition("-")[0] not in keys]

    def rebuild_if_stale(self) -> tuple[Message, ...]:
        """Fill a catalogue that is new, or of another version of docgen."""
        return rebuild(self._archive, self._catalogue, self._own) if self._catalogue.stale else ()

    def _lags(self, name: str, known: KnownProject | None) -> bool:
        seq, size = (known.head.seq, known.manifest_size) if known else (0, -1)
        folder = self._archive / name
        return Journal(folder).has(seq + 1) or manifest.size(folder) != size

    def _spelling(self, name: str) -> str:
        """Return the name under which the archive has a project that the catalogue does not know."""
        key = fold_key(name)
        return next((one for one in project_folders(self._archive) if fold_key(one) == key), name)

    def catch_up(self, name: str, *, sources: bool = True) -> tuple[str, Head]:
        """Bring manifest and catalogue up to a project's journal; return its spelling and head.

        Raises:
            ArchiveRefused: The journal is damaged, or the project's folder is a link.
        """
        known = self._catalogue.known(name) or KnownProject(self._spelling(name), Head(), -1)
        folder = self._archive / known.name
        if folder.is_symlink():
            raise damaged(folder, Message("项目文件夹是一个链接", "the project's folder is a link"))
        journal = Journal(folder)
        if known.head.seq and not journal.has(known.head.seq):
            raise damaged(
                folder / entry_path(known.head.seq),
                Message("日志比目录中记录的短", "the journal is shorter than the catalogue says"),
            )
        new = list(journal.after(known.head))
        head = new[-1][1] if new else known.head
        if head.seq and (new or manifest.size(folder) != known.manifest_size):
            files.sync_folder(journal.folder)
            room = Staging(self._archive, project_key(known.name))
            size = manifest.rewrite(folder, manifest.all_lines(journal.after(Head())), room.folder)
            files.remove_tree(room.folder)
            entries = [entry for entry, _ in new]
            if not self._catalogue.apply(known.name, entries, head, size, sources=sources):
                return self.catch_up(name, sources=sources)  # it was filled anew meanwhile
        return known.name, head


def project_folders(archive: Path) -> list[str]:
    """Return the names of all project folders, links not followed; those that begin with a dot are ours."""
    if not archive.is_dir():
        return []
    folders = (path for path in archive.iterdir() if path.is_dir() and not path.is_symlink())
    return sorted(path.name for path in folders if path.name[0] != ".")


def rebuild(
    archive: Path, catalogue: Catalogue, own: Sequence[Path] = (), *, indexed: bool = False
) -> tuple[Message, ...]:
    """Fill the catalogue anew from the journals alone; return warnings about entries that could not be read.

    The old content stays in use until the new one is whole. A journal is read up to its first damaged entry.
    What takes long is read before others have to wait; what was committed meanwhile, in the transaction.

    Args:
        archive: The archive folder.
        catalogue: What is filled.
        own: Inboxes and drafts of this workspace: sources elsewhere are not removed any more.
        indexed: The search index knows all that the catalogue has not queued: do not queue everything.
    """
    problems: list[Message] = []
    read = {name: (entries, head) for name, entries, head, _ in _journals(archive, {}, [])}
    try:
        journals = _journals(archive, read, problems)
        catalogue.fill(journals, indexed=indexed and not catalogue.stale, own=own)
    except CatalogueDamaged:
        catalogue.discard()
        problems.clear()
        catalogue.fill(_journals(archive, read, problems), own=own)
    return tuple(problems)


def _journals(
    archive: Path, read: Mapping[str, tuple[list[Entry], Head]], problems: list[Message]
) -> Iterator[tuple[str, list[Entry], Head, int]]:
    """Yield what the journals say, going on after what was read of them before."""
    for name in project_folders(archive):
        if not (archive / name / JOURNAL).is_dir():
            continue
        entries, head = read.get(name, ([], Head()))
        try:
            for entry, following in Journal(archive / name).after(head):
                entries.append(entry)
                head = following
        except ArchiveRefused as error:
            problems.append(Message(error.text("zh"), error.text("en")))
        yield name, entries, head, _UNCHECKED
