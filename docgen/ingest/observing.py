"""Changes of a folder as the system tells them, by watchdog."""

from __future__ import annotations

import contextlib
import logging
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from watchdog.events import FileSystemEvent
    from watchdog.observers.api import BaseObserver

#: What watchdog says of itself (to its own developers, on the terminal) shows in `is_alive` where it matters.
logging.getLogger("watchdog").addHandler(logging.NullHandler())

#: What reading alone causes, and says nothing.
_IDLE = frozenset(("opened", "closed_no_write"))


class FolderObserver:
    """Hands over every path inside a folder that is said to have changed.

    Raises:
        OSError: The system has no means left to tell.
    """

    def __init__(self, folder: Path, tell: Callable[[Path], None]) -> None:
        from watchdog.observers import Observer

        self._tell = tell
        self._observer: BaseObserver = Observer()
        self._observer.schedule(self, str(folder), recursive=True)  # type: ignore[arg-type]
        self._observer.start()

    def dispatch(self, event: FileSystemEvent) -> None:
        """Hand over what watchdog tells."""
        if event.event_type not in _IDLE:
            for name in (event.src_path, event.dest_path):
                if name:
                    self._tell(Path(os.fsdecode(name)))

    def is_alive(self) -> bool:
        """Whether the threads of watchdog still run; they end without a word when a share is gone."""
        emitters = self._observer.emitters
        return self._observer.is_alive() and bool(emitters) and all(one.is_alive() for one in emitters)

    def stop(self) -> None:
        """End the threads."""
        with contextlib.suppress(RuntimeError, OSError, KeyError):  # they may have died half-way
            self._observer.stop()
            self._observer.join(5)


def observe(folder: Path, tell: Callable[[Path], None]) -> FolderObserver:
    """Start an observer of ``folder``."""
    return FolderObserver(folder, tell)
