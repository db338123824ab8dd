"""The names in a template held against the form: unknown fields and columns, loops over what is no table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from jinja2 import TemplateSyntaxError, nodes

from docgen.base.messages import Message
from docgen.forms.definition import Field, Form
from docgen.render.diagnosis import suggest
from docgen.render.expressions import parse_tag
from docgen.render.sandbox import TemplateEnvironment
from docgen.render.tags import CLOSERS, Tag

#: Names that every template may use beside the fields of its form.
ALWAYS = frozenset(("type_name", "range", "namespace", "loop"))
#: Kinds whose values are several.
_SEVERAL = frozenset(("table", "multi", "list", "files", "phone"))
_ATTRIBUTE_FILTERS = frozenset(("map", "sum", "sort", "groupby", "min", "max", "unique"))
_TEST_FILTERS = frozenset(("selectattr", "rejectattr"))


@dataclass(frozen=True)
class NameFault:
    """A name that the form does not know, or uses otherwise."""

    code: str
    tag: Tag
    what: str
    hint: Message | None = None


@dataclass
class _Reader:
    """Reads the tags of one template in order and knows which names a loop has given."""

    form: Form
    environment: TemplateEnvironment
    used: set[str] = field(default_factory=set)
    #: Innermost last: names of loops and assignments -> the table whose row they are, else `None`.
    scopes: list[dict[str, Field | None]] = field(default_factory=lambda: [{}])

    def read(self, tag: Tag) -> Iterator[NameFault]:
        try:
            tree = parse_tag(tag, self.environment)
        except (TemplateSyntaxError, RecursionError):
            return
        if tag.keyword in CLOSERS.values() and tag.keyword != "endif" and len(self.scopes) > 1:
            self.scopes.pop()
        if tree is None:
            return
        for node in tree.iter_child_nodes():
            yield from self._statement(tag, node)

    def _statement(self, tag: Tag, node: nodes.Node) -> Iterator[NameFault]:
        if isinstance(node, nodes.For):
            yield from self._expression(tag, node.iter)
            table = self._table_of(node.iter)
            yield from self._loops_over(tag, node.iter)
            self.scopes.append(dict.fromkeys(_targets(node.target), table))
            yield from self._expression(tag, node.test) if node.test else ()
        elif isinstance(node, nodes.Assign):
            yield from self._expression(tag, node.node)
            self.scopes[-1].update(dict.fromkeys(_targets(node.target)))
        elif isinstance(node, nodes.With):
            yield from (fault for value in node.values for fault in self._expression(tag, value))
            self.scopes.append(dict.fromkeys(name for target in node.targets for name in _targets(target)))
        elif isinstance(node, nodes.Output):
            for item in node.nodes:
                yield from self._expression(tag, item)
                yield from self._prints_whole_table(tag, item)
        elif isinstance(node, nodes.If):
            yield from self._expression(tag, node.test)

    def _expression(self, tag: Tag, node: nodes.Node) -> Iterator[NameFault]:
        if isinstance(node, nodes.Name):
            yield from self._name(tag, node.name)
        yield from self._column_uses(tag, node)
        for child in node.iter_child_nodes():
            yield from self._expression(tag, child)

    def _name(self, tag: Tag, name: str) -> Iterator[NameFault]:
        if any(name in scope for scope in self.scopes) or name in ALWAYS:
            return
        found = self.form.field(name)
        self.used.add(name)
        if found is None:
            known = [item.id for item in self.form.fields]
            yield NameFault("TP11", tag, name, suggest(name, known))
        elif found.internal and tag.is_print:
            yield NameFault("TP24", tag, f"{found.label}（{name}）")

    def _column_uses(self, tag: Tag, node: nodes.Node) -> Iterator[NameFault]:
        """Columns that are named after a dot, in brackets, or in a filter."""
        if isinstance(node, nodes.Getattr):
            yield from self._column(tag, self._row_of(node.node), node.attr)
        elif isinstance(node, nodes.Getitem) and isinstance(node.arg, nodes.Const):
            yield from self._column(tag, self._row_of(node.node), node.arg.value)
        elif isinstance(node, nodes.Filter) and node.node is not None:
            for column in _filter_columns(node):
                yield from self._column(tag, self._table_of(node.node), column)
            if node.name == "options":
                yield from self._options(tag, node)

    def _column(self, tag: Tag, table: Field | None, column: object) -> Iterator[NameFault]:
        if table is not None and isinstance(column, str) and table.column(column.split(".")[0]) is None:
            hint = suggest(column, [item.id for item in table.columns])
            yield NameFault("TP12", tag, f"{table.id}.{column}", hint)

    def _options(self, tag: Tag, node: nodes.Filter) -> Iterator[NameFault]:
        for argument in node.args[:1]:
            if isinstance(argument, nodes.Const) and argument.value not in self.form.choices:
                yield NameFault(
                    "TP11", tag, str(argument.value), suggest(str(argument.value), self.form.choices)
                )

    def _row_of(self, node: nodes.Node) -> Field | None:
        """The table of which ``node`` is a row: a loop's name, or an item of the table."""
        if isinstance(node, nodes.Name):
            return next((scope[node.name] for scope in reversed(self.scopes) if node.name in scope), None)
        return self._table_of(node.node) if isinstance(node, nodes.Getitem) else None

    def _table_of(self, node: nodes.Node) -> Field | None:
        """The table that ``node`` is, perhaps filtered or sorted."""
        if isinstance(node, nodes.Filter) and node.name not in ("map", "groupby", "batch") and node.node:
            return self._table_of(node.node)
        if isinstance(node, nodes.Getitem) and isinstance(node.arg, nodes.Slice):
            return self._table_of(node.node)
        found = self.form.field(node.name) if isinstance(node, nodes.Name) else None
        return found if found is not None and found.kind == "table" else None

    def _loops_over(self, tag: Tag, node: nodes.Node) -> Iterator[NameFault]:
        found = self.form.field(node.name) if isinstance(node, nodes.Name) else None
        if found is not None and found.kind not in _SEVERAL:
            yield NameFault("TP21", tag, tag.source)

    def _prints_whole_table(self, tag: Tag, node: nodes.Node) -> Iterator[NameFault]:
        found = self.form.field(node.name) if isinstance(node, nodes.Name) else None
        if found is not None and found.kind == "table":
            yield NameFault("TP21", tag, tag.source)


def name_faults(
    tags: Iterable[Tag], form: Form, environment: TemplateEnvironment
) -> tuple[list[NameFault], frozenset[str]]:
    """Return the mistakes in names, and the names of the form that the template uses."""
    reader = _Reader(form, environment)
    faults: list[NameFault] = []
    part = ""
    for tag in tags:
        if tag.spot.part != part:
            reader.scopes, part = [{}], tag.spot.part
        faults.extend(reader.read(tag))
    return faults, frozenset(reader.used)


def _targets(node: nodes.Node) -> list[str]:
    if isinstance(node, nodes.Name):
        return [node.name]
    return [name for child in node.iter_child_nodes() for name in _targets(child)]


def _filter_columns(node: nodes.Filter) -> Iterator[object]:
    if node.name in _TEST_FILTERS:
        yield from (item.value for item in node.args[:1] if isinstance(item, nodes.Const))
    if node.name in _ATTRIBUTE_FILTERS:
        yield from (
            item.value.value
            for item in node.kwargs
            if item.key == "attribute" and isinstance(item.value, nodes.Const)
        )
