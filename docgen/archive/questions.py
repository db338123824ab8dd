"""The questions that the catalogue answers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from docgen.archive import bookkeeping, editions, meanings, queries
from docgen.archive.database import Database
from docgen.archive.entries import Head
from docgen.archive.legal import fold_key
from docgen.archive.queries import DocumentKey, FiledVersion, Filter
from docgen.archive.versions import Version, next_version
from docgen.forms.types import DocType
from docgen.forms.values import Ref


class Questions:
    """What can be asked of the catalogue; none of it changes anything."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def versions(self, wanted: Filter = Filter()) -> list[FiledVersion]:  # noqa: B008 - frozen
        """Return the versions that ``wanted`` shows; by default the newest of every document."""
        with self._database.reading() as connection:
            return queries.list_versions(connection, wanted)

    def find(self, text: str, *, project: str = "") -> list[FiledVersion]:
        """Return what a number, canonical name, path or part of a name means (`meanings.find_versions`)."""
        with self._database.reading() as connection:
            return meanings.find_versions(connection, text, project=project)

    def named(self, project: str, texts: Sequence[str]) -> list[list[Ref]]:
        """Return the documents of a project that each of ``texts`` names wholly (`meanings.named`)."""
        with self._database.reading() as connection:
            return meanings.named(connection, project, texts)

    def versions_of(self, document_id: int) -> list[FiledVersion]:
        """Return all versions of a document, newest first, withdrawn ones included."""
        with self._database.reading() as connection:
            return editions.document_versions(connection, document_id)

    def same_document(self, version: FiledVersion) -> list[FiledVersion]:
        """Return all versions of the document that ``version`` belongs to, newest first, as they are now."""
        day_key = version.date.isoformat() if version.recurring else ""
        with self._database.reading() as connection:
            return editions.document_of(connection, version.project, version.type_id, version.serial, day_key)

    def document(self, doc_type: DocType, project: str, day: date, serial: str = "") -> list[FiledVersion]:
        """Return all versions of the document with this identity, newest first; empty when there is none."""
        day_key = day.isoformat() if doc_type.recurring else ""
        with self._database.reading() as connection:
            return editions.document_of(connection, project, doc_type.id, serial, day_key)

    def numbered(self, doc_type: DocType, project: str, day: date, doc_id: str) -> list[FiledVersion]:
        """Return all versions of the document of this type (and date) that has this number, newest first."""
        day_key = day.isoformat() if doc_type.recurring else ""
        with self._database.reading() as connection:
            return editions.numbered(connection, project, doc_type.id, day_key, doc_id)

    def came_as(self, doc_type: DocType, project: str, start: str) -> list[FiledVersion]:
        """Return the newest versions whose files came under names with this start (`editions.came_as`)."""
        with self._database.reading() as connection:
            return editions.came_as(connection, project, doc_type.id, start)

    def taken_serials(self, doc_type: DocType, project: str, day: date) -> set[str]:
        """Return the serials, folded, of the documents of this project and type (and date)."""
        day_key = day.isoformat() if doc_type.recurring else ""
        with self._database.reading() as connection:
            return editions.taken_serials(connection, project, doc_type.id, day_key)

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
                editions.documents_of(connection, project, keys),
                editions.holders_of(connection, digests),
                editions.numbered_anywhere(connection, numbers),
            )

    def holding(self, sha256: str) -> list[FiledVersion]:
        """Return the versions that hold this content and are not withdrawn."""
        with self._database.reading() as connection:
            return editions.versions_with_digests(connection, [sha256])

    def with_doc_id(self, doc_id: str) -> list[FiledVersion]:
        """Return the newest version of every document, in any project, that has this number."""
        with self._database.reading() as connection:
            return editions.versions_with_doc_id(connection, doc_id)

    def numbers_filed(self, numbers: Iterable[str]) -> frozenset[str]:
        """Return those of ``numbers`` (folded) that some document of some project has."""
        with self._database.reading() as connection:
            return editions.numbers_filed(connection, sorted(set(map(fold_key, numbers))))

    def next_version(
        self, doc_type: DocType, project: str, day: date, serial: str = "", *, major: bool = False
    ) -> Version:
        """Return the version that the next edition of a document gets."""
        taken = [one.version for one in self.document(doc_type, project, day, serial)]
        return next_version(taken, major=major)

    def next_doc_id(self, doc_type: DocType, project: str, code: str = "") -> str:
        """Return the next number `<project code or name>-<catalogue no.>-<0001>`."""
        with self._database.reading() as connection:
            return editions.next_doc_id(connection, project, code or project, doc_type.no)

    def heads(self) -> dict[str, Head]:
        """Return the last journal entry of every project, as far as it is known here."""
        with self._database.reading() as connection:
            return bookkeeping.project_heads(connection)

    def __len__(self) -> int:
        with self._database.reading() as connection:
            return bookkeeping.count_versions(connection)
