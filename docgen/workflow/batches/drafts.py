"""Drafts that were there before a run: by the documents that they are of, whatever they are called."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

from docgen.archive.identity import Identity
from docgen.archive.legal import fold_key
from docgen.archive.names import parse_name
from docgen.base.errors import DocgenError
from docgen.forms.types import DocType
from docgen.workflow.drafted import Draft, drafted
from docgen.workflow.editions import Claim, Place
from docgen.workflow.session import Session

#: Project (folded), type, number (folded) or date.
_Key = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class NamedDraft:
    """A draft with the place that its name tells."""

    doc_type: DocType
    project: str
    doc_id: str
    version: str
    day: date
    serial: str
    path: Path


@dataclass(frozen=True)
class Drafts:
    """The drafts of a workspace when a run begins.

    A draft may be called differently today: its serial was taken meanwhile, or its date was only the day on
    which it was made.
    """

    session: Session

    def of(self, claim: Claim, identity: Identity) -> list[Path]:
        """Return the drafts of an edition of a document; of those without record, what bears its name."""
        same = [one.path for one in self._same(claim) if one.version == str(identity.version)]
        return list(dict.fromkeys([*same, *self._by_name.get(fold_key(identity.stem), ())]))

    def place(self, claim: Claim, folder: Path) -> Place | None:
        """Return the place that a document has by its draft in ``folder``."""
        inside = (one for one in self._same(claim) if one.path.parent == folder)
        return next((Place(one.serial, one.doc_id) for one in inside), None)

    def inside(self, folder: Path) -> Iterator[NamedDraft]:
        """Yield the drafts in ``folder``."""
        return (one for some in self._by_number.values() for one in some if one.path.parent == folder)

    def _same(self, claim: Claim) -> list[NamedDraft]:
        project, type_id = fold_key(claim.project), claim.type_id
        if claim.number:
            return self._by_number.get((project, type_id, fold_key(claim.number)), [])
        recurring = self.session.types[type_id].recurring
        return self._by_day.get((project, type_id, claim.day.isoformat() if recurring else ""), [])

    @cached_property
    def _by_number(self) -> dict[_Key, list[NamedDraft]]:
        found: dict[_Key, list[NamedDraft]] = {}
        for some in drafted(self.session.workspace.drafts).values():
            for draft in filter(None, map(self._named, some)):
                key = (fold_key(draft.project), draft.doc_type.id, fold_key(draft.doc_id))
                found.setdefault(key, []).append(draft)
        return found

    @cached_property
    def _by_day(self) -> dict[_Key, list[NamedDraft]]:
        found: dict[_Key, list[NamedDraft]] = {}
        for draft in (one for some in self._by_number.values() for one in some):
            day = draft.day.isoformat() if draft.doc_type.recurring else ""
            found.setdefault((fold_key(draft.project), draft.doc_type.id, day), []).append(draft)
        return found

    @cached_property
    def _by_name(self) -> dict[str, list[Path]]:
        """Word files without record, by their names without extension, folded."""
        known = {one.path for some in self._by_number.values() for one in some}
        found: dict[str, list[Path]] = {}
        for path in self.session.workspace.drafts.rglob("*.docx"):
            if path not in known:
                found.setdefault(fold_key(path.stem), []).append(path)
        return found

    def _named(self, draft: Draft) -> NamedDraft | None:
        doc_type = self.session.types.get(draft.type_id)
        try:
            identity = parse_name(draft.path.name, self.session.types).identity
        except DocgenError:
            return None  # someone renamed it
        if doc_type is None or not draft.path.exists():
            return None
        where = (identity.date, identity.serial, draft.path)
        return NamedDraft(doc_type, draft.project, draft.doc_id, draft.version, *where)
