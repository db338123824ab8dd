"""Which field a key means: its id, its label or an alias, in any spelling."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from difflib import get_close_matches

from docgen.forms.definition import Field
from docgen.forms.folding import fold


class Names:
    """The names of fields (or columns); an id goes before a label, a label before an alias."""

    def __init__(self, fields: Iterable[Field]) -> None:
        self._tables: tuple[dict[str, list[Field]], ...] = ({}, {}, {})
        for field in fields:
            for table, names in zip(self._tables, ((field.id,), (field.label,), field.aliases), strict=True):
                for name in names:
                    table.setdefault(fold(name), []).append(field)

    def find(self, key: str) -> Field | None:
        """Return the field that ``key`` names, or ``None``."""
        folded = fold(key)
        return next((table[folded][0] for table in self._tables if folded in table), None)

    def nearest(self, key: str) -> str:
        """Return the label of the field whose name is most like ``key``, or ""."""
        names = {name: fields[0] for table in reversed(self._tables) for name, fields in table.items()}
        near = get_close_matches(fold(key), names, n=1, cutoff=0.5)
        return names[near[0]].label if near else ""

    def clashes(self) -> Iterator[tuple[Field, Field]]:
        """Yield pairs of fields that share a label or an alias."""
        for table in self._tables[1:]:
            for fields in table.values():
                yield from ((fields[0], other) for other in fields[1:] if other.id != fields[0].id)
