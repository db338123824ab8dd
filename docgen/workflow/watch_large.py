"""Large files, worked on one at a time in a thread of their own, so that they hold up no other."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING

from docgen.archive.staging import leftovers
from docgen.base.errors import EnvironmentFault
from docgen.base.system_errors import told
from docgen.ingest.aliases import Aliases
from docgen.ingest.content.examine import examine
from docgen.ingest.settling import Parcel
from docgen.workflow.session import Session
from docgen.workflow.watch_outcome import Outcome, failed
from docgen.workflow.watch_taking import take

if TYPE_CHECKING:
    from docgen.workflow.watch_post import Post

#: Files from this size on (bytes) are large: looking into one takes seconds.
LARGE = 16 << 20


class Large:
    """The thread, what it is to do, and what it has done.

    Args:
        session: The workspace, opened for this thread alone.
        wake: Called when something is done.
    """

    def __init__(self, session: Session, aliases: Aliases, wake: Callable[[], None]) -> None:
        self._session, self._aliases, self._wake = session, aliases, wake
        self._thread: ThreadPoolExecutor | None = None
        self._work: list[tuple[Post, Parcel, Future[list[Outcome]]]] = []

    def examine(self, post: Post, parcel: Parcel) -> None:
        """Look into the one file of ``parcel``."""
        self._submit(post, parcel, self._examine)

    def take(self, post: Post, parcel: Parcel) -> None:
        """File or reject ``parcel``."""
        self._submit(post, parcel, self._take)

    def done(self) -> list[tuple[Post, list[Outcome]]]:
        """Return what became of the work that has ended."""
        ended = [one for one in self._work if one[2].done()]
        self._work = [one for one in self._work if not one[2].done()]
        for post, parcel, _ in ended:
            post.settling.release(parcel.paths)
        return [(post, future.result()) for post, _, future in ended if not future.cancelled()]

    def copied(self) -> int:
        """Return how many bytes of what is being filed are copied aside so far."""
        if not self._work:
            return 0
        try:
            folders = leftovers(self._session.workspace.archive)
            return sum(path.stat().st_size for folder in folders for path in folder.iterdir())
        except OSError:
            return 0  # it has just ended

    def close(self) -> None:
        """Wait for the work in hand; what was not begun stays in the inbox."""
        if self._thread:
            self._thread.shutdown(cancel_futures=True)

    def _submit(self, post: Post, parcel: Parcel, work: Callable[[Post, Parcel], list[Outcome]]) -> None:
        self._thread = self._thread or ThreadPoolExecutor(1, thread_name_prefix="large")
        post.settling.hold(parcel.paths)
        future = self._thread.submit(work, post, parcel)
        future.add_done_callback(lambda _: self._wake())
        self._work.append((post, parcel, future))

    def _examine(self, post: Post, parcel: Parcel) -> list[Outcome]:
        ((path, seen),) = parcel.files
        try:
            with told(path):
                verdict = examine(path)
        except EnvironmentFault as error:
            return [failed(parcel, error.message)]
        post.verdicts.append((path, seen, verdict))
        return []

    def _take(self, post: Post, parcel: Parcel) -> list[Outcome]:
        return take(self._session, post.inbox, self._aliases, [parcel])
