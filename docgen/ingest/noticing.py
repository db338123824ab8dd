"""When to look into an inbox: at once where the system tells of changes, else every few seconds.

What the system tells is a hint, never the truth: whatever it says, every inbox is looked through from time
to time. Whether it tells anything is found out with a probe file, for each inbox by itself: shares, mounts
and containers often tell nothing. The choice is made anew when the folder is another one than before (a
mount went or came back), when the observer has died, and when files turned up that nobody had told of.
"""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Callable, Collection
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from docgen.ingest.observing import observe

#: Seconds that the news of the probe file may take.
PROBE_SECONDS = 2.0
#: Seconds between looks where the system tells nothing.
POLL_SECONDS = 3.0
#: Seconds after which it is tried again whether the system tells something now.
AGAIN_SECONDS = 300.0
#: Times that files may turn up untold before the system is not relied on for a while.
_MISSES = 3
_PROBE = ".docgen-probe-"


class Mode(StrEnum):
    """How changes of an inbox are noticed."""

    NATIVE = "native"
    POLLING = "polling"
    VANISHED = "vanished"


class Observer(Protocol):
    """Tells of changes until it is stopped, or dies."""

    def is_alive(self) -> bool:
        """Whether it still works."""

    def stop(self) -> None:
        """End it."""


#: Starts an observer of a folder and hands over what is told of each changed path.
Observe = Callable[[Path, Callable[[Path], None]], Observer]


class Lookout:
    """Notices changes of one inbox.

    Args:
        inbox: The folder; it need not exist yet.
        reconcile: Seconds after which it is looked through, whatever was told.
        wake: Called from any thread when something was told.
        observe: Starts the observer.
    """

    def __init__(
        self, inbox: Path, reconcile: float, wake: Callable[[], None], observe: Observe = observe
    ) -> None:
        self.inbox = inbox
        self.mode = Mode.VANISHED
        self._reconcile, self._wake, self._observe = reconcile, wake, observe
        self._identity: tuple[int, int] | None = None
        self._observer: Observer | None = None
        self._probe: Path | None = None
        self._heard = False
        self._probe_ends = self._again_at = self._next_look = 0.0
        self._misses = 0
        #: Filled by the observer's thread: set.add and pop are atomic.
        self._told: set[Path] = set()
        self._known: set[Path] = set()
        self._untold: set[Path] = set()

    def check(self, now: float) -> None:
        """See whether folder and observer are still there, and whether the probe was heard of."""
        identity = _identity(self.inbox)
        if identity is None:
            self._end_observer()
            self.mode, self._identity = Mode.VANISHED, None
        elif identity != self._identity:
            self._identity = identity
            self.mode, self._next_look = Mode.POLLING, now
            self._begin(now)
        elif self._observer and not self._observer.is_alive():
            self.mode = Mode.POLLING
            self._begin(now)
        elif self._probe:
            self._judge(now)
        elif self.mode is Mode.POLLING and now >= self._again_at:
            self._begin(now)

    def is_due(self, now: float) -> bool:
        """Whether the inbox should be looked through now."""
        return self.mode is not Mode.VANISHED and (bool(self._told) or now >= self._next_look)

    def looked(self, found: Collection[Path], now: float) -> None:
        """Take note of what was found in the inbox; files that nobody told of put the observer in doubt."""
        told = self._take_told()
        missed = [path for path in self._untold if path in found and not _is_told(path, told, self.inbox)]
        new = (path for path in found if path not in self._known)
        self._untold = {path for path in new if not _is_told(path, told, self.inbox)}
        self._known = set(found)
        if missed and self.mode is Mode.NATIVE:
            self._misses += 1
            if self._misses >= _MISSES:
                self._poll(now)
            else:
                self._begin(now)
        pause = self._reconcile if self.mode is Mode.NATIVE else min(POLL_SECONDS, self._reconcile)
        self._next_look = now + pause

    def close(self) -> None:
        """End the observer and remove the probe."""
        self._end_observer()

    def _take_told(self) -> set[Path]:
        told = set()
        while self._told:
            told.add(self._told.pop())
        return told

    def _begin(self, now: float) -> None:
        """Start an observer and put the probe out; until it is heard of, the mode stays what it was."""
        self._end_observer()
        try:
            for old in self.inbox.glob(_PROBE + "*"):
                old.unlink()
            self._observer = self._observe(self.inbox, self._hear)
            self._probe = self.inbox / f"{_PROBE}{secrets.token_hex(4)}"
            self._probe_ends, self._heard = now + PROBE_SECONDS, False
            self._probe.touch()
        except OSError:
            self._poll(now)  # no right to write, no handles left: looking always works

    def _hear(self, path: Path) -> None:
        if path == self._probe:
            self._heard = True
        elif not path.name.startswith(_PROBE):
            self._told.add(path)
        self._wake()

    def _judge(self, now: float) -> None:
        if self._heard:
            if self.mode is not Mode.NATIVE:
                self.mode, self._next_look, self._misses = Mode.NATIVE, now, 0
            self._remove_probe()
        elif now >= self._probe_ends:
            self._poll(now)

    def _poll(self, now: float) -> None:
        self._end_observer()
        self.mode = Mode.POLLING
        self._misses = 0
        self._again_at = now + AGAIN_SECONDS
        self._next_look = now

    def _end_observer(self) -> None:
        self._remove_probe()
        if self._observer:
            self._observer.stop()
        self._observer = None

    def _remove_probe(self) -> None:
        if self._probe:
            with contextlib.suppress(OSError):
                self._probe.unlink()
        self._probe = None


def _identity(folder: Path) -> tuple[int, int] | None:
    """Return what tells a folder apart from one that is mounted, or made, in its place."""
    try:
        seen = folder.stat()
    except OSError:
        return None
    return (seen.st_dev, seen.st_ino) if folder.is_dir() else None


def _is_told(path: Path, told: Collection[Path], inbox: Path) -> bool:
    """Whether a change of the file, or of a folder that it came with, was told."""
    return any(place in told for place in (path, *path.parents) if place != inbox)
