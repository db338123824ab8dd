"""Verification and rebuilding."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from docgen.archive.recovery import rebuild as rebuild_catalogue
from docgen.archive.verify import Report, verify
from docgen.base.messages import Message
from docgen.workflow.indexing import reindex
from docgen.workflow.session import Session


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What was brought back from files and journals."""

    projects: int
    versions: int
    #: Journals that could not be read; `verify` says what is wrong with them.
    problems: tuple[Message, ...]


def verify_archive(
    session: Session, *, project: str = "", subset: tuple[int, int] = (1, 1), heads: Collection[str] = ()
) -> Report:
    """Return what is wrong with the archive, or with one project, and the heads of the journals.

    Args:
        session: The workspace.
        project: Only this project; empty: all.
        subset: (k, n): read the content of the k-th of n parts of the files.
        heads: Printed digests of journal heads that must still be found.
    """
    session.archive.recover(actor=session.actor)
    known = [head.digest for name, head in session.catalogue.heads().items() if project in ("", name)]
    return verify(
        session.workspace.archive,
        projects=[project] if project else [],
        subset=subset,
        heads=[*known, *heads],
    )


def rebuild(session: Session) -> Rebuilt:
    """Make catalogue and index anew from files and journals alone; the old ones serve meanwhile."""
    problems = rebuild_catalogue(session.workspace.archive, session.catalogue)
    versions = reindex(session)
    return Rebuilt(len(session.catalogue.heads()), versions, problems)
