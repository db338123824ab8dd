"""The text of a document without anything that an editor changes by merely opening and saving it.

Kept: every letter, digit and sign of body, tables, headers, footers, footnotes and text boxes, insertions
included. Left out: white space, results of fields that are counted anew (page numbers, tables of contents),
deleted text, and how often the same header is stored.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from html import unescape

from lxml import etree

from docgen.base.messages import Message
from docgen.render.ooxml import BadPackage, attribute, parse, qn
from docgen.render.package import Package

#: Fields whose result an editor writes anew (ECMA-376 part 1, 17.16.5).
_VOLATILE = frozenset(
    (
        *("PAGE", "NUMPAGES", "SECTION", "SECTIONPAGES", "PAGEREF", "TOC", "NUMWORDS", "NUMCHARS"),
        *("DATE", "TIME", "CREATEDATE", "SAVEDATE", "PRINTDATE", "EDITTIME", "FILENAME", "FILESIZE"),
    )
)
#: Signs that editors store in more than one way, or leave out.
_ALIKE = (("\u2011", "-"), ("\u00ad", ""), ("\u200b", ""), ("\ufeff", ""))
#: Elements that make more of a part's text, or less, than what stands in its `w:t`.
_SPECIAL = (
    *("w:fldChar", "w:fldSimple", "w:instrText", "w:txbxContent", "w:noBreakHyphen"),
    *("mc:AlternateContent", "mc:Fallback"),
)
#: Characters of an instruction that are kept, and fields inside one another.
_INSTRUCTION, _DEPTH = 64, 100
_TEXT = re.compile(rb"<w:t(?: [^>]*)?>([^<]*)</w:t>")


def text_digest(docx: bytes) -> str:
    """Return the SHA-256 of the normalised text of a Word file.

    Raises:
        BadPackage: Not a whole Word file.
    """
    return digest_of(Package.open(docx))


def digest_of(package: Package) -> str:
    """Return the `text_digest` of an opened Word file.

    Raises:
        BadPackage: A part of it is broken, or built to do harm.
    """
    return hashlib.sha256(normalised_text(package).encode()).hexdigest()


def normalised_text(package: Package) -> str:
    """Return the text of body, footnotes and text boxes, then every different header and footer, sorted."""
    return _joined((kind, _texts(package.xml(name))) for kind, name in package.stories())


class TextReader:
    """Takes the text digest of documents that were made of one template, from the parts that were filled in.

    Args:
        package: The template.
    """

    def __init__(self, package: Package) -> None:
        self._stories = [(kind, name, _is_plain(package.xml(name))) for kind, name in package.stories()]

    def digest(self, parts: Mapping[str, bytes]) -> str:
        """Return the `text_digest` of the document with ``parts``; they hold every story of the template."""
        text = _joined(
            (kind, _plain_texts(parts[name]) if plain else _texts(parse(parts[name], name)))
            for kind, name, plain in self._stories
        )
        return hashlib.sha256(text.encode()).hexdigest()


def _joined(stories: Iterable[tuple[str, list[str]]]) -> str:
    running: list[str] = []
    margins: set[str] = set()
    for kind, texts in stories:
        if kind in ("header", "footer"):
            margins.update(texts)
        else:
            running.extend(texts)
    return "\n".join([*filter(None, running), *sorted(filter(None, margins))])


def _texts(root: etree._Element) -> list[str]:
    """Return the text of a part, then those of its text boxes."""
    if _is_plain(root):
        return [_normal(text.text or "" for text in root.iter(qn("w:t")))]
    boxes = [item for item in root.iter(qn("w:txbxContent")) if not _inside(item, "mc:Fallback")]
    return [_normal(_pieces(root)), *sorted(_normal(_pieces(box)) for box in boxes)]


def _is_plain(root: etree._Element) -> bool:
    """Whether the text of a part is what stands in its `w:t`, one after the other."""
    return next(root.iter(*map(qn, _SPECIAL)), None) is None


def _plain_texts(data: bytes) -> list[str]:
    return [_normal([unescape(b"".join(_TEXT.findall(data)).decode())])]


def _normal(pieces: Iterable[str]) -> str:
    text = "".join(pieces)
    for sign, alike in _ALIKE:
        text = text.replace(sign, alike)
    return "".join(unicodedata.normalize("NFC", text).split())


def _pieces(root: etree._Element) -> Iterator[str]:
    """Yield the text of ``root`` without the results of volatile fields and without text boxes in it."""
    fields: list[_Field] = []
    for item in _walk(root):
        if item.tag == qn("w:fldChar"):
            _follow(item, fields)
        elif item.tag == qn("w:instrText") and fields:
            fields[-1].instruct(item.text or "")
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

    def instruct(self, text: str) -> None:
        """Take in a piece of the instruction; only its first word matters, and pieces may be many."""
        if len(self.instruction) < _INSTRUCTION:
            self.instruction = (self.instruction + text).lstrip()[:_INSTRUCTION]

    @property
    def hides(self) -> bool:
        """Whether what comes now is not text of the document."""
        return not self.in_result or _is_volatile(self.instruction)


def _follow(mark: etree._Element, fields: list[_Field]) -> None:
    kind = attribute(mark, "w:fldCharType")
    if kind == "begin":
        if len(fields) >= _DEPTH:
            raise BadPackage(Message("域嵌套过深，已拒绝", "refused: fields are nested too deeply"))
        fields.append(_Field())
    elif kind == "separate" and fields:
        fields[-1].in_result = True
    elif kind == "end" and fields:
        fields.pop()


def _is_volatile(instruction: str) -> bool:
    return instruction.strip().split(" ", 1)[0].upper() in _VOLATILE


def _inside(item: etree._Element, tag: str) -> bool:
    return next(item.iterancestors(qn(tag)), None) is not None
