"""What forms may ask of the archive, handed in by workflow."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from docgen.forms.values import Ref


class Lookup(Protocol):
    """Answers about other documents of the same project."""

    def find_ref(self, project: str, type_ids: Sequence[str], text: str) -> Ref | None:
        """Return the newest document of ``project`` that ``text`` names: by number, doc_id or file name."""

    def next_doc_id(self, project: str, type_id: str) -> str:
        """Return the proposed `doc_id` of a new document of this type."""


class NoLookup:
    """A lookup that knows no other document (previews, template checks)."""

    def find_ref(self, project: str, type_ids: Sequence[str], text: str) -> Ref | None:
        """Return ``None``: nothing is known."""
        del project, type_ids, text
        return None

    def next_doc_id(self, project: str, type_id: str) -> str:
        """Return a first number."""
        return f"{project}-{type_id}-0001"
