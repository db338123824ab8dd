"""One folding for all names that people type: width, letter case, Traditional and Simplified."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from opencc import OpenCC

_SPACE = re.compile(r"\s+")


@lru_cache(maxsize=8192)
def fold(text: str) -> str:
    """Return ``text`` as names are compared: NFKC, casefold, Simplified, no white space."""
    plain = _SPACE.sub("", unicodedata.normalize("NFKC", text).casefold())
    return plain if plain.isascii() else str(_simplifier().convert(plain))


@cache
def _simplifier() -> OpenCC:
    from opencc import OpenCC

    return OpenCC("t2s")
