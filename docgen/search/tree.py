"""The tree of a query: what every engine evaluates."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum


class Field(StrEnum):
    """A field that a query can name (design: search, `field:value`)."""

    PROJECT = "project"
    TYPE = "type"
    CATEGORY = "category"
    VERSION = "version"
    NUMBER = "number"
    TITLE = "title"
    TEXT = "text"


#: Fields that a word without a field looks in.
DEFAULT_FIELDS = (Field.TITLE, Field.TYPE, Field.NUMBER, Field.TEXT)


class Kind(StrEnum):
    """How the characters of a term match the folded text (design: what matches)."""

    #: Han characters only: a substring of any length.
    HAN = "han"
    #: ASCII pieces, joined or single: never starts or ends inside a piece.
    CODE = "code"
    #: The same with a `*` at its end: the last piece may go on.
    PREFIX = "prefix"
    #: Quoted or mixed: a substring as it stands, white space collapsed.
    LITERAL = "literal"


@dataclass(frozen=True, slots=True)
class Term:
    """One word or quoted string; ``text`` is folded, ``raw`` as it was typed."""

    text: str
    kind: Kind
    field: Field | None = None
    raw: str = ""
    quoted: bool = False

    @property
    def fields(self) -> tuple[Field, ...]:
        """Where it is looked for."""
        return (self.field,) if self.field else DEFAULT_FIELDS


@dataclass(frozen=True, slots=True)
class Dates:
    """Dates from ``first`` to ``last``, both included."""

    first: dt.date
    last: dt.date


@dataclass(frozen=True, slots=True)
class Everything:
    """Matches every document: the empty query, and `*`."""


@dataclass(frozen=True, slots=True)
class And:
    """All of ``items`` match."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """At least one of ``items`` matches."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """``item`` does not match."""

    item: Node


Node = Term | Dates | Everything | And | Or | Not


def rewritten(node: Node, change: Callable[[Term], Node]) -> Node:
    """Return ``node`` with every term replaced by what ``change`` makes of it."""
    match node:
        case Term():
            return change(node)
        case Not(item):
            return Not(rewritten(item, change))
        case And(items) | Or(items):
            return type(node)(tuple(rewritten(item, change) for item in items))
        case _:
            return node


def written(node: Node) -> str:
    """Return the query that reads as ``node``."""
    match node:
        case Term():
            field = f"{node.field}:" if node.field else ""
            return f'{field}"{node.raw}"' if node.quoted else f"{field}{node.raw}"
        case Dates(first, last):
            return f"date:{first}..{last}"
        case Everything():
            return "*"
        case Not(item):
            return f"NOT {_bracketed(item)}"
        case And(items):
            return " ".join(map(_bracketed, items))
        case Or(items):
            return " OR ".join(map(_bracketed, items))


def _bracketed(node: Node) -> str:
    return f"({written(node)})" if isinstance(node, And | Or) else written(node)


def wanted(node: Node) -> Iterator[Term]:
    """Yield the terms that are looked for (not those under NOT): they are scored and marked."""
    if isinstance(node, Term):
        yield node
    elif isinstance(node, And | Or):
        for item in node.items:
            yield from wanted(item)
