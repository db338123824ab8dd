"""Building blocks: `{%p include "NAME" %}` alone in a paragraph stands for the body of `blocks/NAME.docx`."""

from __future__ import annotations

import re
from collections.abc import Callable
from copy import deepcopy

from lxml import etree

from docgen.base.errors import TemplateFault
from docgen.base.messages import Message
from docgen.render.ooxml import NAMESPACES, attribute, paragraph_text, qn
from docgen.render.package import Package
from docgen.render.styles import adopt_styles

INCLUDE = re.compile(r"""\s*\{%p\s+include\s+["'“”‘’](?P<name>[\w.-]+)["'“”‘’]\s*%\}\s*""")
#: A block may hold a block, which holds none.
MAX_DEPTH = 2

_STYLE_USES = ("w:pStyle", "w:rStyle", "w:tblStyle")
_DROPPED = ("w:bookmarkStart", "w:bookmarkEnd", "w:sectPr", "w:proofErr")

#: Finds the block of a name; `None` when there is none.
Finder = Callable[[str], Package | None]


def expand_blocks(template: Package, find: Finder) -> None:
    """Replace every include paragraph of body, headers and footers by the body of its block.

    Raises:
        TemplateFault: A block is unknown, nested too deep, or needs parts of its own (pictures, links).
    """
    for _, name in list(template.stories()):
        root = template.xml(name)
        if _expand(root, template, find, depth=1):
            template.put(name, root)


def _expand(root: etree._Element, template: Package, find: Finder, depth: int) -> bool:
    found = [(item, INCLUDE.fullmatch(paragraph_text(item))) for item in root.iter(qn("w:p"))]
    includes = [(paragraph, match["name"]) for paragraph, match in found if match]
    for paragraph, name in includes:
        if depth > MAX_DEPTH:
            raise _fault(name, "版块嵌套过深（最多一层）", "blocks are nested too deep (one level at most)")
        block = find(name)
        if block is None:
            raise _fault(
                name, "没有这个版块（house/blocks 下没有同名文件）", "there is no such block in house/blocks"
            )
        _replace(paragraph, _content(name, block, template, find, depth))
    return bool(includes)


def _content(name: str, block: Package, template: Package, find: Finder, depth: int) -> list[etree._Element]:
    body = block.xml(block.main).find("w:body", NAMESPACES)
    assert body is not None
    body = deepcopy(body)
    for tag in _DROPPED:
        for item in list(body.iter(qn(tag))):
            _remove(item)
    _check_self_contained(name, body)
    _use_styles(body, block, template)
    _expand(body, template, find, depth + 1)
    return list(body)


def _remove(item: etree._Element) -> None:
    parent = item.getparent()
    assert parent is not None
    parent.remove(item)


def _check_self_contained(name: str, body: etree._Element) -> None:
    prefix = f"{{{NAMESPACES['r']}}}"
    for item in body.iter():
        if any(str(key).startswith(prefix) for key in item.attrib):
            raise _fault(
                name, "版块里不能有图片、链接或嵌入对象", "a block can hold no picture, link or object"
            )
    if body.find(".//w:pPr/w:numPr", NAMESPACES) is not None:
        raise _fault(
            name,
            "版块里不能有直接编号，请改用带编号的样式",
            "a block can hold no numbering of its own; use a numbered style",
        )


def _use_styles(body: etree._Element, block: Package, template: Package) -> None:
    uses = [item for tag in _STYLE_USES for item in body.iter(qn(tag))]
    ids = adopt_styles(template, block, {attribute(item, "w:val") for item in uses})
    for item in uses:
        item.set(qn("w:val"), ids.get(attribute(item, "w:val"), attribute(item, "w:val")))


def _replace(paragraph: etree._Element, content: list[etree._Element]) -> None:
    """Put ``content`` in the place of ``paragraph``; a cell, header or footer still ends with a paragraph."""
    parent = paragraph.getparent()
    assert parent is not None
    at = parent.index(paragraph)
    section = paragraph.find("w:pPr/w:sectPr", NAMESPACES)
    if section is not None:
        raise _fault(
            "include",
            "include 所在段落不能带分节符",
            "the paragraph of an include cannot carry a section break",
        )
    parent.remove(paragraph)
    for offset, item in enumerate(content):
        parent.insert(at + offset, item)
    last = parent[-1] if len(parent) else None
    if parent.tag != qn("w:body") and (last is None or last.tag != qn("w:p")):
        etree.SubElement(parent, qn("w:p"))


def _fault(name: str, zh: str, en: str) -> TemplateFault:
    return TemplateFault(Message(f"版块 {name}：{zh}", f"block {name}: {en}"))
