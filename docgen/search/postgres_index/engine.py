"""The engine for archives that several machines share: all of them search and write one database."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import psycopg
from psycopg import Connection, sql

from docgen.base.errors import EnvironmentFault
from docgen.base.locks import PATIENCE
from docgen.base.messages import Message
from docgen.search.engine import NEWEST, Filters, Health, IndexDocument, IndexFault, Mark, Results, Sort
from docgen.search.faults import index_fault
from docgen.search.postgres_index import schema, tables
from docgen.search.postgres_index.searching import Page, run
from docgen.search.postgres_index.server import Server
from docgen.search.postgres_index.tables import State, Sums
from docgen.search.tree import Node

_COLUMN_OF = {
    "project": "facet_project",
    "type": "facet_type",
    "number": "label_number",
    "title": "label_title",
}


class PostgresEngine:
    """The index in the database ``address``; see `search.engine.Engine` for what the methods promise.

    One engine may be used by several threads; they search one after the other.
    """

    def __init__(self, address: str, *, patience: float = PATIENCE) -> None:
        if not address:
            raise EnvironmentFault(
                Message("没有指定检索数据库", "no database is named for the index"),
                hint=Message(
                    '在 docgen.toml 的 [search] 中写 server = "postgresql://主机/数据库"',
                    'write server = "postgresql://HOST/DATABASE" in [search] of docgen.toml',
                ),
            )
        self._server = Server(address, patience)
        self._turn = threading.RLock()
        self._connection: Connection[Any] | None = None

    def health(self) -> Health:
        """Return the state of the index."""
        try:
            with self._reading() as (connection, state):
                asked = sql.SQL("SELECT {} FROM {} LIMIT 0")
                connection.execute(asked.format(schema.COLUMNS, schema.table(state.generation)))
                return Health.STALE if state.stale else Health.READY
        except IndexFault as fault:
            return fault.health

    def rebuild(self, documents: Iterable[IndexDocument]) -> int:
        """Make the index anew beside the old one and swap, all in one transaction; return their number."""
        generation = f"g_{secrets.token_hex(4)}"
        with self._server.alone() as connection, connection.transaction():
            sums = tables.made(connection, generation, map(schema.row, documents))
            tables.swap(connection, generation, sums)
        return sums.documents

    def add(self, documents: Iterable[IndexDocument] = (), marks: Iterable[Mark] = ()) -> None:
        """Add or replace documents and change the standing of others, in one commit."""
        new = {document.id: schema.row(document) for document in documents}
        standing = {mark.id: mark for mark in marks if mark.id not in new}
        if not new and not standing:
            return
        with self._writing() as (connection, state):
            for old in tables.read(connection, state.generation, standing):
                mark = standing[old.id]
                new[old.id] = schema.row(replace(old, current=mark.current, withdrawn=mark.withdrawn))
            gone = tables.removed(connection, state.generation, new)
            tables.count(connection, tables.written(connection, state.generation, new.values()), gone)

    def remove(self, ids: Iterable[str]) -> None:
        """Forget versions; unknown ids do not matter."""
        wanted = set(ids)
        if wanted:
            with self._writing() as (connection, state):
                gone = tables.removed(connection, state.generation, wanted)
                tables.count(connection, Sums(0, 0), gone)

    def optimise(self) -> bool:
        """Return that nothing is left to merge: the server tidies up by itself."""
        with self._reading():
            return False

    def search(
        self,
        query: Node,
        filters: Filters = NEWEST,
        *,
        sort: Sort = Sort.SCORE,
        offset: int = 0,
        limit: int | None = 10,
        facets: bool = True,
    ) -> Results:
        """Return one page of hits."""
        with self._reading() as (connection, state):
            page = Page(sort, offset, limit, facets)
            return run(connection, state, query, filters, page)

    def values(self, name: str) -> frozenset[str]:
        """Return what occurs as project, type, number or title."""
        with self._reading() as (connection, state):
            asked = sql.SQL("SELECT DISTINCT {} FROM {}")
            named = asked.format(sql.Identifier(_COLUMN_OF[name]), schema.table(state.generation))
            return frozenset(value for (value,) in connection.execute(named) if value)

    def count(self) -> int:
        """Return the number of versions indexed."""
        with self._reading() as (_, state):
            return state.sums.documents

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keep others from writing while the context lasts."""
        with self._server.alone():
            yield

    def discard(self) -> None:
        """Remove the tables of the index."""
        with self._server.alone() as connection, connection.transaction():
            tables.drop(connection)

    def close(self) -> None:
        """Close the connection; the next search opens one again."""
        with self._turn:
            if self._connection is not None:
                self._connection.close()
            self._connection = None

    @contextmanager
    def _writing(self) -> Iterator[tuple[Connection[Any], State]]:
        """Hold the lock and yield what is written to, in one transaction."""
        with self._server.told(), self._server.alone() as connection, connection.transaction():
            state = tables.state(connection, self._server.where)
            if state.stale:
                raise index_fault(Health.STALE, where=self._server.where)
            yield connection, state

    @contextmanager
    def _reading(self) -> Iterator[tuple[Connection[Any], State]]:
        """Yield a connection inside a transaction that sees one state of the index from beginning to end."""
        with self._turn, self._server.told():
            connection = self._ready()
            with connection.transaction():
                yield connection, tables.state(connection, self._server.where)

    def _ready(self) -> Connection[Any]:
        """Return the connection of those who read; one that the server has ended is opened anew."""
        if self._connection is not None:
            try:
                self._connection.execute("SELECT 1")
            except psycopg.OperationalError:
                self.close()
        if self._connection is None:
            self._connection = self._server.connect()
        return self._connection
