"""Entries of a journal that were committed elsewhere, brought into the archive as they are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from docgen.archive.entries import Head
from docgen.archive.identity import project_key
from docgen.archive.removing import finish_removals
from docgen.archive.staging import Planned
from docgen.archive.store import Archive


@dataclass(frozen=True, slots=True)
class Adopted:
    """Entries of a journal that were committed elsewhere, and what belongs to them.

    Attributes:
        files: (path inside the project folder, where it is now, SHA-256) of the files that are to be there.
        entries: The same of the entries, in their order.
    """

    files: Sequence[tuple[str, Path, str]] = ()
    entries: Sequence[tuple[str, Path, str]] = ()


def adopt(archive: Archive, name: str, choose: Callable[[str, Head], Adopted]) -> Head:
    """Bring a project's journal forward by entries that were committed elsewhere; return its head.

    Cut short, the project ends at one of these entries, with the files up to it; doing it again goes on.

    Args:
        archive: The archive.
        name: The project.
        choose: Is told, under the project's lock, how the archive spells it and its journal's head.
    """
    commits = archive.commits
    with commits.project(name) as (project, head), commits.room(project) as room:
        adopted = choose(project, head)
        staged = [
            [(path, room.take_known(source, digest)) for path, source, digest in group]
            for group in (adopted.files, adopted.entries)
        ]
        planned = [Planned(path, one.sha256, one.tmp.name) for group in staged for path, one in group]
        room.plan(project, planned, foreign=True)
        commits.publish(project, staged[0], *([entry] for entry in staged[1]))
        _, new = commits.recovery.settle(project, project_key(project))
        finish_removals(commits, project)
        return new
