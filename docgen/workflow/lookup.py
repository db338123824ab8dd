"""What forms ask about other documents, answered from archive and drafts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from docgen.archive.legal import fold_key
from docgen.archive.queries import FiledVersion
from docgen.forms.values import Ref
from docgen.workflow.session import Session


@dataclass(frozen=True)
class Lookup:
    """Looks into the archive first, then into the drafts; keeps to the document's own project."""

    session: Session
    project_code: str = ""

    def find_ref(self, project: str, type_ids: Sequence[str], text: str) -> Ref | None:
        """Return the newest document of ``project`` that ``text`` names, or ``None``."""
        for found in self.session.catalogue.find(text, project=project):
            if _is_named(found, text) and (not type_ids or found.type_id in type_ids):
                return Ref(text, found.type_id, found.doc_id, str(found.version))
        return self._draft(project, type_ids, text)

    def next_doc_id(self, project: str, type_id: str) -> str:
        """Return the next free number `<project code or name>-<catalogue no.>-<0001>`."""
        return self.session.catalogue.next_doc_id(self.session.types[type_id], project, self.project_code)

    def _draft(self, project: str, type_ids: Sequence[str], text: str) -> Ref | None:
        key = (fold_key(project), fold_key(text))
        for draft in self.session.drafted.get(key, ()):
            if not type_ids or draft.type_id in type_ids:
                return Ref(text, draft.type_id, draft.doc_id, draft.version)
        return None


def _is_named(found: FiledVersion, text: str) -> bool:
    """Whether ``text`` is a whole name of ``found``: its number or canonical name, not a part of one."""
    names = (found.doc_id, found.stem, *(file.path.rpartition("/")[2] for file in found.files))
    return fold_key(text) in {fold_key(name) for name in names}
