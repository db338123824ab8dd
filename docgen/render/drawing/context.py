"""What every part of the drawer needs to know: form, page, house, mistakes."""

from __future__ import annotations

import difflib
from dataclasses import dataclass

from docgen.base.messages import Message
from docgen.forms.definition import Field, Form
from docgen.render.drawing.xml import Fills, cell, paragraph, twips
from docgen.render.outline.lines import Faults
from docgen.render.outline.model import Head

#: A4, twips.
_SHORT_SIDE, _LONG_SIDE = 11906, 16838


@dataclass(frozen=True, slots=True)
class Page:
    """A page in twips (house style: 2.54/2.54/2.8/2.6 cm for texts, 2 cm all round for forms)."""

    width: int
    height: int
    top: int
    right: int
    bottom: int
    left: int
    #: Distance of header and footer from the edge.
    edge: int
    landscape: bool

    @property
    def text_width(self) -> int:
        """What tables fill exactly."""
        return self.width - self.left - self.right


def page_of(head: Head) -> Page:
    """Return the page of a family and orientation."""
    landscape = head.page == "landscape"
    width, height = (_LONG_SIDE, _SHORT_SIDE) if landscape else (_SHORT_SIDE, _LONG_SIDE)
    if head.family == "form":
        margin = twips(2.0)
        return Page(width, height, margin, margin, margin, margin, twips(1.1), landscape)
    return Page(width, height, twips(2.54), twips(2.6), twips(2.54), twips(2.8), twips(1.5), landscape)


@dataclass(frozen=True, slots=True)
class Context:
    """One drawing."""

    form: Form
    head: Head
    page: Page
    fills: Fills
    faults: Faults

    @property
    def width(self) -> int:
        """Text width in twips."""
        return self.page.text_width

    def field(self, field_id: str, line: int, *kinds: str) -> Field | None:
        """Return a field of the form; a missing one or one of another kind is a fault of ``line``."""
        found = self.form.field(field_id)
        if found is None:
            self.faults.add(line, *_unknown(field_id, [field.id for field in self.form.fields]))
            return None
        if kinds and found.kind not in kinds:
            names = "、".join(kinds)
            self.faults.add(
                line,
                Message(
                    f"字段 {field_id} 是 {found.kind}，这里要 {names}",
                    f"field {field_id} is {found.kind}, not {names}",
                ),
            )
            return None
        return found

    def column(self, table: Field, column_id: str, line: int) -> Field | None:
        """Return a column of a table field; a missing one is a fault of ``line``."""
        found = table.column(column_id)
        if found is None:
            self.faults.add(line, *_unknown(f"{table.id}.{column_id}", [item.id for item in table.columns]))
        return found

    def cell(self, text: str, style: str, width: int, *, span: int = 1) -> str:
        """Return a cell of one paragraph; its shading is that of the paragraph style."""
        return cell(paragraph(text, style), width, span=span, fill=self.fills.get(style, ""))


def _unknown(name: str, known: list[str]) -> tuple[Message, Message]:
    near = difflib.get_close_matches(name.rpartition(".")[2], known, n=3, cutoff=0.5)
    hint = (
        Message(f"是不是 {'、'.join(near)}？", f"did you mean {', '.join(near)}?")
        if near
        else Message("字段名见 form.yaml", "see form.yaml for the fields")
    )
    return Message(f"表单没有字段 {name}", f"the form has no field {name}"), hint
