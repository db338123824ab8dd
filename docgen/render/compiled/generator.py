"""Python for templates: what jinja2 generates, shorter where the data are plain."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import jinja2
from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame, optimizeconst

from docgen.render.sandbox import is_plain_format

#: Names that jinja2 finds as methods of a mapping before it looks for keys.
_METHODS = frozenset(dir(dict))


class Generator(CodeGenerator):
    """Reads keys of mappings without a detour, formats by literal patterns at once, and prints by `put`.

    The environment says how: `put` returns the escaped text of a value; `keys_first` is true where keys of a
    mapping go before its methods.
    """

    def write_commons(self) -> None:
        """Make `put` a local name."""
        super().write_commons()
        self.writeline("put = environment.put")

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        if _escapes(frame):
            self.write("put(")
        else:
            super()._output_child_pre(node, frame, finalize)

    def _output_child_post(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        if _escapes(frame):
            self.write(")")
        else:
            super()._output_child_post(node, frame, finalize)

    @optimizeconst
    def visit_Getattr(self, node: nodes.Getattr, frame: Frame) -> None:  # noqa: N802 - jinja2's names
        """Read the key of a plain mapping; anything else goes jinja2's way."""
        if node.attr in _METHODS and not getattr(self.environment, "keys_first", False):
            super().visit_Getattr(node, frame)
            return
        value = self.temporary_identifier()
        self.write(f"({value}[{node.attr!r}] if type({value} := ")
        self.visit(node.node, frame)
        self.write(
            f") is dict and {node.attr!r} in {value} else environment.getattr({value}, {node.attr!r}))"
        )

    @optimizeconst
    def visit_Call(self, node: nodes.Call, frame: Frame, forward_caller: bool = False) -> None:  # noqa: N802
        """Format by a literal pattern; any other call goes jinja2's way."""
        pattern = _literal_pattern(node)
        if pattern is None:
            super().visit_Call(node, frame, forward_caller=forward_caller)
            return
        self.write(f"{pattern!r}.format(")
        for argument in node.args:
            self.visit(argument, frame)
            self.write(", ")
        self.write(")")


class BytesGenerator(Generator):
    """Yields UTF-8: texts of the template are encoded once, values one by one; see `yields_bytes`."""

    def _output_const_repr(self, group: Iterable[Any]) -> str:
        return repr("".join(map(str, group)).encode())

    def _output_child_post(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        super()._output_child_post(node, frame, finalize)
        self.write(".encode()")


#: What makes a program collect text on the way, instead of yielding it.
_COLLECTING = (
    *(nodes.Macro, nodes.CallBlock, nodes.FilterBlock, nodes.AssignBlock, nodes.Block, nodes.Extends),
    *(nodes.Include, nodes.Import, nodes.FromImport, nodes.EvalContextModifier),
)


def yields_bytes(tree: nodes.Template) -> bool:
    """Whether all that ``tree`` prints goes straight out, so that it may be bytes."""
    loops = (loop.recursive for loop in tree.find_all(nodes.For))
    return next(tree.find_all(_COLLECTING), None) is None and not any(loops)


def bytewise(environment: jinja2.Environment) -> jinja2.Environment:
    """Return ``environment`` with programs that yield bytes."""
    overlaid = environment.overlay()
    overlaid.code_generator_class = BytesGenerator
    return overlaid


def _escapes(frame: Frame) -> bool:
    return bool(frame.eval_ctx.autoescape) and not frame.eval_ctx.volatile


def _literal_pattern(call: nodes.Call) -> str | None:
    target = call.node
    if call.kwargs or call.dyn_args or call.dyn_kwargs or not isinstance(target, nodes.Getattr):
        return None
    literal = target.node
    plain = target.attr == "format" and isinstance(literal, nodes.Const) and is_plain_format(literal.value)
    return (
        literal.value if plain and isinstance(literal, nodes.Const) and type(literal.value) is str else None
    )


def fast(environment: jinja2.Environment, put: Callable[[object], str]) -> jinja2.Environment:
    """Let ``environment`` generate its programs here and print values by ``put``."""
    environment.code_generator_class = Generator
    environment.put = put  # type: ignore[attr-defined]
    return environment


def slow(environment: jinja2.Environment) -> jinja2.Environment:
    """Return ``environment`` with jinja2's own programs, for docxtpl to print values its own way."""
    overlaid = environment.overlay()
    overlaid.code_generator_class = CodeGenerator
    return overlaid
