"""Documents and their versions, by identity, digest and number."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import (
    Connection,
    exists,
    func,
    select,
    tuple_,
)

from docgen.archive.legal import fold_key
from docgen.archive.queries import NEWEST_FIRST, DocumentKey, FiledVersion, load, select_versions
from docgen.archive.schema import documents, files, versions


def document_versions(connection: Connection, document_id: int) -> list[FiledVersion]:
    """Return all versions of a document, newest first, withdrawn ones included."""
    query = select_versions().where(versions.c.document_id == document_id).order_by(*NEWEST_FIRST)
    return load(connection, query)


def versions_by_id(connection: Connection, ids: Sequence[int]) -> list[FiledVersion]:
    """Return the versions with these ids, in the order of the ids."""
    found = {one.id: one for one in load(connection, select_versions().where(versions.c.id.in_(ids)))}
    return [found[one] for one in ids if one in found]


def document_of(
    connection: Connection, project: str, type_id: str, serial: str, date_key: str
) -> list[FiledVersion]:
    """Return all versions of the document with this identity, newest first; empty when there is none."""
    query = select_versions().where(
        documents.c.project_key == fold_key(project),
        documents.c.type_id == type_id,
        documents.c.serial_key == fold_key(serial),
        documents.c.date_key == date_key,
    )
    return load(connection, query.order_by(*NEWEST_FIRST))


def numbered(
    connection: Connection, project: str, type_id: str, date_key: str, doc_id: str
) -> list[FiledVersion]:
    """Return all versions of the document of this project, type (and date) with this number, newest first."""
    query = select_versions().where(
        documents.c.doc_id_key == fold_key(doc_id),
        documents.c.project_key == fold_key(project),
        documents.c.type_id == type_id,
        documents.c.date_key == date_key,
    )
    return load(connection, query.order_by(*NEWEST_FIRST))


def taken_serials(connection: Connection, project: str, type_id: str, date_key: str) -> set[str]:
    """Return the serials, folded, that the documents of this project, type (and date) have."""
    query = select(documents.c.serial_key).where(
        documents.c.project_key == fold_key(project),
        documents.c.type_id == type_id,
        documents.c.date_key == date_key,
    )
    return set(connection.execute(query).scalars())


def came_as(connection: Connection, project: str, type_id: str, start: str) -> list[FiledVersion]:
    """Return the newest versions of documents of this project and type that came under names with this start.

    Upper and lower case of Latin letters may differ; what was filed last comes first.
    """
    named = files.c.original_name.startswith(start, autoescape=True)
    query = select_versions().where(
        documents.c.project_key == fold_key(project),
        documents.c.type_id == type_id,
        versions.c.current,
        exists().where(files.c.version_id == versions.c.id, named),
    )
    return load(connection, query.order_by(versions.c.id.desc()))


def documents_of(
    connection: Connection, project: str, keys: Sequence[DocumentKey]
) -> dict[DocumentKey, list[FiledVersion]]:
    """Return the versions, newest first, of the documents of a project with these keys."""
    found: dict[DocumentKey, list[FiledVersion]] = {}
    columns = tuple_(documents.c.type_id, documents.c.serial_key, documents.c.date_key)
    query = select_versions().where(documents.c.project_key == fold_key(project), columns.in_(keys))
    for one in load(connection, query.order_by(*NEWEST_FIRST)):
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
    query = select_versions().where(documents.c.doc_id_key.in_(keys), versions.c.current)
    for one in load(connection, query.order_by(versions.c.id)):
        found[fold_key(one.doc_id)].append(one)
    return found


def versions_with_digests(connection: Connection, digests: Sequence[str]) -> list[FiledVersion]:
    """Return the versions that hold one of these files and are not withdrawn."""
    holding = select(files.c.version_id).where(files.c.sha256.in_(digests))
    query = select_versions().where(versions.c.id.in_(holding), versions.c.withdrawn.is_(False))
    return load(connection, query.order_by(versions.c.id))


def numbers_filed(connection: Connection, keys: Sequence[str]) -> frozenset[str]:
    """Return those of the folded numbers ``keys`` that some document has."""
    query = select(documents.c.doc_id_key).where(documents.c.doc_id_key.in_(keys))
    return frozenset(connection.execute(query).scalars())


def versions_with_doc_id(connection: Connection, doc_id: str) -> list[FiledVersion]:
    """Return the current version of every document, in any project, that has this number."""
    query = select_versions().where(documents.c.doc_id_key == fold_key(doc_id), versions.c.current)
    return load(connection, query.order_by(versions.c.id))


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
