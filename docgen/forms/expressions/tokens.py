"""The words of an expression. Full-width operators and digits are folded here, texts are left as they are."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from docgen.base.messages import Message
from docgen.forms.faults import ExpressionFault

#: Longest expression, in characters.
MAX_LENGTH = 500
#: Words that are no names.
KEYWORDS = frozenset({"and", "or", "not", "in", "if", "else", "true", "false", "none"})
_SIGNS = str.maketrans({"×": "*", "÷": "/", "−": "-", "–": "-", "≥": ">=", "≤": "<=", "≠": "!=", "、": ","})
_QUOTES = {'"': '"', "'": "'", "“": "”", "‘": "’", "「": "」", "＂": "＂", "＇": "＇"}
_TOKEN = re.compile(
    r"""\s*(?: (?P<number>[0-9]+(?:\.[0-9]+)?(?![\w.]))
             | (?P<name>[^\W\d_]\w*)
             | (?P<sign>[<>=!]=|[-+*/(),.<>\[\]])
             | (?P<end>$) )""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Token:
    """One word: `kind` is number, text, name, keyword, sign or end."""

    kind: str
    text: str


def tokens(source: str) -> list[Token]:
    """Return the words of ``source``, the last of kind `end`.

    Raises:
        ExpressionFault: If it is too long, or holds anything that is no word of the language.
    """
    if len(source) > MAX_LENGTH:
        raise ExpressionFault(
            Message(f"表达式超过 {MAX_LENGTH} 个字符", f"an expression has at most {MAX_LENGTH} characters")
        )
    found: list[Token] = []
    for text, quoted in _pieces(source):
        found.extend([Token("text", text)] if quoted else _words(text))
    return [*found, Token("end", "")]


def _pieces(source: str) -> Iterator[tuple[str, bool]]:
    """Yield what stands outside and inside quotation marks, in turn."""
    start = position = 0
    while position < len(source):
        close = _QUOTES.get(source[position])
        if close is None:
            position += 1
            continue
        yield source[start:position], False
        end = source.find(close, position + 1)
        if end < 0:
            raise ExpressionFault(Message("引号没有成对", "a quotation mark is not closed"))
        text = source[position + 1 : end]
        if "\\" in text or not text.isprintable():
            raise ExpressionFault(
                Message("引号内不能有反斜杠、换行或控制符", "no backslash or control character in a text")
            )
        yield text, True
        start = position = end + 1
    yield source[start:], False


def _words(piece: str) -> Iterator[Token]:
    folded = unicodedata.normalize("NFKC", piece).translate(_SIGNS)
    position = 0
    while True:
        match = _TOKEN.match(folded, position)
        if not match:
            rest = folded[position:].strip()[:20]
            raise ExpressionFault(Message(f"“{rest}”处无法识别", f"cannot be read at “{rest}”"))
        if match.lastgroup == "end":
            return
        yield _token(str(match.lastgroup), match[str(match.lastgroup)])
        position = match.end()


def _token(kind: str, text: str) -> Token:
    word = text.lower() if text in ("True", "False", "None") else text
    return Token("keyword" if word in KEYWORDS else kind, word)
