"""Lines of a page put together again where the width of the page broke them.

A break between two Han characters is left alone: search reads over it anyway. What search does not
mend is a date, an amount or a number cut off from the Chinese beside it, a number broken behind its
hyphen, and a break behind a comma.
"""

from __future__ import annotations

import re

_HAN = "々〇\u3400-\u9fff\uf900-\ufaff\U00020000-\U000323af"
_WORD = "A-Za-z0-9%￥$"
_WRAPPED = re.compile(
    rf"(?<=[{_HAN}，、（]) *\n *(?=[{_WORD}])"
    rf"|(?<=[{_WORD}，、（]) *\n *(?=[{_HAN}，。、；：）])"
    r"|(?<=[A-Za-z0-9][-_/]) *\n *(?=[A-Za-z0-9])"
)


def join_wrapped(text: str) -> str:
    """Return ``text`` with wrapped lines joined; every other break stays a line break."""
    lines = "\n".join(line.strip() for line in text.splitlines())
    return _WRAPPED.sub("", lines)
