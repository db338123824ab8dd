"""What a journal entry does to the catalogue."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import ClauseElement, Connection, Table, bindparam, delete, insert, select, update
from sqlalchemy.dialects.sqlite import dialect
from sqlalchemy.dialects.sqlite import insert as upsert

from docgen.archive.entries import Entry, Event, FileFact, Head, Item
from docgen.archive.legal import fold_key
from docgen.archive.parcel import Source
from docgen.archive.schema import (
    documents,
    files,
    index_queue,
    pending_removals,
    pending_sources,
    projects,
    refs,
    versions,
)

# Written with SQLAlchemy, handed to SQLite as text: a rebuild runs ten of them for every version, and what
# SQLAlchemy does around each one costs several times what SQLite does.
_DIALECT = dialect(paramstyle="named")


def _sql(clause: ClauseElement, table: Table | None = None) -> str:
    """Return a statement as SQLite takes it; an insertion leaves the id to SQLite."""
    columns = [column.name for column in table.columns if column.name != "id"] if table is not None else None
    return str(clause.compile(dialect=_DIALECT, column_keys=columns))


_NEW_HEAD = upsert(projects)
_SET_HEAD = _sql(
    _NEW_HEAD.on_conflict_do_update(
        index_elements=["key"],
        set_={name: _NEW_HEAD.excluded[name] for name in ("head_seq", "head_digest", "manifest_size")},
    ),
    projects,
)
_FIND_DOCUMENT = _sql(
    select(documents.c.id).where(
        *(
            documents.c[name] == bindparam(name)
            for name in ("project_key", "type_id", "serial_key", "date_key")
        )
    )
)
_ADD_DOCUMENT = _sql(insert(documents), documents)
_FIND_VERSION = _sql(
    select(versions.c.id).where(
        *(versions.c[name] == bindparam(name) for name in ("document_id", "major", "minor"))
    )
)
_ADD_VERSION = _sql(insert(versions), versions)
_SET_STATUS = _sql(
    update(versions).where(versions.c.id == bindparam("version")).values(status=bindparam("new_status"))
)
_ADD_REF = _sql(insert(refs), refs)
_ADD_FILE = _sql(upsert(files).on_conflict_do_nothing(), files)
_EDITIONS = _sql(
    select(versions.c.id, versions.c.current, versions.c.withdrawn | versions.c.removed)
    .where(versions.c.document_id == bindparam("document_id"))
    .order_by(versions.c.major.desc(), versions.c.minor.desc())
)
_SET_CURRENT = _sql(
    update(versions).where(versions.c.id == bindparam("version")).values(current=bindparam("is_current"))
)
_QUEUE = _sql(insert(index_queue), index_queue)
_ADD_SOURCE = _sql(insert(pending_sources), pending_sources)


def _run(connection: Connection, sql: str, values: Mapping[str, Any]) -> sqlite3.Cursor:
    """Run a statement inside the transaction of ``connection``."""
    cursor: sqlite3.Cursor = connection.connection.cursor()  # type: ignore[assignment]
    return cursor.execute(sql, values)


def _new_id(cursor: sqlite3.Cursor) -> int:
    assert cursor.lastrowid is not None
    return cursor.lastrowid


def set_head(connection: Connection, project: str, head: Head, manifest_size: int) -> None:
    """Note how far a project's journal and manifest are known; the first spelling of its name stays."""
    values = {"head_seq": head.seq, "head_digest": head.digest, "manifest_size": manifest_size}
    _run(connection, _SET_HEAD, {"key": fold_key(project), "name": project, **values})


def apply_entry(connection: Connection, project: str, entry: Entry) -> None:
    """Bring one entry into the catalogue."""
    for item in entry.items:
        _apply_item(connection, fold_key(project), entry, item)


def _apply_item(connection: Connection, project_key: str, entry: Entry, item: Item) -> None:
    if item.event in (Event.FILED, Event.ADDED):
        document = _document(connection, project_key, item)
        version = _version(connection, document, entry, item)
        _add_files(connection, version, item)
        _queue(connection, version, document)
    elif item.event in (Event.WITHDRAWN, Event.CORRECTED, Event.TOMBSTONE):
        _change(connection, project_key, item)


def date_key(item: Item) -> str:
    """Return the date where it belongs to the document's identity, else nothing."""
    return item.identity.date.isoformat() if item.recurring else ""


def _document(connection: Connection, project_key: str, item: Item) -> int:
    identity = {
        "project_key": project_key,
        "type_id": item.type_id,
        "serial_key": fold_key(item.identity.serial),
        "date_key": date_key(item),
    }
    known = _run(connection, _FIND_DOCUMENT, identity).fetchone()
    if known is not None:
        return int(known[0])
    values = {
        "serial": item.identity.serial,
        "recurring": item.recurring,
        "doc_id": item.doc_id,
        "doc_id_key": fold_key(item.doc_id),
    }
    return _new_id(_run(connection, _ADD_DOCUMENT, identity | values))


