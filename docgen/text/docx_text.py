"""Text of Word files: body, tables, headers, footers, text boxes, notes; insertions, not deletions."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from docgen.text.extracted import Extracted, Unreadable
from docgen.text.packages import open_package, parse_xml, read_member

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STRICT = "{http://purl.oclc.org/ooxml/wordprocessingml/main}"
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_COMPATIBILITY = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"
_TITLE = "{http://purl.org/dc/elements/1.1/}title"

#: Kinds of parts in reading order, by the end of their content type (names of parts are free).
_PARTS = ("header+xml", ".main+xml", "footnotes+xml", "endnotes+xml", "footer+xml")
#: Deleted text, codes of fields, pronunciation marks: nothing that is read on the page.
_UNSEEN = frozenset(
    ("del", "moveFrom", "delText", "instrText", "delInstrText", "rt", "rPr", "pPr", "sectPr", "tblPr")
)
#: Marks the text of a text box until its paragraph has ended; XML cannot contain it.
_BOX = "\0"
_SIGNS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}


def docx_text(path: Path) -> Extracted:
    """Return the text of a .docx or .docm file.

    Raises:
        Unreadable: It is damaged, encrypted, or not a Word file.
    """
    with open_package(path) as package:
        types = _content_types(package)
        names = [name for kind in _PARTS for name in sorted(types) if types[name].endswith(kind)]
        if not any(types[name].endswith(".main+xml") for name in names):
            raise Unreadable("不是 Word 文件", "it is not a Word file")
        texts = [_part_text(parse_xml(read_member(package, name), name)) for name in names]
        return Extracted("\n".join(filter(None, texts)), _title(package, types))


def _content_types(package: zipfile.ZipFile) -> dict[str, str]:
    root = parse_xml(read_member(package, "[Content_Types].xml"), "[Content_Types].xml")
    present = set(package.namelist())
    named = (
        (item.get("PartName", "").lstrip("/"), item.get("ContentType", ""))
        for item in root.iter(f"{_TYPES}Override")
    )
    return {name: kind for name, kind in named if name in present}


def _title(package: zipfile.ZipFile, types: dict[str, str]) -> str:
    names = [name for name, kind in types.items() if kind.endswith("core-properties+xml")]
    for name in names:
        for element in parse_xml(read_member(package, name), name).iter(_TITLE):
            return " ".join((element.text or "").split())
    return ""


def _part_text(root: Any) -> str:
    lines = "".join(_walk(root)).replace(_BOX, "").split("\n")
    return "\n".join(line.rstrip(" ") for line in lines).strip("\n")


def _walk(element: Any) -> Iterator[str]:
    """Yield the text below ``element``: every paragraph ends with a line break, every cell with a tab."""
    name = _local(element)
    if name in _UNSEEN:
        return
    if name == "t":
        yield element.text or ""
    elif name in _SIGNS:
        yield _SIGNS[name]
    elif name == "AlternateContent":  # one content in several forms: the first counts
        yield from _each(list(element)[:1])
    elif name == "p":
        yield from _paragraph(element)
    elif name == "tc":
        yield "".join(_each(element)).strip("\n") + "\t"
    else:
        yield from _each(element)
        if name == "tr":
            yield "\n"


def _paragraph(element: Any) -> Iterator[str]:
    """Yield a paragraph; text boxes anchored in it follow it, so that they do not cut its words."""
    own: list[str] = []
    boxes: list[str] = []
    for child in element:
        for piece in _walk(child):
            (boxes if piece.startswith(_BOX) else own).append(piece.removeprefix(_BOX))
    yield from own
    yield "\n"
    yield from boxes


def _each(elements: Iterable[Any]) -> Iterator[str]:
    for element in elements:
        if _local(element) == "txbxContent":
            yield _BOX + "".join(_each(element))
        else:
            yield from _walk(element)


def _local(element: Any) -> str:
    """Return the name of an element of Word, mathematics or compatibility markup, else nothing."""
    tag = element.tag
    if not isinstance(tag, str):  # a processing instruction or an entity
        return ""
    for space in (_W, _STRICT, _MATH, _COMPATIBILITY):
        if tag.startswith(space):
            return tag[len(space) :]
    return ""
