"""Whether a template's output is well-formed XML whatever the data: a proof, made once.

Text between tags is escaped, so only a loop or condition can break the XML: one whose body opens an element
that it does not close, or closes one that it has not opened. Where every body leaves the XML as it found it,
so does the whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from jinja2 import nodes

#: Markup of XML: comments and instructions, tags; `>` cannot stand in attributes that Word writes.
_MARKUP = re.compile(r"<!--.*?-->|<\?.*?\?>|<(/?)([^\s<>/!?]+)((?:\"[^\"]*\"|'[^']*'|[^<>\"'])*)>", re.DOTALL)
_TAG = re.compile(r"<(/?)([^\s/>]+)[^>]*?(/?)>")
#: What stands for a value that is printed: in text or in an attribute it is just text.
_VALUE = "\ufffc"


class Unbalanced(Exception):
    """A body does not leave the XML as it found it."""


def is_balanced(tree: nodes.Template) -> bool:
    """Whether what ``tree`` prints is well-formed whatever values it is given."""
    try:
        return _check(tree.body) == ([], "")
    except Unbalanced:
        return False


def is_whole(text: str) -> bool:
    """Whether a piece of XML closes every element that it opens, and opens all that it closes.

    ``text`` is as lxml writes it: no `>` in attributes, no comments.
    """
    open_: list[str] = []
    for close, name, single in _TAG.findall(text):
        if not close:
            if not single:
                open_.append(name)
        elif not open_ or open_.pop() != name:
            return False
    return not open_


def _check(body: Iterable[nodes.Node]) -> tuple[list[str], str]:
    """Return the elements that ``body`` leaves open, and the beginning of a tag that it leaves unfinished."""
    open_: list[str] = []
    rest = ""
    for node in body:
        if isinstance(node, nodes.Output):
            rest = _read(rest + _text(node), open_)
            continue
        for inner in _bodies(node):
            if _check(inner) != ([], "") or (rest and _leaves_attribute(inner)):
                raise Unbalanced
    return open_, rest


def _leaves_attribute(body: Iterable[nodes.Node]) -> bool:
    """Whether ``body``, which stands in an attribute, may end it."""
    data = (one.data for node in body for one in node.find_all(nodes.TemplateData))
    return any(sign in text for text in data for sign in "\"'<>")


def _text(output: nodes.Output) -> str:
    return "".join(one.data if isinstance(one, nodes.TemplateData) else _VALUE for one in output.nodes)


def _bodies(node: nodes.Node) -> Sequence[Sequence[nodes.Node]]:
    if isinstance(node, nodes.If):
        return [node.body, *(branch.body for branch in node.elif_), node.else_]
    if isinstance(node, nodes.For):
        return [node.body, node.else_]
    if isinstance(node, nodes.With):
        return [node.body]
    if isinstance(node, nodes.Assign):
        return []
    raise Unbalanced  # blocks, macros and the like: not proven


def _read(text: str, open_: list[str]) -> str:
    """Follow the tags in ``text``; return the unfinished rest."""
    end = 0
    for match in _MARKUP.finditer(text):
        if "<" in text[end : match.start()]:
            raise Unbalanced
        end = match.end()
        close, name, attributes = match.groups()
        if name is None:
            continue
        if close:
            if not open_ or open_.pop() != name:
                raise Unbalanced
        elif not attributes.endswith("/"):
            open_.append(name)
    rest = text[end:]
    start = rest.find("<")
    return rest[start:] if start >= 0 else ""
