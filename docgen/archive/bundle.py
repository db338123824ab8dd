"""Parcels of one project that share a commit: none of them depends on another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from docgen.archive.decide import Decision
from docgen.archive.entries import Item
from docgen.archive.legal import fold_key
from docgen.archive.parcel import Parcel
from docgen.archive.staging import Staged


@dataclass
class Bundle:
    """What will be committed together.

    Attributes:
        items: For the journal entry, one for each parcel.
        publish: Path in the project and staged file of all that gets a name.
    """

    items: list[Item] = field(default_factory=list)
    publish: list[tuple[str, Staged]] = field(default_factory=list)
    _documents: set[tuple[str, str, str]] = field(default_factory=set)
    _numbers: set[str] = field(default_factory=set)
    _digests: set[str] = field(default_factory=set)
    #: A parcel without a number of its own is given one, which depends on those given before.
    _given: bool = False

    def concerns(self, parcel: Parcel, staged: Sequence[Staged]) -> bool:
        """Whether what becomes of ``parcel`` may depend on a parcel that is in here."""
        return (
            _document(parcel) in self._documents
            or (not parcel.doc_id and self._given)
            or fold_key(parcel.doc_id) in self._numbers
            or bool(self._digests.intersection(one.sha256 for one in staged))
        )

    def add(self, parcel: Parcel, staged: Sequence[Staged], decision: Decision) -> None:
        """Add a parcel and what was decided of it."""
        self.items.append(decision.item)
        self.publish.extend(decision.publish)
        self._documents.add(_document(parcel))
        self._numbers.add(fold_key(decision.item.doc_id))
        self._digests.update(one.sha256 for one in staged)
        self._given = self._given or not parcel.doc_id


def _document(parcel: Parcel) -> tuple[str, str, str]:
    identity = parcel.identity
    day = identity.date.isoformat() if parcel.doc_type.recurring else ""
    return parcel.doc_type.id, fold_key(identity.serial), day
