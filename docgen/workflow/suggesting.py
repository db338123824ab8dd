"""Names that refused files should perhaps have had."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from docgen.archive.identity import Identity
from docgen.archive.names import parse_name
from docgen.archive.versions import next_version
from docgen.base.errors import ArchiveRefused, DocgenError
from docgen.ingest.content.examine import extension, stem
from docgen.ingest.reading import read_stem
from docgen.ingest.times import last_changed
from docgen.workflow.session import Session


def suggested_name(session: Session, path: Path, inbox: Path) -> str:
    """Return the canonical name that a refused file should perhaps have; empty where it cannot be told."""
    try:
        name = _corrected(session, path) or _pieced(session, path, inbox)
    except DocgenError:
        return ""
    return name if name != path.name else ""


def _corrected(session: Session, path: Path) -> str:
    """Return the name with the next free version, where only that was wrong."""
    try:
        named = parse_name(path.name, session.types)
    except ArchiveRefused:
        return ""
    identity = named.identity
    filed = session.catalogue.document(named.doc_type, identity.project, identity.date, identity.serial)
    if any(one.version == identity.version for one in filed):
        identity = replace(identity, version=next_version([one.version for one in filed]))
    return identity.filename(named.ext)


def _pieced(session: Session, path: Path, inbox: Path) -> str:
    """Return a name of the pieces that name and folders tell."""
    reading = read_stem(stem(path.name))
    folders = path.parent.relative_to(inbox).parts
    found = [(place, one) for place, word in enumerate(reading.words) if (one := session.types.by_name(word))]
    if len({one.id for _, one in found}) != 1:
        return ""
    place, doc_type = found[-1]
    project = reading.before[place] or (folders[0] if folders else "")
    if not project:
        return ""
    day = reading.day or last_changed(path, session.settings.zone)
    filed = session.catalogue.document(doc_type, project, day)
    version = reading.version or next_version([one.version for one in filed])
    return Identity(project, doc_type.token, "", day, version).filename(extension(path.name))
