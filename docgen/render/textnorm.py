"""The text of a document without anything that an editor changes by merely opening and saving it.

Kept: every letter, digit and sign of body, tables, headers, footers, footnotes and text boxes, insertions
included. Left out: white space, results of fields that are counted anew (page numbers, tables of contents),
deleted text, and how often the same header is stored.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterator

from lxml import etree

from docgen.render.ooxml import attribute, qn
from docgen.render.package import Package

#: Fields whose result an editor writes anew (ECMA-376 part 1, 17.16.5).
_VOLATILE = frozenset(
    (
        *("PAGE", "NUMPAGES", "SECTION", "SECTIONPAGES", "PAGEREF", "TOC", "NUMWORDS", "NUMCHARS"),
        *("DATE", "TIME", "CREATEDATE", "SAVEDATE", "PRINTDATE", "EDITTIME", "FILENAME", "FILESIZE"),
    )
)
#: Signs that editors store in more than one way.
_ALIKE = str.maketrans({"\u2011": "-", "\u00ad": None, "\u200b": None, "\ufeff": None})


def text_digest(docx: bytes) -> str:
    """Return the SHA-256 of the normalised text of a Word file.

    Raises:
        BadPackage: Not a whole Word file.
    """
    return hashlib.sha256(normalised_text(Package.open(docx)).encode()).hexdigest()


def normalised_text(package: Package) -> str:
    """Return the text of body, footnotes and text boxes, then every different header and footer, sorted."""
    running: list[str] = []
    margins: set[str] = set()
    for kind, name in package.stories():
        root = package.xml(name)
        boxes = [item for item in root.iter(qn("w:txbxContent")) if not _inside(item, "mc:Fallback")]
        texts = [_normal(_pieces(root)), *sorted(_normal(_pieces(box)) for box in boxes)]
        if kind in ("header", "footer"):
            margins.update(texts)
        else:
            running.extend(texts)
    return "\n".join([*filter(None, running), *sorted(filter(None, margins))])


def _normal(pieces: Iterator[str]) -> str:
    text = unicodedata.normalize("NFC", "".join(pieces).translate(_ALIKE))
    return "".join(text.split())


def _pieces(root: etree._Element) -> Iterator[str]:
    """Yield the text of ``root`` without the results of volatile fields and without text boxes in it."""
    fields: list[_Field] = []
    for item in _walk(root):
        if item.tag == qn("w:fldChar"):
            _follow(item, fields)
        elif item.tag == qn("w:instrText") and fields:
            fields[-1].instruction += item.text or ""
        elif not any(field.hides for field in fields):
            yield _text(item)


def _walk(root: etree._Element) -> Iterator[etree._Element]:
    for item in root:
        if item.tag in (qn("w:txbxContent"), qn("mc:Fallback")):
            continue
        if item.tag == qn("w:fldSimple") and _is_volatile(attribute(item, "w:instr")):
            continue
        yield item
        yield from _walk(item)


def _text(item: etree._Element) -> str:
    if item.tag == qn("w:t"):
        return item.text or ""
    return "-" if item.tag == qn("w:noBreakHyphen") else ""


class _Field:
    """A complex field that is being read: instruction, then result."""

    def __init__(self) -> None:
        self.instruction = ""
        self.in_result = False

    @property
    def hides(self) -> bool:
        """Whether what comes now is not text of the document."""
        return not self.in_result or _is_volatile(self.instruction)


def _follow(mark: etree._Element, fields: list[_Field]) -> None:
    kind = attribute(mark, "w:fldCharType")
    if kind == "begin":
        fields.append(_Field())
    elif kind == "separate" and fields:
        fields[-1].in_result = True
    elif kind == "end" and fields:
        fields.pop()


def _is_volatile(instruction: str) -> bool:
    return instruction.strip().split(" ", 1)[0].upper() in _VOLATILE


def _inside(item: etree._Element, tag: str) -> bool:
    return next(item.iterancestors(qn(tag)), None) is not None
