"""Running text: which style a line takes, and how it is numbered."""

from __future__ import annotations

from dataclasses import dataclass

from docgen.render.drawing.xml import paragraph
from docgen.render.outline.model import Head, Text

#: Lists of `style.docx` (word/numbering.xml): by numbering, the list; levels 0 to 2 are headings,
#: 3 a clause （一） under a heading, 4 a clause 1. under a heading of the second level.
LISTS = {"chapter": 1, "article": 2, "none": 3}
_CLAUSE, _SUBCLAUSE = 3, 4
_STYLES = {
    "subtitle": "Subtitle",
    "body": "BodyIndent",
    "flush": "NoIndent",
    "item": "ListItem",
    "note": "Note",
    "h2": "Heading2",
}


@dataclass
class TextSetter:
    """Sets the paragraphs of one document in their order."""

    head: Head
    under_h2: bool = False

    def draw(self, part: Text) -> str:
        """Return the paragraph of ``part``."""
        form = self.head.family == "form"
        match part.kind:
            case "title":
                return paragraph(part.text, "FormTitle" if form else "Title")
            case "number":
                return paragraph(part.text, "FormNumberLine" if form else "NumberLine")
            case "h1":
                self.under_h2 = False
                return self._heading(part.text)
            case "h2":
                self.under_h2 = True
                return paragraph(part.text, "Heading2", numbering=(LISTS[self.head.numbering], 1))
            case "clause":
                level = _SUBCLAUSE if self.under_h2 else _CLAUSE
                return paragraph(part.text, "Clause", numbering=(LISTS[self.head.numbering], level))
        return paragraph(part.text, _STYLES[part.kind])

    def _heading(self, text: str) -> str:
        style = "Article" if self.head.numbering == "article" else "Heading1"
        return paragraph(text, style, numbering=(LISTS[self.head.numbering], 0))
