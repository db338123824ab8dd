"""From sorted answers to values: typed, defaulted and computed, in the order in which they become known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from docgen.base.findings import Problem
from docgen.base.messages import Message
from docgen.forms.coerce import agrees, coerce
from docgen.forms.definition import Field, Form
from docgen.forms.display import display
from docgen.forms.expressions.expression import compile_expression
from docgen.forms.faults import BadValue, ExpressionFault
from docgen.forms.lookup import Lookup
from docgen.forms.naming import column_names
from docgen.forms.plan import Node, Place, asks_today, derived, empty_values, nodes, parse_field
from docgen.forms.rows import Row, complete_by_default, default_rows, keep_fixed, read_rows
from docgen.forms.slots import RowScope, Scope, Slot
from docgen.forms.workdays import PUBLISHED, Calendar

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
        self._typed: dict[str, object] = {}
        self._rows: dict[str, list[Row]] = {}
        self._tables: dict[str, list[tuple[Row, dict[str, object], Scope]]] = {}
        self.values: dict[str, object] = dict(empty_values(form))
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
        for node in nodes(self._form):
            self._settle(node)

    def slots(self, places: Iterable[Place]) -> Iterator[tuple[Slot, Scope, object]]:
        """Yield the fields and cells at ``places`` with the names they see and their values."""
        for place in places:
            field = place.slot.field
            if place.itself:
                yield place.slot, self.values, self.values[field.id]
            if place.columns:
                for row, cells, scope in self._tables[field.id]:
                    for column in place.columns:
                        yield Slot(column, field, row.number), scope, cells[column.id]

    def places(self, path: str) -> Iterator[tuple[Slot, Scope, object]]:
        """Yield the field ``path``, or the cells of `table.column`; of "" the form as a whole."""
        field_id, _, column_id = path.partition(".")
        field = self._form.field(field_id) or Field("", self._form.name)
        if not column_id:
            yield Slot(field), self.values, self.values.get(field_id)
        elif column := field.column(column_id):
            for row, cells, scope in self._tables[field.id]:
                yield Slot(column, field, row.number), scope, cells[column_id]

    def rows(self, table: Field) -> Iterator[tuple[int, dict[str, object]]]:
        """Yield every row of ``table``: its number as given, its cells."""
        yield from ((row.number, cells) for row, cells, _ in self._tables[table.id])

    def evaluate(self, text: str, scope: Scope, slot: Slot) -> object:
        """Return what the expression gives, ``None`` where unknown; what cannot be computed is a problem."""
        try:
            return compile_expression(text).evaluate(scope, today=self._today, calendar=self._calendar)
        except ExpressionFault as fault:
            self._refuse(slot, slot.problem(fault.reason))
            return None

    def _read(self, field: Field, raw: object, source: str) -> None:
        value = self._parsed(Slot(field), raw, source)
        if value is not None:
            self._typed[field.id] = value

    def _parsed(self, slot: Slot, raw: object, source: str = "") -> object:
        try:
            return None if raw is None else parse_field(self._form, slot, raw)
        except BadValue as error:
            self._refuse_value(slot, raw, error, source)
            return None

    def silent(self, slot: Slot) -> bool:
        """Return whether nothing more is to be said about this place: refused, or derived from what was."""
        if not self.bad and not self._refused:
            return False
        path = slot.path
        follows = path in self.bad and (path in derived(self._form) or path in _PROPOSED)
        return follows or (path, slot.row) in self._refused

    def _refuse(self, slot: Slot, problem: Problem) -> None:
        self.problems.append(problem)
        self.bad.add(slot.path)
        self._refused.add((slot.path, slot.row))

    def _refuse_value(self, slot: Slot, raw: object, error: BadValue, source: str = "") -> None:
        reason = error.reason
        if source:
            reason = Message(f"{reason.zh}（{source}）", f"{reason.en} (from a card)")
        self._refuse(slot, slot.problem(reason, raw if isinstance(raw, str) else "", error.accepted))

    def _read_table(self, table: Field, raw: object) -> None:
        names = column_names(self._form)[table.id]
        rows, problems = ([], []) if raw is None else read_rows(table, names, raw)
        if rows and table.rows_fixed and not problems:
            rows, problems = keep_fixed(table, rows)
        self._rows[table.id] = rows
        self.problems.extend(problems)
        if problems:
            self.bad.add(table.id)
            self._refused.add((table.id, None))

    def _settle_rows(self, table: Field) -> None:
        """Take the default rows where none were given (optional tables: only if nothing is missing there)."""
        if not self._rows[table.id] and table.id not in self.bad and table.rows:
            needed = table.required or (
                bool(table.required_if) and self.evaluate(table.required_if, self.values, Slot(table)) is True
            )
            if needed or complete_by_default(table):
                self._rows[table.id] = default_rows(table)
        self._tables[table.id] = []
        for place, row in enumerate(self._rows[table.id], start=1):
            cells = dict[str, object].fromkeys(column.id for column in table.columns)
            self._tables[table.id].append((row, cells, RowScope(cells, place, self.values)))
        self.values[table.id] = tuple(cells for _, cells, _ in self._tables[table.id])

    def _settle(self, node: Node) -> None:
        """Give a field, or a column in all rows, its value."""
        if self.bad and node.needs & self.bad:
            self.bad.add(node.path)
        if node.table:
            self._settle_column(node, node.table)
        elif node.field.kind == "table":
            self._settle_rows(node.field)
        else:
            typed = self._typed.get(node.path)
            self.values[node.path] = self._value(Slot(node.field), node, typed, self.values)

    def _settle_column(self, node: Node, table: Field) -> None:
        column = node.field
        for row, cells, scope in self._tables[table.id]:
            slot = Slot(column, table, row.number)
            typed = self._parsed(slot, row.cells.get(column.id))
            cells[column.id] = self._value(slot, node, typed, scope, row.formulas.get(column.id, ""))

    def _value(self, slot: Slot, node: Node, typed: object, scope: Scope, formula: str = "") -> object:
        """Return what is computed, else typed, else the default (of a row that has a ``formula``: that)."""
        field = slot.field
        if field.compute and (not field.compute_if or self.evaluate(field.compute_if, scope, slot) is True):
            computed = self._computed(slot, field.compute, scope)
            if computed is not None:
                self._taint(node)
                if typed is not None and not agrees(typed, computed):
                    self._contradiction(slot, typed, computed)
                return computed
        if typed is not None or (self._refused and (node.path, slot.row) in self._refused):
            return typed
        value = self._default(slot, node, scope, formula or node.formula)
        return self._proposal(slot, node) if value is None else value

    def _default(self, slot: Slot, node: Node, scope: Scope, formula: str) -> object:
        if not formula:
            return self._parsed_default(slot, node)
        value = self._computed(slot, formula, scope)
        if value is not None:
            self._taint(node, today=asks_today(formula))
        return value

    def _parsed_default(self, slot: Slot, node: Node) -> object:
        if isinstance(node.default, BadValue):
            self._refuse_value(slot, slot.field.default, node.default)
            return None
        return node.default

    def _proposal(self, slot: Slot, node: Node) -> object:
        """Return what an identity field is without answer and default (design 4)."""
        if node.path not in _PROPOSED or node.path in self.bad:
            return None
        if node.path == "doc_date":
            given = (self.values[name] for name in self._form.date_from if name != "doc_date")
            day = next((value for value in given if isinstance(value, date)), None)
            self._taint(node, today=day is None)
            return day or self._today
        own, project = self.values.get(self._form.number), self.values["project_name"]
        if own or self._lookup is None:
            return own
        if not isinstance(project, str):  # said of the project name already
            self._refused.add((node.path, None))
            return None
        return self._parsed(slot, self._lookup.next_doc_id(project, self._form.id))

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

    def _taint(self, node: Node, *, today: bool = False) -> None:
        if today or node.needs & self.from_today:
            self.from_today.add(node.path)
