"""A Whoosh index on disk: generations, a stamp that names the one in use, a lock for writers.

    search/whoosh/stamp.json      schema, analysis, library, folder of the generation in use
    search/whoosh/g-3fa1…/        one generation: a Whoosh index
    search/whoosh/t-p4x2…/        a room in which segments are built, before they join a generation
    search/whoosh/write.lock      held while anything joins or leaves

The stamp is written after a generation is full, so an index that was killed while it was filled does
not exist; until then the old one serves. Whoosh itself does not sync its files: after a power cut the
index may be broken, which is noticed, and it is made anew from the archive.
"""

from __future__ import annotations

import contextlib
import json
import secrets
import shutil
import tempfile
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import opencc
import whoosh
from whoosh import index

from docgen.base.errors import DocgenError, EnvironmentFault
from docgen.base.files import make_folder, replace
from docgen.base.locks import PATIENCE, lock
from docgen.base.messages import Message
from docgen.base.system_errors import told
from docgen.search.engine import Health, IndexFault
from docgen.search.fold import ANALYSIS
from docgen.search.whoosh_index.commit import Commit, IndexFiles
from docgen.search.whoosh_index.schema import SCHEMA, schema

_STAMP = "stamp.json"
#: Held by whoever builds in a room: what nobody holds was left by a process that was killed.
_IN_USE = "lock"
_TRIES = 10


def versions() -> dict[str, object]:
    """Return what an index depends on; when any of it changes, indexes are stale."""
    return {
        "schema": SCHEMA,
        "analysis": [ANALYSIS, opencc.__version__, unicodedata.unidata_version],
        "library": ".".join(map(str, whoosh.__version__)),
    }


class Store:
    """The index folder ``folder`` (created when first written)."""

    def __init__(self, folder: Path, patience: float = PATIENCE) -> None:
        self.folder = folder
        self._patience = patience

    def health(self) -> Health:
        """Return the state of the index on disk, by opening it."""
        while True:
            try:
                stamp = self.stamp()
            except IndexFault as fault:
                return fault.health
            try:
                self.reader(self.open(stamp)).close()
            except Exception:
                if not self.has_moved(stamp):
                    return Health.BROKEN
            else:
                return Health.STALE if stale(stamp) else Health.READY

    def has_moved(self, stamp: dict[str, Any]) -> bool:
        """Whether another generation has taken the place of that of ``stamp`` meanwhile."""
        return self.stamp() != stamp

    def stamp(self) -> dict[str, Any]:
        """Return what the stamp says.

        Raises:
            IndexFault: There is no index, or the stamp cannot be read.
        """
        try:
            found = json.loads((self.folder / _STAMP).read_text(encoding="utf-8"))
            return {**found, "generation": str(found["generation"])}
        except FileNotFoundError:
            raise self.fault(Health.MISSING) from None
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise self.fault(Health.BROKEN) from error

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

    def fault(self, health: Health, error: Exception | None = None) -> IndexFault:
        """Return the error that says what is wrong with the index."""
        detail = f"（{type(error).__name__}: {error}）" if error else ""
        sentences = {
            Health.MISSING: Message("还没有全文索引", "there is no full-text index yet"),
            Health.STALE: Message(
                "全文索引由另一版本的程序建立，需要重建", "the full-text index was made by another version"
            ),
        }
        broken = Message(f"全文索引已损坏{detail}", f"the full-text index is broken{detail}")
        return IndexFault(health, sentences.get(health, broken), where=str(self.folder))

    @contextlib.contextmanager
    def writing(self) -> Iterator[Commit]:
        """Hold the lock and yield the next commit; it is written at the end, or nothing of it on any error.

        Raises:
            IndexFault: The index is missing, stale or broken.
            EnvironmentFault: Another process writes for too long, or the disk refuses.
        """
        self.usable_stamp()  # a missing index gets no folder and no lock
        with lock(self.folder / "write.lock", timeout=self._patience), told(self.folder):
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

    def usable_stamp(self) -> dict[str, Any]:
        """Return the stamp of an index that may be written.

        Raises:
            IndexFault: It is missing, stale, or its stamp cannot be read.
        """
        stamp = self.stamp()
        if stale(stamp):
            raise self.fault(Health.STALE)
        return stamp

    @contextlib.contextmanager
    def replacing(self) -> Iterator[Commit]:
        """Hold the lock and yield the commit of a new generation; at the end it takes the old one's place."""
        with told(self.folder):
            make_folder(self.folder)
            with lock(self.folder / "write.lock", timeout=self._patience):
                name = f"g-{secrets.token_hex(4)}"
                (self.folder / name).mkdir()
                try:
                    files = IndexFiles(str(self.folder / name))
                    index.FileIndex.create(files, schema())
                    commit = Commit(files)
                    yield commit
                    commit.write()
                    stamp = {**versions(), "generation": name}
                    replace(self.folder / _STAMP, json.dumps(stamp, indent=1).encode())
                finally:
                    self._sweep()

    @contextlib.contextmanager
    def room(self) -> Iterator[Path]:
        """Yield a folder of one's own, in which segments are built; it is removed at the end."""
        with told(self.folder):
            folder = Path(tempfile.mkdtemp(prefix="t-", dir=self.folder))
            try:
                with lock(folder / _IN_USE):
                    yield folder
            finally:
                shutil.rmtree(folder, ignore_errors=True)

    def _sweep(self) -> None:
        """Remove generations that are not in use (on Windows one that is still being read stays)."""
        try:
            used = self.stamp()["generation"]
        except IndexFault:
            used = ""
        for folder in self.folder.glob("g-*"):
            if folder.name != used:
                shutil.rmtree(folder, ignore_errors=True)
        for folder in self.folder.glob("t-*"):
            with contextlib.suppress(EnvironmentFault):  # another process is at work there
                with lock(folder / _IN_USE, timeout=0):
                    pass
                shutil.rmtree(folder, ignore_errors=True)


def stale(stamp: dict[str, Any]) -> bool:
    """Whether an index was made in another way than it would be made now."""
    return any(stamp.get(name) != value for name, value in versions().items())
