"""What can be asked of the catalogue."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    and_,
    bindparam,
    func,
    insert,
    literal,
    or_,
    select,
    tuple_,
    union_all,
)

from docgen.archive.entries import Head
from docgen.archive.identity import Identity
from docgen.archive.legal import fold_key
from docgen.archive.parcel import Facts
from docgen.archive.schema import documents, files, index_queue, projects, refs, versions
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
    #: Newest version of its document that is not withdrawn.
    current: bool
    withdrawn: bool
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


def _versions() -> Select[Any]:
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


_NEWEST_FIRST = (versions.c.major.desc(), versions.c.minor.desc())


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
    if not wanted.all_versions:
        conditions.append(or_(versions.c.current, versions.c.withdrawn))
    order = (projects.c.name, versions.c.category, versions.c.type_name, versions.c.date, documents.c.serial)
    return _load(connection, _versions().where(*conditions).order_by(*order, *_NEWEST_FIRST))


def find_versions(connection: Connection, text: str, *, project: str = "") -> list[FiledVersion]:
    """Return what ``text`` names: a document's number, a canonical name, a path, else a part of a name.

    A number gives the newest version of each document that has it; a name or path gives that version; a part
    gives the newest version of each document whose name holds it. Withdrawn versions answer to their exact
    name or path only. The first of these ways that finds something decides.
    """
    name = text.strip().replace("\\", "/").rpartition("/")[2]
    key = fold_key(name)
    inside = [projects.c.key == fold_key(project)] if project else []
    ways: list[ColumnElement[bool]] = [
        and_(documents.c.doc_id_key == fold_key(text.strip()), versions.c.current),
        versions.c.stem_key == key,
        versions.c.stem_key == _stem_key(key),
        and_(versions.c.stem_key.contains(key, autoescape=True), versions.c.current),
        and_(documents.c.doc_id_key.contains(fold_key(text.strip()), autoescape=True), versions.c.current),
    ]
    for way in ways if key else []:
        query = _versions().where(way, *inside).order_by(projects.c.name, versions.c.stem)
        if found := _load(connection, query):
            return found
    return []


#: Documents by number, and versions by the stem of a file name, as a link names them.
_NAMED_COLUMNS = (
    *(documents.c.type_id, documents.c.doc_id, documents.c.doc_id_key),
    *(versions.c.stem_key, versions.c.major, versions.c.minor),
)
_OF_PROJECT = documents.c.project_key == bindparam("project")
_BY_NUMBER = (
    select(*_NAMED_COLUMNS, literal("").label("path"), literal(True).label("by_number"))
    .join(versions, versions.c.document_id == documents.c.id)
    .where(_OF_PROJECT, documents.c.doc_id_key.in_(bindparam("keys", expanding=True)), versions.c.current)
)
_BY_STEM = (
    select(*_NAMED_COLUMNS, func.coalesce(files.c.path, ""), literal(False))
    .join(versions, versions.c.document_id == documents.c.id)
    .outerjoin(files, files.c.version_id == versions.c.id)
    .where(_OF_PROJECT, versions.c.stem_key.in_(bindparam("stems", expanding=True)))
)
_NAMED = union_all(_BY_NUMBER, _BY_STEM)


def named(connection: Connection, project: str, texts: Sequence[str]) -> list[list[Ref]]:
    """Return what each of ``texts`` names in a project, wholly: a number, canonical name or file name.

    A number gives the newest version of each document that has it. The first of these ways that finds
    something decides.
    """
    keys = [fold_key(text) for text in texts]
    stems = {*keys, *map(_stem_key, keys)}
    asked = {"project": fold_key(project), "keys": keys, "stems": sorted(stems)}
    rows = connection.execute(_NAMED, asked).all()
    return [_named(text, key, rows) for text, key in zip(texts, keys, strict=True)]


def _named(text: str, key: str, rows: Sequence[Row[Any]]) -> list[Ref]:
    ways = (
        [row for row in rows if row.by_number and row.doc_id_key == key],
        [row for row in rows if not row.by_number and row.stem_key == key],
        [row for row in rows if fold_key(row.path.rpartition("/")[2]) == key],
    )
    meant = next(filter(None, ways), [])
    refs = (Ref(text, row.type_id, row.doc_id, str(Version(row.major, row.minor))) for row in meant)
    return list(dict.fromkeys(refs))


def _stem_key(name_key: str) -> str:
    """Return the stem of a folded file name."""
    if name_key.endswith(".record.json"):
        return name_key.removesuffix(".record.json")
    return name_key.rpartition(".")[0]


def document_versions(connection: Connection, document_id: int) -> list[FiledVersion]:
    """Return all versions of a document, newest first, withdrawn ones included."""
    query = _versions().where(versions.c.document_id == document_id).order_by(*_NEWEST_FIRST)
    return _load(connection, query)


def versions_by_id(connection: Connection, ids: Sequence[int]) -> list[FiledVersion]:
    """Return the versions with these ids, in the order of the ids."""
    found = {one.id: one for one in _load(connection, _versions().where(versions.c.id.in_(ids)))}
    return [found[one] for one in ids if one in found]


def document_of(
    connection: Connection, project: str, type_id: str, serial: str, date_key: str
) -> list[FiledVersion]:
    """Return all versions of the document with this identity, newest first; empty when there is none."""
    query = _versions().where(
        documents.c.project_key == fold_key(project),
        documents.c.type_id == type_id,
        documents.c.serial_key == fold_key(serial),
        documents.c.date_key == date_key,
    )
    return _load(connection, query.order_by(*_NEWEST_FIRST))


def numbered(
    connection: Connection, project: str, type_id: str, date_key: str, doc_id: str
) -> list[FiledVersion]:
    """Return all versions of the document of this project, type (and date) with this number, newest first."""
    query = _versions().where(
        documents.c.doc_id_key == fold_key(doc_id),
        documents.c.project_key == fold_key(project),
        documents.c.type_id == type_id,
        documents.c.date_key == date_key,
    )
    return _load(connection, query.order_by(*_NEWEST_FIRST))


def taken_serials(connection: Connection, project: str, type_id: str, date_key: str) -> set[str]:
    """Return the serials, folded, that the documents of this project, type (and date) have."""
    query = select(documents.c.serial_key).where(
        documents.c.project_key == fold_key(project),
        documents.c.type_id == type_id,
        documents.c.date_key == date_key,
    )
    return set(connection.execute(query).scalars())


def documents_of(
    connection: Connection, project: str, keys: Sequence[DocumentKey]
) -> dict[DocumentKey, list[FiledVersion]]:
    """Return the versions, newest first, of the documents of a project with these keys."""
    found: dict[DocumentKey, list[FiledVersion]] = {}
    columns = tuple_(documents.c.type_id, documents.c.serial_key, documents.c.date_key)
    query = _versions().where(documents.c.project_key == fold_key(project), columns.in_(keys))
    for one in _load(connection, query.order_by(*_NEWEST_FIRST)):
        day = one.date.isoformat() if one.recurring else ""
        found.setdefault((one.type_id, fold_key(one.serial), day), []).append(one)
    return found


def holders_of(connection: Connection, digests: Sequence[str]) -> dict[str, list[FiledVersion]]:
    """Return by digest the versions that hold such a file and are not withdrawn."""
    found: dict[str, list[FiledVersion]] = {digest: [] for digest in digests}
    for one in versions_with_digests(connection, digests):
        for digest in {file.sha256 for file in one.files if file.sha256 in found}:
            found[digest].append(one)
    return found


def numbered_anywhere(connection: Connection, keys: Sequence[str]) -> dict[str, list[FiledVersion]]:
    """Return by folded number the current version of every document, in any project, that has it."""
    found: dict[str, list[FiledVersion]] = {key: [] for key in keys}
    query = _versions().where(documents.c.doc_id_key.in_(keys), versions.c.current)
    for one in _load(connection, query.order_by(versions.c.id)):
        found[fold_key(one.doc_id)].append(one)
    return found


def versions_with_digests(connection: Connection, digests: Sequence[str]) -> list[FiledVersion]:
    """Return the versions that hold one of these files and are not withdrawn."""
    holding = select(files.c.version_id).where(files.c.sha256.in_(digests))
    query = _versions().where(versions.c.id.in_(holding), versions.c.withdrawn.is_(False))
    return _load(connection, query.order_by(versions.c.id))


def versions_with_doc_id(connection: Connection, doc_id: str) -> list[FiledVersion]:
    """Return the current version of every document, in any project, that has this number."""
    query = _versions().where(documents.c.doc_id_key == fold_key(doc_id), versions.c.current)
    return _load(connection, query.order_by(versions.c.id))


def next_doc_id(connection: Connection, project: str, code: str, no: str) -> str:
    """Return the next free number `<code>-<no>-<0001>` of a project (a fifth digit after 9999)."""
    start = f"{code}-{no}-"
    width, last = 4, _last_number(connection, project, start, 4)
    while last == 10**width - 1:
        width, last = width + 1, max(last, _last_number(connection, project, start, width + 1))
    return f"{start}{last + 1:04d}"


def _last_number(connection: Connection, project: str, start: str, width: int) -> int:
    key = fold_key(start)
    query = select(documents.c.doc_id_key).where(
        documents.c.project_key == fold_key(project),
        documents.c.doc_id_key.between(key + "0" * width, key + "9" * width),
        func.length(documents.c.doc_id_key) == len(key) + width,
    )
    tails = (
        row.doc_id_key[len(key) :]
        for row in connection.execute(query.order_by(documents.c.doc_id_key.desc()))
    )
    return next((int(tail) for tail in tails if tail.isascii() and tail.isdigit()), 0)


def holds_path(connection: Connection, project: str, path: str) -> bool:
    """Whether an entry of the project lists this file (path relative to the project folder)."""
    query = (
        select(files.c.id)
        .join(versions, files.c.version_id == versions.c.id)
        .join(documents, versions.c.document_id == documents.c.id)
        .where(
            documents.c.project_key == fold_key(project),
            versions.c.stem_key == _stem_key(fold_key(path.rpartition("/")[2])),
            files.c.path == path,
        )
    )
    return connection.execute(query).first() is not None


def misfiled_origins(connection: Connection) -> list[FiledVersion]:
    """Return the versions that were filed again elsewhere, but are not withdrawn yet."""
    query = select(versions.c.refiled_from).where(versions.c.refiled_from != "")
    origins = []
    for origin in connection.execute(query).scalars().all():
        project, _, path = origin.partition("/")
        stem = versions.c.stem_key == _stem_key(fold_key(path.rpartition("/")[2]))
        here = and_(stem, documents.c.project_key == fold_key(project), versions.c.withdrawn.is_(False))
        origins.extend(_load(connection, _versions().where(here)))
    return origins


def queued(connection: Connection) -> list[tuple[str, str]]:
    """Return project and stem, both folded, of every version that waits to be indexed."""
    query = (
        select(documents.c.project_key, versions.c.stem_key)
        .join(versions, versions.c.document_id == documents.c.id)
        .where(versions.c.id.in_(select(index_queue.c.version_id)))
    )
    return [(row.project_key, row.stem_key) for row in connection.execute(query)]


def queue_again(connection: Connection, names: Sequence[tuple[str, str]]) -> None:
    """Queue versions by project and stem, as `queued` gave them; what is no longer there is left out."""
    for project_key, stem_key in names:
        found = (
            select(versions.c.id)
            .join(documents, versions.c.document_id == documents.c.id)
            .where(documents.c.project_key == project_key, versions.c.stem_key == stem_key)
        )
        connection.execute(insert(index_queue).from_select(["version_id"], found))


def project_heads(connection: Connection) -> dict[str, Head]:
    """Return the last journal entry of every project, as far as the catalogue knows it."""
    rows = connection.execute(select(projects).order_by(projects.c.name))
    return {row.name: Head(row.head_seq, row.head_digest) for row in rows}


def count_versions(connection: Connection) -> int:
    """Return how many versions are filed."""
    return connection.execute(select(func.count()).select_from(versions)).scalar_one()


def _load(connection: Connection, query: Select[Any]) -> list[FiledVersion]:
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
    plain = {
        key: value for key, value in row._mapping.items() if key not in ("major", "minor", "date", "stem_key")
    }
    return FiledVersion(
        **plain,
        date=date.fromisoformat(row.date),
        version=Version(row.major, row.minor),
        files=tuple(
            FiledFile(f"{row.project}/{file.path}", file.ext, file.size, file.sha256, file.original_name)
            for file in held
        ),
        refs=tuple(Ref(ref.text, ref.type_id, ref.doc_id, ref.version) for ref in linked),
    )
