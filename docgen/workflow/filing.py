"""Finished documents into the archive."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from docgen.archive.entries import Event
from docgen.archive.filed import Filed
from docgen.archive.parcel import Parcel
from docgen.archive.sources import lies_inside
from docgen.base.errors import ArchiveRefused, DocgenError, EnvironmentFault, UsageFault
from docgen.base.messages import Message
from docgen.text.legacy_text import NO_OFFICE, unreadable_here
from docgen.workflow.indexing import index_filed
from docgen.workflow.session import Session
from docgen.workflow.signed_scans import signed_scan
from docgen.workflow.triage import parcels, triage


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one parcel, in words."""

    filed: Filed
    notes: tuple[Message, ...]
    #: Files whose text waits to be recognised.
    scans: int = 0

    @property
    def sentence(self) -> Message:
        """What happened."""
        paths = "、".join(self.filed.paths)
        return {
            Event.FILED: Message(f"已归档：{paths}", f"filed: {paths}"),
            Event.ADDED: Message(
                f"已补充到 {self.filed.identity.stem}：{paths}", f"added to its version: {paths}"
            ),
            Event.WITHDRAWN: Message(f"原处已撤回：{paths}", f"withdrawn: {paths}"),
            Event.DUPLICATE: Message(f"已有相同的文件，没有重复归档：{paths}", f"already filed: {paths}"),
        }[self.filed.event]

    def json(self, lang: str) -> dict[str, object]:
        """Return the outcome as JSON data."""
        identity = self.filed.identity
        return {
            "event": str(self.filed.event),
            "doc_id": self.filed.doc_id,
            "project": identity.project,
            "type_name": identity.type_name,
            "serial": identity.serial,
            "date": identity.date.isoformat(),
            "version": str(identity.version),
            "paths": list(self.filed.paths),
            "notes": [note.text(lang) for note in self.notes],
        }


@dataclass(frozen=True, slots=True)
class Outcome:
    """The files of one parcel, and what became of them: filed, or the error that kept them out."""

    sources: tuple[Path, ...]
    result: Taken | DocgenError


def file_paths(
    session: Session, paths: Sequence[Path], *, signed: str | None = None, move: bool = False
) -> Iterator[Outcome]:
    """File ``paths``; those of one stem together. What one lacks does not hinder the others.

    Raises:
        UsageFault: ``signed`` names no document, or several; or a path does not exist.
    """
    missing = [str(path) for path in paths if not os.path.lexists(path)]
    if missing:
        names = "、".join(missing)
        raise UsageFault(Message(f"没有这个文件：{names}", f"no such file: {names}"))
    groups = parcels(session, paths)
    if signed and len(groups) > 1:
        raise UsageFault(Message("--signed 一次只归档一份文件", "--signed files one document at a time"))
    for group in groups:
        yield Outcome(group, _attempt(session, group, signed, move=move))


def _attempt(
    session: Session, group: tuple[Path, ...], signed: str | None, *, move: bool
) -> Taken | DocgenError:
    try:
        _check_outside(session, group)
        parcel = (
            signed_scan(session, group, signed, move=move) if signed else triage(session, group, move=move)
        )
        return take(session, parcel)
    except EnvironmentFault:
        raise  # a full disk or a lost share concerns the files after this one too
    except DocgenError as error:
        return error


def _check_outside(session: Session, paths: Sequence[Path]) -> None:
    """Refuse what lies in the archive: it is filed, and must not be taken for a source."""
    for path in paths:
        if lies_inside(path, session.workspace.archive):
            raise ArchiveRefused(
                Message("文件就在归档文件夹中，已经归档", "it lies in the archive: it is filed already"),
                where=str(path),
                hint=Message(
                    "取出副本用 docgen get，改归属用 docgen refile",
                    "docgen get takes a copy out, docgen refile files it elsewhere",
                ),
            )


def take(session: Session, parcel: Parcel) -> Taken:
    """File a parcel, bring it into the index, then let go of its sources."""
    filed = session.archive.file(parcel, actor=session.actor)
    late = index_filed(session)
    left = session.archive.finish([filed])
    scans = session.scans.waiting(filed.paths)
    old = (NO_OFFICE,) if any(map(unreadable_here, filed.paths)) else ()
    return Taken(filed, (*filed.notes, *filed.warnings, *late, *left, *old), scans)
