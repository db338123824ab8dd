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
#: What no XML can hold, but for breaks, which are expanded; one class, as every value is searched.
_ILLEGAL = "\0-\x06\x08\x0b\x0e-\x1f\ud800-\udfff\ufffe\uffff"
_CONTROL = re.compile(f"[{_ILLEGAL}]")
_SPECIAL = re.compile(f"[&<>'\"{_ILLEGAL}]")


class NeedsDocxtpl(Exception):
    """A value that docxtpl alone can place: it brings parts of its own into the package."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


class Marks(threading.local):
    """What the values printed so far ask of the copy that this thread is making.

    Attributes:
        xml: One brought XML of its own or control characters, so that the copy may not be well-formed.
        blank: One is nothing but space, which a header loses that is printed between its elements.
    """

    xml = blank = False

    def clear(self) -> None:
        """Begin a copy."""
        self.xml = self.blank = False


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
        MARKS.xml = MARKS.xml or bool(_CONTROL.search(value))
    elif kind in _DIGITS:
        return str(value)
    elif hasattr(value, "__html__"):
        for one in kind.__mro__:
            if one.__name__ in ("InlineImage", "Subdoc"):
                raise NeedsDocxtpl(one.__name__)
        MARKS.xml = True
    return escape(value)
