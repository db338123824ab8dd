"""A project that was handed over, taken in."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from docgen.archive.handover.building import Watch, unwatched
from docgen.archive.handover.incoming import read_incoming
from docgen.archive.handover.taking_in import TakenIn, take_in
from docgen.base.messages import Message
from docgen.workflow.indexing import index_filed
from docgen.workflow.session import Session


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of an import; the versions are those that the project now has."""

    project: str
    taken: TakenIn
    files: int
    warnings: tuple[Message, ...]


def import_project(session: Session, source: Path, *, watch: Watch = unwatched) -> Imported:
    """Take the project in that a bag or hand-over folder holds: the same files, journal and manifest.

    Raises:
        Unsound: ``source`` is not whole; every reason is named, nothing was changed.
        ArchiveRefused: It is no hand-over, or the project exists with another journal.
        EnvironmentFault: Disk, permission, lock; run it again to go on.
    """
    incoming = read_incoming(source.absolute(), watch)
    taken = take_in(session.archive, incoming)
    return Imported(incoming.project, taken, len(incoming.files), index_filed(session))