def _version(connection: Connection, document: int, entry: Entry, item: Item) -> int:
    version = item.identity.version
    key = {"document_id": document, "major": version.major, "minor": version.minor}
    known = _run(connection, _FIND_VERSION, key).fetchone()
    if known is not None:
        if item.facts.status:
            _run(connection, _SET_STATUS, {"version": known[0], "new_status": item.facts.status})
        return int(known[0])
    values = key | {
        "date": item.identity.date.isoformat(),
        "type_name": item.identity.type_name,
        "category": item.category,
        "stem": item.identity.stem,
        "stem_key": fold_key(item.identity.stem),
        "withdrawn": False,
        "removed": False,
        "current": False,
        "filed_at": entry.time,
        "filed_by": entry.actor,
        "seq": entry.seq,
        "refiled_from": item.refiled_from,
    }
    added = _new_id(_run(connection, _ADD_VERSION, values | _facts(item)))
    for ref in item.facts.refs:
        link = {"text": ref.text, "type_id": ref.type_id, "doc_id": ref.doc_id, "version": ref.version}
        _run(connection, _ADD_REF, {"version_id": added, **link})
    return added


def _facts(item: Item) -> dict[str, object]:
    names = ("generated", "edited", "status", "confidentiality", "retention", "change_note")
    digests = ("record_digest", "template_digest", "form_digest")
    groups = json.dumps(item.facts.groups.said(), ensure_ascii=False)
    return {name: getattr(item.facts, name) for name in (*names, *digests)} | {"groups": groups}


def _add_files(connection: Connection, version: int, item: Item) -> None:
    for file in item.files:
        values = {
            "version_id": version,
            "path": file.path,
            "ext": file.ext,
            "size": file.size,
            "sha256": file.sha256,
            "original_name": file.original_name,
        }
        _run(connection, _ADD_FILE, values)


def _change(connection: Connection, project_key: str, item: Item) -> None:
    """Withdraw, correct, or note the removal of a version that is known."""
    version = item.identity.version
    row = connection.execute(
        select(versions.c.id, versions.c.document_id)
        .join(documents)
        .where(
            documents.c.project_key == project_key,
            documents.c.type_id == item.type_id,
            documents.c.serial_key == fold_key(item.identity.serial),
            documents.c.date_key == date_key(item),
            versions.c.major == version.major,
            versions.c.minor == version.minor,
        )
    ).first()
    if row is None:
        return
    if item.event is Event.TOMBSTONE:
        _remove(connection, project_key, row.id, item)
    else:
        corrected = _facts(item) | {"category": item.category}
        values = {"withdrawn": True} if item.event is Event.WITHDRAWN else corrected
        connection.execute(update(versions).filter_by(id=row.id).values(**values))
    _queue(connection, row.id, row.document_id)


def _remove(connection: Connection, project_key: str, version: int, item: Item) -> None:
    """Forget files that a tombstone names; a source of theirs that still lies somewhere is left alone."""
    paths = [file.path for file in item.files]
    connection.execute(delete(files).where(files.c.version_id == version, files.c.path.in_(paths)))
    sources = (pending_sources.c.project_key == project_key, pending_sources.c.kept.in_(paths))
    connection.execute(delete(pending_sources).where(*sources))
    for file in item.files:
        values = {"project_key": project_key, "path": file.path, "sha256": file.sha256}
        connection.execute(insert(pending_removals).values(**values))
    if connection.execute(select(files.c.id).filter_by(version_id=version)).first() is None:
        connection.execute(update(versions).filter_by(id=version).values(removed=True))


def _queue(connection: Connection, version: int, document: int) -> None:
    """Settle which version is current, and queue every version that the index must see again."""
    rows = _run(connection, _EDITIONS, {"document_id": document}).fetchall()
    newest = next((one for one, _, gone in rows if not gone), None)
    changed = [one for one, current, _ in rows if current != (one == newest)]
    for one in changed:
        _run(connection, _SET_CURRENT, {"version": one, "is_current": one == newest})
    for one in sorted({version, *changed}):
        _run(connection, _QUEUE, {"version_id": one})


def remember_sources(
    connection: Connection, project: str, entry: Entry, own: Sequence[Path] | None = None
) -> None:
    """Note the sources of an entry that were to be removed once it was filed (``own``: only those below)."""
    for item in entry.items:
        for file in item.files:
            if file.source and file.source.finish and (own is None or _lies_below(file.source.path, own)):
                _remember_source(connection, fold_key(project), item, file, file.source)


def _lies_below(path: Path, folders: Sequence[Path]) -> bool:
    real = Path(os.path.normpath(path))
    return any(real.is_relative_to(folder) for folder in folders)


def _remember_source(
    connection: Connection, project_key: str, item: Item, file: FileFact, source: Source
) -> None:
    values = {
        "project_key": project_key,
        "path": str(source.path),
        "size": source.size,
        "mtime_ns": source.mtime_ns,
        "inbox": str(source.inbox) if source.inbox else "",
        "sha256": file.sha256,
        "kept": file.path,
        "aside": item.event is Event.DUPLICATE and source.inbox is not None,
    }
    _run(connection, _ADD_SOURCE, values)
