"""Which field a key means: its id, its label or an alias, in any spelling."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from functools import lru_cache

from docgen.forms.definition import Field, Form
from docgen.forms.folding import fold

_UNIT = re.compile(r"\s*[(（][^()（）]*[)）]$")


class Names:
    """The names of fields (or columns): an id goes before a label, a label before an alias.

    A label that ends with a unit in brackets answers without it, too.
    """

    def __init__(self, fields: Sequence[Field]) -> None:
        self._tables: tuple[dict[str, list[Field]], ...] = ({}, {}, {})
        for field in fields:
            for table, names in zip(self._tables, ((field.id,), (field.label,), field.aliases), strict=True):
                for name in names:
                    table.setdefault(fold(name), []).append(field)
        self._plain = self._without_units(field for fields in self._tables[1].values() for field in fields)
        written = (name for field in fields for name in (field.id, field.label, *field.aliases))
        self._exact = {name: self._find(name) for name in written}

    def _without_units(self, fields: Iterable[Field]) -> dict[str, Field]:
        """Return labels without the brackets at their end (单价 for 单价(元)), where one field has them."""
        found: dict[str, list[Field]] = {}
        for field in fields:
            plain = fold(_UNIT.sub("", field.label))
            if not any(plain in table for table in self._tables):
                found.setdefault(plain, []).append(field)
        return {plain: same[0] for plain, same in found.items() if len(same) == 1}

    def find(self, key: str) -> Field | None:
        """Return the field that ``key`` names, or ``None``."""
        return self._exact.get(key) or self._find(key)

    def _find(self, key: str) -> Field | None:
        folded = fold(key)
        named = (table[folded][0] for table in self._tables if folded in table)
        return next(named, None) or self._plain.get(folded)

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


@lru_cache(maxsize=64)
def names_of(form: Form) -> Names:
    """Return the names of the fields of ``form``."""
    return Names(form.fields)


@lru_cache(maxsize=64)
def column_names(form: Form) -> Mapping[str, Names]:
    """Return the names of the columns of every table of ``form``, by the table's id."""
    return {field.id: Names(field.columns) for field in form.fields if field.kind == "table"}


def column_called(form: Form, key: str) -> tuple[Field, Field] | None:
    """Return table and column that ``key`` names: `items.price`; `price` if one table alone has such."""
    name, dot, inside = key.partition(".")
    found = [
        (table, column)
        for table in form.fields
        if table.kind == "table" and (not dot or names_of(form).find(name) is table)
        if (column := column_names(form)[table.id].find(inside if dot else key))
    ]
    return found[0] if len(found) == 1 else None
