"""Parcels of one project that share a commit: none of them depends on another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from docgen.archive.known import document_key
from docgen.archive.legal import fold_key
from docgen.archive.parcel import Parcel
from docgen.archive.queries import DocumentKey
from docgen.archive.staging import Staged


@dataclass
class Bundle:
    """What will be committed together.

    Attributes:
        parcels: With their place among all, and what was copied aside of them.
    """

    parcels: list[tuple[int, Parcel, list[Staged]]] = field(default_factory=list)
    _documents: set[DocumentKey] = field(default_factory=set)
    _numbers: set[str] = field(default_factory=set)
    _digests: set[str] = field(default_factory=set)

    def concerns(self, parcel: Parcel, staged: Sequence[Staged]) -> bool:
        """Whether what becomes of ``parcel`` may depend on a parcel that is in here."""
        return (
            document_key(parcel) in self._documents
            or bool(parcel.doc_id and fold_key(parcel.doc_id) in self._numbers)
            or bool(self._digests.intersection(one.sha256 for one in staged))
        )

    def add(self, place: int, parcel: Parcel, staged: list[Staged]) -> None:
        """Add a parcel and what was copied aside of it."""
        self.parcels.append((place, parcel, staged))
        self._documents.add(document_key(parcel))
        self._numbers.add(fold_key(parcel.doc_id))
        self._digests.update(one.sha256 for one in staged)
