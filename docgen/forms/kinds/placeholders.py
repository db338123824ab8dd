"""Leftovers of a blank form that somebody forgot to fill in (catalogue 0.6, case 1)."""

from __future__ import annotations

import re
import unicodedata

#: Refused wherever they stand in a value (folded to half width).
_INSIDE = re.compile(
    r"""
      [\[【〔]\s*(?:X+|×+|\*+|_+)\s*[\]】〕]                          # [X], 【××】
    | [\[【〔(]\s*(?:待填|待补|请?填[写寫]|请?输入)[^\]】〕)]{0,20}[\]】〕)]   # 【待填写】, (请填写日期)
    | (?<![A-Za-z0-9])(?:X{2,}|x{2,})(?![A-Za-z0-9])                 # XXXX年XX月XX日
    | ×{2,}                                                          # ××公司
    | (?<![0-9*])\*{2,} | \*{2,}(?![0-9*])                           # **公司, but not 138****0000
    | _{3,}                                                          # ____
    """,
    re.VERBOSE,
)
#: One of these is in everything that `_INSIDE` finds.
_SUSPECT = re.compile(r"[\[【〔(Xx×*_]")
#: Refused when they are the whole value.
_WHOLE = re.compile(
    r"X|待填[写寫]?|待补充?|请填[写寫]|请输入|TBD|TODO|\?+|年\s*月\s*日|\.{3,}", re.IGNORECASE
)


def find_placeholder(text: str) -> str:
    """Return the first leftover placeholder in ``text``, or an empty string."""
    folded = unicodedata.normalize("NFKC", text).strip()
    if _WHOLE.fullmatch(folded):
        return folded
    found = _INSIDE.search(folded) if _SUSPECT.search(folded) else None
    return found.group() if found else ""
