"""Tables whose grid fits every row: whichever rows are printed, docxtpl would leave them as they are."""

from __future__ import annotations

import re

from lxml import etree

from docgen.render.ooxml import attribute, qn

#: Tags that change how many cells a row has, or how wide they are.
_CELL_TAGS = re.compile(r"\{[%#]-?\s*(tc|colspan|hm)\b|\{\{tc\b")
#: A table of which no row was printed.
EMPTY_TABLE = "</w:tblGrid></w:tbl>"


def is_steady(root: etree._Element) -> bool:
    """Whether every row of every table fills the table's grid exactly, and no tag changes that.

    docxtpl widens or narrows grids to what the printed rows need (its `fix_tables`); there is nothing to do
    where all rows, nested ones included, agree with the grid before.
    """
    text = "".join(map(str, root.itertext()))
    return not _CELL_TAGS.search(text) and all(map(_fits, root.iter(qn("w:tbl"))))


def _fits(table: etree._Element) -> bool:
    columns = len(table.findall(f"{qn('w:tblGrid')}/{qn('w:gridCol')}"))
    widths = {_width(row) for row in table.findall(qn("w:tr"))}
    nested = [row for row in table.iter(qn("w:tr")) if row.getparent() is not table]
    return widths == {columns} and all(0 < _width(row) <= columns for row in nested)


def _width(row: etree._Element) -> int:
    """Return how many columns the cells of a row take; 0 where that is not plain."""
    spans = [cell.find(f"{qn('w:tcPr')}/{qn('w:gridSpan')}") for cell in row.findall(qn("w:tc"))]
    texts = ["1" if span is None else attribute(span, "w:val") for span in spans]
    return sum(map(int, texts)) if all(text.isdigit() for text in texts) else 0
