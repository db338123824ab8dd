"""Correcting what is known of a document: its category and facts; names and files stay as they are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from docgen.archive.commits import Commits
from docgen.archive.entries import Event, Item
from docgen.archive.filed import Filed, event_item
from docgen.archive.parcel import Facts
from docgen.archive.queries import FiledVersion
from docgen.base.messages import Message


@dataclass(frozen=True, slots=True)
class Correction:
    """What is known of a version from now on, and what was changed for what reason."""

    category: str
    facts: Facts
    note: Message


def correct(
    commits: Commits,
    version: FiledVersion,
    change: Callable[[FiledVersion], Correction],
    *,
    actor: str,
) -> list[Filed]:
    """Correct all versions of the document of ``version``; return those of which something changed.

    Raises:
        EnvironmentFault: Disk, permission, lock; nothing has changed.
    """

    def corrections(there: Sequence[FiledVersion]) -> list[Item]:
        return [_item(one, corrected) for one in there if _differs(one, corrected := change(one))]

    return commits.tell(version, corrections, actor=actor)


def _differs(version: FiledVersion, corrected: Correction) -> bool:
    return (version.category, version.facts) != (corrected.category, corrected.facts)


def _item(version: FiledVersion, corrected: Correction) -> Item:
    item = event_item(Event.CORRECTED, version, [corrected.note])
    return replace(item, category=corrected.category, facts=corrected.facts)
