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
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from operator import add

from docgen.search.fold import HAN
from docgen.search.tree import Kind, Term

_HAN_RUN = re.compile(rf"[{HAN}]+")
_PIECE = re.compile(r"[a-z0-9]+")
#: Begins where a piece does: else every place of a long piece is tried.
_CODE = re.compile(r"(?<![a-z0-9])[a-z0-9]+(?:[-_./][a-z0-9]+)+")
_HAN_SPLIT = re.compile(rf"([{HAN}]+)")
_CODE_OR_PIECE = re.compile(r"[a-z0-9]+(?:[-_./][a-z0-9]+)*")
_OTHER = re.compile(rf"{_CODE_OR_PIECE.pattern}|.", re.DOTALL)
#: What stands in a stream for a blank, and for the border between values; folded text has no such characters.
_BLANK, _BORDER = "\x01", "\x02"
#: More of a piece is not put into a stream (it is longer than any query); that it goes on, this token says.
_LONGEST = 2000
_LONG_PIECE = re.compile(rf"[a-z0-9]{{{_LONGEST + 1}}}")
LONG = "\x03"
_JOINERS = frozenset("-_./")
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


def stream(folded: str, *, signs: bool = False) -> str:
    """Return the same tokens in the order of the text, separated by blanks, for engines that keep positions.

    The pairs of a Han run stand side by side, and so do the pairs of a code; whatever comes next to them is
    another kind of token. So consecutive pairs are one run, and a phrase of pairs is a literal substring.

    Args:
        folded: Text, or values with a line break between.
        signs: Every other character is a token, too; then any string is a phrase (`literal`).
    """
    found: list[str] = []
    other = _OTHER if signs else _CODE_OR_PIECE
    for place, part in enumerate(_HAN_SPLIT.split(_visible(folded) if signs else folded)):
        if place % 2:
            found += map(add, part, part[1:])
            found.append(part[-1])
        elif signs and len(part) == 1:
            found.append(part)
        elif _CODE.search(part):
            found += _with_codes(other.findall(part))
        else:
            found += other.findall(part)
    if len(folded) > _LONGEST and _LONG_PIECE.search(folded):
        found = [*(token[:_LONGEST] for token in found), LONG]
    return " ".join(found)


def _with_codes(runs: Iterable[str]) -> Iterator[str]:
    for run in runs:
        if len(run) == 1 or run.isalnum():
            yield run
        else:
            yield from _pairs(run)
            yield from _PIECE.findall(run)


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


def literal(text: str) -> tuple[Need, ...]:
    """Return the consecutive tokens of a `stream` with signs that are just what ``text`` is.

    None: they do not tell, because it is one piece of letters, or begins or ends within a code.
    """
    parts = [
        run
        for place, part in enumerate(_HAN_SPLIT.split(_visible(text)))
        for run in ([part] if place % 2 else _OTHER.findall(part))
    ]
    if len(parts) < 2 or _begins_in_code(*parts[:2]) or _ends_in_code(*parts[-2:]):
        return ()
    inner = [Need(token) for run in parts[1:-1] for token in _in_order(run)]
    return (*_first(parts[0]), *inner, *_last(parts[-1]))


def _visible(folded: str) -> str:
    return folded.replace(" ", _BLANK).replace("\n", _BORDER)


def _begins_in_code(first: str, second: str) -> bool:
    joined = first in _JOINERS and second[0].isascii() and second[0].isalnum()
    return joined or _CODE.fullmatch(first) is not None


def _ends_in_code(before: str, last: str) -> bool:
    return last in _JOINERS and before[-1].isascii() and before[-1].isalnum()


def _in_order(run: str) -> list[str]:
    return [*map(add, run, run[1:]), run[-1]] if HAN_WORD.fullmatch(run) else list(_with_codes([run]))


def _first(run: str) -> list[Need]:
    """Return the tokens of a run that may have begun before."""
    return [Need(run, "ends")] if _PIECE.fullmatch(run) else [Need(token) for token in _in_order(run)]


def _last(run: str) -> list[Need]:
    """Return the tokens of a run that may go on."""
    if HAN_WORD.fullmatch(run):
        return [Need(run, "starts")] if len(run) == 1 else list(_bigrams(run))
    *certain, last = _pairs(run) or [run]
    return [*map(Need, certain), Need(last, "starts" if run[0].isalnum() and run.isascii() else "is")]


def needs(term: Term) -> Needs:
    """Return the conditions under which a document can contain ``term``; none: it must be read."""
    text = term.text
    if term.kind is Kind.HAN:
        if len(text) == 1:
            return Needs((Need(text, "starts"),), exact=True)
        return Needs(_bigrams(text), exact=len(text) == 2 and not _doubled(text))
    if term.kind is Kind.CODE:
        pairs = _pairs(text)
        exact = not pairs or (len(pairs) == 1 and not _doubled(text))
        return Needs(tuple(map(Need, pairs or [text])), exact=exact)
    if term.kind is Kind.PREFIX:
        return _needs_of_prefix(text)
    return Needs(_needs_of_literal(text))


def _doubled(pair: str) -> bool:
    """Whether a pair may overlap itself, as 哈哈 in 哈哈哈: there are more tokens than it occurs times."""
    half = len(pair) // 2
    return pair[:half] == pair[-half:]


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
