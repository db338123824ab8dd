"""Places of a record: a field, or a cell; how problems name them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from docgen.base.findings import Problem
from docgen.base.messages import Message
from docgen.forms.definition import Field

#: Names that an expression sees, with their values.
Scope = Mapping[str, object]


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
