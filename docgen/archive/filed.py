"""What becomes of parcels and of journals that are taken in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from docgen.archive.entries import Event, Item
from docgen.archive.identity import Identity
from docgen.archive.queries import FiledVersion
from docgen.base.messages import Message


@dataclass(frozen=True, slots=True)
class Filed:
    """What became of a parcel.

    Attributes:
        event: FILED (a new version), ADDED (a version completed) or DUPLICATE (nothing stored).
        identity: The version; for a duplicate the one that holds the bytes already.
        doc_id: Its number.
        seq: Number of the journal entry.
        paths: Its files, relative to the archive folder; for a duplicate where the bytes are.
        warnings: To be shown; they are recorded in the journal.
        notes: What was corrected on the way.
    """

    event: Event
    identity: Identity
    doc_id: str
    seq: int
    paths: tuple[str, ...]
    warnings: tuple[Message, ...]
    notes: tuple[Message, ...]

    @classmethod
    def of(cls, project: str, seq: int, item: Item, late: Sequence[Message]) -> Filed:
        """Return what entry ``seq`` made of an item; ``late`` are warnings that came after it."""
        return cls(
            item.event,
            item.identity,
            item.doc_id,
            seq,
            tuple(f"{project}/{file.path}" for file in item.files),
            (*item.warnings, *late),
            item.notes,
        )


def event_item(event: Event, version: FiledVersion, notes: Sequence[Message]) -> Item:
    """Return an event about a version that stores nothing."""
    return Item(
        event,
        version.identity,
        version.type_id,
        version.recurring,
        version.category,
        version.doc_id,
        notes=tuple(notes),
    )
