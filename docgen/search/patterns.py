"""Where a term stands in a folded text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from docgen.search.tree import Kind, Term


@lru_cache(maxsize=256)
def pattern(term: Term) -> re.Pattern[str]:
    """Return what ``term`` is in a folded text."""
    return re.compile(_expression(term))


@lru_cache(maxsize=256)
def byte_pattern(term: Term) -> re.Pattern[bytes]:
    """Return the same for a folded text in UTF-8 (a whole character never matches inside another)."""
    return re.compile(_expression(term).encode())


def _expression(term: Term) -> str:
    text = re.escape(term.text)
    if term.kind is Kind.CODE:
        return rf"(?<![a-z0-9]){text}(?![a-z0-9])"
    return rf"(?<![a-z0-9]){text}" if term.kind is Kind.PREFIX else text


def spans(term: Term, folded: str) -> Iterator[tuple[int, int]]:
    """Yield where ``term`` stands in ``folded``."""
    return (match.span() for match in pattern(term).finditer(folded))
