"""The catalogue: what is known about the archive, in SQLite, derived from the journals alone.

It is never replaced as a file: a rebuild empties and fills it in one transaction, so that other processes
go on with the old content until the new one is whole, and a killed rebuild changes nothing. The stamp of
the tables (`PRAGMA user_version`) is written by the same transaction, after the fill.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Row, delete, insert, select

from docgen.archive import bookkeeping, editions, refilling
from docgen.archive.database import CatalogueDamaged, Database, stamp
from docgen.archive.entries import Entry, Head
from docgen.archive.legal import fold_key
from docgen.archive.queries import FiledVersion
from docgen.archive.questions import Questions
from docgen.archive.schema import (
    STAMP,
    files,
    index_queue,
    metadata,
    pending_removals,
    pending_sources,
    projects,
)
from docgen.base.messages import Message

_REBUILD = Message(
    "检查磁盘和权限后运行 docgen rebuild；归档文件不受影响",
    "check disk and permissions, then run docgen rebuild; the archive itself is not affected",
)


@dataclass(frozen=True, slots=True)
class KnownProject:
    """A project as the catalogue knows it: its spelling, its journal's head, its manifest's size."""

    name: str
    head: Head
    manifest_size: int


@dataclass(frozen=True, slots=True)
class PendingSource:
    """A filed source that is perhaps still where it lay."""

    id: int
    project: str
    path: Path
    size: int
    mtime_ns: int
    inbox: Path | None
    sha256: str
    kept: str
    #: It came twice: it is moved to `duplicates/`, not removed.
    aside: bool


@dataclass(frozen=True, slots=True)
class PendingRemoval:
    """A file that a tombstone names and that is perhaps still there (path inside the project folder)."""

    id: int
    project: str
    path: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Pending:
    """What the search index must see (again): versions, and their places in the queue."""

    places: tuple[int, ...]
    versions: tuple[FiledVersion, ...]

    def __bool__(self) -> bool:
        return bool(self.places)


class Catalogue(Questions):
    """The catalogue file `<folder>/catalogue.sqlite`.

    Args:
        folder: The index folder of the workspace; created when missing.

    Raises:
        EnvironmentFault: The file cannot be opened, written, or is locked for a minute.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__(Database(folder / "catalogue.sqlite", mend=_REBUILD))
        try:
            self._make_tables()
        except CatalogueDamaged:
            self.discard()

    def close(self) -> None:
        """Give the file up."""
        self._database.close()

    def discard(self) -> None:
        """Begin anew with an empty file: everything in it can be derived again."""
        self._database.discard()
        self._make_tables()

    def _make_tables(self) -> None:
        with self._database.reading() as connection:
            if stamp(connection) == STAMP:
                return
        with self._database.writing() as connection:
            old = connection.exec_driver_sql(
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
            ).scalars()
            for name in old.all() if stamp(connection) != STAMP else []:
                connection.exec_driver_sql(f'DROP TABLE "{name}"')
            metadata.create_all(connection)

    @property
    def stale(self) -> bool:
        """Whether it was never filled, or by another version of docgen: a rebuild is due."""
        with self._database.reading() as connection:
            return stamp(connection) != STAMP

    # What the archive writes

    def known(self, project: str) -> KnownProject | None:
        """Return what is known about a project, whatever the case and width in which it is written."""
        with self._database.reading() as connection:
            row = connection.execute(select(projects).filter_by(key=fold_key(project))).first()
            return None if row is None else _known(row)

    def known_projects(self) -> dict[str, KnownProject]:
        """Return what is known about every project, by folded name."""
        with self._database.reading() as connection:
            return {row.key: _known(row) for row in connection.execute(select(projects))}

    def apply(
        self,
        project: str,
        entries: Sequence[Entry],
        head: Head,
        manifest_size: int,
        *,
        sources: bool = True,
    ) -> bool:
        """Bring the newest journal entries of one project in, in one transaction.

        Return False, with nothing done, where they do not follow what is known of the project by now: it
        was filled anew from journals that were read before. Entries that it holds already stay as they are.

        Args:
            project: Its name.
            entries: What follows the head that is known; none: only the manifest's size is new.
            head: The last of them.
            manifest_size: Bytes.
            sources: Whether the sources of these entries are still to be removed.
        """
        with self._database.writing() as connection:
            return refilling.go_on(connection, project, entries, head, manifest_size, sources=sources)

    def fill(
        self,
        journals: Iterable[tuple[str, Sequence[Entry], Head, int]],
        *,
        indexed: bool = False,
        own: Sequence[Path] = (),
    ) -> None:
        """Replace everything by what ``journals`` say (project, entries, head, size of the manifest).

        Args:
            journals: Read inside the transaction, so that what was committed before it is not lost.
            indexed: The search index knows all but what is queued now, or came since; else all is queued.
            own: Folders whose sources may still have to be removed. Journals tell of the sources of years,
                of other machines, too: nobody wants those removed today.
        """
        with self._database.writing() as connection:
            refilling.refill(connection, journals, indexed=indexed, own=own)
            connection.exec_driver_sql(f"PRAGMA user_version = {STAMP}")

    def holds(self, project: str, path: str) -> bool:
        """Whether a file (path relative to the project folder) is filed."""
        with self._database.reading() as connection:
            return bookkeeping.holds_path(connection, project, path)

    def misfiled_origins(self) -> list[FiledVersion]:
        """Return the versions that were filed again elsewhere, but are not withdrawn yet."""
        with self._database.reading() as connection:
            return bookkeeping.misfiled_origins(connection)

    def pending_sources(self, project: str = "", kept: Sequence[str] = ()) -> list[PendingSource]:
        """Return the filed sources that are perhaps still where they lay (of some files of one project)."""
        query = select(pending_sources, projects.c.name).join(projects)
        if project:
            here = pending_sources.c.project_key == fold_key(project)
            query = query.where(here, pending_sources.c.kept.in_(kept))
        with self._database.reading() as connection:
            return [
                PendingSource(
                    row.id,
                    row.name,
                    Path(row.path),
                    row.size,
                    row.mtime_ns,
                    Path(row.inbox) if row.inbox else None,
                    row.sha256,
                    row.kept,
                    row.aside,
                )
                for row in connection.execute(query)
            ]

    def finished(self, source_ids: Sequence[int]) -> None:
        """Forget sources that are no longer where they lay."""
        with self._database.writing() as connection:
            connection.execute(delete(pending_sources).where(pending_sources.c.id.in_(source_ids)))

    def pending_removals(self, project: str = "") -> list[PendingRemoval]:
        """Return the files that tombstones (of one project) name and that are perhaps still there."""
        query = select(pending_removals, projects.c.name).join(projects)
        if project:
            query = query.where(pending_removals.c.project_key == fold_key(project))
        with self._database.reading() as connection:
            rows = connection.execute(query.order_by(pending_removals.c.id))
            return [PendingRemoval(row.id, row.name, row.path, row.sha256) for row in rows]

    def removed(self, removal_ids: Sequence[int]) -> None:
        """Forget files that are no longer there."""
        with self._database.writing() as connection:
            connection.execute(delete(pending_removals).where(pending_removals.c.id.in_(removal_ids)))

    # What must be indexed

    def to_index(self, limit: int = 1000) -> Pending:
        """Return versions whose text the search index must see (again); withdrawn ones leave it.

        ``limit``: places of the queue that are taken at most; -1: all.
        """
        with self._database.reading() as connection:
            query = select(index_queue).order_by(index_queue.c.id).limit(limit)
            rows = connection.execute(query).all()
            ids = list(dict.fromkeys(row.version_id for row in rows))
            return Pending(tuple(row.id for row in rows), tuple(editions.versions_by_id(connection, ids)))

    def indexed(self, pending: Pending) -> bool:
        """Note that the index has seen what was pending; what was queued since stays.

        A version that has changed since it was read is queued again: another process may have brought the
        newer standing into the index before this one wrote the older.

        Returns:
            Whether any was.
        """
        with self._database.writing() as connection:
            # a rebuild gives new ids: what is another version now says nothing
            read = {(one.id, one.project, one.stem): one for one in pending.versions}
            known = editions.versions_by_id(connection, [one.id for one in pending.versions])
            changed = [one.id for one in known if read.get((one.id, one.project, one.stem), one) != one]
            for start in range(0, len(pending.places), 500):
                places = pending.places[start : start + 500]
                connection.execute(delete(index_queue).where(index_queue.c.id.in_(places)))
            if changed:
                connection.execute(insert(index_queue), [{"version_id": one} for one in changed])
        return bool(changed)

    def index_again(self, sha256: str) -> None:
        """Queue the versions that hold a file for the index: more is known of its text."""
        holding = select(files.c.version_id).where(files.c.sha256 == sha256)
        with self._database.writing() as connection:
            connection.execute(insert(index_queue).from_select(["version_id"], holding))


def _known(row: Row[Any]) -> KnownProject:
    return KnownProject(row.name, Head(row.head_seq, row.head_digest), row.manifest_size)
