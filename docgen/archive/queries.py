"""Versions as the catalogue knows them, and how they are listed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    or_,
    select,
)

from docgen.archive.groups import Groups
from docgen.archive.identity import Identity
from docgen.archive.legal import fold_key
from docgen.archive.parcel import Facts
from docgen.archive.schema import documents, files, projects, refs, versions
from docgen.archive.versions import Version
from docgen.forms.values import Ref

#: Type, folded serial, date (where the type asks for it): what tells the documents of a project apart.
DocumentKey = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class FiledFile:
    """One file of a version; the path is relative to the archive folder."""

    path: str
    ext: str
    size: int
    sha256: str
    original_name: str


@dataclass(frozen=True, slots=True)
class FiledVersion:
    """One version as the catalogue knows it."""

    id: int
    document_id: int
    project: str
    type_id: str
    type_name: str
    serial: str
    recurring: bool
    doc_id: str
    date: date
    version: Version
    category: str
    stem: str
    #: Newest version of its document that is neither withdrawn nor removed.
    current: bool
    withdrawn: bool
    #: Its files were removed after their retention; what is known of it stays.
    removed: bool
    generated: bool
    edited: bool
    status: str
    confidentiality: str
    retention: str
    change_note: str
    record_digest: str
    template_digest: str
    form_digest: str
    filed_at: str
    filed_by: str
    seq: int
    refiled_from: str
    groups: Groups
    files: tuple[FiledFile, ...]
    refs: tuple[Ref, ...]

    @property
    def identity(self) -> Identity:
        """Project, type, serial, date and version."""
        return Identity(self.project, self.type_name, self.serial, self.date, self.version)

    @property
    def facts(self) -> Facts:
        """What is known about it beside its identity."""
        return Facts(**{one.name: getattr(self, one.name) for one in fields(Facts)})

    @property
    def folder(self) -> str:
        """The category in whose folder its files lie; a corrected category does not move them."""
        return self.files[0].path.split("/")[1] if self.files else self.category

    def file(self, ext: str) -> FiledFile | None:
        """Return the file with this extension, if there is one."""
        return next((file for file in self.files if file.ext == ext), None)


@dataclass(frozen=True, slots=True)
class Filter:
    """Which versions a listing shows; empty fields do not restrict."""

    project: str = ""
    type_id: str = ""
    category: str = ""
    since: date | None = None
    until: date | None = None
    all_versions: bool = False
    withdrawn: bool = False
    removed: bool = False


def select_versions() -> Select[Any]:
    """Return the query for versions with the columns of their project and document."""
    return (
        select(
            versions,
            projects.c.name.label("project"),
            documents.c.type_id,
            documents.c.serial,
            documents.c.recurring,
            documents.c.doc_id,
        )
        .join(documents, versions.c.document_id == documents.c.id)
        .join(projects, documents.c.project_key == projects.c.key)
    )


NEWEST_FIRST = (versions.c.major.desc(), versions.c.minor.desc())


def list_versions(connection: Connection, wanted: Filter) -> list[FiledVersion]:
    """Return the versions that ``wanted`` shows, by project, category, type, date, newest version first."""
    conditions: list[ColumnElement[bool]] = []
    if wanted.project:
        conditions.append(projects.c.key == fold_key(wanted.project))
    if wanted.type_id:
        conditions.append(documents.c.type_id == wanted.type_id)
    if wanted.category:
        conditions.append(versions.c.category == wanted.category)
    if wanted.since:
        conditions.append(versions.c.date >= wanted.since.isoformat())
    if wanted.until:
        conditions.append(versions.c.date <= wanted.until.isoformat())
    if not wanted.withdrawn:
        conditions.append(versions.c.withdrawn.is_(False))
    if not wanted.removed:
        conditions.append(versions.c.removed.is_(False))
    if not wanted.all_versions:
        conditions.append(or_(versions.c.current, versions.c.withdrawn, versions.c.removed))
    order = (projects.c.name, versions.c.category, versions.c.type_name, versions.c.date, documents.c.serial)
    return load(connection, select_versions().where(*conditions).order_by(*order, *NEWEST_FIRST))


def load(connection: Connection, query: Select[Any]) -> list[FiledVersion]:
    """Return the versions that a query made of `select_versions` finds, with files and links."""
    rows = connection.execute(query).all()
    held = _by_version(connection, files, [row.id for row in rows])
    linked = _by_version(connection, refs, [row.id for row in rows])
    return [_version(row, held.get(row.id, []), linked.get(row.id, [])) for row in rows]


def _by_version(connection: Connection, table: Any, ids: Sequence[int]) -> dict[int, list[Row[Any]]]:
    found: dict[int, list[Row[Any]]] = {}
    for start in range(0, len(ids), 500):
        query = select(table).where(table.c.version_id.in_(ids[start : start + 500])).order_by(table.c.id)
        for row in connection.execute(query):
            found.setdefault(row.version_id, []).append(row)
    return found


def _version(row: Row[Any], held: Sequence[Row[Any]], linked: Sequence[Row[Any]]) -> FiledVersion:
    read = ("major", "minor", "date", "stem_key", "groups")
    plain = {key: value for key, value in row._mapping.items() if key not in read}
    return FiledVersion(
        **plain,
        date=date.fromisoformat(row.date),
        version=Version(row.major, row.minor),
        groups=Groups(**json.loads(row.groups)),
        files=tuple(
            FiledFile(f"{row.project}/{file.path}", file.ext, file.size, file.sha256, file.original_name)
            for file in held
        ),
        refs=tuple(Ref(ref.text, ref.type_id, ref.doc_id, ref.version) for ref in linked),
    )
