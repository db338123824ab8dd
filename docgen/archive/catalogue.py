"""The catalogue: what is known about the archive, in SQLite, derived from the journals alone.

It is never replaced as a file: a rebuild empties and fills it in one transaction, so that other processes
go on with the old content until the new one is whole, and a killed rebuild changes nothing. The stamp of
the tables (`PRAGMA user_version`) is written by the same transaction, after the fill.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import Row, delete, insert, select

from docgen.archive import queries
from docgen.archive.database import CatalogueDamaged, Database, stamp
from docgen.archive.entries import Entry, Head
from docgen.archive.legal import fold_key
from docgen.archive.queries import DocumentKey, FiledVersion, Filter
from docgen.archive.replay import apply_entry, set_head
from docgen.archive.schema import STAMP, files, index_queue, metadata, pending_sources, projects
from docgen.archive.versions import Version, next_version
from docgen.forms.types import DocType
from docgen.forms.values import Ref


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
class Pending:
    """What the search index must see (again): versions, and their places in the queue."""

    places: tuple[int, ...]
    versions: tuple[FiledVersion, ...]

    def __bool__(self) -> bool:
        return bool(self.places)


class Catalogue:
    """The catalogue file `<folder>/catalogue.sqlite`.

    Args:
        folder: The index folder of the workspace; created when missing.

    Raises:
        EnvironmentFault: The file cannot be opened, written, or is locked for a minute.
    """

    def __init__(self, folder: Path) -> None:
        self._database = Database(folder / "catalogue.sqlite")
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

    def apply(self, project: str, entries: Iterable[Entry], head: Head, manifest_size: int) -> None:
        """Bring the newest journal entries of one project in, in one transaction."""
        with self._database.writing() as connection:
            set_head(connection, project, head, manifest_size)
            for entry in entries:
                apply_entry(connection, project, entry)

    def fill(
        self, journals: Iterable[tuple[str, Iterable[Entry], Head, int]], *, indexed: bool = False
    ) -> None:
        """Replace everything by what ``journals`` say (project, entries, head, size of the manifest).

        ``indexed``: the search index knows all but what is queued now; else everything is queued.
        """
        with self._database.writing() as connection:
            queued = queries.queued(connection) if indexed else []
            for table in reversed(metadata.sorted_tables):
                connection.execute(delete(table))
            for project, entries, head, manifest_size in journals:
                set_head(connection, project, head, manifest_size)
                for entry in entries:
                    apply_entry(connection, project, entry)
            if indexed:
                connection.execute(delete(index_queue))
                queries.queue_again(connection, queued)
            connection.exec_driver_sql(f"PRAGMA user_version = {STAMP}")

    def holds(self, project: str, path: str) -> bool:
        """Whether a file (path relative to the project folder) is filed."""
        with self._database.reading() as connection:
            return queries.holds_path(connection, project, path)

    def misfiled_origins(self) -> list[FiledVersion]:
        """Return the versions that were filed again elsewhere, but are not withdrawn yet."""
        with self._database.reading() as connection:
            return queries.misfiled_origins(connection)

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

    # What must be indexed

    def to_index(self, limit: int = 1000) -> Pending:
        """Return versions whose text the search index must see (again); withdrawn ones leave it.

        ``limit``: places of the queue that are taken at most; -1: all.
        """
        with self._database.reading() as connection:
            query = select(index_queue).order_by(index_queue.c.id).limit(limit)
            rows = connection.execute(query).all()
            ids = list(dict.fromkeys(row.version_id for row in rows))
            return Pending(tuple(row.id for row in rows), tuple(queries.versions_by_id(connection, ids)))

    def indexed(self, pending: Pending) -> None:
        """Note that the index has seen what was pending; what was queued since stays."""
        with self._database.writing() as connection:
            for start in range(0, len(pending.places), 500):
                places = pending.places[start : start + 500]
                connection.execute(delete(index_queue).where(index_queue.c.id.in_(places)))

    def index_again(self, sha256: str) -> None:
        """Queue the versions that hold a file for the index: more is known of its text."""
        holding = select(files.c.version_id).where(files.c.sha256 == sha256)
        with self._database.writing() as connection:
            connection.execute(insert(index_queue).from_select(["version_id"], holding))

    # Questions

    def versions(self, wanted: Filter = Filter()) -> list[FiledVersion]:  # noqa: B008 - frozen
        """Return the versions that ``wanted`` shows; by default the newest of every document."""
        with self._database.reading() as connection:
            return queries.list_versions(connection, wanted)

    def find(self, text: str, *, project: str = "") -> list[FiledVersion]:
        """Return what a number, canonical name, path or part of a name means (`queries.find_versions`)."""
        with self._database.reading() as connection:
            return queries.find_versions(connection, text, project=project)

    def named(self, project: str, texts: Sequence[str]) -> list[list[Ref]]:
        """Return the documents of a project that each of ``texts`` names wholly (`queries.named`)."""
        with self._database.reading() as connection:
            return queries.named(connection, project, texts)

    def versions_of(self, document_id: int) -> list[FiledVersion]:
        """Return all versions of a document, newest first, withdrawn ones included."""
        with self._database.reading() as connection:
            return queries.document_versions(connection, document_id)

    def document(self, doc_type: DocType, project: str, day: date, serial: str = "") -> list[FiledVersion]:
        """Return all versions of the document with this identity, newest first; empty when there is none."""
        day_key = day.isoformat() if doc_type.recurring else ""
        with self._database.reading() as connection:
            return queries.document_of(connection, project, doc_type.id, serial, day_key)

    def numbered(self, doc_type: DocType, project: str, day: date, doc_id: str) -> list[FiledVersion]:
        """Return all versions of the document of this type (and date) that has this number, newest first."""
        day_key = day.isoformat() if doc_type.recurring else ""
        with self._database.reading() as connection:
            return queries.numbered(connection, project, doc_type.id, day_key, doc_id)

    def taken_serials(self, doc_type: DocType, project: str, day: date) -> set[str]:
        """Return the serials, folded, of the documents of this project and type (and date)."""
        day_key = day.isoformat() if doc_type.recurring else ""
        with self._database.reading() as connection:
            return queries.taken_serials(connection, project, doc_type.id, day_key)

    def around(
        self, project: str, keys: Sequence[DocumentKey], digests: Sequence[str], numbers: Sequence[str]
    ) -> tuple[
        dict[DocumentKey, list[FiledVersion]], dict[str, list[FiledVersion]], dict[str, list[FiledVersion]]
    ]:
        """Return what is filed under these documents of a project, digests and numbers, each by its key.

        Args:
            project: The project of the documents.
            keys: Type, folded serial, date (of types whose documents are told apart by it).
            digests: SHA-256 of files, in any project.
            numbers: Folded numbers, in any project.
        """
        with self._database.reading() as connection:
            return (
                queries.documents_of(connection, project, keys),
                queries.holders_of(connection, digests),
                queries.numbered_anywhere(connection, numbers),
            )

    def with_doc_id(self, doc_id: str) -> list[FiledVersion]:
        """Return the newest version of every document, in any project, that has this number."""
        with self._database.reading() as connection:
            return queries.versions_with_doc_id(connection, doc_id)

    def next_version(
        self, doc_type: DocType, project: str, day: date, serial: str = "", *, major: bool = False
    ) -> Version:
        """Return the version that the next edition of a document gets."""
        taken = [one.version for one in self.document(doc_type, project, day, serial)]
        return next_version(taken, major=major)

    def next_doc_id(self, doc_type: DocType, project: str, code: str = "") -> str:
        """Return the next number `<project code or name>-<catalogue no.>-<0001>`."""
        with self._database.reading() as connection:
            return queries.next_doc_id(connection, project, code or project, doc_type.no)

    def heads(self) -> dict[str, Head]:
        """Return the last journal entry of every project, as far as it is known here."""
        with self._database.reading() as connection:
            return queries.project_heads(connection)

    def __len__(self) -> int:
        with self._database.reading() as connection:
            return queries.count_versions(connection)


def _known(row: Row[Any]) -> KnownProject:
    return KnownProject(row.name, Head(row.head_seq, row.head_digest), row.manifest_size)
