"""Folding: the one reading of text and query in which they are compared.

Width and compatibility forms by NFKC (a letter with the marks behind it is one character), case,
radicals, Traditional to Simplified (OpenCC t2s, character by character, so that a part of a text folds
as it does inside the text); a line break between two Han characters disappears,
other white space becomes one blank, invisible characters go. Every folded character knows where it
came from, so that matches are marked in the original.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from docgen.search.radicals import SUPPLEMENT

#: Raised whenever this module or `tokens` changes what is indexed: indexes are rebuilt.
ANALYSIS = 4

#: Ideographs, with 々 and 〇, which count as such in Chinese text.
HAN = "々〇\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"

#: White space that is more than one blank, and such that is one line break, as a wrapped line has it.
_ODD_BLANK = re.compile(r"[^\S ]\s*| \s+")
_WRAPPED = re.compile(r" *(?:\r\n|[\r\n]) *")
_HAN_CHARACTER = re.compile(rf"[{HAN}]")

#: Soft hyphen, zero width, signs of direction, variation selectors: they change nothing that is read.
_UNSEEN = (
    "\xad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufe00-\ufe0f\ufeff\U000e0100-\U000e01ef"
)
_INVISIBLE = re.compile(f"[{_UNSEEN}]")
#: Accents, voiced kana, and the vowels of Hangul written apart: one character with what stands before them.
_MARKS = (
    "\u0300-\u036f\u1160-\u11ff\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\u3099\u309a\ufe20-\ufe2f\uff9e\uff9f"
)
_MARK = re.compile(f"[{_MARKS}]")
_MARKED = re.compile(f"[^\\s{_MARKS}{_UNSEEN}](?:[{_UNSEEN}]*[{_MARKS}])+")


#: What OpenCC writes in two ways, by the phrase (計畫 is 计划, 畫面 is 画面; 答覆 is 答复, 覆盖 stays), is
#: one character here. Left out are old words (深沈, 項鍊): 沈 and 沉, 炼 and 链 are too different.
_ONE = str.maketrans("画覆瞭藉甦彷衹俱锺迳钜", "划复了借苏仿只具钟径巨")


class _Forms(dict[str, str]):
    """Character -> its folded form; filled as characters are met."""

    def __missing__(self, char: str) -> str:
        form = self[char] = _form(char)
        return form


#: White space that says something about lines; any other white space is a blank. An ideographic space
#: is an indent: what follows it is a new paragraph, not the rest of a wrapped line.
_LINES = {"\r": "\r", "\n": "\n", "\t": "\t", "\u3000": "\t"} | dict.fromkeys(
    "\x0b\x0c\x85\u2028\u2029", "\n"
)


def _form(char: str) -> str:
    if char.isspace():
        return _LINES.get(char, " ")
    if _INVISIBLE.match(char):
        return ""
    if unicodedata.category(char) in ("Cc", "Cs"):
        return "\ufffd"
    return "".join(map(_simplified, _normal(SUPPLEMENT.get(char, char))))


def _simplified(char: str) -> str:
    if char.isascii():
        return char
    convert = converter("t2s").convert
    return convert(convert(char)).translate(_ONE)  # twice: 薴 becomes 苧, and that 苎


def _normal(text: str) -> str:
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


_FORMS = _Forms()


@dataclass(frozen=True, slots=True)
class Steps:
    """Places in one text -> places in another: from every start on they go in step, up to the next one."""

    starts: list[int]
    values: list[int]

    def __getitem__(self, place: int) -> int:
        at = bisect_right(self.starts, place) - 1
        return self.values[at] + place - self.starts[at]


@dataclass(frozen=True, slots=True)
class Folded:
    """Folded text, which knows of each of its characters from which place of the original it comes."""

    text: str
    _forms: Steps
    _blanks: Steps
    #: Ends of the characters of the original that have marks, by their places.
    _marked: Mapping[int, int]

    def origin(self, place: int) -> int:
        """Return the place in the original of the folded character at ``place``."""
        return self._forms[self._blanks[place]]

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Return the span of the original that became the folded span ``start``…``end`` (not empty)."""
        last = self.origin(end - 1)
        return self.origin(start), self._marked.get(last, last + 1)

    def found(self, place: int) -> int:
        """Return where the first character stands that comes from ``place`` of the original or behind it."""
        return bisect_left(range(len(self.text)), place, key=self.origin)


def fold(text: str) -> str:
    """Return ``text`` as it is compared."""
    folded = _ODD_BLANK.sub(_blank, "".join(_formed(text)[0]))
    return folded.strip()


def _formed(text: str) -> tuple[list[str], dict[int, int]]:
    """Return the form of every character, and the ends of those with marks (their forms stand in front)."""
    forms, ends = list(map(_FORMS.__getitem__, text)), {}
    for match in _MARKED.finditer(text) if _MARK.search(text) else ():
        start, end = match.span()
        whole = forms[start] + _INVISIBLE.sub("", text[start + 1 : end])
        forms[start:end] = [_normal(whole), *[""] * (end - start - 1)]
        ends[start] = end
    return forms, ends


def _blank(found: re.Match[str]) -> str:
    """Return what white space becomes: nothing where it wraps a line between two Han characters."""
    text, (start, end) = found.string, found.span()
    wraps = (
        start
        and _WRAPPED.fullmatch(text, start, end)
        and _HAN_CHARACTER.match(text, start - 1)
        and _HAN_CHARACTER.match(text, end)
    )
    return "" if wraps else " "


@lru_cache(maxsize=4096)
def fold_name(name: str) -> str:
    """Return the same for a name that occurs again and again."""
    return fold(name)


def fold_with_origins(text: str) -> Folded:
    """Fold ``text`` and keep where every character came from; `.text` equals `fold(text)`."""
    return _flat(*_formed(text))


def flatten(text: str) -> Folded:
    """Treat line breaks and white space as folding does and keep every other character, for display."""
    return _flat([_FORMS[char] if char.isspace() else char for char in text], {})


def _flat(forms: list[str], marked: Mapping[int, int]) -> Folded:
    text = "".join(forms)
    parts: list[str] = []
    starts, values = [0], [0]
    done = length = 0
    for match in _ODD_BLANK.finditer(text):
        blank = _blank(match)
        parts += text[done : match.start()], blank
        length += match.start() - done + len(blank)
        done = match.end()
        starts.append(length)
        values.append(done)
    flat = "".join([*parts, text[done:]])
    lead = len(flat) - len(flat.lstrip())
    blanks = Steps([start - lead for start in starts] if lead else starts, values)
    return Folded(flat.strip(), _steps(forms), blanks, marked)


def _steps(forms: list[str]) -> Steps:
    """Return how places in the joined ``forms`` follow from those of the forms."""
    starts, values = [0], [0]
    lengths = list(map(len, forms))
    odd = (place for place, length in enumerate(lengths) if length != 1)
    for place in odd if set(lengths) != {1} else ():
        length = len(forms[place])
        start = starts[-1] + place - values[-1]
        starts += range(start, start + length + 1)
        values += [place] * length + [place + 1]
    return Steps(starts, values)


class _Converter(Protocol):
    def convert(self, text: str) -> str: ...


@lru_cache(maxsize=8)
def converter(name: str) -> _Converter:
    """Return OpenCC's converter ``name`` (t2s, tw2sp, s2twp …), loaded once."""
    import opencc

    made: _Converter = opencc.OpenCC(name)
    return made
