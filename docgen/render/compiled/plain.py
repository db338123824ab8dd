"""What a template may do without a sandbox at run time, told from its syntax tree."""

from __future__ import annotations

import re
from collections.abc import Iterator

import jinja2
from jinja2 import nodes
from jinja2.sandbox import (
    UNSAFE_ASYNC_GENERATOR_ATTRIBUTES,
    UNSAFE_COROUTINE_ATTRIBUTES,
    UNSAFE_FUNCTION_ATTRIBUTES,
    UNSAFE_GENERATOR_ATTRIBUTES,
    UNSAFE_METHOD_ATTRIBUTES,
    ImmutableSandboxedEnvironment,
    safe_range,
)

from docgen.render.sandbox import Missing, assigned_names, is_plain_format

_UNSAFE = frozenset().union(
    UNSAFE_ASYNC_GENERATOR_ATTRIBUTES,
    UNSAFE_COROUTINE_ATTRIBUTES,
    UNSAFE_FUNCTION_ATTRIBUTES,
    UNSAFE_GENERATOR_ATTRIBUTES,
    UNSAFE_METHOD_ATTRIBUTES,
    ("format", "format_map", "mro"),
)
#: Filters that reach attributes by a name that they are given, or call what they are given.
_REACHING = frozenset(
    (
        *("attr", "map", "select", "reject", "selectattr", "rejectattr", "groupby", "sort", "sum", "unique"),
        *("join", "min", "max", "format", "xmlattr", "tojson", "pprint"),
    )
)
_PLAIN_CALLS = frozenset(("range", "namespace", "dict", "cycler", "joiner"))
_LOOP_CALLS = frozenset(("cycle", "changed"))
#: Operators that make much of little.
_GROWING = (nodes.Pow, nodes.Mul, nodes.Mod)


def not_plain(tree: nodes.Template) -> Iterator[str]:
    """Yield what in ``tree`` can only be judged while it runs: calls, computed names, and the like."""
    own = set(assigned_names(tree))
    for node in tree.find_all(nodes.Node):
        reason = _reason(node)
        if reason:
            yield reason
        elif isinstance(node, nodes.Call) and own & set(_called_names(node)):
            yield "()"  # `range` and the like, given another meaning by the template


def _reason(node: nodes.Node) -> str:
    if isinstance(node, nodes.Getattr) and _is_inner(node.attr) and not _is_literal_format(node):
        return f".{node.attr}"
    if isinstance(node, nodes.Getitem) and not _is_plain_item(node.arg):
        return "[…]"
    if isinstance(node, nodes.Filter) and node.name in _REACHING and not _is_plain_filter(node):
        return f"|{node.name}"
    if isinstance(node, nodes.Call) and not _is_plain_call(node):
        return "()"
    if isinstance(node, _GROWING):
        return f"operator {node.operator}"
    return ""


def _is_inner(name: object) -> bool:
    return isinstance(name, str) and (name.startswith("_") or name in _UNSAFE)


def _is_plain_item(argument: nodes.Node) -> bool:
    if isinstance(argument, nodes.Const):
        return not _is_inner(argument.value)
    return isinstance(argument, nodes.Slice)


def _is_plain_filter(node: nodes.Filter) -> bool:
    """Whether a filter that may reach attributes is given plain names only."""
    values = [*node.args, *(keyword.value for keyword in node.kwargs)]
    names = [value.value for value in values if isinstance(value, nodes.Const)]
    listed = not (node.dyn_args or node.dyn_kwargs) and len(names) == len(values)
    plain = listed and not any(
        _is_inner(part) for name in names if isinstance(name, str) for part in re.split("[.,]", name)
    )
    return plain and node.name not in ("attr", "format")


def _called_names(call: nodes.Call) -> Iterator[str]:
    target = call.node.node if isinstance(call.node, nodes.Getattr) else call.node
    if isinstance(target, nodes.Name):
        yield target.name


def _is_plain_call(call: nodes.Call) -> bool:
    target = call.node
    if isinstance(target, nodes.Name):
        return target.name in _PLAIN_CALLS
    if not isinstance(target, nodes.Getattr):
        return False
    if isinstance(target.node, nodes.Name) and target.node.name == "loop":
        return target.attr in _LOOP_CALLS
    return _is_literal_format(target)


def _is_literal_format(target: nodes.Getattr) -> bool:
    """`"{:,.2f}".format`: a literal pattern that reaches into nothing, of a sensible width."""
    literal = target.node
    return target.attr == "format" and isinstance(literal, nodes.Const) and is_plain_format(literal.value)


def make_environment() -> jinja2.Environment:
    """Return the environment of docxtpl's templates: a sandbox, escaping on; undefined names are errors."""
    environment = ImmutableSandboxedEnvironment(autoescape=True, undefined=Missing)
    environment.globals["range"] = safe_range
    return environment
