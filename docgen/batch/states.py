"""What became of one row of a batch."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from docgen.base.messages import Message


class State(StrEnum):
    """How far a row has come; all but the first two are final for this run."""

    PENDING = "pending"
    #: Its place (serial, version, number) is decided, and it may have been printed or filed.
    RESERVED = "reserved"
    MADE = "made"
    UNCHANGED = "unchanged"
    EDITED = "edited"
    SKIPPED = "skipped"
    FAILED = "failed"

    @property
    def label(self) -> Message:
        """The word that people read."""
        return _LABELS[self]


_LABELS = {
    State.PENDING: Message("未处理", "not done"),
    State.RESERVED: Message("未处理", "not done"),
    State.MADE: Message("生成", "made"),
    State.UNCHANGED: Message("未变化", "unchanged"),
    State.EDITED: Message("已手工修改", "edited by hand"),
    State.SKIPPED: Message("跳过", "skipped"),
    State.FAILED: Message("失败", "failed"),
}
#: States that a continued run does not touch again.
SETTLED = frozenset((State.MADE, State.UNCHANGED, State.EDITED, State.SKIPPED, State.FAILED))


@dataclass(frozen=True, slots=True)
class RowState:
    """One row as the job table remembers it, and as the report shows it.

    Attributes:
        place: Position among the rows, from 0.
        line: Line of the table on which it stands; of a regeneration its place, from 1.
        source: Of a regeneration: the archived record that it starts from, relative to the archive folder.
        document: Key of the document that it makes: equal for equal documents.
        sha256: Of the Word file that was made.
        path: Where the Word file is: in the archive when it is filed, else the draft.
        field: Field that the first mistake concerns.
        labels: What all mistakes concern, as people call it.
        reason: Why it failed or was left alone; beside a success, warnings.
        seconds: Time of the worker that went into it.
    """

    place: int
    line: int
    state: State = State.PENDING
    source: str = ""
    attempts: int = 0
    type_id: str = ""
    document: str = ""
    project: str = ""
    type_name: str = ""
    serial: str = ""
    date: str = ""
    version: str = ""
    doc_id: str = ""
    sha256: str = ""
    path: str = ""
    pdf: str = ""
    field: str = ""
    reason: str = ""
    reason_en: str = ""
    seconds: float = 0.0
    labels: str = ""
