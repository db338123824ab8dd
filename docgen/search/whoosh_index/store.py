"""The files of a Whoosh index: generations (see `search.generations`), each one a Whoosh index."""

from __future__ import annotations

import contextlib
import unicodedata
from collections.abc import Iterator
from typing import Any

import opencc
import whoosh
from whoosh import index

from docgen.base.errors import DocgenError
from docgen.base.locks import lock
from docgen.base.system_errors import told
from docgen.search.engine import Health
from docgen.search.fold import ANALYSIS
from docgen.search.generations import Generations
from docgen.search.whoosh_index.commit import Commit, IndexFiles
from docgen.search.whoosh_index.schema import SCHEMA, schema

_TRIES = 10


class Store(Generations):
    """The generations of a Whoosh index."""

    def made_with(self) -> dict[str, object]:
        """Return what an index depends on; when any of it changes, indexes are stale."""
        return {
            "schema": SCHEMA,
            "analysis": [ANALYSIS, opencc.__version__, unicodedata.unidata_version],
            "library": ".".join(map(str, whoosh.__version__)),
        }

    def try_out(self, stamp: dict[str, Any]) -> None:
        """Open and close the generation in use; a broken one raises anything."""
        self.reader(self.open(stamp)).close()

    def open(self, stamp: dict[str, Any]) -> Any:
        """Return the Whoosh index of the generation in use.

        A writer may remove a list of segments between our finding and reading it: then the next one is read.

        Raises:
            OSError: The generation is not there (any more).
        """
        files = IndexFiles(str(self.folder / stamp["generation"]))
        for left in reversed(range(_TRIES)):
            try:
                return index.FileIndex(files)
            except FileNotFoundError:
                if not left:
                    raise
            finally:
                files.close_all()
        raise AssertionError

    def reader(self, opened: Any) -> Any:
        """Return a reader of the newest commit of ``opened``; a broken one leaves no file open."""
        try:
            return opened.reader()
        except BaseException:
            opened.storage.close_all()
            raise

    @contextlib.contextmanager
    def writing(self) -> Iterator[Commit]:
        """Hold the lock and yield the next commit; it is written at the end, or nothing of it on any error.

        Raises:
            IndexFault: The index is missing, stale or broken.
            EnvironmentFault: Another process writes for too long, or the disk refuses.
        """
        self.usable_stamp()  # a missing index gets no folder and no lock
        with lock(self.folder / "write.lock", timeout=self.patience), told(self.folder):
            stamp = self.usable_stamp()
            try:
                commit = self.commit(stamp["generation"])
                yield commit
                commit.write()
            except (DocgenError, OSError, MemoryError):
                raise
            except Exception as error:  # broken bytes raise anything
                raise self.fault(Health.BROKEN, error) from error

    def commit(self, generation: str) -> Commit:
        """Return the newest commit of a generation, to be read or (under the lock) to be changed."""
        return Commit(IndexFiles(str(self.folder / generation)))

    @contextlib.contextmanager
    def replacing(self) -> Iterator[Commit]:
        """Hold the lock and yield the commit of a new generation; at the end it takes the old one's place."""
        with self.filling() as folder:
            files = IndexFiles(str(folder))
            index.FileIndex.create(files, schema())
            commit = Commit(files)
            yield commit
            commit.write()
