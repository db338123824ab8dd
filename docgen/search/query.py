"""The query language: from what people type to the tree.

    alternatives = all (OR all)*            all  = part ([AND] part)*
    part         = (NOT | -) part | [field:] ( word | "quoted" | (alternatives) )

Whoosh's own parser is not used: it never reports a mistake (an open bracket or quotation mark is
dropped in silence), cannot point at a place, and would split at the hyphens of `HT-2026-001`.
"""

from __future__ import annotations

from docgen.base.messages import Message
from docgen.search.dates import BadDate, date_range, goes_on
from docgen.search.fold import fold
from docgen.search.lexer import Lexeme, QueryFault, Sign, lex
from docgen.search.tokens import CODE, CODE_START, HAN_WORD
from docgen.search.tree import And, Dates, Everything, Field, Kind, Node, Not, Or, Term

_LONGEST = 1000
_DEEPEST = 40


def parse_query(query: str) -> Node:
    """Return the tree of ``query``; an empty query matches everything.

    Raises:
        QueryFault: It cannot be read; the message names place and reason.
    """
    if len(query) > _LONGEST:
        reason = Message(f"查询超过 {_LONGEST} 个字符", f"the query has more than {_LONGEST} characters")
        raise QueryFault(query[:40] + "…", 0, reason)
    return _Parser(query).parse()


class _Parser:
    """Reads the pieces of one query from left to right."""

    def __init__(self, query: str) -> None:
        self._query = query
        self._lexemes = list(lex(query))
        self._at = 0
        self._depth = 0

    def parse(self) -> Node:
        if self._peek().sign is Sign.END:
            return Everything()
        tree = self._alternatives("")
        if self._peek().sign is not Sign.END:
            raise self._fault("这个右括号没有对应的左括号", "this bracket closes nothing")
        return tree

    def _peek(self) -> Lexeme:
        return self._lexemes[self._at]

    def _take(self) -> Lexeme:
        lexeme = self._peek()
        self._at += 1
        return lexeme

    def _fault(self, zh: str, en: str, at: Lexeme | None = None, *, behind: int = 0) -> QueryFault:
        return QueryFault(self._query, (at or self._peek()).position + behind, Message(zh, en))

    def _alternatives(self, field: str) -> Node:
        items = [self._all(field)]
        while self._peek().sign is Sign.OR:
            self._take()
            items.append(self._all(field))
        return items[0] if len(items) == 1 else Or(tuple(items))

    def _all(self, field: str) -> Node:
        items = [self._part(field)]
        while self._peek().sign not in (Sign.OR, Sign.CLOSE, Sign.END):
            if self._peek().sign is Sign.AND:
                self._take()
            items.append(self._part(field))
        return items[0] if len(items) == 1 else And(tuple(items))

    def _part(self, field: str) -> Node:
        lexeme = self._peek()
        if lexeme.sign is Sign.NOT:
            self._take()
            return Not(self._nested(lexeme, field))
        if lexeme.sign is Sign.FIELD:
            self._take()
            return self._operand(lexeme.text, lexeme)
        return self._operand(field, None)

    def _operand(self, field: str, named: Lexeme | None) -> Node:
        lexeme = self._peek()
        if lexeme.sign is Sign.OPEN:
            return self._bracket(field)
        if lexeme.sign not in (Sign.WORD, Sign.QUOTED):
            raise self._missing(lexeme, named)
        self._take()
        if field == "date":
            return self._dates(lexeme)
        return self._term(lexeme, Field(field) if field else None)

    def _bracket(self, field: str) -> Node:
        opening = self._take()
        if self._peek().sign is Sign.CLOSE:
            raise self._fault("括号里没有内容", "there is nothing between the brackets")
        inner = None if self._peek().sign is Sign.END else self._nested(opening, field, whole=True)
        if inner is None or self._peek().sign is not Sign.CLOSE:
            raise self._fault("这个左括号没有对应的右括号", "this bracket is never closed", opening)
        self._take()
        return inner

    def _nested(self, opening: Lexeme, field: str, *, whole: bool = False) -> Node:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise self._fault(f"嵌套超过 {_DEEPEST} 层", f"nested more than {_DEEPEST} deep", opening)
        node = self._alternatives(field) if whole else self._part(field)
        self._depth -= 1
        return node

    def _missing(self, lexeme: Lexeme, named: Lexeme | None) -> QueryFault:
        if named:
            return self._fault("字段名后面缺少要找的内容", "nothing follows the name of the field", named)
        before = self._lexemes[self._at - 1] if self._at else None
        if before and before.sign in (Sign.AND, Sign.OR, Sign.NOT):
            operator = before.text
            return self._fault(f"{operator} 后面缺少要找的词", f"no word follows {operator}", before)
        if lexeme.sign is Sign.CLOSE:
            return self._fault("这个右括号没有对应的左括号", "this bracket closes nothing")
        return self._fault(f"{lexeme.text} 前面缺少要找的词", f"no word comes before {lexeme.text}")

    def _dates(self, lexeme: Lexeme) -> Dates:
        text = lexeme.text
        while self._peek().sign is Sign.WORD and goes_on(text, self._peek().text):
            text += self._take().text
        try:
            return Dates(*date_range(text))
        except BadDate as error:
            raise QueryFault(self._query, lexeme.position, error.message) from error

    def _term(self, lexeme: Lexeme, field: Field | None) -> Node:
        raw = lexeme.text
        bare = lexeme.sign is Sign.WORD
        starred = bare and raw.endswith(("*", "＊"))
        text = fold(raw[:-1] if starred else raw)
        if starred and not text and len(raw) == 1:
            return Everything()
        if bare and "*" in text:
            raise self._fault(
                "* 只能写在词的末尾；要找星号本身，请加引号",
                "* can only end a word; to find an asterisk itself, use quotation marks",
                lexeme,
                behind=next(place for place, char in enumerate(raw) if fold(char) == "*"),
            )
        if not text or (bare and text == "-"):
            raise self._fault("没有可以查找的字", "there is nothing here to look for", lexeme)
        kind = kind_of(text, starred=starred) if bare else Kind.LITERAL
        return Term(text, kind, field, raw, quoted=not bare)


def kind_of(text: str, *, starred: bool = False) -> Kind:
    """Return how the folded word ``text`` matches; ``starred``: a `*` stood at its end."""
    if HAN_WORD.fullmatch(text):
        return Kind.HAN
    if starred:
        return Kind.PREFIX if CODE_START.fullmatch(text) else Kind.LITERAL
    return Kind.CODE if CODE.fullmatch(text) else Kind.LITERAL
