"""The tables in which jobs and their rows are remembered."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

from sqlalchemy import Column, Connection, Float, ForeignKey, Index, Integer, MetaData, String, Table

from docgen.archive.database import stamp
from docgen.base.errors import EnvironmentFault
from docgen.base.messages import Message
from docgen.batch.states import RowState

#: Layout of the tables; a later layout comes with a step that brings older files up to it.
LAYOUT = 3
METADATA = MetaData()
JOBS = Table(
    "jobs",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("key", String, nullable=False, unique=True),
    Column("name", String, nullable=False),
    Column("day", String, nullable=False),
    Column("finished", String, nullable=False, default=""),
)
NAMES = tuple(one.name for one in fields(RowState))
_TYPES = {"int": Integer, "float": Float, "str": String, "State": String}
ROWS = Table(
    "rows",
    METADATA,
    Column("job", Integer, ForeignKey("jobs.id", ondelete="CASCADE"), primary_key=True),
    *(
        Column(one.name, _TYPES[str(one.type)](), primary_key=one.name == "place", nullable=False)
        for one in fields(RowState)
    ),
    sqlite_with_rowid=False,
)
Index("rows_by_document", ROWS.c.document, ROWS.c.job)
Index("rows_by_number", ROWS.c.doc_id, ROWS.c.job)


def lay_out(connection: Connection, path: Path) -> None:
    """Make the tables, or bring older ones up to this layout.

    Raises:
        EnvironmentFault: They were made by a newer docgen.
    """
    layout = stamp(connection)
    if layout > LAYOUT:
        raise EnvironmentFault(
            Message("由更新版本的 docgen 写成", "written by a newer version of docgen"),
            where=str(path),
            hint=Message("升级 docgen", "bring docgen up to date"),
        )
    if layout == 1:
        connection.exec_driver_sql("ALTER TABLE rows ADD COLUMN labels VARCHAR NOT NULL DEFAULT ''")
        connection.exec_driver_sql("DROP INDEX IF EXISTS rows_documents")
    if layout in (1, 2):
        for column in ("digest", "record_digest", "code"):
            connection.exec_driver_sql(f"ALTER TABLE rows DROP COLUMN {column}")
    METADATA.create_all(connection)
    for index in ROWS.indexes:
        index.create(connection, checkfirst=True)
    connection.exec_driver_sql(f"PRAGMA user_version = {LAYOUT}")
