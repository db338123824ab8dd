"""Rows of a form grid: pairs of label and value, section bars, signature cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from docgen.render.drawing.context import Context
from docgen.render.drawing.values import CHARACTER, options_tag, value_tag
from docgen.render.drawing.xml import cell, paragraph, row, space_before, twips
from docgen.render.outline.model import Bar, Cell, Row, SignRow

#: Heights in centimetres: of a row of one line, of a signature row.
LINE, SIGN = 0.8, 2.0
#: Free between name and date: for the pen, for a round seal (4.2 cm wide; house style: 4.5).
SIGN_ROOM, SEAL_ROOM = 0.6, 4.5
#: Narrowest and widest label cell in centimetres (house style: 2.2 to 3), and its margins.
_LABELS, _MARGINS = (2.2, 3.0), 0.45


@dataclass(frozen=True, slots=True)
class Frame:
    """The columns of one table of a grid, in twips."""

    context: Context
    #: Width of every label cell.
    label: int
    columns: tuple[int, ...]

    @classmethod
    def around(cls, context: Context, rows: Sequence[Row | SignRow], label: int) -> Frame:
        """Return the frame in which all ``rows`` can be set by spans."""
        edges = {0, context.width}
        for item in rows:
            edges.update(accumulate(_widths(item, label, context.width)))
        return cls(context, label, tuple(right - left for left, right in pairwise(sorted(edges))))

    def span(self, left: int, width: int) -> int:
        """Return how many columns a cell of ``width`` covers that begins at ``left``."""
        return sum(left < edge <= left + width for edge in accumulate(self.columns))


def label_width(context: Context, rows: Sequence[Row | SignRow]) -> int:
    """Return the width (twips) that the labels of ``rows`` need, within the limits of the house."""
    labels = [_label(context, one) for item in rows if _has_labels(item) for one in item.cells]
    needed = max((len(label) for label in labels), default=0) * CHARACTER + _MARGINS
    return twips(min(max(needed, _LABELS[0]), _LABELS[1]))


def draw_row(frame: Frame, item: Row | SignRow | Bar) -> str:
    """Return one row of a grid."""
    if isinstance(item, Bar):
        context = frame.context
        return row(context.cell(item.text, "SectionBar", context.width, span=len(frame.columns)))
    if isinstance(item, SignRow):
        return _signatures(frame, item)
    contents = [content for one in item.cells for content in _pair(frame.context, one, item.line)]
    return row(_set(frame, item, contents), height=twips(max(item.height, LINE)))


def _has_labels(item: Row | SignRow) -> bool:
    return isinstance(item, Row) or len(item.cells) == 1


def _widths(item: Row | SignRow, label: int, total: int) -> list[int]:
    edges = [round(total * index / len(item.cells)) for index in range(len(item.cells) + 1)]
    widths: list[int] = []
    for one, (left, right) in zip(item.cells, pairwise(edges), strict=True):
        if _has_labels(item) and (one.label or one.field):
            widths += [label, right - left - label]
        else:
            widths.append(right - left)
    return widths


def _set(frame: Frame, item: Row | SignRow, contents: Sequence[tuple[str, str, str]]) -> str:
    """Return the cells of a row; a content is (paragraphs, fill, vertical alignment)."""
    cells, left = "", 0
    widths = _widths(item, frame.label, frame.context.width)
    for (content, fill, align), width in zip(contents, widths, strict=True):
        cells += cell(content, width, span=frame.span(left, width), fill=fill, align=align)
        left += width
    return cells


def _label(context: Context, one: Cell) -> str:
    found = context.form.field(one.field) if one.field and not one.label else None
    return found.label if found else one.label


def _label_cell(context: Context, one: Cell) -> tuple[str, str, str]:
    return paragraph(_label(context, one), "FormLabel"), context.fills.get("FormLabel", ""), "center"


def _pair(context: Context, one: Cell, line: int) -> list[tuple[str, str, str]]:
    value = (paragraph(_value(context, one, line), "TableText"), "", "center")
    return [_label_cell(context, one), value] if one.label or one.field else [value]


def _value(context: Context, one: Cell, line: int) -> str:
    if not one.field:
        return one.text
    kinds = ("enum", "multi", "bool") if one.boxes else ()
    found = context.field(one.field, line, *kinds)
    if found is None:
        return ""
    return options_tag(found) if one.boxes else value_tag(found)


def _signatures(frame: Frame, item: SignRow) -> str:
    """Name on top, date below; between them room for a seal where the label asks for one."""
    sealed = any("章" in _label(frame.context, one) for one in item.cells)
    alone = len(item.cells) == 1
    contents: list[tuple[str, str, str]] = []
    for one in item.cells:
        name, day = _signature_tags(frame.context, one, item.line)
        lead = "" if alone else f"{_label(frame.context, one)}："
        date = space_before(paragraph(day, "SignDate"), twips(SEAL_ROOM if sealed else SIGN_ROOM))
        contents += [_label_cell(frame.context, one)] if alone else []
        contents.append((paragraph(name, "SignText", lead=lead) + date, "", "center"))
    return row(_set(frame, item, contents), height=twips(SIGN))


def _signature_tags(context: Context, one: Cell, line: int) -> tuple[str, str]:
    context.field(one.field, line, "sig", "text")
    if one.date:
        context.field(one.date, line, "date")
    return f"{{{{ {one.field}|sign_name }}}}", f"{{{{ {one.date or one.field}|sign_date }}}}"
