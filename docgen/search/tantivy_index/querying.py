"""From the tree of a query to a query of tantivy.

What tokens and their order decide is asked of tantivy itself. What they only narrow down (strings with signs
in them, longer codes with a `*`) is read in the texts of the candidates first, and becomes a set of ids.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Sequence

from tantivy import FieldType, Index, Occur, Query, Searcher

from docgen.search.engine import Filters
from docgen.search.keys import CURRENT, WITHDRAWN, day_number, filter_keys, id_key, unpacked, version_key
from docgen.search.matching import field_values
from docgen.search.patterns import pattern
from docgen.search.ranking import WEIGHTS, rarity
from docgen.search.tokens import LONG, Need, literal, needs, phrase
from docgen.search.tree import And, Dates, Everything, Field, Kind, Node, Not, Or, Term

#: How tokens relate to a need, as tantivy writes it.
_EXPRESSIONS = {"is": "{}", "starts": "{}.*", "ends": "[a-z0-9]*{}", "contains": "[a-z0-9]*{}[a-z0-9]*"}
#: Characters of a piece in an expression, of which tantivy takes some 1,000: longer ones are read.
_LONGEST = 400
_NONE = Query.empty_query()
_ALL = Query.const_score_query(Query.all_query(), 0.0)


class Translation:
    """One query, translated for one state of the index."""

    def __init__(self, index: Index, searcher: Searcher, filters: Filters) -> None:
        self._schema = index.schema
        self._searcher = searcher
        self._filter = _both(self._filters(filters))

    def query(self, node: Node) -> Query:
        """Return what matches ``node`` and passes the filters, scored by the words that are looked for."""
        return _both([self._filter, self._node(node)])

    def _filters(self, filters: Filters) -> Iterator[Query]:
        yield self._standing(filters)
        for key in filter_keys(filters):
            yield self._with_key(key)
        if filters.since or filters.until:
            yield self._days(filters.since or dt.date.min, filters.until or dt.date.max)

    def _standing(self, filters: Filters) -> Query:
        """Return the condition on the flags: the numbers that may stand there."""
        allowed = [
            number
            for number in (0, CURRENT, WITHDRAWN, CURRENT | WITHDRAWN)
            if (filters.withdrawn or not number & WITHDRAWN)
            and (filters.all_versions or number & (CURRENT | WITHDRAWN))
        ]
        return _scoreless(Query.term_set_query(self._schema, "flags", allowed))

    def _with_key(self, key: str) -> Query:
        return _scoreless(Query.term_query(self._schema, "keys", key, "basic"))

    def _days(self, first: dt.date, last: dt.date) -> Query:
        bounds = day_number(first), day_number(last)
        return _scoreless(Query.range_query(self._schema, "day", FieldType.Unsigned, *bounds))

    def _node(self, node: Node) -> Query:
        match node:
            case Everything():
                return _ALL
            case Dates(first, last):
                return self._days(first, last)
            case Not(item):
                return Query.boolean_query([(Occur.Must, _ALL), (Occur.MustNot, self._node(item))])
            case And(items):
                return _both(map(self._node, items))
            case Or(items):
                return _either(map(self._node, items))
            case Term():
                return _either(self._term(node, field) for field in node.fields)

    def _term(self, term: Term, field: Field) -> Query:
        if field is Field.VERSION:
            return self._version(term)
        words = phrase(term)
        if words:
            found = self._words(field, words)
            return Query.boost_query(found, WEIGHTS[field])
        needed, run = needs(term), literal(term.text) if term.kind is Kind.LITERAL else ()
        if run and _are_short(run):
            return self._run(term, field, run)
        if needed.exact and _are_short(needed.all):
            return Query.const_score_query(self._need(field, needed.all[0]), WEIGHTS[field])
        return self._read(term, field, _both(self._need(field, need) for need in needed.all))

    def _run(self, term: Term, field: Field, run: Sequence[Need]) -> Query:
        """Return what has the tokens of a string side by side; pieces that were cut are read."""
        if all(need.how == "is" for need in run):
            found = self._words(field, tuple(need.text for need in run))
        else:
            expressions: list[str | tuple[int, str]] = list(map(_expression, run))
            found = Query.regex_phrase_query(self._schema, field.value, expressions)
        return _either(
            [
                Query.boost_query(found, WEIGHTS[field]),
                self._read(term, field, self._words(field, (LONG,))),
            ]
        )

    def _words(self, field: Field, words: tuple[str, ...]) -> Query:
        if len(words) == 1:
            return Query.term_query(self._schema, field.value, words[0], "freq")
        return Query.phrase_query(self._schema, field.value, list(words))

    def _version(self, term: Term) -> Query:
        key = version_key(term.text)
        if term.kind is Kind.PREFIX:
            return _scoreless(Query.regex_query(self._schema, "keys", f"{re.escape(key)}.*"))
        return self._with_key(key)

    def _need(self, field: Field, need: Need) -> Query:
        if need.how == "is":
            return self._words(field, (need.text,))
        found = Query.regex_query(self._schema, field.value, _expression(need))
        return found if need.how == "starts" else _either([found, self._words(field, (LONG,))])

    def _read(self, term: Term, field: Field, candidates: Query) -> Query:
        """Return the candidates whose folded text contains the term literally."""
        within = _both([self._filter, candidates])
        wanted = pattern(term)
        count = max(self._searcher.num_docs, 1)
        found = []
        for _, place in self._searcher.search(within, count, False, "recent").hits:
            stored = self._searcher.doc(place)
            document = unpacked(stored["document"][0])
            text = stored["folded"][0].decode() if field is Field.TEXT else field_values(document)[field]
            if wanted.search(text):
                found.append(id_key(document.id))
        weight = WEIGHTS[field] * rarity(count, len(found))
        return Query.const_score_query(Query.term_set_query(self._schema, "keys", found), weight)


def _are_short(wanted: Iterable[Need]) -> bool:
    return all(need.how == "is" or len(need.text) <= _LONGEST for need in wanted)


def _expression(need: Need) -> str:
    kept = need.text[-_LONGEST:] if need.how == "ends" else need.text[:_LONGEST]
    return _EXPRESSIONS[need.how].format(re.escape(kept))


def _scoreless(query: Query) -> Query:
    return Query.const_score_query(query, 0.0)


def _both(queries: Iterable[Query]) -> Query:
    several = list(queries)
    return Query.boolean_query([(Occur.Must, one) for one in several]) if several else _ALL


def _either(queries: Iterable[Query]) -> Query:
    return Query.boolean_query([(Occur.Should, one) for one in queries])
