"""What a template may do: print, loop, choose, and use the listed filters and tests; nothing else.

A template is a file that anybody may have edited. It reaches values only by name, item and mapping key; no
attribute of a Python object, no call but those listed here, no import, no unescaped text.
"""

from __future__ import annotations

import re
import string
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from typing import Any

from jinja2 import StrictUndefined, Undefined, nodes
from jinja2.exceptions import SecurityError, UndefinedError
from jinja2.runtime import LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import Namespace, missing

from docgen.forms.values import Duration, Ref, Sig
from docgen.render.filters import FILTERS, finalize, make_options

#: Filters of jinja2 that only count, choose and order.
BUILTIN_FILTERS = (
    *("abs", "batch", "count", "default", "d", "first", "groupby", "int", "last", "length", "list", "lower"),
    *("map", "max", "min", "reject", "rejectattr", "replace", "reverse", "select", "selectattr"),
    *("sort", "string", "sum", "title", "trim", "truncate", "unique", "upper"),
)
BUILTIN_TESTS = (
    *("boolean", "defined", "divisibleby", "eq", "equalto", "==", "even", "false", "ge", ">=", "greaterthan"),
    *(
        "gt",
        ">",
        "in",
        "integer",
        "iterable",
        "le",
        "<=",
        "lessthan",
        "lt",
        "<",
        "mapping",
        "ne",
        "!=",
        "none",
    ),
    *("number", "odd", "sequence", "string", "true", "undefined"),
)
#: Attributes of values that a template may read.
ATTRIBUTES: Mapping[type, frozenset[str]] = {
    Sig: frozenset(("name", "date")),
    Ref: frozenset(("text", "doc_id", "version", "found")),
    Duration: frozenset(("amount", "unit")),
    datetime: frozenset(("year", "month", "day", "hour", "minute")),
    date: frozenset(("year", "month", "day")),
    LoopContext: frozenset(
        (
            *("index", "index0", "revindex", "revindex0", "first", "last", "length"),
            *("depth", "depth0", "cycle", "changed", "previtem", "nextitem"),
        )
    ),
}
#: Methods of text that return text of about the same length; they run, and the template check names them.
TEXT_METHODS = frozenset(
    ("strip", "lstrip", "rstrip", "upper", "lower", "title", "split", "startswith", "endswith")
)
MAX_RANGE = 10_000
_MAX_WIDTH = 100

#: The shapes that an expression or statement may have.
_ALLOWED = (
    *(nodes.Template, nodes.Output, nodes.TemplateData, nodes.For, nodes.If, nodes.Assign, nodes.With),
    *(nodes.Name, nodes.NSRef, nodes.Const, nodes.List, nodes.Tuple, nodes.Dict, nodes.Pair, nodes.Keyword),
    *(nodes.Getattr, nodes.Getitem, nodes.Slice, nodes.Call, nodes.Filter, nodes.Test, nodes.CondExpr),
    *(nodes.Compare, nodes.Operand, nodes.And, nodes.Or, nodes.Not, nodes.Neg, nodes.Pos, nodes.Concat),
    *(nodes.Add, nodes.Sub, nodes.Mul, nodes.Div, nodes.FloorDiv, nodes.Mod),
)

#: Names that may be called, or that have what may be called: a template must not give them another meaning.
_CALLED = frozenset(("range", "namespace", "loop"))
#: Names that jinja2 gives to its own machinery.
_RESERVED = frozenset(("self", "super", "caller", "varargs", "kwargs"))


class MissingField(UndefinedError):
    """A name, item or column that the data does not have."""

    def __init__(self, name: str, message: str) -> None:
        super().__init__(message)
        self.name = name


class Missing(StrictUndefined):
    """A name that is not defined; whatever is done with it is an error that carries the name."""

    __slots__ = ()

    def __init__(
        self, hint: Any = None, obj: Any = missing, name: Any = None, exc: type[Exception] = UndefinedError
    ) -> None:
        super().__init__(hint, obj, name, exc)  # type: ignore[arg-type]
        if exc is UndefinedError:
            self._undefined_exception = partial(MissingField, str(name or ""))  # type: ignore[assignment]


