"""Snippets: the passage of the original text that shows why a document was found, matches marked."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from docgen.search.fold import HAN, flatten, fold_with_origins
from docgen.search.patterns import spans
from docgen.search.tree import Field, Node, Term, wanted

#: Characters of a snippet: it ends with a sentence between these two, else it is cut in the middle.
_SHORTEST, _LONGEST = 80, 120
_USUAL = (_SHORTEST + _LONGEST) // 2
#: Characters before the first match.
_LEAD = 40
#: A line break ends a sentence unless it stands between two Han characters (a wrapped line).
_SENTENCE_END = re.compile(rf"[。！？!?；;]|\n\s*\n\s*|(?<![{HAN}])\n\s*|\n(?![{HAN}])\s*")
#: Long texts are read in parts, so that a hit costs the same in a letter and in a book.
_PART, _OVERLAP = 20_000, 2_000
_ELLIPSIS = "…"


@dataclass(frozen=True, slots=True)
class Snippet:
    """A passage and the spans of it that matched, in order, not overlapping."""

    text: str
    marks: tuple[tuple[int, int], ...] = ()


def snippet(text: str, query: Node) -> Snippet:
    """Return the passage of ``text`` that contains most of what ``query`` looks for, else its beginning."""
    terms = tuple(dict.fromkeys(term for term in wanted(query) if Field.TEXT in term.fields))
    step = _PART - _OVERLAP
    for start in range(0, max(len(text) - _OVERLAP, 1), step) if terms else ():
        part, more, after = text[start : start + _PART], start > 0, start + _PART < len(text)
        # what touches a border inside the text may go on behind it; the part beside this one has it whole
        first, last = int(more), len(part) - after
        found = [one for one in _matches(part, terms) if first <= one[0] and one[1] <= last]
        if found:
            return _passage(part, found, more=more, after=after)
    return _passage(text[: 10 * _LONGEST], [], more=False, after=len(text) > 10 * _LONGEST)


def marks(text: str, query: Node, field: Field = Field.TEXT) -> tuple[tuple[int, int], ...]:
    """Return the spans of ``text`` that ``query`` matches as content of ``field``, in order, merged."""
    terms = tuple(term for term in wanted(query) if field in term.fields)
    return _merged([(start, end) for start, end, _ in _matches(text, terms)])


def _matches(text: str, terms: Sequence[Term]) -> list[tuple[int, int, int]]:
    """Return start, end and number of the term of every match, in the order of the original."""
    folded = fold_with_origins(text)
    found = [
        (*folded.original(start, end), number)
        for number, term in enumerate(terms)
        for start, end in spans(term, folded.text)
    ]
    return sorted(found)


def _passage(text: str, found: list[tuple[int, int, int]], *, more: bool, after: bool) -> Snippet:
    first = _best(found) if found else 0
    start = _beginning(text, first)
    end = _ending(text, start, max(first, start))
    shown = flatten(text[start:end])
    spans_shown = [
        (shown.found(left - start), shown.found(right - start))
        for left, right, _ in found
        if left < end and right > start
    ]
    before = _ELLIPSIS if more or text[:start].strip() else ""
    behind = _ELLIPSIS if (after and end == len(text)) or text[end:].strip() else ""
    shift = len(before)
    moved = [(left + shift, min(right, len(shown.text)) + shift) for left, right in spans_shown]
    return Snippet(before + shown.text + behind, _merged([span for span in moved if span[0] < span[1]]))


def _best(found: list[tuple[int, int, int]]) -> int:
    """Return where the passage with the most different terms, then the most matches, begins."""

    def worth(index: int) -> tuple[int, int, int]:
        start = found[index][0]
        stop = bisect_left(found, (start + _USUAL - _LEAD,))
        inside = found[index:stop]
        return len({number for _, _, number in inside}), len(inside), -index

    return found[max(range(min(len(found), 500)), key=worth)][0]


def _beginning(text: str, first: int) -> int:
    """Return the start of the sentence of the match, or a little before the match in a long one."""
    lowest = max(0, first - _LEAD)
    ends = [match.end() for match in _SENTENCE_END.finditer(text, lowest, first)]
    if ends:
        return ends[-1]
    return lowest


def _ending(text: str, start: int, first: int) -> int:
    """Return the end of the last sentence that keeps the passage between shortest and longest."""
    if len(text) - start <= _LONGEST:
        return len(text)
    ends = [match.end() for match in _SENTENCE_END.finditer(text, start + _SHORTEST, start + _LONGEST)]
    fitting = [end for end in ends if end > first]
    return fitting[0] if fitting else min(start + _USUAL, len(text))


def _merged(found: Sequence[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(found):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)
