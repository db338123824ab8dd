"""The engine for large archives: tantivy with character pairs and their positions."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from tantivy import Index, IndexWriter, Query, Searcher

from docgen.base.errors import DocgenError
from docgen.base.locks import PATIENCE, lock
from docgen.base.system_errors import told
from docgen.search.engine import NEWEST, Filters, Health, IndexDocument, Mark, Results, Sort
from docgen.search.generations import Generations
from docgen.search.keys import id_key, unpacked
from docgen.search.tantivy_index import schema
from docgen.search.tantivy_index.searching import run
from docgen.search.tree import Node

#: Bytes that a writer may fill before it writes: for additions, for a whole index.
_SMALL, _LARGE = 15_000_000, 200_000_000
_FACET_OF = {"project": "facet_project", "type": "facet_type"}


class Store(Generations):
    """The generations of a tantivy index."""

    def made_with(self) -> Mapping[str, object]:
        """Return what an index depends on; when any of it changes, indexes are stale."""
        return schema.made_with()

    def try_out(self, stamp: dict[str, Any]) -> None:
        """Open the generation in use; a broken one raises anything."""
        with _plain_errors():
            self.open(stamp).searcher()

    def open(self, stamp: Mapping[str, Any]) -> Index:
        """Return the tantivy index of the generation in use."""
        folder = self.folder / stamp["generation"]
        if not Index.exists(str(folder)):
            raise FileNotFoundError(folder)
        return schema.opened(str(folder))

    @contextmanager
    def writing(self) -> Iterator[tuple[Index, IndexWriter]]:
        """Hold the lock and yield the index and its writer; it commits at the end, or nothing on any error.

        Raises:
            IndexFault: The index is missing, stale or broken.
            EnvironmentFault: Another process writes for too long, or the disk refuses.
        """
        self.usable_stamp()  # a missing index gets no folder and no lock
        with lock(self.folder / "write.lock", timeout=self.patience), told(self.folder):
            stamp = self.usable_stamp()
            with self.naming_faults():
                index = self.open(stamp)  # a fresh one each time, or files that nobody needs would stay
                with _committed(index.writer(_SMALL, 1)) as writer:
                    yield index, writer

    @contextmanager
    def naming_faults(self) -> Iterator[None]:
        """Whatever breaks in the library inside the context names the index."""
        try:
            with _plain_errors():
                yield
        except (DocgenError, MemoryError):
            raise
        except Exception as error:
            raise self.fault(Health.BROKEN, error) from error


class TantivyEngine:
    """The index in ``folder``; see `search.engine.Engine` for what the methods promise.

    One engine may be used by several threads; they search one after the other.
    """

    def __init__(self, folder: Path, *, patience: float = PATIENCE) -> None:
        self._store = Store(folder, patience)
        self._turn = threading.RLock()
        self._index: Index | None = None
        self._state: tuple[str, int, int] | None = None

    def health(self) -> Health:
        """Return the state of the index on disk."""
        return self._store.health()

    def rebuild(self, documents: Iterable[IndexDocument]) -> int:
        """Make the index anew beside the old one and swap; return the number of documents."""
        with self._store.filling() as folder:
            return _filled(folder, documents)

    def add(self, documents: Iterable[IndexDocument] = (), marks: Iterable[Mark] = ()) -> None:
        """Add or replace documents and change the standing of others, in one commit.

        Texts are analysed before the lock is taken: others hardly wait.
        """
        new = {document.id: schema.row(document) for document in documents}
        standing = [mark for mark in marks if mark.id not in new]
        if not new and not standing:
            return
        with self._store.writing() as (index, writer):
            for mark in standing:
                for old in _documents(index, mark.id):
                    new[mark.id] = schema.row(replace(old, current=mark.current, withdrawn=mark.withdrawn))
            for id_, row in new.items():
                writer.delete_documents_by_term("keys", id_key(id_))
                writer.add_document(row)

    def remove(self, ids: Iterable[str]) -> None:
        """Forget versions; unknown ids do not matter."""
        wanted = set(ids)
        if wanted:
            with self._store.writing() as (_, writer):
                for id_ in wanted:
                    writer.delete_documents_by_term("keys", id_key(id_))

    def optimise(self) -> bool:
        """Return that nothing is left to merge: tantivy merges by itself, in every eighth addition or so."""
        self._store.usable_stamp()
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
        with self._reading() as (index, searcher):
            return run(index, searcher, query, filters, sort=sort, offset=offset, limit=limit, facets=facets)

    def values(self, name: str) -> frozenset[str]:
        """Return what occurs as project, type, number or title."""
        with self._reading() as (_, searcher):
            field = _FACET_OF.get(name, f"label_{name}")
            found = searcher.terms_with_prefix(field, "", Query.all_query())
        return frozenset(value for value, count in found if value and count)

    def count(self) -> int:
        """Return the number of versions indexed."""
        with self._reading() as (_, searcher):
            return searcher.num_docs

    def held(self) -> AbstractContextManager[None]:
        """Keep others from writing while the context lasts."""
        return self._store.held()

    def discard(self) -> None:
        """Remove the index."""
        self.close()
        self._store.discard()

    def close(self) -> None:
        """Let go of the files of the index; the next search opens them again."""
        with self._turn:
            self._index, self._state = None, None

    @contextmanager
    def _reading(self) -> Iterator[tuple[Index, Searcher]]:
        with self._turn, self._store.naming_faults():
            try:
                index = self._refreshed()
                yield index, index.searcher()
            except BaseException:
                self.close()
                raise

    def _refreshed(self) -> Index:
        """Return the index at its newest commit."""
        while True:
            stamp = self._store.stamp()
            try:
                meta = (self._store.folder / stamp["generation"] / "meta.json").stat()
                state = (stamp["generation"], meta.st_mtime_ns, meta.st_ino)
                if self._index is None or state != self._state:
                    self._index, self._state = self._store.open(stamp), state
            except Exception:
                if not self._store.has_moved(stamp):
                    raise
            else:
                return self._index


def _filled(folder: Path, documents: Iterable[IndexDocument]) -> int:
    number = 0
    with _committed(schema.opened(str(folder)).writer(_LARGE, 1)) as writer:
        for document in documents:
            writer.add_document(schema.row(document))
            number += 1
    return number


def _documents(index: Index, id_: str) -> Iterator[IndexDocument]:
    searcher = index.searcher()
    query = Query.term_query(index.schema, "keys", id_key(id_), "basic")
    for _, place in searcher.search(query, 1).hits:
        yield unpacked(searcher.doc(place)["document"][0])


@contextmanager
def _committed(writer: IndexWriter) -> Iterator[IndexWriter]:
    """Commit at the end, or nothing on any error; the writer's threads have ended afterwards.

    They are waited for, since a merge that is cut off starts anew with every commit.
    """
    try:
        yield writer
        writer.commit()
    except BaseException:
        writer.rollback()
        raise
    finally:
        writer.wait_merging_threads()


@contextmanager
def _plain_errors() -> Iterator[None]:
    """Turn a panic of the library, which Python does not take for an exception, into one."""
    try:
        yield
    except BaseException as error:
        if type(error).__name__ == "PanicException":
            raise RuntimeError(str(error)) from error
        raise
