"""Values as they are printed: which of them bring XML of their own, and which need docxtpl itself."""

from __future__ import annotations

import threading
from datetime import date, datetime
from decimal import Decimal
from types import NoneType

#: Types that print as text and nothing else.
_TEXT = frozenset((str, int, float, bool, Decimal, date, datetime, NoneType))


class NeedsDocxtpl(Exception):
    """A value that docxtpl alone can place: it brings parts of its own into the package."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


class Marks(threading.local):
    """Whether the copy that this thread is making holds XML that a value brought."""

    marked = False


MARKS = Marks()


def finalize(value: object) -> object:
    """Return ``value``, noting on the way what kind of value it is (jinja2 calls this for all it prints).

    Raises:
        NeedsDocxtpl: It is a picture or a sub-document.
    """
    if type(value) in _TEXT:
        return value
    if hasattr(value, "__html__"):
        kind = type(value).__name__
        if kind in ("InlineImage", "Subdoc"):
            raise NeedsDocxtpl(kind)
        MARKS.marked = True
    return value
