"""What went wrong while a template was filled in, with its place: jinja2's errors in our words."""

from __future__ import annotations

import difflib
import re
import traceback
from collections.abc import Collection, Mapping, Sequence

import jinja2
from jinja2.exceptions import SecurityError

from docgen.base.errors import TemplateFault
from docgen.base.messages import Message
from docgen.forms.faults import BadValue
from docgen.render.checks import finding
from docgen.render.filters import FilterFault
from docgen.render.sandbox import MissingField
from docgen.render.tags import Tag

#: What a tag may raise when its value does not fit.
FAILURES = (
    *(jinja2.TemplateError, FilterFault, BadValue),
    *(ArithmeticError, TypeError, ValueError, LookupError, AttributeError),
)


def explain(
    error: Exception, source: str, tags: Sequence[Tag], known: Collection[str], where: str
) -> TemplateFault:
    """Return the error to tell people.

    Args:
        error: What rendering raised.
        source: The jinja2 source, one paragraph a line.
        tags: The tags of the same part of the template.
        known: Names that the data has, for a suggestion.
        where: The template, as people know it.
    """
    name = error.name if isinstance(error, MissingField) else ""
    place = _place(_line(error, source), tags, name)
    code = "TP11" if name else "TP14" if isinstance(error, SecurityError) else "TP23"
    found = finding(code, name or _reason(error), place=place, hint=suggest(name, known))
    return TemplateFault(
        Message("模板填写失败", "the template cannot be filled in"), [found], where=where, hint=found.hint
    )


def broken_structure(where: str) -> TemplateFault:
    """Return the error of a copy that would be no well-formed document."""
    return TemplateFault(
        Message(
            "标记的位置使文档结构不完整（例如在超链接里分段）",
            "the place of a tag breaks the document (a new paragraph inside a link, say)",
        ),
        where=where,
    )


def known_names(context: Mapping[str, object]) -> set[str]:
    """Return the names that data has: fields, and columns of tables."""
    rows = (row for value in context.values() if isinstance(value, tuple | list) for row in value)
    columns = (str(name) for row in rows if isinstance(row, Mapping) for name in row)
    return {str(name) for name in context} | set(columns)


def suggest(name: str, known: Collection[str]) -> Message | None:
    """Return the hint that names the nearest of ``known``; ``None`` when nothing is near."""
    near = difflib.get_close_matches(name, sorted(known), n=1, cutoff=0.6) if name else []
    return Message(f"是不是 {near[0]}？", f"did you mean {near[0]}?") if near else None


def _reason(error: Exception) -> str:
    if isinstance(error, FilterFault):
        return error.message.zh
    return error.reason.zh if isinstance(error, BadValue) else str(error)


def _line(error: Exception, source: str) -> str:
    """The text of the paragraph that was being filled in, its tags included."""
    numbers = [
        frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == "<template>"
    ]
    lines = source.split("\n")
    number = numbers[-1] if numbers else None
    return re.sub("<[^>]+>", "", lines[number - 1]) if number and number <= len(lines) else ""


def _place(line: str, tags: Sequence[Tag], name: str) -> Message | None:
    mention = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)")
    mentioning = [tag for tag in tags if mention.search(tag.body)] if name else list(tags)
    on_line = [tag for tag in mentioning if tag.body and tag.body in line]
    found = on_line or (mentioning if name else [])
    return found[0].spot.place if found else None
