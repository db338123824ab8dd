"""Text of presentations (pptx): slide by slide, then the speaker's notes."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from docgen.text.extracted import Extracted, Unreadable, limited
from docgen.text.packages import open_package, parse_xml, read_member

_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
#: Slides and notes carry their number in the name of their part.
_PART = re.compile(r"ppt/(?:slides/slide|notesSlides/notesSlide)(\d+)\.xml")
_SIGNS = {f"{_A}br": "\n", f"{_A}tab": "\t"}


def slides_text(path: Path) -> Extracted:
    """Return the text of a presentation, a paragraph a line, cells separated by tabs.

    Raises:
        Unreadable: It is damaged, encrypted, or not a presentation.
    """
    with open_package(path) as package:
        found = [match for name in package.namelist() if (match := _PART.fullmatch(name))]
        if "ppt/presentation.xml" not in package.namelist():
            raise Unreadable("不是演示文稿", "it is not a presentation")
        names = [match[0] for match in sorted(found, key=lambda match: ("notes" in match[0], int(match[1])))]
        texts = limited(_text(parse_xml(read_member(package, name), name)) for name in names)
        return Extracted("\n".join(filter(None, texts)))


def _text(root: Any) -> str:
    return "\n".join(filter(None, map(_paragraph, root.iter(f"{_A}p"))))


def _paragraph(paragraph: Any) -> str:
    pieces = (
        _SIGNS.get(element.tag) or (element.text or "" if element.tag == f"{_A}t" else "")
        for element in paragraph.iter()
    )
    return "".join(pieces).strip()
