"""What to try when a search finds nothing; every suggestion has been tried and finds something."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from heapq import nlargest
from itertools import islice
from operator import add
from typing import Any

from docgen.base.messages import Message
from docgen.search.engine import NEWEST, Engine, Filters
from docgen.search.fold import fold
from docgen.search.lexer import FIELD_NAMES, QUOTES, QueryFault
from docgen.search.query import kind_of, parse_query
from docgen.search.synonyms import Groups, with_synonyms
from docgen.search.tree import And, Field, Node, Term, rewritten, wanted, written

_MOST = 5
_NEAR = 0.5
#: Names that are compared properly.
_COMPARED = 200
#: Fields whose values are the stock of near words.
_STOCK = ("type", "project", "number", "title")
_FILTER_NAMES = {
    "project": Message("项目", "project"),
    "type": Message("类型", "type"),
    "category": Message("类别", "category"),
    "status": Message("状态", "status"),
    "version": Message("版本", "version"),
    "contract": Message("合同", "contract"),
    "counterparty": Message("客户", "customer"),
    "phase": Message("阶段", "phase"),
    "problem_type": Message("问题种类", "kind of problem"),
    "data_class": Message("数据类别", "data class"),
    "confidentiality": Message("密级", "level of confidentiality"),
    "since": Message("起始日期", "first date"),
    "until": Message("截止日期", "last date"),
}


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Another search and how many hits it has."""

    message: Message
    total: int
    #: The query to type, the filters to set, and whether synonyms are asked for.
    query: str
    filters: Filters
    synonyms: bool = False


def suggest(engine: Engine, text: str, filters: Filters, groups: Groups | None) -> tuple[Suggestion, ...]:
    """Return what finds something where the query ``text`` under ``filters`` found nothing, at most five.

    ``groups``: synonyms; ``None``: their table cannot be read.
    """
    query = parse_query(text)
    widened = Suggestion(Message("按同义词查找", "with synonyms"), 0, text, filters, synonyms=True)
    ways = (
        *_without_filters(text, filters),
        *_with_field(text, query, filters),
        *_near(engine, query, filters),
        *_without_words(query, filters),
        *([] if groups is None else [widened]),
        Suggestion(Message("不设任何条件", "without any condition"), 0, text, NEWEST),
    )
    return tuple(islice(_tried(engine, ways, groups or ()), _MOST))


def _tried(engine: Engine, ways: tuple[Suggestion, ...], groups: Groups) -> Iterator[Suggestion]:
    seen = set()
    for way in ways:
        key = (way.query, way.filters, way.synonyms)
        try:
            query = parse_query(way.query)
        except QueryFault:  # what was exchanged does not read as a query: dat:foo as date:foo, say
            continue
        query = with_synonyms(query, groups) if way.synonyms else query
        total = engine.search(query, way.filters, limit=0, facets=False).total
        if total and key not in seen:
            seen.add(key)
            message = Message(f"{way.message.zh}：有 {total} 个结果", f"{way.message.en}: {total} found")
            yield replace(way, message=message, total=total)


def _without_filters(text: str, filters: Filters) -> Iterator[Suggestion]:
    for name, label in _FILTER_NAMES.items():
        value = getattr(filters, name)
        if value:
            message = Message(f"不限{label.zh}“{value}”", f"without the {label.en} “{value}”")
            empty: dict[str, Any] = {name: getattr(NEWEST, name)}
            yield Suggestion(message, 0, text, replace(filters, **empty))
    if not filters.all_versions:
        message = Message("包括旧版本", "older versions as well")
        yield Suggestion(message, 0, text, replace(filters, all_versions=True))


def _with_field(text: str, query: Node, filters: Filters) -> Iterator[Suggestion]:
    """Yield the query with the name of a field that seems misspelt put right."""
    for term in wanted(query):
        name, colon, _ = fold(term.raw).partition(":")
        close = difflib.get_close_matches(name, FIELD_NAMES, n=1, cutoff=_NEAR) if colon else []
        if close and not term.quoted:
            better = text.replace(term.raw, close[0] + term.raw[len(name) :])
            yield Suggestion(Message(f"改查 {better}", f"look for {better}"), 0, better, filters)


def _near(engine: Engine, query: Node, filters: Filters) -> Iterator[Suggestion]:
    """Yield the query with a word that occurs nowhere exchanged for one that does."""
    missing = [term for term in wanted(query) if _is_missing(engine, term)]
    stock = {fold(value): value for name in _STOCK for value in engine.values(name)} if missing else {}
    for term in missing:
        for close in difflib.get_close_matches(term.text, _alike(term.text, stock), n=2, cutoff=_NEAR):
            if QUOTES.isdisjoint(stock[close]):  # none can stand between others
                better = written(_exchanged(query, term, stock[close]))
                yield Suggestion(Message(f"改查 {better}", f"look for {better}"), 0, better, filters)


def _alike(text: str, names: Collection[str]) -> list[str]:
    """Return the names that have most pairs of characters in common with ``text``: the others are not near.

    Comparing strings properly takes some seconds for the titles of a large archive.
    """
    pairs = set(map(add, text, text[1:])) or {text}
    counted = ((sum(pair in name for pair in pairs), name) for name in names)
    return [name for _, name in nlargest(_COMPARED, (one for one in counted if one[0]))]


def _is_missing(engine: Engine, term: Term) -> bool:
    everywhere = replace(NEWEST, all_versions=True)
    return (
        term.field is not Field.VERSION and not engine.search(term, everywhere, limit=0, facets=False).total
    )


def _exchanged(query: Node, term: Term, value: str) -> Node:
    try:
        read = parse_query(value)
        plain = isinstance(read, Term) and read.text == fold(value) and not read.field
    except QueryFault:
        plain = False
    other = replace(term, raw=value, text=fold(value), kind=kind_of(fold(value)), quoted=not plain)
    return rewritten(query, lambda one: other if one == term else one)


def _without_words(query: Node, filters: Filters) -> Iterator[Suggestion]:
    if isinstance(query, And):
        for left_out in query.items:
            items = tuple(item for item in query.items if item is not left_out)
            rest = written(items[0] if len(items) == 1 else And(items))
            label = written(left_out)
            yield Suggestion(Message(f"去掉“{label}”", f"without “{label}”"), 0, rest, filters)
