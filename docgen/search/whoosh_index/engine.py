"""The default engine: Whoosh-Reloaded with character pairs; what they do not decide is read in the text."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from docgen.base.errors import DocgenError
from docgen.base.locks import PATIENCE
from docgen.search.engine import NEWEST, Filters, Health, IndexDocument, Mark, Results, Sort
from docgen.search.tree import Node
from docgen.search.whoosh_index.access import Segment, segments
from docgen.search.whoosh_index.bulk import build
from docgen.search.whoosh_index.merging import merge, taken_out
from docgen.search.whoosh_index.searching import run
from docgen.search.whoosh_index.store import Store

#: Names that `values` knows, with the column (and its line) that holds them.
_LABELS = {"number": 0, "title": 1}
_FACET_OF = {"project": "f_project", "type": "f_type"}


class WhooshEngine:
    """The index in ``folder``; see `search.engine.Engine` for what the methods promise.

    One engine may be used by several threads; they search one after the other.
    """

    def __init__(self, folder: Path, *, patience: float = PATIENCE) -> None:
        self._store = Store(folder, patience)
        self._turn = threading.RLock()
        self._reader: Any = None
        self._segments: list[Segment] = []
        self._state: tuple[str, int] | None = None

    def health(self) -> Health:
        """Return the state of the index on disk."""
        return self._store.health()

    def rebuild(self, documents: Iterable[IndexDocument]) -> int:
        """Make the index anew beside the old one and swap; return the number of documents."""
        with self._store.replacing() as commit, self._store.room() as room:
            segments, number = build(documents, room)
            commit.adopt(segments, room)
        return number

    def add(self, documents: Iterable[IndexDocument] = (), marks: Iterable[Mark] = ()) -> None:
        """Add or replace documents and change the standing of others, in one commit.

        Nothing is merged here, and texts are analysed before the lock is taken: others hardly wait.
        """
        new = {document.id: document for document in documents}
        standing = {mark.id: mark for mark in marks if mark.id not in new}
        if not new and not standing:
            return
        self._store.usable_stamp()
        with self._store.room() as room:
            segments, _ = build(new.values(), room)
            with self._store.writing() as commit:
                old = {one.id: one for one in taken_out(commit, {*new, *standing})}
                marked = [_with(old[id_], mark) for id_, mark in standing.items() if id_ in old]
                commit.adopt([*segments, *build(marked, room)[0]], room)

    def remove(self, ids: Iterable[str]) -> None:
        """Forget versions; unknown ids do not matter."""
        wanted = set(ids)
        if wanted:
            with self._store.writing() as commit:
                taken_out(commit, wanted)

    def optimise(self) -> bool:
        """Merge some of what many additions left in pieces; return whether there was anything to merge."""
        return merge(self._store)

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
        with self._reading() as parts:
            return run(parts, query, filters, sort=sort, offset=offset, limit=limit, facets=facets)

    def values(self, name: str) -> frozenset[str]:
        """Return what occurs as project, type, number or title."""
        with self._reading() as parts:
            if name in _FACET_OF:
                found = {value for part in parts for value in part.facet(_FACET_OF[name])[1]}
            else:
                line = _LABELS[name]
                found = {bytes(text).split(b"\n")[line] for part in parts for text in part.texts("labels")}
        return frozenset(value.decode() for value in found if value)

    def count(self) -> int:
        """Return the number of versions indexed."""
        with self._reading() as parts:
            return sum(part.size - len(part.deleted) for part in parts)

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
            if self._reader is not None:
                self._reader.close()
            self._reader, self._segments, self._state = None, [], None

    @contextmanager
    def _reading(self) -> Iterator[list[Segment]]:
        """Yield the segments of the newest commit; whatever breaks while they are read names the index."""
        with self._turn:
            try:
                self._refresh()
                yield self._segments
            except (DocgenError, MemoryError):
                raise
            except Exception as error:
                self.close()
                raise self._store.fault(Health.BROKEN, error) from error

    def _refresh(self) -> None:
        while True:
            stamp = self._store.stamp()
            try:
                opened = self._store.open(stamp)
                state = (stamp["generation"], opened.latest_generation())
                if state != self._state:
                    self.close()
                    self._reader = self._store.reader(opened)
                    self._segments, self._state = segments(self._reader), state
            except Exception:
                if not self._store.has_moved(stamp):
                    raise
            else:
                return


def _with(document: IndexDocument, mark: Mark) -> IndexDocument:
    return replace(document, current=mark.current, withdrawn=mark.withdrawn)
