"""What people mean by a number, a canonical name, a path or a part of a name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    and_,
    bindparam,
    func,
    literal,
    or_,
    select,
    union_all,
)

from docgen.archive.legal import fold_key
from docgen.archive.queries import NEWEST_FIRST, FiledVersion, load, select_versions
from docgen.archive.schema import documents, files, projects, versions
from docgen.archive.versions import Version
from docgen.forms.values import Ref


def find_versions(connection: Connection, text: str, *, project: str = "") -> list[FiledVersion]:
    """Return what ``text`` names: a document's number, a canonical name, a path, else a part of a name.

    A number gives the newest version of each document that has it; a name or path gives that version; a part
    gives the newest version of each document whose name holds it. Withdrawn and removed versions answer to
    their exact name or path, and to their number where nothing else does. The first way that finds something
    decides.
    """
    name = text.strip().replace("\\", "/").rpartition("/")[2]
    key = fold_key(name)
    inside = [projects.c.key == fold_key(project)] if project else []
    ways: list[ColumnElement[bool]] = [
        and_(documents.c.doc_id_key == fold_key(text.strip()), versions.c.current),
        versions.c.stem_key == key,
        versions.c.stem_key == stem_key(key),
        and_(versions.c.stem_key.contains(key, autoescape=True), versions.c.current),
        and_(documents.c.doc_id_key.contains(fold_key(text.strip()), autoescape=True), versions.c.current),
    ]
    for way in ways if key else []:
        query = select_versions().where(way, *inside).order_by(projects.c.name, versions.c.stem)
        if found := load(connection, query):
            return found
    gone = and_(
        documents.c.doc_id_key == fold_key(text.strip()), or_(versions.c.removed, versions.c.withdrawn)
    )
    removed = load(
        connection, select_versions().where(gone, *inside).order_by(projects.c.name, *NEWEST_FIRST)
    )
    return list({one.document_id: one for one in reversed(removed)}.values()) if key else []


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
    stems = {*keys, *map(stem_key, keys)}
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


def stem_key(name_key: str) -> str:
    """Return the stem of a folded file name."""
    if name_key.endswith(".record.json"):
        return name_key.removesuffix(".record.json")
    return name_key.rpartition(".")[0]
