"""Lines of a page put together again where only the width of the page broke them."""

from __future__ import annotations

import unicodedata
from itertools import pairwise

_WIDE = frozenset("WF")


def join_wrapped(page: str) -> str:
    """Return the text of a page with wrapped lines joined.

    A break is taken for a wrap if the first word (or character) of the next line would not have fitted
    on the line: that is how typesetting breaks lines. Beside Chinese nothing is put in its place,
    between two Latin words a blank. Every other break stays a line break.
    """
    lines = [line.strip() for line in page.splitlines()]
    full = max(map(_width, lines), default=0)
    joined = lines[:1]
    for line, following in pairwise(lines):
        if line and following and _width(line) + _first_width(following) > full:
            joined.append("" if _is_wide(line[-1]) or _is_wide(following[0]) else " ")
        else:
            joined.append("\n")
        joined.append(following)
    return "".join(joined)


def _is_wide(char: str) -> bool:
    return unicodedata.east_asian_width(char) in _WIDE


def _width(text: str) -> int:
    return sum(2 if _is_wide(char) else 1 for char in text)


def _first_width(line: str) -> int:
    """Return the width of what cannot be broken at the start of ``line``: a Han character, a Latin word."""
    if _is_wide(line[0]):
        return 2
    return next((at for at, char in enumerate(line) if char.isspace() or _is_wide(char)), len(line))
