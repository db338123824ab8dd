"""The cover page: what stands above the title, the title, what stands below."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from docgen.render.drawing.context import Context
from docgen.render.drawing.xml import cell, page_break, paragraph, row, statement, table, twips
from docgen.render.outline.model import Cover, Tag, Text

_STYLES = {"title": "CoverTitle", "subtitle": "CoverSubtitle", "number": "NumberLine"}
#: Least heights in centimetres: long names use up free space before they push anything on.
_TITLE_HEIGHT, _REST_HEIGHT = 11.5, 7.5


def draw_cover(context: Context, cover: Cover) -> Iterator[str]:
    """Yield the paragraphs and the invisible table that make up the cover."""
    begin, end = _title_range(cover.parts)
    yield from _lines(cover.parts[:begin])
    rows = [
        _row(context, cover.parts[begin:end], _TITLE_HEIGHT, "center"),
        _row(context, cover.parts[end:], _REST_HEIGHT, "top"),
    ]
    yield table(rows, [context.width], "NormalTable")
    yield page_break()


def _title_range(parts: Sequence[Text | Tag]) -> tuple[int, int]:
    """From the title to the last subtitle, a statement around it included."""
    titles = [index for index, part in enumerate(parts) if _is_title(part)]
    if not titles:
        return 0, 0
    end, depth = titles[-1] + 1, 0
    for part in parts[titles[0] : end]:
        depth += _depth(part)
    while depth > 0 and end < len(parts):
        depth += _depth(parts[end])
        end += 1
    return titles[0], end


def _is_title(part: Text | Tag) -> bool:
    return isinstance(part, Text) and part.kind in ("title", "subtitle")


def _depth(part: Text | Tag) -> int:
    if not isinstance(part, Tag):
        return 0
    return (part.word in ("if", "for")) - (part.word in ("endif", "endfor"))


def _lines(parts: Sequence[Text | Tag]) -> Iterator[str]:
    for part in parts:
        if isinstance(part, Tag):
            yield statement(part.statement)
        else:
            yield paragraph(part.text, _STYLES.get(part.kind, "CoverLine"))


def _row(context: Context, parts: Sequence[Text | Tag], height: float, align: str) -> str:
    # The last paragraph is always there, whatever the statements leave out.
    content = "".join(_lines(parts)) + paragraph("", "Gap")
    return row(cell(content, context.width, align=align), height=twips(height))