class TemplateEnvironment(ImmutableSandboxedEnvironment):
    """docxtpl's language without anything that reaches beyond the data."""

    intercepted_binops = frozenset(("*", "%", "**"))
    #: Values are reached by key: a column may be called `items`.
    keys_first = True

    def __init__(self, choices: Mapping[str, Sequence[str]]) -> None:
        super().__init__(autoescape=True, undefined=Missing, finalize=finalize)
        builtin = {name: self.filters[name] for name in BUILTIN_FILTERS}
        self.filters = {**builtin, **FILTERS, "options": make_options(choices)}
        self.tests = {name: self.tests[name] for name in BUILTIN_TESTS}
        self.globals = {"range": _range, "namespace": Namespace}

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Return the item ``attribute`` of a mapping, or a listed attribute of a value."""
        return self.getitem(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        """Return an item of a mapping, list or text, or a listed attribute of a value."""
        if isinstance(obj, Mapping | list | tuple) or (
            isinstance(obj, str) and not isinstance(argument, str)
        ):
            try:
                return obj[argument]
            except (TypeError, LookupError):
                return self.undefined(obj=obj, name=argument)
        if isinstance(obj, Undefined):
            return getattr(obj, str(argument))
        if self._is_listed(obj, argument):
            value = getattr(obj, argument, self.undefined(obj=obj, name=argument))
            return self.wrap_str_format(value) or value
        return self.unsafe_undefined(obj, str(argument))

    def _is_listed(self, obj: object, name: object) -> bool:
        if isinstance(obj, str):
            return name in TEXT_METHODS or name == "format"
        if isinstance(obj, Namespace):
            return isinstance(name, str) and not name.startswith("_")
        return any(name in names for kind, names in ATTRIBUTES.items() if isinstance(obj, kind))

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """Multiply and take remainders of numbers only: text times a number would fill the memory."""
        if not all(isinstance(side, int | float | Decimal) for side in (left, right)):
            raise SecurityError(f"{operator} takes numbers only")
        return super().call_binop(context, operator, left, right)


def _range(*limits: int) -> range:
    numbers = range(*limits)
    if len(numbers) > MAX_RANGE:
        raise SecurityError(f"range of more than {MAX_RANGE} numbers")
    return numbers


def forbidden(tree: nodes.Template) -> Iterator[str]:
    """Yield what a parsed template uses beyond the allowed shapes, in the words of the template language."""
    for node in _walk(tree):
        if not isinstance(node, _ALLOWED):
            yield type(node).__name__.lower()
        elif isinstance(node, nodes.Call) and not _is_plain_call(node):
            yield _call_name(node)
        elif isinstance(node, nodes.Getattr) and node.attr.startswith("_"):
            yield f".{node.attr}"
        elif isinstance(node, nodes.Name) and node.name in _RESERVED:
            yield node.name
    yield from sorted(_CALLED & set(assigned_names(tree)))


def assigned_names(tree: nodes.Template) -> Iterator[str]:
    """Yield the names to which a template gives a value of its own (but `loop`, which every loop has)."""
    return (node.name for node in tree.find_all(nodes.Name) if node.ctx in ("store", "param"))


def unlisted(tree: nodes.Template, environment: TemplateEnvironment) -> Iterator[tuple[str, str]]:
    """Yield ("filter" or "test", name) of every filter and test that is not listed."""
    for node in tree.find_all(nodes.Filter):
        if node.name not in environment.filters:
            yield "filter", node.name
    for test in tree.find_all(nodes.Test):
        if test.name not in environment.tests:
            yield "test", test.name


def sandboxed_calls(tree: nodes.Template) -> Iterator[str]:
    """Yield the methods of text that a template calls."""
    for node in tree.find_all(nodes.Call):
        if isinstance(node.node, nodes.Getattr) and node.node.attr in TEXT_METHODS:
            yield node.node.attr


def _walk(node: nodes.Node) -> Iterator[nodes.Node]:
    yield node
    for child in node.iter_child_nodes():
        yield from _walk(child)


def _is_plain_call(call: nodes.Call) -> bool:
    target = call.node
    if isinstance(target, nodes.Name):
        return target.name in _CALLED - {"loop"}
    if not isinstance(target, nodes.Getattr):
        return False
    if isinstance(target.node, nodes.Name) and target.node.name == "loop":
        return target.attr in ("cycle", "changed")
    if target.attr == "format":
        return isinstance(target.node, nodes.Const) and is_plain_format(target.node.value)
    return target.attr in TEXT_METHODS


def is_plain_format(pattern: object) -> bool:
    """A literal pattern over plain data: no attribute, no item, no computed or huge width."""
    try:
        pieces = list(string.Formatter().parse(str(pattern)))
    except ValueError:
        return False
    return all(_is_plain_piece(field, spec or "") for _, field, spec, _ in pieces if field is not None)


def _is_plain_piece(field: str, spec: str) -> bool:
    widths = [int(width) for width in re.findall(r"\d+", spec)]
    return bool(re.fullmatch(r"\w*", field)) and "{" not in spec and max(widths, default=0) <= _MAX_WIDTH


def _call_name(call: nodes.Call) -> str:
    target = call.node
    if isinstance(target, nodes.Getattr):
        return f".{target.attr}()"
    return f"{target.name}()" if isinstance(target, nodes.Name) else "()"
