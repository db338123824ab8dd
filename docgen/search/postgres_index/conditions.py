"""From the tree of a query to conditions on rows.

One condition on the tokens, answered by the GIN index, narrows the rows down. Where tokens do not decide, a
second one reads the folded texts of what is left.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from psycopg import sql

from docgen.search.engine import Filters
from docgen.search.keys import CURRENT, WITHDRAWN, day_number, filter_keys, version_key
from docgen.search.postgres_index.schema import HUGE, KEY, LETTERS, lexeme
from docgen.search.tokens import Need, needs
from docgen.search.tree import And, Dates, Everything, Field, Kind, Node, Not, Or, Term

_TRUE = sql.SQL("true")


def where(query: Node, filters: Filters, *, any_huge: bool) -> sql.Composed:
    """Return the condition on the rows that match ``query`` and pass ``filters``.

    Args:
        query: What is looked for.
        filters: What is asked beside it.
        any_huge: Some rows have no tokens because they have too many: their texts have to be read.
    """
    keys = [lexeme(KEY + key) for key in filter_keys(filters)]
    tokens = _superset(query, huge=any_huge)
    conditions = [*_standing(filters), *_days_of(filters)]
    if tokens or keys:
        asked = _joined(" & ", [*keys, *([tokens] if tokens else [])])
        conditions.append(_has(asked or ""))
    if any_huge or not _decided(query):
        conditions.append(_read(query))
    return _all(conditions)


def _standing(filters: Filters) -> Iterable[sql.Composable]:
    if not filters.withdrawn:
        yield sql.SQL("flags & {} = 0").format(sql.Literal(WITHDRAWN))
    if not filters.all_versions:
        yield (
            sql.SQL("flags <> 0") if filters.withdrawn else sql.SQL("flags = {}").format(sql.Literal(CURRENT))
        )


def _days_of(filters: Filters) -> Iterable[sql.Composable]:
    if filters.since:
        yield sql.SQL("day >= {}").format(sql.Literal(day_number(filters.since)))
    if filters.until:
        yield sql.SQL("day <= {}").format(sql.Literal(day_number(filters.until)))


# Tokens


def _superset(node: Node, *, huge: bool) -> str | None:
    """Return a tsquery that every matching row fulfils; `None`: any may match.

    With ``huge``, rows may be without tokens: each of them may match.
    """
    match node:
        case And(items):
            return _joined(" & ", [asked for item in items if (asked := _superset(item, huge=huge))])
        case Or(items):
            several = [_superset(item, huge=huge) for item in items]
            return _joined(" | ", [one for one in several if one]) if all(several) else None
        case Not(item):
            inner = _superset(item, huge=huge) if _decided(node) and not huge else None
            return f"!({inner})" if inner else None
        case Term():
            several = [_of_term(node, field, huge=huge) for field in node.fields]
            return _joined(" | ", [one for one in several if one]) if all(several) else None
        case _:
            return None


def _of_term(term: Term, field: Field, *, huge: bool) -> str | None:
    if field is Field.VERSION:
        return lexeme(KEY + version_key(term.text)) + (":*" if term.kind is Kind.PREFIX else "")
    wanted = [asked for need in needs(term).all if (asked := _of_need(need, LETTERS[field]))]
    found = _joined(" & ", wanted)
    return f"({found} | {lexeme(HUGE)})" if found and huge else found


def _of_need(need: Need, letter: str) -> str | None:
    if need.how not in ("is", "starts"):
        return None  # the index knows tokens by their beginnings only
    return lexeme(letter + need.text) + (":*" if need.how == "starts" else "")


def _decided(node: Node, *, excluded: bool = False) -> bool:
    """Whether tokens alone decide ``node``; that all match, they cannot say where it is ``excluded``."""
    match node:
        case And(items) | Or(items):
            return all(_decided(item, excluded=excluded) for item in items)
        case Not(item):
            return _decided(item, excluded=True)
        case Term():
            return all(field is Field.VERSION or needs(node).exact for field in node.fields)
        case _:
            return isinstance(node, Everything) and not excluded


def _joined(operator: str, parts: list[str]) -> str | None:
    return f"({operator.join(parts)})" if parts else None


# Texts


def _read(node: Node) -> sql.Composable:
    match node:
        case Everything():
            return _TRUE
        case Dates(first, last):
            bounds = sql.Literal(day_number(first)), sql.Literal(day_number(last))
            return sql.SQL("day BETWEEN {} AND {}").format(*bounds)
        case Not(item):
            return sql.SQL("NOT {}").format(_read(item))
        case And(items):
            return _all(map(_read, items))
        case Or(items):
            return _any(map(_read, items))
        case Term():
            return _any(_read_term(node, field) for field in node.fields)


def _read_term(term: Term, field: Field) -> sql.Composable:
    if field is Field.VERSION:
        return _has(_of_term(term, field, huge=False) or "")
    if term.kind in (Kind.HAN, Kind.LITERAL):
        return sql.SQL("strpos({}, {}) > 0").format(column(field), sql.Literal(term.text))
    return sql.SQL("{} ~ {}").format(column(field), sql.Literal(expression(term)))


def column(field: Field) -> sql.Identifier:
    """Return the column with the folded text of ``field``."""
    return sql.Identifier(f"folded_{field}")


def expression(term: Term) -> str:
    """Return what a code, or the beginning of one, is in a folded text, as PostgreSQL writes it."""
    end = "" if term.kind is Kind.PREFIX else "(?![a-z0-9])"
    return f"(?<![a-z0-9]){re.escape(term.text)}{end}"


def _has(asked: str) -> sql.Composable:
    return sql.SQL("tokens @@ {}::tsquery").format(sql.Literal(asked))


def _all(conditions: Iterable[sql.Composable]) -> sql.Composed:
    return sql.SQL("({})").format(sql.SQL(" AND ").join([*conditions] or [_TRUE]))


def _any(conditions: Iterable[sql.Composable]) -> sql.Composed:
    return sql.SQL("({})").format(sql.SQL(" OR ").join(conditions))
