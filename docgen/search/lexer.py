"""The words, quoted strings, brackets and operators of a query, each with its place."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from docgen.base.errors import UsageFault
from docgen.base.messages import Message
from docgen.search.fold import fold

#: Name in a query -> field; Traditional names fold to these.
FIELD_NAMES = {
    "项目": "project",
    "类型": "type",
    "类别": "category",
    "日期": "date",
    "版本": "version",
    "编号": "number",
    "标题": "title",
    "正文": "text",
} | {name: name for name in ("project", "type", "category", "date", "version", "number", "title", "text")}

#: Any of them opens a quoted string, and any closes it.
QUOTES = frozenset('"“”＂')
_OPEN, _CLOSE = "(（", ")）"
_BORDERS = QUOTES.union(_OPEN, _CLOSE)
_COLONS = ":："
_MINUS = "-－"
_OPERATORS = ("AND", "OR", "NOT")


class QueryFault(UsageFault):
    """A query that cannot be read; ``position`` counts its characters from 0."""

    def __init__(self, query: str, position: int, reason: Message, *, hint: Message | None = None) -> None:
        shown = f"{query[:position]}▸{query[position:]}"
        message = Message(
            f"查询“{shown}”第 {position + 1} 个字符处：{reason.zh}",
            f"query “{shown}”, character {position + 1}: {reason.en}",
        )
        super().__init__(message, hint=hint)
        self.position = position


class Sign(StrEnum):
    """What a piece of the query is."""

    WORD = "word"
    QUOTED = "quoted"
    FIELD = "field"
    OPEN = "("
    CLOSE = ")"
    AND = "AND"
    OR = "OR"
    NOT = "NOT"
    END = "end"


@dataclass(frozen=True, slots=True)
class Lexeme:
    """One piece of the query: for a field its English name, else the text as typed."""

    sign: Sign
    text: str
    position: int


def lex(query: str) -> Iterator[Lexeme]:
    """Yield the pieces of ``query``, at last `END`.

    Raises:
        QueryFault: A quotation mark has no partner.
    """
    place = 0
    while place < len(query):
        char = query[place]
        if char.isspace():
            place += 1
        elif char in _OPEN or char in _CLOSE:
            yield Lexeme(Sign.OPEN if char in _OPEN else Sign.CLOSE, char, place)
            place += 1
        elif char in QUOTES:
            end = _closing_quote(query, place)
            yield Lexeme(Sign.QUOTED, query[place + 1 : end], place)
            place = end + 1
            place += query[place : place + 1] in ("*", "＊")  # a quoted string may go on anyway
        elif char in _MINUS and query[place + 1 : place + 2].strip():
            yield Lexeme(Sign.NOT, char, place)
            place += 1
        else:
            lexeme, place = _word(query, place)
            yield lexeme
    yield Lexeme(Sign.END, "", len(query))


def _closing_quote(query: str, start: int) -> int:
    for place in range(start + 1, len(query)):
        if query[place] in QUOTES:
            return place
    raise QueryFault(
        query, start, Message("引号没有成对", "this quotation mark has no partner"), hint=_QUOTE_HINT
    )


_QUOTE_HINT = Message("补上另一个引号，或去掉这个引号", "add the other quotation mark, or leave this one out")


def _word(query: str, start: int) -> tuple[Lexeme, int]:
    end = start
    while end < len(query) and not query[end].isspace() and query[end] not in _BORDERS:
        if query[end] in _COLONS:
            field = FIELD_NAMES.get(fold(query[start:end]))
            if field:
                return Lexeme(Sign.FIELD, field, start), end + 1
        end += 1
    text = query[start:end]
    plain = unicodedata.normalize("NFKC", text)
    return Lexeme(Sign(plain) if plain in _OPERATORS else Sign.WORD, text, start), end
