"""An index in files: generations, a stamp that names the one in use, a lock for writers.

    search/<engine>/stamp.json      what the index was made with, folder of the generation in use
    search/<engine>/g-3fa1…/        one generation
    search/<engine>/t-p4x2…/        a room in which something is built, before it joins a generation
    search/<engine>/write.lock      held while anything joins or leaves

The stamp is written after a generation is full, so an index that was killed while it was filled does
not exist; until then the old one serves. The libraries do not sync all of their files: after a power cut
the index may be broken, which is noticed, and it is made anew from the archive.
"""

from __future__ import annotations

import contextlib
import json
import secrets
import shutil
import tempfile
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from docgen.base.errors import EnvironmentFault
from docgen.base.files import make_folder, replace
from docgen.base.locks import PATIENCE, lock
from docgen.base.system_errors import told
from docgen.search.engine import Health, IndexFault
from docgen.search.faults import index_fault

_STAMP = "stamp.json"
#: Held by whoever builds in a room: what nobody holds was left by a process that was killed.
_IN_USE = "lock"


def in_use(folder: Path) -> Path:
    """Return the generation in use of an index that is ready in ``folder``."""
    return folder / str(json.loads((folder / _STAMP).read_text(encoding="utf-8"))["generation"])


class Generations(ABC):
    """The index folder ``folder`` (created when first written) of an engine."""

    def __init__(self, folder: Path, patience: float = PATIENCE) -> None:
        self.folder = folder
        self.patience = patience

    @abstractmethod
    def made_with(self) -> Mapping[str, object]:
        """Return what an index depends on; when any of it changes, indexes are stale."""

    @abstractmethod
    def try_out(self, stamp: dict[str, Any]) -> None:
        """Open and close the generation in use; a broken one raises anything."""

    def health(self) -> Health:
        """Return the state of the index on disk, by opening it."""
        while True:
            try:
                stamp = self.stamp()
            except IndexFault as fault:
                return fault.health
            try:
                self.try_out(stamp)
            except Exception:
                if not self.has_moved(stamp):
                    return Health.BROKEN
            else:
                return Health.STALE if self.is_stale(stamp) else Health.READY

    def is_stale(self, stamp: Mapping[str, Any]) -> bool:
        """Whether an index was made in another way than it would be made now."""
        return any(stamp.get(name) != value for name, value in self.made_with().items())

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
            raise self.fault(Health.BROKEN, error) from error

    def usable_stamp(self) -> dict[str, Any]:
        """Return the stamp of an index that may be written.

        Raises:
            IndexFault: It is missing, stale, or its stamp cannot be read.
        """
        stamp = self.stamp()
        if self.is_stale(stamp):
            raise self.fault(Health.STALE)
        return stamp

    def fault(self, health: Health, error: BaseException | None = None) -> IndexFault:
        """Return the error that says what is wrong with the index."""
        return index_fault(health, error, where=str(self.folder))

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """Hold the lock of those who write; the folder is made if it is not there."""
        with told(self.folder):
            make_folder(self.folder)
            with lock(self.folder / "write.lock", timeout=self.patience):
                yield

    @contextlib.contextmanager
    def filling(self) -> Iterator[Path]:
        """Hold the lock and yield the folder of a new generation; at the end it takes the old one's place."""
        with self.held():
            folder = self.folder / f"g-{secrets.token_hex(4)}"
            folder.mkdir()
            try:
                yield folder
                stamp = {**self.made_with(), "generation": folder.name}
                replace(self.folder / _STAMP, json.dumps(stamp, indent=1).encode())
            finally:
                self._sweep()

    @contextlib.contextmanager
    def room(self) -> Iterator[Path]:
        """Yield a folder of one's own, in which something is built; it is removed at the end."""
        with told(self.folder):
            folder = Path(tempfile.mkdtemp(prefix="t-", dir=self.folder))
            try:
                with lock(folder / _IN_USE):
                    yield folder
            finally:
                shutil.rmtree(folder, ignore_errors=True)

    def discard(self) -> None:
        """Remove the index; its lock stays, since others may be waiting for it."""
        if self.folder.is_dir():
            with self.held():
                (self.folder / _STAMP).unlink(missing_ok=True)
                self._sweep()

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
