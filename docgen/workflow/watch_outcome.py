"""What became of files of an inbox."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from docgen.archive.legal import printable
from docgen.base.messages import Message
from docgen.ingest.scanning import Sighting
from docgen.ingest.settling import Parcel


@dataclass(frozen=True, slots=True)
class Inbox:
    """A folder in which files are dropped, and how it is called in settings and journal."""

    name: str
    path: Path

    @property
    def actor(self) -> str:
        """Who files, for the journal."""
        return f"watch:{self.name}"


class Fate(StrEnum):
    """What became of files that were taken."""

    FILED = "filed"
    ADDED = "added"
    DUPLICATE = "duplicate"
    REJECTED = "rejected"
    #: They changed meanwhile, and settle anew.
    CHANGED = "changed"
    #: They are still in the inbox, and tried again later.
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one parcel.

    Attributes:
        said: What people are told.
        place: Where the files are now, relative to the workspace; empty while they are in the inbox.
        notes: Corrections and warnings.
    """

    paths: tuple[Path, ...]
    fate: Fate
    said: Message
    place: str = ""
    notes: tuple[Message, ...] = ()

    @property
    def names(self) -> str:
        """The names of the files, printable."""
        return "、".join(printable(path.name) for path in self.paths)

    def folder_in(self, inbox: Inbox) -> str:
        """Return the folder of an inbox in which the files lay, printable and with a stroke at its end."""
        inside = self.paths[0].parent.relative_to(inbox.path).as_posix()
        return "" if inside == "." else f"{printable(inside)}/"


def failed(parcel: Parcel, reason: Message) -> Outcome:
    """Return that a parcel stays in the inbox for now."""
    return Outcome(parcel.paths, Fate.FAILED, reason)


def changed(parcel: Parcel) -> Outcome:
    """Return that a parcel is no longer what was looked into."""
    return Outcome(parcel.paths, Fate.CHANGED, Message("文件有变化，重新等待", "it changed; it settles anew"))


def is_same(parcel: Parcel) -> bool:
    """Whether all files are still what was looked into."""
    try:
        return all(Sighting.of(path) == seen for path, seen in parcel.files)
    except OSError:
        return False
