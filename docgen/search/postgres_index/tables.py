"""The tables of the index: made, filled, changed, swapped, always inside the caller's transaction."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from psycopg import Connection, sql

from docgen.search.engine import Health, IndexDocument
from docgen.search.faults import index_fault
from docgen.search.keys import unpacked
from docgen.search.postgres_index.schema import (
    COLUMNS,
    CREATE_STAMP,
    SIZE,
    STAMP,
    create,
    create_indexes,
    made_with,
    table,
)

_GENERATIONS = sql.SQL(
    "SELECT tablename FROM pg_tables"
    " WHERE schemaname = current_schema() AND tablename ~ '^docgen_g_[0-9a-f]+$'"
)


@dataclass(frozen=True, slots=True)
class Sums:
    """What is known of a whole index: its versions, and the characters of their texts."""

    documents: int
    characters: int

    @property
    def average(self) -> float:
        """Characters of a text."""
        return self.characters / max(self.documents, 1)


@dataclass(frozen=True, slots=True)
class State:
    """What the stamp says: the generation in use, whether it was made in another way than it would be now."""

    generation: str
    stale: bool
    sums: Sums


def state(connection: Connection[Any], where: str) -> State:
    """Return the state of the index; while the transaction lasts, no other generation takes its place.

    Raises:
        IndexFault: There is no index, or the stamp does not say what it should.
    """
    named = connection.execute(sql.SQL("SELECT to_regclass({})").format(sql.Literal(STAMP.as_string())))
    if named.fetchall() == [(None,)]:
        raise index_fault(Health.MISSING, where=where)
    asked = sql.SQL("SELECT stamp, documents, characters FROM {}").format(STAMP)
    try:
        [(stamp, documents, characters)] = connection.execute(asked).fetchall()
        generation = str(stamp["generation"])
    except (ValueError, KeyError, TypeError) as error:
        raise index_fault(Health.BROKEN, error, where=where) from error
    stale = any(stamp.get(name) != value for name, value in made_with().items())
    return State(generation, stale, Sums(documents, characters))


def made(connection: Connection[Any], generation: str, rows: Iterable[tuple[object, ...]]) -> Sums:
    """Make the table of a generation with its indexes, and fill it; return what it holds."""
    connection.execute(create(generation))
    sums = written(connection, generation, rows)
    for statement in create_indexes(generation):
        connection.execute(statement)
    return sums


def written(connection: Connection[Any], generation: str, rows: Iterable[tuple[object, ...]]) -> Sums:
    """Write rows; return what was added."""
    documents = characters = 0
    into = sql.SQL("COPY {} ({}) FROM STDIN").format(table(generation), COLUMNS)
    with connection.cursor().copy(into) as copy:
        for row in rows:
            copy.write_row(row)
            documents += 1
            characters += row[SIZE]  # type: ignore[operator]
    return Sums(documents, characters)


def removed(connection: Connection[Any], generation: str, ids: Collection[str]) -> Sums:
    """Remove rows; return what is gone."""
    statement = sql.SQL("DELETE FROM {} WHERE id = ANY({}) RETURNING size")
    found = connection.execute(statement.format(table(generation), sql.Literal(list(ids)))).fetchall()
    return Sums(len(found), sum(size for (size,) in found))


def read(connection: Connection[Any], generation: str, ids: Collection[str]) -> Iterator[IndexDocument]:
    """Yield the documents with these ids."""
    statement = sql.SQL("SELECT document FROM {} WHERE id = ANY({})")
    found = connection.execute(statement.format(table(generation), sql.Literal(list(ids)))).fetchall()
    yield from (unpacked(document) for (document,) in found)


def count(connection: Connection[Any], added: Sums, gone: Sums) -> None:
    """Bring the sums of the index up."""
    statement = sql.SQL("UPDATE {} SET documents = documents + {}, characters = characters + {}")
    changes = added.documents - gone.documents, added.characters - gone.characters
    connection.execute(statement.format(STAMP, *map(sql.Literal, changes)))


def swap(connection: Connection[Any], generation: str, sums: Sums) -> None:
    """Have a generation take the place of all others.

    Who reads has the stamp locked for others until he is done, so nobody's table is dropped under him.
    """
    connection.execute(CREATE_STAMP)
    connection.execute(sql.SQL("LOCK TABLE {} IN ACCESS EXCLUSIVE MODE").format(STAMP))
    connection.execute(sql.SQL("DELETE FROM {}").format(STAMP))
    stamp = json.dumps({**made_with(), "generation": generation})
    values = map(sql.Literal, (stamp, sums.documents, sums.characters))
    insert = sql.SQL("INSERT INTO {} (stamp, documents, characters) VALUES ({}, {}, {})")
    connection.execute(insert.format(STAMP, *values))
    _drop(connection, keep=generation)


def drop(connection: Connection[Any]) -> None:
    """Remove the index."""
    connection.execute(sql.SQL("DROP TABLE IF EXISTS {}").format(STAMP))
    _drop(connection)


def _drop(connection: Connection[Any], keep: str = "") -> None:
    for (name,) in connection.execute(_GENERATIONS).fetchall():
        if name != f"docgen_{keep}":
            connection.execute(sql.SQL("DROP TABLE {}").format(sql.Identifier(name)))
