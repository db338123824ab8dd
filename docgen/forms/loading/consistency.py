"""Whether the parts of a form fit together: names, expressions, limits, defaults."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import replace

from docgen.base.messages import Message
from docgen.forms.definition import Check, Field, Form
from docgen.forms.expressions.expression import compile_expression
from docgen.forms.faults import BadValue, ExpressionFault
from docgen.forms.kinds.parsing import limits, parse
from docgen.forms.loading.field_nodes import place_of
from docgen.forms.loading.reading import Entry, Faults, entries
from docgen.forms.naming import Names
from docgen.forms.ordering import Ring, evaluation_order, formula
from docgen.forms.rows import label_column
from docgen.forms.slots import ROW
from docgen.forms.yaml_nodes import Node

_EXPRESSIONS = ("required_if", "compute", "compute_if")
_NAME = Message("名称", "name")


class Consistency:
    """Checks one form, whose fields were read from ``parts`` (in the same order)."""

    def __init__(self, form: Form, parts: list[Entry], faults: Faults) -> None:
        self._form = form
        self._parts = dict(zip((field.id for field in form.fields), parts, strict=True))
        self._faults = faults
        self._names = {field.id for field in form.fields} | {
            f"{field.id}.{column.id}" for field in form.fields for column in field.columns
        }

    def check(self, checks: list[tuple[Node, Check]], type_ids: Collection[str] | None) -> None:
        """Note everything that does not fit; ``type_ids`` (if known) are what a ref may point to."""
        self._clashes()
        for field, entry, names in self._places():
            self._expressions(field, entry, names)
            self._values(field, entry)
            if type_ids is not None and field.kind == "ref":
                for type_id in field.of:
                    if type_id not in type_ids:
                        place = place_of(entry, "of")
                        self._faults.unknown(place, Message("文件类型", "document type"), type_id, type_ids)
        for node, check in checks:
            self._check(node, check)
        if not self._faults.findings:
            self._ring()

    def _places(self) -> Iterator[tuple[Field, Entry, set[str]]]:
        """Yield every field and column with its entry and the names that its expressions may use."""
        for field in self._form.fields:
            entry = self._parts[field.id]
            yield field, entry, self._names
            inside = self._names | {column.id for column in field.columns} | {ROW}
            for column, (_, part) in zip(field.columns, entries(entry, "columns", self._faults), strict=True):
                yield column, part, inside
            for row in field.rows:
                for column_id, text in row.items():
                    column = field.column(column_id) or field
                    yield replace(column, default=text), {"default": entry["rows"]}, inside

    def _clashes(self) -> None:
        for one, other in Names(self._form.fields).clashes():
            message = Message(
                f"字段 {other.id} 与 {one.id} 的名称或别名相同，填表时无法区分",
                f"{other.id} and {one.id} share a label or an alias",
            )
            self._faults.add(place_of(self._parts[other.id], "label"), message)

    def _expressions(self, field: Field, entry: Entry, names: set[str]) -> None:
        for key in _EXPRESSIONS:
            self._expression(getattr(field, key), place_of(entry, key), names)
        self._expression(formula(field.default), place_of(entry, "default"), names)

    def _expression(self, text: str, place: str, names: set[str]) -> None:
        if not text:
            return
        try:
            used = compile_expression(text).names()
        except ExpressionFault as error:
            self._faults.add(place, error.reason)
            return
        for name in sorted(used - names):
            self._faults.unknown(place, _NAME, name, names)

    def _values(self, field: Field, entry: Entry) -> None:
        """Note limits and defaults that the kind itself would refuse."""
        default = field.default
        reads: dict[str, Callable[[], object]] = {
            "min": lambda: limits(replace(field, max="")),
            "max": lambda: limits(replace(field, min="")),
        }
        if field.kind != "table" and not formula(default):
            reads["default"] = lambda: parse(field, list(default) if isinstance(default, tuple) else default)
        for key, read in reads.items():
            try:
                read()
            except BadValue as error:
                message = Message(f"{key} 无效：{error.reason.zh}", f"{key} is not valid: {error.reason.en}")
                self._faults.add(place_of(entry, key), message)
        if field.rows_fixed and field.rows and label_column(field) is None:
            message = Message(
                "rows_fixed 的各行至少要有一个内容互不相同的文字列",
                "fixed rows need a column of text in which they all differ",
            )
            self._faults.add(place_of(entry, "rows_fixed"), message)

    def _check(self, node: Node, check: Check) -> None:
        table = self._form.field(check.fields[0].partition(".")[0]) if check.row_wise else None
        inside = {column.id for column in table.columns} | {ROW} if table else set()
        self._expression(check.rule, node.place, self._names | inside)
        for name in check.fields:
            if name not in self._names:
                self._faults.unknown(node.place, Message("字段", "field"), name, self._names)

    def _ring(self) -> None:
        try:
            evaluation_order(self._form)
        except Ring as ring:
            first = ring.nodes[0].partition(".")[0]
            message = Message(f"字段互相计算，没有起点：{ring}", f"fields computed from one another: {ring}")
            self._faults.add(place_of(self._parts[first]), message)
