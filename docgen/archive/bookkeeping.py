"""What the archive and the index ask of the catalogue to know what is left to do."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import (
    Connection,
    and_,
    func,
    insert,
    select,
)

from docgen.archive.entries import Head
from docgen.archive.legal import fold_key
from docgen.archive.meanings import stem_key
from docgen.archive.queries import FiledVersion, load, select_versions
from docgen.archive.schema import documents, files, index_queue, projects, versions


def holds_path(connection: Connection, project: str, path: str) -> bool:
    """Whether an entry of the project lists this file (path relative to the project folder)."""
    query = (
        select(files.c.id)
        .join(versions, files.c.version_id == versions.c.id)
        .join(documents, versions.c.document_id == documents.c.id)
        .where(
            documents.c.project_key == fold_key(project),
            versions.c.stem_key == stem_key(fold_key(path.rpartition("/")[2])),
            files.c.path == path,
        )
    )
    return connection.execute(query).first() is not None


def misfiled_origins(connection: Connection) -> list[FiledVersion]:
    """Return the versions that were filed again elsewhere, but are not withdrawn yet.

    A copy that is withdrawn itself replaces nothing: one of the two always stands. A refiling copies all
    files: who does not hold the same ones (an imported journal may claim anything) replaces nothing.
    """
    query = select_versions().where(versions.c.refiled_from != "", versions.c.withdrawn.is_(False))
    origins: list[FiledVersion] = []
    for copy in load(connection, query):
        project, _, path = copy.refiled_from.partition("/")
        stem = versions.c.stem_key == stem_key(fold_key(path.rpartition("/")[2]))
        here = and_(stem, documents.c.project_key == fold_key(project), versions.c.withdrawn.is_(False))
        held = {file.sha256 for file in copy.files}
        found = load(connection, select_versions().where(here))
        origins.extend(one for one in found if one.files and {file.sha256 for file in one.files} <= held)
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
    for project_key, stem in names:
        found = (
            select(versions.c.id)
            .join(documents, versions.c.document_id == documents.c.id)
            .where(documents.c.project_key == project_key, versions.c.stem_key == stem)
        )
        connection.execute(insert(index_queue).from_select(["version_id"], found))


def project_heads(connection: Connection) -> dict[str, Head]:
    """Return the last journal entry of every project, as far as the catalogue knows it."""
    rows = connection.execute(select(projects).order_by(projects.c.name))
    return {row.name: Head(row.head_seq, row.head_digest) for row in rows}


def count_versions(connection: Connection) -> int:
    """Return how many versions are filed."""
    return connection.execute(select(func.count()).select_from(versions)).scalar_one()
