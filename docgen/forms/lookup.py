"""What forms may ask of the archive, handed in by workflow."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from docgen.forms.values import Ref


class Asked(NamedTuple):
    """Which document is asked for.

    Attributes:
        type_ids: Types that it may have; empty: any.
        text: Its number, doc_id or file name.
    """

    type_ids: Sequence[str]
    text: str


class Lookup(Protocol):
    """Answers about other documents of the same project."""

    def find_refs(self, project: str, asked: Sequence[Asked]) -> Sequence[Ref | None]:
        """Return the newest document of ``project`` that each of ``asked`` names, in the same order."""

    def next_doc_id(self, project: str, type_id: str) -> str:
        """Return the proposed `doc_id` of a new document of this type."""


class NoLookup:
    """A lookup that knows no other document (previews, template checks)."""

    def find_refs(self, project: str, asked: Sequence[Asked]) -> Sequence[Ref | None]:
        """Return ``None`` for each: nothing is known."""
        del project
        return [None] * len(asked)

    def next_doc_id(self, project: str, type_id: str) -> str:
        """Return a first number."""
        return f"{project}-{type_id}-0001"
