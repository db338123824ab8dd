"""In which order the values of a record become known: what is computed from what.

Nodes are field ids and `table.column`. A field depends on the names in its `compute`, `compute_if` and
`=` default; the document date on the fields it comes from; the document's id on its own number.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from graphlib import CycleError, TopologicalSorter

from docgen.forms.definition import Field, Form
from docgen.forms.expressions.expression import compile_expression
from docgen.forms.slots import ROW


class Ring(ValueError):
    """Fields that are computed from one another."""

    def __init__(self, nodes: list[str]) -> None:
        super().__init__(" → ".join(nodes))
        self.nodes = nodes


def formula(default: object) -> str:
    """Return the expression of a default that begins with `=`, or ""."""
    return default[1:].strip() if isinstance(default, str) and default.startswith("=") else ""


def formulas(field: Field) -> Iterator[str]:
    """Yield the expressions from which the value of ``field`` may come."""
    yield from (text for text in (field.compute, field.compute_if, formula(field.default)) if text)


def cell_formulas(table: Field, column: Field) -> Iterator[str]:
    """Yield the expressions from which the cells of ``column`` may come."""
    yield from formulas(column)
    yield from (text for row in table.rows if (text := formula(row.get(column.id, ""))))


@lru_cache(maxsize=64)
def evaluation_order(form: Form) -> tuple[str, ...]:
    """Return field ids and `table.column` so that each comes after everything it depends on.

    Raises:
        Ring: Fields are computed from one another.
        ExpressionFault: An expression cannot be read.
    """
    try:
        return tuple(TopologicalSorter(dependencies(form)).static_order())
    except CycleError as error:
        raise Ring(list(reversed(error.args[1]))) from error


@lru_cache(maxsize=64)
def dependencies(form: Form) -> Mapping[str, set[str]]:
    """Return, for each field id and `table.column`, what its value depends on."""
    graph: dict[str, set[str]] = {field.id: _names(formulas(field)) for field in form.fields}
    for table in form.fields:
        if table.rows and table.required_if:  # decides whether the default rows are taken
            graph[table.id] |= _names(iter([table.required_if]))
        for column in table.columns:
            names = _names(cell_formulas(table, column)) - {ROW}
            graph[f"{table.id}.{column.id}"] = {table.id} | {_in_row(table, name) for name in names}
    graph.setdefault("doc_date", set()).update(form.date_from)
    graph.setdefault("doc_id", set()).update({"project_name", form.number} - {""})
    known = graph.keys()
    return {
        node: (names & known) - ({node} if node == "doc_date" else set()) for node, names in graph.items()
    }


def _names(texts: Iterator[str]) -> set[str]:
    return {name for text in texts for name in compile_expression(text).names()}


def _in_row(table: Field, name: str) -> str:
    return f"{table.id}.{name}" if table.column(name) else name
