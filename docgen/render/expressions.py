"""Each tag of a template parsed on its own, so that a mistake is known with its place."""

from __future__ import annotations

from collections.abc import Iterator

from jinja2 import TemplateSyntaxError, nodes

from docgen.render.sandbox import TemplateEnvironment, forbidden, sandboxed_calls, unlisted
from docgen.render.tags import ALONE, BRANCHES, CLOSERS, Fault, Tag

_ENDS = frozenset(CLOSERS.values())


def parse_tag(tag: Tag, environment: TemplateEnvironment) -> nodes.Template | None:
    """Return the syntax tree of one tag; ``None`` for comments, ends and docxtpl's own marks.

    Raises:
        TemplateSyntaxError: The tag cannot be parsed.
    """
    source = _standalone(tag)
    return environment.parse(source) if source else None


def _standalone(tag: Tag) -> str:
    if tag.is_print:
        return "{{ " + tag.body + " }}"
    word = tag.keyword
    if word in CLOSERS:
        return f"{{% {tag.body} %}}{{% {CLOSERS[word]} %}}"
    if word == "elif":
        return f"{{% if {tag.rest} %}}{{% endif %}}"
    if word in ("colspan", "cellbg"):
        return "{{ " + tag.rest + " }}"
    return "{% " + tag.body + " %}" if word == "set" else ""


def expression_faults(tag: Tag, environment: TemplateEnvironment) -> Iterator[Fault]:
    """Yield what is wrong with one tag in itself: unknown word, syntax, filters, what is not allowed."""
    if tag.source.startswith("{#"):
        return
    if tag.is_print and tag.level:
        yield Fault("TP15", tag.spot, tag.source)
        return
    if not tag.is_print and tag.keyword not in {*CLOSERS, *_ENDS, *BRANCHES, *ALONE}:
        yield Fault("TP20" if tag.keyword == "include" else "TP14", tag.spot, tag.source)
        return
    try:
        tree = parse_tag(tag, environment)
    except (TemplateSyntaxError, RecursionError):
        yield Fault("TP06", tag.spot, tag.source)
        return
    if tree is not None:
        yield from _tree_faults(tag, tree, environment)


def _tree_faults(tag: Tag, tree: nodes.Template, environment: TemplateEnvironment) -> Iterator[Fault]:
    yield from (Fault("TP13", tag.spot, name) for _, name in unlisted(tree, environment))
    yield from (Fault("TP14", tag.spot, what) for what in forbidden(tree))
    yield from (Fault("TP22", tag.spot, f".{name}()") for name in sandboxed_calls(tree))
