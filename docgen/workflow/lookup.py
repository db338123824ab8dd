"""What forms ask about other documents, answered from archive and drafts."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

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
        wanted = (fold_key(project), fold_key(text))
        for draft in self._drafts:
            if (not type_ids or draft.type_id in type_ids) and (
                fold_key(draft.project),
                fold_key(draft.doc_id),
            ) == wanted:
                return Ref(text, draft.type_id, draft.doc_id, draft.version)
        return None

    @cached_property
    def _drafts(self) -> list[_Draft]:
        return list(_drafts(self.session))


@dataclass(frozen=True, slots=True)
class _Draft:
    """A document that is generated, but not filed yet."""

    type_id: str
    project: str
    doc_id: str
    version: str


def _is_named(found: FiledVersion, text: str) -> bool:
    """Whether ``text`` is a whole name of ``found``: its number or canonical name, not a part of one."""
    names = (found.doc_id, found.stem, *(file.path.rpartition("/")[2] for file in found.files))
    return fold_key(text) in {fold_key(name) for name in names}


def _drafts(session: Session) -> Iterator[_Draft]:
    for path in sorted(session.workspace.drafts.rglob("*.record.json")):
        try:
            record = json.loads(path.read_text(encoding="utf-8"))
            values = record["values"]
            names = (record["form"], values["project_name"], values["doc_id"], values["version"])
        except (OSError, ValueError, KeyError, TypeError):
            continue  # a file that is no record names nothing; it stays where it is
        yield _Draft(*map(str, names))
