"""What the archive holds that parcels of a group may meet: asked of the catalogue once for all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from docgen.archive.catalogue import Catalogue
from docgen.archive.legal import fold_key
from docgen.archive.parcel import Parcel
from docgen.archive.queries import DocumentKey, FiledVersion
from docgen.archive.staging import Staged


@dataclass(frozen=True, slots=True)
class Known:
    """The answers to what is decided of a group.

    Attributes:
        catalogue: For what only few parcels ask.
    """

    catalogue: Catalogue
    _documents: Mapping[DocumentKey, list[FiledVersion]]
    _holders: Mapping[str, list[FiledVersion]]
    _numbers: Mapping[str, list[FiledVersion]]
    #: Numbers that were given to parcels of the group, by the start that they share.
    _given: dict[str, str] = field(default_factory=dict)

    def editions(self, parcel: Parcel) -> list[FiledVersion]:
        """Return all versions of the parcel's document, newest first; empty when there is none."""
        return self._documents.get(document_key(parcel), [])

    def holders(self, staged: Sequence[Staged]) -> list[FiledVersion]:
        """Return the versions, in any project, that hold one of these files and are not withdrawn."""
        found = {one.id: one for file in staged for one in self._holders.get(file.sha256, [])}
        return [found[one] for one in sorted(found)]

    def next_doc_id(self, parcel: Parcel, project: str) -> str:
        """Return the next number for a parcel that has none; no parcel of the group has it or is given it."""
        code = parcel.project_code or project
        start = f"{code}-{parcel.doc_type.no}-"
        given = self._given.get(start)
        number = _after(given) if given else self.catalogue.next_doc_id(parcel.doc_type, project, code)
        while fold_key(number) in self._numbers:
            number = _after(number)
        self._given[start] = number
        return number

    def with_doc_id(self, doc_id: str) -> list[FiledVersion]:
        """Return the newest version of every document, in any project, that has this number."""
        key = fold_key(doc_id)
        return self._numbers[key] if key in self._numbers else self.catalogue.with_doc_id(doc_id)


def _after(number: str) -> str:
    start, hyphen, count = number.rpartition("-")
    return f"{start}{hyphen}{int(count) + 1:04d}"


def what_is_known(
    catalogue: Catalogue, project: str, group: Sequence[tuple[Parcel, Sequence[Staged]]]
) -> Known:
    """Ask the catalogue about a group of parcels of one project, and what was copied aside of them."""
    keys = sorted({document_key(parcel) for parcel, _ in group})
    numbers = sorted({fold_key(parcel.doc_id) for parcel, _ in group if parcel.doc_id})
    digests = sorted({one.sha256 for _, staged in group for one in staged})
    documents, holders, numbered = catalogue.around(project, keys, digests, numbers)
    return Known(catalogue, documents, holders, numbered)


def document_key(parcel: Parcel) -> DocumentKey:
    """Return what tells the parcel's document apart from others of its project."""
    identity = parcel.identity
    day = identity.date.isoformat() if parcel.doc_type.recurring else ""
    return parcel.doc_type.id, fold_key(identity.serial), day
