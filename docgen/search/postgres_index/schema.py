"""How a document lies in the database.

    docgen_index            one row: the stamp (what the index was made with, the table in use), and the sums
                            that ranking needs
    docgen_g_3fa1…          one generation: a row for each version

All tokens of a version, and its keys, lie in one `tsvector` with one GIN index, each behind a letter that
names its field; without positions, since those end at 16,383. Beside it lie the folded texts, in which the
literal is read.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

import opencc
from psycopg import sql

from docgen.search.engine import IndexDocument
from docgen.search.fold import ANALYSIS
from docgen.search.keys import day_number, document_keys, flags, labels, list_name, packed, rank, shown
from docgen.search.matching import field_values
from docgen.search.tokens import stream
from docgen.search.tree import Field

#: Raised whenever this module changes what is written.
SCHEMA = 1

#: Letter before the tokens of a field. A version has keys instead.
LETTERS = {
    Field.PROJECT: "p",
    Field.TYPE: "t",
    Field.CATEGORY: "c",
    Field.NUMBER: "n",
    Field.TITLE: "h",
    Field.TEXT: "x",
}
KEY = "k"
#: A version with more tokens than a tsvector holds has only this one (and its keys): its texts are read.
HUGE = "!"
#: Bytes of the tokens of a version; a tsvector holds 1 MB.
_MOST = 900_000
FACETS = ("project", "type", "category", "status", "year")

STAMP = sql.Identifier("docgen_index")
CREATE_STAMP = sql.SQL(
    "CREATE TABLE IF NOT EXISTS {} (one boolean PRIMARY KEY DEFAULT true CHECK (one), stamp json NOT NULL,"
    " documents bigint NOT NULL, characters bigint NOT NULL)"
).format(STAMP)
#: Column -> type, in the order of `row`.
_COLUMNS = {
    "id": "text",
    "tokens": "tsvector",
    **{f"folded_{field}": "text" for field in LETTERS},
    **{f"facet_{name}": "text" for name in FACETS},
    "label_number": "text",
    "label_title": "text",
    "named": "bytea",
    "day": "integer",
    "edition": "bigint",
    "flags": "smallint",
    "size": "integer",
    "document": "bytea",
}
#: Place of the length of the text in a `row`.
SIZE = list(_COLUMNS).index("size")
COLUMNS = sql.SQL(", ").join(map(sql.Identifier, _COLUMNS))
_DEFINED = sql.SQL(", ").join(
    sql.SQL("{} {}").format(
        sql.Identifier(name),
        sql.SQL(kind + ' COLLATE "C" NOT NULL' if kind == "text" else kind + " NOT NULL"),
    )
    for name, kind in _COLUMNS.items()
)


def made_with() -> dict[str, object]:
    """Return what an index depends on; when any of it changes, indexes are stale."""
    return {"schema": SCHEMA, "analysis": [ANALYSIS, opencc.__version__, unicodedata.unidata_version]}


def table(generation: str) -> sql.Identifier:
    """Return the name of the table of a generation."""
    return sql.Identifier(f"docgen_{generation}")


def create(generation: str) -> sql.Composed:
    """Return the statement that makes the table of a generation."""
    return sql.SQL("CREATE TABLE {} ({})").format(table(generation), _DEFINED)


def create_indexes(generation: str) -> list[sql.Composed]:
    """Return the statements that make its indexes, once it is filled."""
    name = table(generation)
    return [
        sql.SQL("CREATE UNIQUE INDEX ON {} (id)").format(name),
        sql.SQL("CREATE INDEX ON {} USING gin (tokens)").format(name),
        sql.SQL("CREATE INDEX ON {} (day)").format(name),
        sql.SQL("ANALYZE {}").format(name),
    ]


def row(document: IndexDocument) -> tuple[object, ...]:
    """Return one document as it is written: the values of `COLUMNS`."""
    values = field_values(document)
    return (
        document.id,
        _vector(document, values),
        *(values[field] for field in LETTERS),
        *map(shown, (document.project, document.type_name, document.category, document.status)),
        f"{document.date.year:04d}",
        *labels(document),
        list_name(document),
        day_number(document.date),
        rank(document.version),
        flags(document),
        len(values[Field.TEXT]),
        packed(document),
    )


def _vector(document: IndexDocument, values: dict[Field, str]) -> str:
    keys = [KEY + key for key in document_keys(document)]
    tokens = set(_tokens(values))
    if sum(len(token.encode()) for token in tokens) > _MOST:
        tokens = {HUGE}
    return " ".join(map(lexeme, (*keys, *tokens)))


def _tokens(values: dict[Field, str]) -> Iterator[str]:
    for field, letter in LETTERS.items():
        for token in stream(values[field]).split():
            yield letter + token


def lexeme(token: str) -> str:
    """Return a token as the input of a tsvector or tsquery."""
    doubled = token.replace("\\", "\\\\").replace("'", "''")
    return f"'{doubled}'"
