"""Text of Word files: body, tables, headers, footers, text boxes, notes; insertions, not deletions."""

from __future__ import annotations

import zipfile
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
    pieces: list[str] = []
    _walk(root, pieces, pieces)
    lines = "".join(pieces).split("\n")
    return "\n".join(line.rstrip(" ") for line in lines).strip("\n")


def _walk(element: Any, text: list[str], boxes: list[str]) -> None:
    """Add what is below ``element`` to ``text``: a paragraph ends with a line break, a cell with a tab.

    Text boxes go to ``boxes``: they follow the paragraph that they are anchored in, and do not cut its words.
    """
    name = _NAMES[element.tag]
    if name in _UNSEEN:
        return
    if name == "t":
        text.append(element.text or "")
    elif name in _SIGNS:
        text.append(_SIGNS[name])
    elif name == "AlternateContent":  # one content in several forms: the first counts
        for child in element[:1]:
            _walk(child, text, boxes)
    elif name == "p":
        _paragraph(element, text)
    elif name == "tc":
        _cell(element, text)
    else:
        target = boxes if name == "txbxContent" else text
        for child in element:
            _walk(child, target, boxes)
        if name == "tr":
            text.append("\n")


def _paragraph(element: Any, text: list[str]) -> None:
    boxes: list[str] = []
    for child in element:
        _walk(child, text, boxes)
    text.append("\n")
    text += boxes


def _cell(element: Any, text: list[str]) -> None:
    inside: list[str] = []
    for child in element:
        _walk(child, inside, inside)
    text.append("".join(inside).strip("\n") + "\t")


class _Names(dict[Any, str]):
    """Tag -> name of an element of Word, mathematics or compatibility markup, else nothing."""

    def __missing__(self, tag: Any) -> str:
        spaces = (_W, _STRICT, _MATH, _COMPATIBILITY)
        # the tag of a processing instruction or an entity is no text
        text = tag if isinstance(tag, str) else ""
        name = self[tag] = next((text[len(space) :] for space in spaces if text.startswith(space)), "")
        return name


_NAMES = _Names()
