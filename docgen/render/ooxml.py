"""The XML of Word files: namespaces, safe parsing, the text of a paragraph.

Names and rules are those of ECMA-376 (Office Open XML), part 1 and 2.
"""

from __future__ import annotations

import re
from functools import cache

from lxml import etree

from docgen.base.errors import InvalidData
from docgen.base.messages import Message

NAMESPACES = {
    "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
    "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
    "xml": "http://www.w3.org/XML/1998/namespace",
    "rel": "http://schemas.openxmlformats.org/package/2006/relationships",
    "ct": "http://schemas.openxmlformats.org/package/2006/content-types",
    "cp": "http://schemas.openxmlformats.org/package/2006/metadata/core-properties",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "xsi": "http://www.w3.org/2001/XMLSchema-instance",
    "ds": "http://schemas.openxmlformats.org/officeDocument/2006/customXml",
}

#: Characters that XML 1.0 cannot hold (https://www.w3.org/TR/xml/#charsets).
ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class BadPackage(InvalidData):
    """A Word file is broken, or built to do harm."""


@cache
def qn(name: str) -> str:
    """Return ``w:p`` as lxml writes it: ``{namespace}p``."""
    prefix, local = name.split(":")
    return f"{{{NAMESPACES[prefix]}}}{local}"


def parse(data: bytes, name: str) -> etree._Element:
    """Return the root of an XML part; nothing is fetched, no entity expanded.

    Raises:
        BadPackage: The XML is broken or declares a document type (Word never writes one).
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise BadPackage(
            Message(
                f"文件内部的 {name} 不是有效的 XML：{error}",
                f"{name} inside the file is not valid XML: {error}",
            )
        ) from error
    document = root.getroottree().docinfo
    if document is not None and document.internalDTD is not None:
        raise BadPackage(
            Message(
                f"文件内部的 {name} 带有文档类型声明，已拒绝", f"refused: {name} declares a document type"
            )
        )
    return root


def serialise(root: etree._Element) -> bytes:
    """Return the bytes of an XML part, the same for the same tree."""
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def paragraph_texts(paragraph: etree._Element) -> list[etree._Element]:
    """Return the `w:t` of a paragraph in order, without those of paragraphs inside it (text boxes)."""
    return [text for text in paragraph.iter(qn("w:t")) if next(text.iterancestors(qn("w:p"))) is paragraph]


def paragraph_text(paragraph: etree._Element) -> str:
    """Return the running text of a paragraph, without text boxes anchored in it."""
    return "".join(text.text or "" for text in paragraph_texts(paragraph))


def attribute(element: etree._Element | None, name: str) -> str:
    """Return the attribute ``name`` (``w:val``) of an element, empty when there is none."""
    value = element.get(qn(name)) if element is not None else None
    return str(value) if value is not None else ""


def child_value(element: etree._Element, path: str) -> str:
    """Return the `w:val` of the descendant at ``path`` (``w:pPr/w:pStyle``), empty when there is none."""
    return attribute(element.find(path, NAMESPACES), "w:val")


def has_tracked_changes(root: etree._Element) -> bool:
    """Whether a part holds insertions, deletions, moves or format changes that nobody has accepted yet."""
    return next(root.iter(*_TRACKED), None) is not None


_TRACKED = tuple(
    qn(f"w:{name}")
    for name in ("ins", "del", "moveFrom", "moveTo", "cellIns", "cellDel", "rPrChange", "pPrChange")
)
