"""What stays on one page: a signature never stands alone."""

from __future__ import annotations

from docgen.render.drawing.xml import keep_with_next

#: Paragraphs or rows before a signature that stay on its page.
KEPT = 2
#: How far back it is looked for them, over what conditions may leave out.
_REACH = 60


def keep_last(elements: list[str], gap: str) -> None:
    """Make the last two paragraphs stay with what follows, and those after them that may be left out.

    Args:
        elements: Paragraphs, tables and statements drawn so far; changed in place.
        gap: The empty paragraph behind tables: kept, but not counted.
    """
    certain, depth = 0, 0
    for index in range(len(elements) - 1, max(len(elements) - 1 - _REACH, -1), -1):
        element = elements[index]
        if element.startswith("<w:tbl>"):
            return
        if "{%p " in element:
            depth += _depth(element, "{%p ")
            continue
        elements[index] = keep_with_next(element)
        certain += depth == 0 and element != gap
        if certain == KEPT:
            return


def keep_signatures(rows: list[str]) -> None:
    """Make the two rows before a signature row, and those that may be left out, stay with it."""
    for index, row in enumerate(rows):
        if '<w:pStyle w:val="SignText"/>' in row:
            _keep_rows(rows, index)


def _keep_rows(rows: list[str], end: int) -> None:
    certain, depth = 0, 0
    for index in range(end - 1, max(end - 1 - _REACH, -1), -1):
        if "{%tr " in rows[index]:
            depth += _depth(rows[index], "{%tr ")
            continue
        if "<w:keepNext/>" not in rows[index]:
            rows[index] = keep_with_next(rows[index])
        certain += depth == 0
        if certain == KEPT:
            return


def _depth(element: str, mark: str) -> int:
    """Going backwards, an end opens what its beginning closes."""
    return (f"{mark}end" in element) - (f"{mark}if " in element or f"{mark}for " in element)
