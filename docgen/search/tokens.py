"""Tokens: what of a folded text is indexed, and which of it a term needs.

    Han run 服务合同      服务 务合 合同 and the last character 同 alone: every substring of two
                        characters is one token, every single character starts one
    code HT-2026-001     the pieces ht 2026 001 and the joined pairs ht-2026 2026-001

All of it without positions: the tokens of a term narrow the documents down, then the term itself is
read in the folded text. So nothing is found that is not there, and nothing that is there is missed.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from operator import add

from docgen.search.fold import HAN
from docgen.search.tree import Kind, Term

_HAN_RUN = re.compile(rf"[{HAN}]+")
_PIECE = re.compile(r"[a-z0-9]+")
_CODE = re.compile(r"[a-z0-9]+(?:[-_./][a-z0-9]+)+")
_RUN = re.compile(rf"[{HAN}]+|[a-z0-9]+(?:[-_./][a-z0-9]+)*")
#: More of a piece is not put into a stream (it is longer than any query); that it goes on, this token says.
_LONGEST = 2000
LONG = "~"
_CODE_PARTS = re.compile(r"([-_./])")
#: A whole code as a term; with `*` it may also end with a joiner (`HT-*`).
CODE = re.compile(r"[a-z0-9]+(?:[-_./][a-z0-9]+)*")
CODE_START = re.compile(r"[a-z0-9]+(?:[-_./][a-z0-9]+)*[-_./]?")
HAN_WORD = _HAN_RUN


def tokens(folded: str) -> Counter[str]:
    """Return the tokens of a folded text and how often each occurs."""
    found: Counter[str] = Counter()
    for run in _HAN_RUN.findall(folded):
        found.update(map(add, run, run[1:]))
        found[run[-1]] += 1
    found.update(_PIECE.findall(folded))
    for code in _CODE.findall(folded):
        found.update(_pairs(code))
    return found


def stream(folded: str) -> str:
    """Return the same tokens in the order of the text, separated by blanks, for engines that keep positions.

    The pairs of a Han run stand side by side, and so do the pairs of a code; whatever comes next to them is
    another kind of token. So consecutive pairs are one run, and a phrase of pairs is a literal substring.
    """
    found: list[str] = []
    for run in _RUN.findall(folded):
        if run > "~":
            found += map(add, run, run[1:])
            found.append(run[-1])
        elif run.isalnum():
            found.append(run)
        else:
            found += _pairs(run)
            found += _PIECE.findall(run)
    if max(map(len, found), default=0) > _LONGEST:
        found = [*(token[:_LONGEST] for token in found), LONG]
    return " ".join(found)


def _pairs(code: str) -> list[str]:
    parts = _CODE_PARTS.split(code)
    return ["".join(parts[at : at + 3]) for at in range(0, len(parts) - 2, 2)]


@dataclass(frozen=True, slots=True)
class Need:
    """A condition on the tokens of a document that contains the term: one of the tokens that `fits`."""

    text: str
    #: How indexed tokens relate to ``text``: they are it, start with it, end with it, or contain it.
    how: str = "is"


@dataclass(frozen=True, slots=True)
class Needs:
    """What a document must have to be a candidate for a term."""

    all: tuple[Need, ...]
    #: The tokens decide alone; else the folded text has to be read.
    exact: bool = False


def phrase(term: Term) -> tuple[str, ...]:
    """Return the consecutive tokens of a `stream` that are just what ``term`` is; none: they do not tell."""
    if HAN_WORD.fullmatch(term.text):
        return tuple(need.text for need in _bigrams(term.text))
    if term.kind is Kind.CODE:
        return tuple(_pairs(term.text)) or (term.text,)
    return ()


def needs(term: Term) -> Needs:
    """Return the conditions under which a document can contain ``term``; none: it must be read."""
    text = term.text
    if term.kind is Kind.HAN:
        if len(text) == 1:
            return Needs((Need(text, "starts"),), exact=True)
        return Needs(_bigrams(text), exact=len(text) == 2)
    if term.kind is Kind.CODE:
        pairs = _pairs(text)
        return Needs(tuple(map(Need, pairs or [text])), exact=len(pairs) < 2)
    if term.kind is Kind.PREFIX:
        return _needs_of_prefix(text)
    return Needs(_needs_of_literal(text))


def _bigrams(run: str) -> tuple[Need, ...]:
    return tuple(Need(run[at : at + 2]) for at in range(len(run) - 1))


def _needs_of_prefix(text: str) -> Needs:
    parts = _CODE_PARTS.split(text)
    if len(parts) == 1:
        return Needs((Need(text, "starts"),), exact=True)
    # the last piece goes on (or has not begun): its pair starts with what is there
    certain = ["".join(parts[at : at + 3]) for at in range(0, len(parts) - 4, 2)]
    last = Need("".join(parts[-3:]), "starts") if parts[-1] else Need(parts[-3])
    return Needs((*map(Need, certain), last))


def _needs_of_literal(text: str) -> tuple[Need, ...]:
    found: list[Need] = []
    for match in _HAN_RUN.finditer(text):
        run = match[0]
        found.extend(_bigrams(run) if len(run) > 1 else (Need(run, "starts"),))
    for match in _PIECE.finditer(text):
        # at the ends of the literal a piece may be a part of a longer one
        open_left, open_right = match.start() == 0, match.end() == len(text)
        how = {(True, True): "contains", (True, False): "ends", (False, True): "starts"}
        found.append(Need(match[0], how.get((open_left, open_right), "is")))
    return tuple(found)
