"""Places of a record: a field, or a cell; how problems name them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from docgen.base.findings import Problem
from docgen.base.messages import Message
from docgen.forms.definition import Field

#: Names that an expression sees, with their values.
Scope = Mapping[str, object]

#: In a column's expressions: the number of the row, counted from 1.
ROW = "row"


class RowScope(Mapping[str, object]):
    """What the expressions of a row see: its cells, its place among the rows, the fields of the record."""

    __slots__ = ("_around", "_cells", "_place")

    def __init__(self, cells: Mapping[str, object], place: int, around: Mapping[str, object]) -> None:
        self._cells = cells
        self._place = place
        self._around = around

    def __getitem__(self, name: str) -> object:
        if name in self._cells:
            return self._cells[name]
        return self._place if name == ROW else self._around[name]

    def __iter__(self) -> Iterator[str]:
        return iter({**self._around, ROW: self._place, **self._cells})

    def __len__(self) -> int:
        return len(set(self))


@dataclass(frozen=True, slots=True)
class Slot:
    """A field, or a column in one row: whose value is asked for, and how problems name it."""

    field: Field
    table: Field | None = None
    row: int | None = None

    @property
    def path(self) -> str:
        """Field id, or `table.column`."""
        return f"{self.table.id}.{self.field.id}" if self.table else self.field.id

    def problem(self, reason: Message, value: str = "", accepted: Message | None = None) -> Problem:
        """Return a mistake in this place."""
        label = f"{self.table.label}·{self.field.label}" if self.table else self.field.label
        return Problem(self.path, label, reason, value=value, row=self.row, accepted=accepted)
