"""The catalogue brought on by the entries of a journal, or filled anew from all journals."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from sqlalchemy import Connection, delete, select

from docgen.archive import bookkeeping
from docgen.archive.entries import Entry, Head
from docgen.archive.legal import fold_key
from docgen.archive.replay import apply_entry, remember_sources, set_head
from docgen.archive.schema import index_queue, metadata, projects


def go_on(
    connection: Connection,
    project: str,
    entries: Sequence[Entry],
    head: Head,
    manifest_size: int,
    *,
    sources: bool,
) -> bool:
    """Bring entries of one project in, as `Catalogue.apply` says; return whether they follow."""
    row = connection.execute(select(projects).filter_by(key=fold_key(project))).first()
    stored = Head(row.head_seq, row.head_digest) if row else Head()
    follows = bool(entries) and stored == Head(entries[0].seq - 1, entries[0].prev)
    if not follows and stored != head:
        return False
    set_head(connection, project, head, manifest_size)
    for entry in entries if sources else ():
        remember_sources(connection, project, entry)
    for entry in entries if follows else ():
        apply_entry(connection, project, entry)
    return True


def refill(
    connection: Connection,
    journals: Iterable[tuple[str, Sequence[Entry], Head, int]],
    *,
    indexed: bool,
    own: Sequence[Path],
) -> None:
    """Replace everything by what ``journals`` say, as `Catalogue.fill` says."""
    known = {row.key: row.head_seq for row in connection.execute(select(projects))} if indexed else {}
    queued = bookkeeping.queued(connection) if indexed else []
    late: list[tuple[str, Entry]] = []
    for table in reversed(metadata.sorted_tables):
        connection.execute(delete(table))
    for project, entries, head, manifest_size in journals:
        set_head(connection, project, head, manifest_size)
        old = known.get(fold_key(project), 0) if indexed else head.seq
        late += [(project, entry) for entry in entries[old:]]
        for entry in entries:
            remember_sources(connection, project, entry, own)
        for entry in entries[:old]:
            apply_entry(connection, project, entry)
    if indexed:
        connection.execute(delete(index_queue))
        bookkeeping.queue_again(connection, queued)
    for project, entry in late:
        apply_entry(connection, project, entry)
