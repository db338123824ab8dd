"""From sorted answers to values: typed, defaulted and computed, in the order in which they become known."""

from __future__ import annotations

import re
from collections import ChainMap
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date

from docgen.base.findings import Problem
from docgen.base.messages import Message
from docgen.forms.coerce import agrees, coerce
from docgen.forms.definition import Field, Form
from docgen.forms.display import display
from docgen.forms.expressions.expression import compile_expression
from docgen.forms.faults import BadValue, ExpressionFault
from docgen.forms.kinds.parsing import parse
from docgen.forms.lookup import Lookup
from docgen.forms.ordering import ROW, dependencies, evaluation_order, formula, formulas
from docgen.forms.rows import Row, complete_by_default, default_rows, keep_fixed, read_rows
from docgen.forms.slots import Scope, Slot
from docgen.forms.workdays import PUBLISHED, Calendar

_TODAY = re.compile(r"\btoday\b")
#: Identity fields that follow from other fields where they are not answered.
_PROPOSED = frozenset(("doc_date", "doc_id"))


class Filling:
    """The values of one record while they become known.

    Attributes:
        values: Field id -> value, ``None`` where unknown or empty; a table is a tuple of rows.
        problems: What is wrong so far.
        bad: Field ids and `table.column` with a value that was refused, and all that depend on one.
        from_today: Field ids and `table.column` whose value is a default taken from the current date, or was
            derived from one.
    """

    def __init__(
        self, form: Form, today: date, lookup: Lookup | None, calendar: Calendar = PUBLISHED
    ) -> None:
        self._form = form
        self._today = today
        self._lookup = lookup
        self._calendar = calendar
        self._needs = dependencies(form)
        self._typed: dict[str, object] = {}
        self._rows: dict[str, list[Row]] = {}
        self.values: dict[str, object] = {field.id: () if field.columns else None for field in form.fields}
        self.problems: list[Problem] = []
        self.bad: set[str] = set()
        self.from_today: set[str] = set()
        self._refused: set[tuple[str, int | None]] = set()

    def fill(self, answers: Mapping[str, object], cards: Mapping[str, object]) -> None:
        """Read ``answers``, else ``cards`` (both by field id), and settle every value."""
        for field in self._form.fields:
            if field.kind == "table":
                self._read_table(field, answers.get(field.id, cards.get(field.id)))
            elif field.id in answers:
                self._read(field, answers[field.id], "")
            elif field.id in cards:
                self._read(field, cards[field.id], "取自项目或公司卡片")
        for node in evaluation_order(self._form):
            self._settle(node)

    def slots(self) -> Iterator[tuple[Slot, Scope, object]]:
        """Yield every field and cell with the names it sees and its value."""
        for field in self._form.fields:
            yield Slot(field), self.values, self.values[field.id]
            if field.kind == "table":
                for row, cells, scope in self._table(field):
                    for column in field.columns:
                        yield Slot(column, field, row.number), scope, cells[column.id]

    def places(self, path: str) -> Iterator[tuple[Slot, Scope, object]]:
        """Yield the field ``path``, or the cells of `table.column`; of "" the form as a whole."""
        field_id, _, column_id = path.partition(".")
        field = self._form.field(field_id) or Field("", self._form.name)
        if not column_id:
            yield Slot(field), self.values, self.values.get(field_id)
        elif column := field.column(column_id):
            for row, cells, scope in self._table(field):
                yield Slot(column, field, row.number), scope, cells[column_id]

    def rows(self) -> Iterator[tuple[Field, int, dict[str, object]]]:
        """Yield every row of every table: the table, the row's number as given, its cells."""
        for field in self._form.fields:
            if field.kind == "table":
                yield from ((field, row.number, cells) for row, cells, _ in self._table(field))

    def evaluate(self, text: str, scope: Scope, slot: Slot) -> object:
        """Return what the expression gives, ``None`` where unknown; what cannot be computed is a problem."""
        try:
            return compile_expression(text).evaluate(scope, today=self._today, calendar=self._calendar)
        except ExpressionFault as fault:
            self._refuse(slot, slot.problem(fault.reason))
            return None

    def _read(self, field: Field, raw: object, source: str) -> None:
        slot = Slot(field)
        value = self._parsed(slot, raw, source)
        if value is not None:
            self._typed[field.id] = value

    def _parsed(self, slot: Slot, raw: object, source: str = "") -> object:
        try:
            return parse(slot.field, raw)
        except BadValue as error:
            reason = error.reason
            if source:
                reason = Message(f"{reason.zh}（{source}）", f"{reason.en} (from a card)")
            self._refuse(slot, slot.problem(reason, raw if isinstance(raw, str) else "", error.accepted))
            return None

    def silent(self, slot: Slot) -> bool:
        """Return whether nothing more is to be said about this place: refused, or derived from what was."""
        derived = any(formulas(slot.field)) or slot.path in _PROPOSED
        return (derived and slot.path in self.bad) or (slot.path, slot.row) in self._refused

    def _refuse(self, slot: Slot, problem: Problem) -> None:
        self.problems.append(problem)
        self.bad.add(slot.path)
        self._refused.add((slot.path, slot.row))

    def _read_table(self, table: Field, raw: object) -> None:
        rows, problems = ([], []) if raw is None else read_rows(table, raw)
        if rows and table.rows_fixed and not problems:
            rows, problems = keep_fixed(table, rows)
        self._rows[table.id] = rows
        self.problems.extend(problems)
        if problems:
            self.bad.add(table.id)
            self._refused.add((table.id, None))

    def _table(self, table: Field) -> Iterator[tuple[Row, dict[str, object], Scope]]:
        cells = self.values[table.id]
        assert isinstance(cells, tuple)
        for place, (row, values) in enumerate(zip(self._rows[table.id], cells, strict=True), start=1):
            yield row, values, ChainMap(values, {ROW: place}, self.values)

    def _settle_rows(self, table: Field) -> None:
        """Take the default rows where none were given (optional tables: only if nothing is missing there)."""
        if not self._rows[table.id] and table.id not in self.bad and table.rows:
            needed = table.required or (
                bool(table.required_if) and self.evaluate(table.required_if, self.values, Slot(table)) is True
            )
            if needed or complete_by_default(table):
                self._rows[table.id] = default_rows(table)
        empty = dict.fromkeys((column.id for column in table.columns), None)
        self.values[table.id] = tuple(dict[str, object](empty) for _ in self._rows[table.id])

    def _settle(self, node: str) -> None:
        """Give a field, or a column in all rows, its value."""
        if self._needs[node] & self.bad:
            self.bad.add(node)
        table_id, _, column_id = node.partition(".")
        table = self._form.field(table_id)
        assert table is not None
        if column_id:
            self._settle_column(table, column_id, node)
        elif table.kind == "table":
            self._settle_rows(table)
        else:
            self.values[node] = self._value(Slot(table), node, self._typed.get(node), self.values)

    def _settle_column(self, table: Field, column_id: str, node: str) -> None:
        column = table.column(column_id)
        assert column is not None
        for row, cells, scope in self._table(table):
            own = column
            if column_id in row.formulas:
                own = replace(column, default=f"={row.formulas[column_id]}")
            slot = Slot(own, table, row.number)
            typed = self._parsed(slot, row.cells.get(column_id))
            cells[column_id] = self._value(slot, node, typed, scope)

    def _value(self, slot: Slot, node: str, typed: object, scope: Scope) -> object:
        field = slot.field
        if field.compute and (not field.compute_if or self.evaluate(field.compute_if, scope, slot) is True):
            computed = self._computed(slot, field.compute, scope)
            if computed is not None:
                self._taint(node)
                if typed is not None and not agrees(typed, computed):
                    self._contradiction(slot, typed, computed)
                return computed
        if typed is not None or (slot.path, slot.row) in self._refused:
            return typed
        value = self._default(slot, node, scope)
        return self._proposal(slot, node) if value is None else value

    def _default(self, slot: Slot, node: str, scope: Scope) -> object:
        default = slot.field.default
        text = formula(default)
        if not text:
            return self._parsed(slot, list(default) if isinstance(default, tuple) else default)
        value = self._computed(slot, text, scope)
        if value is not None:
            self._taint(node, today=bool(_TODAY.search(text)))
        return value

    def _proposal(self, slot: Slot, node: str) -> object:
        """Return what an identity field is without answer and default (design 4)."""
        if node in self.bad:
            return None
        if node == "doc_date":
            given = (self.values[name] for name in self._form.date_from if name != node)
            day = next((value for value in given if isinstance(value, date)), None)
            self._taint(node, today=day is None)
            return day or self._today
        if node == "doc_id":
            own, project = self.values.get(self._form.number), self.values["project_name"]
            if own or self._lookup is None:
                return own
            if not isinstance(project, str):  # said of the project name already
                self._refused.add((node, None))
                return None
            return self._parsed(slot, self._lookup.next_doc_id(project, self._form.id))
        return None

    def _computed(self, slot: Slot, text: str, scope: Scope) -> object:
        try:
            return coerce(slot.field, self.evaluate(text, scope, slot))
        except BadValue as error:
            self._refuse(slot, slot.problem(error.reason, accepted=error.accepted))
            return None

    def _contradiction(self, slot: Slot, typed: object, computed: object) -> None:
        shown = display(computed, table=True)
        message = Message(
            f"与计算结果 {shown} 不符；此项由计算得出，可以不填", f"computed is {shown}; leave it empty"
        )
        self._refuse(slot, slot.problem(message, display(typed, table=True)))

    def _taint(self, node: str, *, today: bool = False) -> None:
        if today or self._needs[node] & self.from_today:
            self.from_today.add(node)
