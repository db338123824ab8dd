"""What forms ask about other documents, answered from archive and drafts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

from docgen.archive.legal import fold_key
from docgen.forms.lookup import Asked
from docgen.forms.values import Ref
from docgen.workflow.session import Session


@dataclass(frozen=True)
class Lookup:
    """Looks into the archive first, then into the drafts; keeps to the document's own project."""

    session: Session
    project_code: str = ""

    def find_refs(self, project: str, asked: Sequence[Asked]) -> list[Ref | None]:
        """Return the newest document of ``project`` that each of ``asked`` names, or ``None``."""
        filed = self.session.catalogue.named(project, [one.text for one in asked])
        return [self._find(project, one, refs) for one, refs in zip(asked, filed, strict=True)]

    def next_doc_id(self, project: str, type_id: str) -> str:
        """Return the next free number `<project code or name>-<catalogue no.>-<0001>`."""
        return self.session.catalogue.next_doc_id(self.session.types[type_id], project, self.project_code)

    def _find(self, project: str, asked: Asked, filed: Sequence[Ref]) -> Ref | None:
        drafts = self.session.drafted.get((fold_key(project), fold_key(asked.text)), ())
        drafted = (Ref(asked.text, one.type_id, one.doc_id, one.version) for one in drafts)
        fitting = (
            ref for ref in chain(filed, drafted) if not asked.type_ids or ref.type_id in asked.type_ids
        )
        return next(fitting, None)
