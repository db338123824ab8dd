"""Where something stands in a Word file, in words that a person finds it by."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from docgen.base.messages import Message
from docgen.render.ooxml import paragraph_text, qn
from docgen.render.package import Package

_STORIES = {
    "header": Message("页眉", "header"),
    "footer": Message("页脚", "footer"),
    "footnotes": Message("脚注", "footnote"),
}
_QUOTED = 40


@dataclass(frozen=True)
class Spot:
    """One paragraph: the part it is in, its place in words, its text."""

    part: str
    place: Message
    paragraph: etree._Element
    text: str


def spots(package: Package) -> Iterator[Spot]:
    """Yield every paragraph of body, headers, footers and footnotes in reading order."""
    for kind, name in package.stories():
        root = package.xml(name)
        tables = [item for item in root.iter(qn("w:tbl")) if not _inside(item, "w:tbl")]
        number = 0
        for paragraph in root.iter(qn("w:p")):
            if _inside(paragraph, "mc:Fallback"):
                continue
            outer = not (_inside(paragraph, "w:tbl") or _inside(paragraph, "w:txbxContent"))
            number += outer
            text = paragraph_text(paragraph)
            yield Spot(name, _place(_STORIES.get(kind), number, paragraph, tables, text), paragraph, text)


def _inside(item: etree._Element, tag: str) -> bool:
    return next(item.iterancestors(qn(tag)), None) is not None


def _place(
    story: Message | None, number: int, paragraph: etree._Element, tables: list[etree._Element], text: str
) -> Message:
    where = _within(number, paragraph, tables)
    if story:
        table = _inside(paragraph, "w:tbl")
        where = Message(
            f"{story.zh}{where.zh if table else ''}", f"{story.en} {where.en if table else ''}".rstrip()
        )
    quote = text if len(text) <= _QUOTED else text[: _QUOTED - 1] + "…"
    return Message(f"{where.zh}“{quote}”", f"{where.en} “{quote}”") if quote.strip() else where


def _within(number: int, paragraph: etree._Element, tables: list[etree._Element]) -> Message:
    if _inside(paragraph, "w:txbxContent"):
        return Message(f"第 {number} 段处的文本框", f"text box at paragraph {number}")
    if _inside(paragraph, "w:tbl"):
        table = list(paragraph.iterancestors(qn("w:tbl")))[-1]
        cell = list(paragraph.iterancestors(qn("w:tc")))[-1]
        row = list(paragraph.iterancestors(qn("w:tr")))[-1]
        where = tables.index(table) + 1, _rank(row), _rank(cell)
        return Message("表 {} 第 {} 行第 {} 格".format(*where), "table {} row {} cell {}".format(*where))
    return Message(f"第 {number} 段", f"paragraph {number}")


def _rank(child: etree._Element) -> int:
    return 1 + sum(1 for _ in child.itersiblings(child.tag, preceding=True))
