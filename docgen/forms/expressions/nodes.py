"""The syntax tree of an expression; each node computes itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from docgen.base.messages import Message
from docgen.forms.expressions.arithmetic import combine, compare, contains, negative, plain_value
from docgen.forms.expressions.functions import FUNCTIONS
from docgen.forms.faults import ExpressionFault
from docgen.forms.workdays import Calendar


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Where an expression is computed: the values by name, today, the site's calendar."""

    scope: Mapping[str, object]
    today: date
    calendar: Calendar


class Node(Protocol):
    """A part of an expression."""

    def value(self, at: Surroundings) -> object:
        """Return the value; ``None`` if it is unknown. Raises `ExpressionFault`."""


@dataclass(frozen=True, slots=True)
class Constant:
    """A number, a text, true, false, none."""

    constant: object

    def value(self, at: Surroundings) -> object:
        """Return the constant."""
        del at
        return self.constant


@dataclass(frozen=True, slots=True)
class Name:
    """A field, or a column of the same row."""

    name: str

    def value(self, at: Surroundings) -> object:
        """Return the value of that name."""
        try:
            value = at.scope[self.name]
        except KeyError:
            message = Message(f"没有字段 {self.name}", f"there is no field {self.name}")
            raise ExpressionFault(message) from None
        return plain_value(value)


@dataclass(frozen=True, slots=True)
class ColumnName:
    """`table.column`: all cells of a column."""

    table: str
    column: str

    def value(self, at: Surroundings) -> tuple[object, ...]:
        """Return the cells, none for a table that is empty."""
        rows = Name(self.table).value(at)
        if rows is None:
            return ()
        if not isinstance(rows, tuple) or not all(isinstance(row, Mapping) for row in rows):
            raise ExpressionFault(Message(f"{self.table} 不是表格", f"{self.table} is not a table"))
        return tuple(plain_value(row.get(self.column)) for row in rows)


@dataclass(frozen=True, slots=True)
class Listing:
    """`("甲", "乙")`: several values to be looked up by `in`."""

    items: tuple[Node, ...]

    def value(self, at: Surroundings) -> tuple[object, ...]:
        """Return the values."""
        return tuple(item.value(at) for item in self.items)


@dataclass(frozen=True, slots=True)
class Negative:
    """`-x`."""

    operand: Node

    def value(self, at: Surroundings) -> object:
        """Return the value with the other sign."""
        return negative(self.operand.value(at))


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """`a + b - c` or `a * b / c`, from left to right."""

    first: Node
    rest: tuple[tuple[str, Node], ...]

    def value(self, at: Surroundings) -> object:
        """Return the result."""
        result = self.first.value(at)
        for sign, operand in self.rest:
            result = combine(sign, result, operand.value(at))
        return result


@dataclass(frozen=True, slots=True)
class Comparison:
    """`a < b <= c`: each pair, joined by and."""

    first: Node
    rest: tuple[tuple[str, Node], ...]

    def value(self, at: Surroundings) -> bool | None:
        """Return whether all pairs hold."""
        results: list[bool | None] = []
        left = self.first.value(at)
        for sign, operand in self.rest:
            right = operand.value(at)
            results.append(_holds(sign, left, right))
            left = right
        return _all(results)


@dataclass(frozen=True, slots=True)
class Both:
    """`a and b and c` (or `or`, with ``stop`` true)."""

    operands: tuple[Node, ...]
    stop: bool

    def value(self, at: Surroundings) -> bool | None:
        """Return false (true for `or`) as soon as one is; else unknown if one is unknown."""
        unknown = False
        for operand in self.operands:
            result = truth(operand.value(at))
            if result is self.stop:
                return self.stop
            unknown = unknown or result is None
        return None if unknown else not self.stop


@dataclass(frozen=True, slots=True)
class Not:
    """`not x`."""

    operand: Node

    def value(self, at: Surroundings) -> bool | None:
        """Return the opposite."""
        result = truth(self.operand.value(at))
        return None if result is None else not result


@dataclass(frozen=True, slots=True)
class Conditional:
    """`a if condition else b`."""

    condition: Node
    yes: Node
    no: Node

    def value(self, at: Surroundings) -> object:
        """Return the chosen one; unknown if the condition is."""
        chosen = truth(self.condition.value(at))
        if chosen is None:
            return None
        return (self.yes if chosen else self.no).value(at)


@dataclass(frozen=True, slots=True)
class Call:
    """A function with its arguments."""

    function: str
    arguments: tuple[Node, ...]

    def value(self, at: Surroundings) -> object:
        """Return what the function makes of its arguments; unknown if one of them is."""
        function = FUNCTIONS[self.function]
        values = [argument.value(at) for argument in self.arguments]
        if not function.over_columns and any(value is None for value in values):
            return None
        return function.call(*values, *(getattr(at, need) for need in function.needs))


def truth(value: object) -> bool | None:
    """Return ``value`` if it can be a condition.

    Raises:
        ExpressionFault: If it is neither yes, no nor unknown.
    """
    if value is None or isinstance(value, bool):
        return value
    raise ExpressionFault(Message("此处应为是否条件", "a condition is expected here"))


def _holds(sign: str, left: object, right: object) -> bool | None:
    if sign == "in":
        return contains(left, right)
    if sign == "not in":
        result = contains(left, right)
        return None if result is None else not result
    return compare(sign, left, right)


def _all(results: Sequence[bool | None]) -> bool | None:
    if False in results:
        return False
    return None if None in results else True
