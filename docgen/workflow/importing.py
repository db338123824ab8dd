"""A project that was handed over, taken in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from docgen.archive.entries import Entry, Event, Item
from docgen.archive.handover.building import Watch, unwatched
from docgen.archive.handover.incoming import read_incoming
from docgen.archive.handover.refusals import Unsound, about
from docgen.archive.handover.taking_in import TakenIn, take_in
from docgen.archive.legal import fold_key
from docgen.archive.queries import FiledVersion, Filter
from docgen.archive.versions import Version
from docgen.base.clock import Clock, system_clock
from docgen.base.messages import Message
from docgen.workflow.indexing import index_filed
from docgen.workflow.retention import Kept, Retention, today_of
from docgen.workflow.session import Session

#: Type, serial, date, version: what an item of a project's journal is about.
_Key = tuple[str, str, str, Version]


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of an import; the versions are those that the project now has."""

    project: str
    taken: TakenIn
    files: int
    warnings: tuple[Message, ...]
    #: Files whose text waits to be recognised.
    scans: int = 0


def import_project(
    session: Session, source: Path, *, watch: Watch = unwatched, clock: Clock = system_clock
) -> Imported:
    """Take the project in that a bag or hand-over folder holds: the same files, journal and manifest.

    Raises:
        Unsound: ``source`` is not whole, or removes what must be kept here; every reason is named, nothing
            was changed.
        ArchiveRefused: It is no hand-over, or the project exists with another journal.
        EnvironmentFault: Disk, permission, lock; run it again to go on.
    """
    incoming = read_incoming(source.absolute(), watch)
    rules, today = Retention(session), today_of(session, clock)

    def allow(project: str, new: Sequence[Entry]) -> None:
        going = _going(session, rules, project, new)
        reasons = dict.fromkeys(_too_early(kept) for kept in going if not kept.over(today))
        if reasons:
            raise _refused(source, list(reasons))

    taken = take_in(session.archive, incoming, allow)
    late = index_filed(session)
    paths = [f"{incoming.project}/{path}" for path in incoming.files]
    return Imported(incoming.project, taken, len(incoming.files), late, session.scans.waiting(paths))


def _going(session: Session, rules: Retention, project: str, new: Sequence[Entry]) -> Iterator[Kept]:
    """Yield how long documents that are held here, and that tombstones of new entries remove, are kept.

    Rules are those of this workspace; periods that the new entries give a document before count, too.
    """
    wanted = Filter(project=project, all_versions=True, withdrawn=True)
    held = {_key_of(one): one for one in session.catalogue.versions(wanted) if not one.removed}
    for item in (item for entry in new for item in entry.items):
        key = _key(item)
        if key in held and item.event is Event.CORRECTED:
            held[key] = replace(held[key], category=item.category, retention=item.facts.retention)
        elif key in held and item.event is Event.TOMBSTONE:
            yield rules.of([one for one in held.values() if one.document_id == held[key].document_id])


def _key(item: Item) -> _Key:
    day = item.identity.date.isoformat() if item.recurring else ""
    return item.type_id, fold_key(item.identity.serial), day, item.identity.version


def _key_of(one: FiledVersion) -> _Key:
    day = one.date.isoformat() if one.recurring else ""
    return one.type_id, fold_key(one.serial), day, one.version


def _too_early(kept: Kept) -> Message:
    until = kept.until.isoformat() if kept.until else ""
    return about(
        kept.version.stem,
        f"对方已移除，本处须保管{f'到 {until}' if until else ''}（{kept.source.zh}）",
        f"removed there, to be kept here{f' until {until}' if until else ''} ({kept.source.en})",
    )


def _refused(source: Path, reasons: Sequence[Message]) -> Unsound:
    return Unsound(
        Message(
            "导入会移除本处保管期限未满的文件；档案未作任何改动",
            "the import would remove what must be kept here; nothing was changed",
        ),
        reasons,
        where=str(source),
        hint=Message(
            "与移交方核对；保管期限由 docgen.toml 的 [retention] 规定",
            "ask who handed it over; periods are ruled by [retention] of docgen.toml",
        ),
    )
