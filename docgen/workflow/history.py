"""Everything that happened to a document, as the journal tells it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from docgen.archive.entries import Entry, Event, Head, Item
from docgen.archive.journal import Journal
from docgen.archive.legal import fold_key
from docgen.archive.queries import FiledVersion
from docgen.base.messages import Message
from docgen.workflow.finding import find_one
from docgen.workflow.session import Session

EVENTS = {
    Event.FILED: Message("归档", "filed"),
    Event.ADDED: Message("补充文件", "completed"),
    Event.DUPLICATE: Message("重复送达", "came again"),
    Event.CORRECTED: Message("更正", "corrected"),
    Event.WITHDRAWN: Message("撤回", "withdrawn"),
    Event.TOMBSTONE: Message("到期移除", "removed"),
    Event.EXPORTED: Message("移交", "handed out"),
}


@dataclass(frozen=True, slots=True)
class Happening:
    """One event about one version.

    Attributes:
        time: In the workspace's zone.
        seq: Number of the journal entry.
    """

    event: Event
    item: Item
    time: datetime
    actor: str
    seq: int

    def json(self, lang: str) -> dict[str, object]:
        """Return it as JSON data."""
        facts = self.item.facts
        return {
            "event": str(self.event),
            "event_label": EVENTS[self.event].text(lang),
            "version": str(self.item.identity.version),
            "time": self.time.isoformat(timespec="seconds"),
            "actor": self.actor,
            "seq": self.seq,
            "files": [
                {
                    "path": file.path,
                    "size": file.size,
                    "sha256": file.sha256,
                    "original_name": file.original_name,
                }
                for file in self.item.files
            ],
            "status": facts.status,
            "change_note": facts.change_note,
            "edited": facts.edited,
            "record_digest": facts.record_digest,
            "template_digest": facts.template_digest,
            "form_digest": facts.form_digest,
            "refiled_from": self.item.refiled_from,
            "category": self.item.category,
            "confidentiality": facts.confidentiality,
            "retention": facts.retention,
            "groups": facts.groups.said(),
            "notes": [one.text(lang) for one in (*self.item.notes, *self.item.warnings)],
        }


def history(session: Session, document: str, *, project: str = "") -> tuple[FiledVersion, list[Happening]]:
    """Return the document that ``document`` names, and all that happened to its versions, oldest first.

    Raises:
        UsageFault: It names none, or several.
        ArchiveRefused: The project's journal is damaged.
    """
    one = find_one(session, document, project=project)
    journal = Journal(session.workspace.archive / one.project)
    happened = [
        _happening(session, entry, item)
        for entry, _ in journal.after(Head())
        for item in entry.items
        if _about(item, one)
    ]
    return one, happened


def _about(item: Item, one: FiledVersion) -> bool:
    """Whether an event concerns the document to which a version belongs."""
    same_day = item.identity.date == one.date or not one.recurring
    same = (item.type_id, fold_key(item.identity.serial)) == (one.type_id, fold_key(one.serial))
    return same and same_day


def _happening(session: Session, entry: Entry, item: Item) -> Happening:
    time = datetime.fromisoformat(entry.time).astimezone(session.settings.zone)
    return Happening(item.event, item, time, entry.actor, entry.seq)
