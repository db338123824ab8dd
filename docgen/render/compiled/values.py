"""Values as they are printed, and what their printing asks of the copy that is being made."""

from __future__ import annotations

import re
import threading
from datetime import date, datetime
from decimal import Decimal

from markupsafe import escape

#: What docxtpl expands inside paragraphs: line break, tab, new paragraph, new page.
BREAKS = "\n\t\a\f"
#: Types whose text holds nothing that is escaped or expanded.
_DIGITS = frozenset((int, float, Decimal, date, datetime))
_BREAK = re.compile(f"[{BREAKS}]")
_SPECIAL = re.compile(r"[&<>'\"{}\n\t\a\f]")


class NeedsDocxtpl(Exception):
    """A value that docxtpl alone can place: it brings parts of its own into the package."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


class Marks(threading.local):
    """What the values printed so far ask of the copy that this thread is making.

    Attributes:
        xml: One brought XML of its own, which may not be well-formed.
        broken: One holds breaks or tabs.
        braces: One holds docxtpl's spelling of printed braces.
        blank: One is nothing but space, which a header loses that is printed between its elements.
    """

    xml = broken = braces = blank = False

    def clear(self) -> None:
        """Begin a copy."""
        self.xml = self.broken = self.braces = self.blank = False

    def look(self, text: str) -> None:
        """Note whether ``text`` holds breaks."""
        if _BREAK.search(text):
            self.broken = True


MARKS = Marks()


def put(value: object) -> str:
    """Return the escaped text of ``value``, noting what it asks for.

    Raises:
        NeedsDocxtpl: It is a picture or a sub-document.
    """
    kind = type(value)
    if isinstance(value, str) and kind is str:
        if not _SPECIAL.search(value) and not value.isspace():
            return value
        MARKS.blank = MARKS.blank or value.isspace()
    elif kind in _DIGITS:
        return str(value)
    elif hasattr(value, "__html__"):
        if kind.__name__ in ("InlineImage", "Subdoc"):
            raise NeedsDocxtpl(kind.__name__)
        MARKS.xml = True
    text = escape(value)
    MARKS.look(text)
    if "{_" in text or "_}" in text:
        MARKS.braces = True
    return text
