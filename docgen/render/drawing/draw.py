"""Draw a template from a form and an outline, in house style: the scaffolder behind `template new`.

The result is a Word file in the template language, to be finished in Word; equal input gives equal bytes.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from docgen.base.messages import Message
from docgen.forms.definition import Form
from docgen.render.drawing.context import Context, page_of
from docgen.render.drawing.cover import draw_cover
from docgen.render.drawing.grid import draw_grid
from docgen.render.drawing.keep import keep_last
from docgen.render.drawing.package import open_house, pack, style_fills
from docgen.render.drawing.tables import draw_caption, draw_table
from docgen.render.drawing.text import TextSetter
from docgen.render.drawing.values import options_tag
from docgen.render.drawing.xml import keep_with_next, page_break, paragraph, statement
from docgen.render.outline.default import default_outline
from docgen.render.outline.lines import Faults
from docgen.render.outline.model import (
    Cover,
    Grid,
    Options,
    Outline,
    PageBreak,
    Part,
    Signatures,
    SignRow,
    Table,
    Tag,
    Text,
)
from docgen.render.outline.parser import parse_outline

GAP = paragraph("", "Gap")
#: The paragraph that Word wants after a last table, too low to make a page of its own.
END = '<w:p><w:pPr><w:pStyle w:val="Gap"/><w:spacing w:line="20" w:lineRule="exact"/></w:pPr></w:p>'


def draw(form: Form, outline: str | None, house: Path, *, source: str = "outline.md") -> bytes:
    """Return `template.docx` for ``form``.

    Args:
        form: The form, groups included.
        outline: Text of the outline; ``None``: one is written from the form.
        house: Folder with `style.docx`.
        source: Name of the outline, for messages.

    Raises:
        TemplateFault: The outline has mistakes, all of them named by line.
        BadPackage: `style.docx` is broken.
        OSError: `style.docx` cannot be read.
    """
    parsed = parse_outline(default_outline(form) if outline is None else outline, source)
    package = open_house(house)
    context = Context(form, parsed.head, page_of(parsed.head), style_fills(package), Faults(source))
    body = "".join(_body(context, parsed))
    context.faults.check()
    return pack(package, form.name, body, context.page, cover=parsed.head.cover)


def _body(context: Context, outline: Outline) -> list[str]:
    setter = TextSetter(context.head)
    elements: list[str] = []
    conditions: list[str] = []
    for part in outline.parts:
        if isinstance(part, Signatures) or (isinstance(part, Grid) and _signs_first(part)):
            keep_last(elements, GAP)
        if isinstance(part, Tag):
            _follow(conditions, part)
        elements += _part(context, setter, part, conditions)
    return [*elements[:-1], END] if elements[-1:] == [GAP] else elements


def _signs_first(grid: Grid) -> bool:
    return isinstance(next(item for item in grid.items if not isinstance(item, Tag)), SignRow)


def _part(context: Context, setter: TextSetter, part: Part, conditions: list[str]) -> Iterator[str]:
    match part:
        case Text():
            yield setter.draw(part)
        case Tag():
            yield statement(part.statement)
        case Table():
            yield from _table(context, part, conditions)
        case Grid():
            if context.head.family == "letter":
                yield keep_with_next(GAP)
            yield from draw_grid(context, part)
            yield GAP
        case Options():
            field = context.field(part.field, part.line, "enum", "multi", "bool")
            yield paragraph(options_tag(field) if field else "", "BodyIndent")
        case Signatures():
            yield from _signatures(context, part)
        case PageBreak():
            yield page_break()
        case Cover():
            yield from draw_cover(context, part)


def _follow(conditions: list[str], tag: Tag) -> None:
    if tag.word in ("if", "for"):
        conditions.append(tag.rest)
    elif tag.word in ("endif", "endfor"):
        conditions.pop()


def _table(context: Context, part: Table, conditions: list[str]) -> Iterator[str]:
    """A table with its caption; where the form does not ask for it, both go when it is empty."""
    field = context.form.field(part.field)
    optional = field is not None and not field.required and part.field not in conditions
    if optional:
        yield statement(f"if {part.field}")
    yield draw_caption(part)
    yield draw_table(context, part)
    yield GAP
    if optional:
        yield statement("endif")


def _signatures(context: Context, part: Signatures) -> Iterator[str]:
    if part.parties == "two":
        for name in ("provider_label", "party_a_name", "party_b_name"):
            context.field(name, part.line)
        for name in ("provider_sign", "customer_sign"):
            context.field(name, part.line, "sig")
    else:
        yield from _one_party(context, part)
    yield statement(f'include "signature_{part.parties}"')


def _one_party(context: Context, part: Signatures) -> Iterator[str]:
    """Say to the shared block whose signature it is."""
    form, line = context.form, part.line
    own = form.field("provider_sign") or next((item for item in form.fields if item.kind == "sig"), None)
    sign = part.sign or (own.id if own else "")
    day = part.date or ("sign_date" if form.field("sign_date") else sign)
    party = part.party or "provider_name"
    if not sign:
        context.faults.add(line, Message("表单没有签字字段", "the form has no signature field"))
        return
    context.field(sign, line, "sig")
    for name in (party, day):
        context.field(name, line)
    yield statement(f"set sign_party = {party}")
    yield statement(f"set sign_person = {sign}")
    yield statement(f"set sign_day = {day}")
