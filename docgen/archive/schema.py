"""Tables of the catalogue (SQLite): derived from the journals, rebuilt at any time."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

#: Raised with every change of the tables or of what fills them; another stamp means: rebuild.
STAMP = 3

metadata = MetaData()

projects = Table(
    "projects",
    metadata,
    Column("key", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("head_seq", Integer, nullable=False),
    Column("head_digest", String, nullable=False),
    Column("manifest_size", Integer, nullable=False),
)

documents = Table(
    "documents",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("project_key", ForeignKey("projects.key"), nullable=False),
    Column("type_id", String, nullable=False),
    Column("serial_key", String, nullable=False),
    #: ISO date where the type recurs, else empty.
    Column("date_key", String, nullable=False),
    Column("serial", String, nullable=False),
    Column("recurring", Boolean, nullable=False),
    Column("doc_id", String, nullable=False),
    Column("doc_id_key", String, nullable=False, index=True),
    UniqueConstraint("project_key", "type_id", "serial_key", "date_key"),
)

versions = Table(
    "versions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("document_id", ForeignKey("documents.id"), nullable=False),
    Column("major", Integer, nullable=False),
    Column("minor", Integer, nullable=False),
    Column("date", String, nullable=False),
    Column("type_name", String, nullable=False),
    Column("category", String, nullable=False),
    Column("stem", String, nullable=False),
    Column("stem_key", String, nullable=False, index=True),
    Column("withdrawn", Boolean, nullable=False),
    #: Its files were removed after their retention.
    Column("removed", Boolean, nullable=False),
    #: Newest version of its document that is neither withdrawn nor removed.
    Column("current", Boolean, nullable=False),
    Column("generated", Boolean, nullable=False),
    Column("edited", Boolean, nullable=False),
    Column("status", String, nullable=False),
    Column("confidentiality", String, nullable=False),
    Column("retention", String, nullable=False),
    Column("change_note", Text, nullable=False),
    Column("record_digest", String, nullable=False),
    Column("template_digest", String, nullable=False),
    Column("form_digest", String, nullable=False),
    Column("filed_at", String, nullable=False),
    Column("filed_by", String, nullable=False),
    Column("seq", Integer, nullable=False),
    #: `Groups.said()` as JSON.
    Column("groups", Text, nullable=False),
    #: `<project>/<path>` of the misfiled version that this one replaces.
    Column("refiled_from", String, nullable=False, index=True),
    UniqueConstraint("document_id", "major", "minor"),
)
Index("versions_by_date", versions.c.date)

files = Table(
    "files",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("version_id", ForeignKey("versions.id"), nullable=False, index=True),
    Column("path", String, nullable=False),
    Column("ext", String, nullable=False),
    Column("size", Integer, nullable=False),
    Column("sha256", String, nullable=False, index=True),
    Column("original_name", String, nullable=False),
    UniqueConstraint("version_id", "ext"),
)

refs = Table(
    "refs",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("version_id", ForeignKey("versions.id"), nullable=False, index=True),
    Column("text", String, nullable=False),
    Column("type_id", String, nullable=False),
    Column("doc_id", String, nullable=False),
    Column("version", String, nullable=False),
)

#: Versions whose text must still be (re)indexed, or removed from the index where they are withdrawn. A number
#: is never used again: who has indexed a version takes out what stood here then, and nothing that came since.
index_queue = Table(
    "index_queue",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("version_id", ForeignKey("versions.id"), nullable=False, index=True),
    sqlite_autoincrement=True,
)

#: Sources that are filed but perhaps not yet removed from where they lay.
pending_sources = Table(
    "pending_sources",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("project_key", ForeignKey("projects.key"), nullable=False),
    Column("path", String, nullable=False),
    Column("size", Integer, nullable=False),
    Column("mtime_ns", Integer, nullable=False),
    Column("inbox", String, nullable=False),
    Column("sha256", String, nullable=False),
    #: Where the same bytes are kept, relative to the project folder.
    Column("kept", String, nullable=False),
    #: A duplicate from an inbox: it is moved to `duplicates/`, not removed.
    Column("aside", Boolean, nullable=False),
)

#: Files that tombstones name but that are perhaps still there.
pending_removals = Table(
    "pending_removals",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("project_key", ForeignKey("projects.key"), nullable=False),
    #: Relative to the project folder.
    Column("path", String, nullable=False),
    Column("sha256", String, nullable=False),
)
