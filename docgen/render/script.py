"""A finished document in Traditional Chinese.

OpenCC's `s2tw` is used: characters in the standard forms of Taiwan (為, 裡, 線), which readers in Hong Kong
and Macao know as well, and not one word replaced: `s2twp` would put other terms into a contract, and plain
`s2t` gives forms (爲, 裏) that no office there writes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache

from lxml import etree

from docgen.render.ooxml import attribute, paragraph_texts, qn
from docgen.render.package import NUMBERING, STYLES, Package
from docgen.render.provenance import embed, read

CONFIGURATION = "s2tw"
LANGUAGE = "zh-TW"
_SETTINGS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/settings"


def to_traditional(docx: bytes) -> bytes:
    """Return the document in Traditional Chinese: text, numbering, properties, language marks.

    Runs, tables and everything else stay; text that is split over runs is converted as a whole. Provenance
    that the document carries is kept, with the digest of the new text.

    Raises:
        BadPackage: Not a whole Word file.
    """
    package = Package.open(docx)
    convert = _converter()
    for _, name in list(package.stories()):
        _change(package, name, lambda root: _convert_story(root, convert))
    for kind in (NUMBERING, STYLES, _SETTINGS):
        for name in package.related(package.main, kind):
            _change(package, name, lambda root: _convert_marks(root, convert))
    if "docProps/core.xml" in package.parts:
        _change(package, "docProps/core.xml", lambda root: _convert_properties(root, convert))
    data, provenance = package.to_bytes(), read(docx)
    return embed(data, provenance) if provenance else data


def convert_pieces(pieces: Sequence[str], convert: Callable[[str], str]) -> list[str]:
    """Convert text that is cut into pieces as a whole, and cut the result at the same places."""
    whole = "".join(pieces)
    converted = convert(whole)
    if len(converted) != len(whole):
        return [convert(piece) for piece in pieces]
    ends = [sum(map(len, pieces[: number + 1])) for number in range(len(pieces))]
    return [converted[end - len(piece) : end] for piece, end in zip(pieces, ends, strict=True)]


@cache
def _converter() -> Callable[[str], str]:
    import opencc

    convert: Callable[[str], str] = opencc.OpenCC(CONFIGURATION).convert
    return convert


def _change(package: Package, name: str, change: Callable[[etree._Element], None]) -> None:
    root = package.xml(name)
    change(root)
    package.put(name, root)


def _convert_story(root: etree._Element, convert: Callable[[str], str]) -> None:
    for paragraph in root.iter(qn("w:p")):
        texts = paragraph_texts(paragraph)
        pieces = convert_pieces([text.text or "" for text in texts], convert)
        for text, piece in zip(texts, pieces, strict=True):
            text.text = piece
    _mark_language(root)


def _convert_marks(root: etree._Element, convert: Callable[[str], str]) -> None:
    """Numbering such as 第%1条, and the language of styles and settings; names of styles stay."""
    for label in root.iter(qn("w:lvlText")):
        label.set(qn("w:val"), convert(attribute(label, "w:val")))
    _mark_language(root)


def _convert_properties(root: etree._Element, convert: Callable[[str], str]) -> None:
    for item in root:
        if item.text and item.tag in (qn("dc:title"), qn("dc:subject")):
            item.text = convert(item.text)


def _mark_language(root: etree._Element) -> None:
    for language in root.iter(qn("w:lang"), qn("w:themeFontLang")):
        if attribute(language, "w:eastAsia"):
            language.set(qn("w:eastAsia"), LANGUAGE)
