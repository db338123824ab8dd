"""Large files of an inbox, worked on one at a time in a thread of their own: they hold up no other file."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from docgen.archive.staging import rooms
from docgen.base.messages import Message
from docgen.ingest.aliases import Aliases
from docgen.ingest.settling import Parcel
from docgen.workflow.session import Session
from docgen.workflow.watch_looking import look_into, unforeseen
from docgen.workflow.watch_outcome import Outcome, failed
from docgen.workflow.watch_taking import take

if TYPE_CHECKING:
    from docgen.workflow.watch_post import Post

#: Files from this size on (bytes) are large: looking into one takes seconds.
LARGE = 16 << 20


@dataclass(slots=True)
class _Work:
    post: Post
    parcel: Parcel
    takes: bool
    outcomes: list[Outcome] | None = None


class Large:
    """What is to be done with large files, and the thread that does it.

    Args:
        session: The workspace, opened for this thread alone.
        wake: Called when something is done.
    """

    def __init__(self, session: Session, aliases: Aliases, wake: Callable[[], None]) -> None:
        self._session, self._aliases, self._wake = session, aliases, wake
        self._thread: threading.Thread | None = None
        self._work: list[_Work] = []
        #: The first of them, once it is begun.
        self._in_hand: _Work | None = None

    def examine(self, post: Post, parcel: Parcel) -> None:
        """Look into the one file of ``parcel``."""
        self._add(_Work(post, parcel, takes=False))

    def take(self, post: Post, parcel: Parcel) -> None:
        """File or reject ``parcel``."""
        self._add(_Work(post, parcel, takes=True))

    @property
    def takes(self) -> bool:
        """Whether a file is being filed: it is waited for when the watcher stops."""
        return self._in_hand is not None and self._in_hand.takes and self._in_hand.outcomes is None

    def done(self) -> list[Outcome]:
        """Return what became of the work that has ended, and go on with the next."""
        outcomes = self._ended()
        self._begin()
        return outcomes

    def copied(self) -> int:
        """Return how many bytes of what is being filed are copied aside so far."""
        if not self._work:
            return 0
        try:
            folders = rooms(self._session.workspace.archive)
            return sum(path.stat().st_size for folder in folders for path in folder.iterdir())
        except OSError:
            return 0  # it has just ended

    def finish(self) -> list[Outcome]:
        """Wait for the file that is being filed, begin no other; return what became of it."""
        if self.takes and self._thread:
            self._thread.join()
        return self._ended()

    def _add(self, work: _Work) -> None:
        work.post.settling.hold(work.parcel.paths)
        self._work.append(work)
        self._begin()

    def _ended(self) -> list[Outcome]:
        outcomes: list[Outcome] = []
        while self._work and self._work[0].outcomes is not None:
            work = self._work.pop(0)
            work.post.settling.release(work.parcel.paths)
            outcomes += work.outcomes or []
        return outcomes

    def _begin(self) -> None:
        """Begin the first, unless one is in hand. The thread does not keep the program from ending."""
        if self._work and self._work[0] is not self._in_hand:
            self._in_hand = self._work[0]
            self._thread = threading.Thread(target=self._do, args=(self._in_hand,), name="large", daemon=True)
            self._thread.start()

    def _do(self, work: _Work) -> None:
        try:
            work.outcomes = self._take(work) if work.takes else self._examine(work)
        except Exception:
            work.outcomes = [failed(work.parcel, unforeseen(self._session.workspace))]
        finally:
            self._wake()

    def _examine(self, work: _Work) -> list[Outcome]:
        ((path, seen),) = work.parcel.files
        verdict = look_into(self._session.workspace, path)
        if isinstance(verdict, Message):
            return [failed(work.parcel, verdict)]
        work.post.verdicts.append((path, seen, verdict))
        return []

    def _take(self, work: _Work) -> list[Outcome]:
        return take(self._session, work.post.inbox, self._aliases, [work.parcel])
