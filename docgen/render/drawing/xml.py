"""WordprocessingML as the drawer writes it: paragraphs, cells, rows, tables.

Everything here is text; template tags stay whole inside one `w:t`. Order of elements: ECMA-376 part 1,
17.3.1.26 (`w:pPr`), 17.4.59 (`w:tblPr`), 17.4.69 (`w:tcPr`), 17.4.81 (`w:trPr`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from xml.sax.saxutils import escape

#: Twips (twentieths of a point) a centimetre.
TWIPS = 1440 / 2.54
#: Paragraph style id -> fill of its cell (`F2F2F2`), read from the house style.
Fills = Mapping[str, str]
#: Style of paragraphs that are only a statement; of labels in front of a text.
TAG_STYLE = "NoIndent"
LEAD_STYLE = "LabelText"
_STYLED = re.compile(r'<w:pStyle w:val="\w+"/>')


def twips(centimetres: float) -> int:
    """Return a length in twips."""
    return round(centimetres * TWIPS)


def run(text: str, style: str = "") -> str:
    """Return a run of ``text`` in a character style."""
    if not text:
        return ""
    look = f'<w:rPr><w:rStyle w:val="{style}"/></w:rPr>' if style else ""
    return f'<w:r>{look}<w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def paragraph(text: str, style: str, *, lead: str = "", numbering: tuple[int, int] | None = None) -> str:
    """Return a paragraph.

    Args:
        text: What it says, tags included.
        style: Id of its style.
        lead: A label in front of it.
        numbering: List number and level (from 0) where they are not those of the style.
    """
    number = ""
    if numbering is not None:
        number = f'<w:numPr><w:ilvl w:val="{numbering[1]}"/><w:numId w:val="{numbering[0]}"/></w:numPr>'
    properties = f'<w:pPr><w:pStyle w:val="{style}"/>{number}</w:pPr>'
    return f"<w:p>{properties}{run(lead, LEAD_STYLE)}{run(text)}</w:p>"


def page_break() -> str:
    """Return a paragraph after which a new page begins."""
    return '<w:p><w:pPr><w:pStyle w:val="Gap"/></w:pPr><w:r><w:br w:type="page"/></w:r></w:p>'


def keep_with_next(element: str) -> str:
    """Return ``element`` with every paragraph of it staying on the page of what follows."""
    return _STYLED.sub(r"\g<0><w:keepNext/>", element)


def space_before(element: str, height: int) -> str:
    """Return a paragraph with ``height`` twips of free space above it."""
    return _STYLED.sub(rf'\g<0><w:spacing w:before="{height}"/>', element)


def statement(text: str) -> str:
    """Return a paragraph that is only the statement ``text``; it leaves no trace on paper."""
    return paragraph(f"{{%p {text} %}}", TAG_STYLE)


def cell(content: str, width: int, *, span: int = 1, fill: str = "", align: str = "center") -> str:
    """Return a table cell of ``width`` twips; ``content`` ends with a paragraph."""
    spanned = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    shading = f'<w:shd w:val="clear" w:color="auto" w:fill="{fill}"/>' if fill else ""
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{spanned}{shading}'
        f'<w:vAlign w:val="{align}"/></w:tcPr>{content}</w:tc>'
    )


def row(cells: str, *, height: int = 0, head: bool = False) -> str:
    """Return a row that never breaks over pages, at least ``height`` twips high; a head row is repeated."""
    tall = f'<w:trHeight w:val="{height}" w:hRule="atLeast"/>' if height else ""
    repeated = "<w:tblHeader/>" if head else ""
    return f"<w:tr><w:trPr><w:cantSplit/>{tall}{repeated}</w:trPr>{cells}</w:tr>"


def row_statement(text: str, widths: Sequence[int]) -> str:
    """Return a row that is only the statement ``text``; it leaves no trace on paper."""
    content = paragraph(f"{{%tr {text} %}}", "TableText")
    return row(cell(content, sum(widths), span=len(widths)))


def table(rows: Sequence[str], widths: Sequence[int], style: str) -> str:
    """Return a table of fixed column ``widths`` (twips)."""
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    return (
        f'<w:tbl><w:tblPr><w:tblStyle w:val="{style}"/><w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
        f'<w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{"".join(rows)}</w:tbl>'
    )


def fit(widths: Sequence[float], total: int) -> tuple[int, ...]:
    """Return ``widths`` in proportion, in whole twips that sum to exactly ``total``."""
    scale = total / sum(widths)
    edges = [round(sum(widths[:index]) * scale) for index in range(len(widths) + 1)]
    return tuple(right - left for left, right in pairwise(edges))
