"""One search in the database: the rows that match, their order, facets, hits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from psycopg import Connection, sql

from docgen.search.engine import Filters, Hit, Results, Sort
from docgen.search.keys import unpacked
from docgen.search.postgres_index.conditions import column, expression, where
from docgen.search.postgres_index.schema import FACETS, HUGE, lexeme, table
from docgen.search.postgres_index.tables import State, Sums
from docgen.search.ranking import WEIGHTS, B, K
from docgen.search.snippets import snippet
from docgen.search.tree import Field, Kind, Node, Term, wanted

#: Scores that differ only behind these digits are equal: then the newer comes first.
_DIGITS = 4
#: Terms that are scored at most: a statement has so many columns.
_MOST = 100
#: The largest number that PostgreSQL knows for rows.
_ENDLESS = 2**63 - 1
_ORDERS = {
    Sort.SCORE: sql.SQL("score DESC, day DESC, edition DESC, id"),
    Sort.DATE: sql.SQL("day DESC, edition DESC, id"),
    Sort.NAME: sql.SQL("named, day DESC, edition DESC, id"),
}
_STATEMENT = sql.SQL(
    "WITH found AS MATERIALIZED (SELECT {columns} FROM {table} WHERE {where}),"
    " sums AS (SELECT {sums} FROM found),"
    " scored AS (SELECT id, day, edition, named, round(({score})::numeric, {digits})::float8 AS score"
    " FROM found, sums),"
    " page AS (SELECT id, score, row_number() OVER (ORDER BY {order}) AS place FROM scored"
    " ORDER BY place OFFSET {offset} LIMIT {limit})"
    " SELECT total, (SELECT array_agg(score ORDER BY place) FROM page),"
    " (SELECT array_agg(document ORDER BY place) FROM page JOIN {table} USING (id)), {facets} FROM sums"
)
_FACETS = sql.SQL("(SELECT json_agg(json_build_array(name, value, number)) FROM ({}) AS counted)")
_FACET = sql.SQL("SELECT {} AS name, {} AS value, count(*) AS number FROM found GROUP BY value")


@dataclass(frozen=True, slots=True)
class Page:
    """Which of the hits are wanted, in which order, and whether facets are."""

    sort: Sort
    offset: int
    limit: int | None
    facets: bool


def run(connection: Connection[Any], state: State, query: Node, filters: Filters, page: Page) -> Results:
    """Return one page of what matches ``query`` and passes ``filters``."""
    name, sums = table(state.generation), state.sums
    scored = list(islice(_scored(query), _MOST))
    statement = _STATEMENT.format(
        columns=sql.SQL(", ").join([*_COLUMNS, *map(_count, range(len(scored)), scored)]),
        table=name,
        where=where(query, filters, any_huge=_any_huge(connection, name)),
        sums=sql.SQL(", ").join([sql.SQL("count(*) AS total"), *map(_having, range(len(scored)))]),
        score=sql.SQL(" + ").join([sql.Literal(0.0), *(_score(*one, sums) for one in enumerate(scored))]),
        digits=sql.Literal(_DIGITS),
        order=_ORDERS[page.sort],
        offset=sql.Literal(min(page.offset, _ENDLESS)),
        limit=sql.Literal(None if page.limit is None else min(page.limit, _ENDLESS)),
        facets=_FACETS.format(sql.SQL(" UNION ALL ").join(map(_facet, FACETS))) if page.facets else sql.NULL,
    )
    total, scores, documents, counted = connection.execute(statement).fetchall()[0]
    hits = tuple(_hit(*hit, query) for hit in zip(scores or (), documents or (), strict=True))
    return Results(total, hits, _facets(counted or ()) if page.facets else {})


_COLUMNS = list(
    map(sql.Identifier, ("id", "day", "edition", "size", "named", *(f"facet_{name}" for name in FACETS)))
)


def _any_huge(connection: Connection[Any], name: sql.Identifier) -> bool:
    asked = sql.SQL("SELECT EXISTS (SELECT FROM {} WHERE tokens @@ {}::tsquery)")
    found = connection.execute(asked.format(name, sql.Literal(lexeme(HUGE)))).fetchone()
    return bool(found and found[0])


def _scored(query: Node) -> Iterator[tuple[Term, Field]]:
    """Yield the terms that are looked for, each with every field in which its occurrences are counted."""
    for term in dict.fromkeys(wanted(query)):
        for field in term.fields:
            if field is not Field.VERSION:
                yield term, field


def _count(number: int, scored: tuple[Term, Field]) -> sql.Composed:
    """Return the column that says how often a term occurs."""
    term, field = scored
    if term.kind in (Kind.HAN, Kind.LITERAL):
        form = "(length({0}) - length(replace({0}, {1}, ''))) / length({1})"
        literal = sql.Literal(term.text)
    else:
        form, literal = "regexp_count({0}, {1})", sql.Literal(expression(term))
    return sql.SQL(form + " AS {2}").format(column(field), literal, _name("count", number))


def _name(what: str, number: int) -> sql.Identifier:
    return sql.Identifier(f"{what}_{number}")


def _having(number: int) -> sql.Composed:
    names = _name("count", number), _name("having", number)
    return sql.SQL("count(*) FILTER (WHERE {} > 0) AS {}").format(*names)


def _score(number: int, scored: tuple[Term, Field], sums: Sums) -> sql.Composed:
    """Return the worth of a term, as `ranking` counts it."""
    _, field = scored
    norm = f"{1 - B} + {B} * size / {sums.average}" if field is Field.TEXT and sums.average else "1.0"
    form = (
        f"{WEIGHTS[field]} * ln(1 + ({sums.documents} - {{having}} + 0.5) / ({{having}} + 0.5))"
        f" * {{count}} * {K + 1} / ({{count}} + {K} * ({norm}))"
    )
    names = {"having": _name("having", number), "count": _name("count", number)}
    return sql.SQL(form).format(**names)


def _facet(name: str) -> sql.Composed:
    return _FACET.format(sql.Literal(name), sql.Identifier(f"facet_{name}"))


def _facets(counted: Iterable[tuple[str, str, int]]) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {name: {} for name in FACETS}
    for name, value, number in sorted(counted, key=lambda one: (-one[2], one[1])):
        if value:
            found[name][value] = number
    return found


def _hit(score: float, document: bytes, query: Node) -> Hit:
    read = unpacked(document)
    return Hit(read, score, snippet(read.text, query))
