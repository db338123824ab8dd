"""One inbox followed in a thread of its own, so that one that is slow, or hangs, holds up no other."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Sequence

from docgen.base.messages import Message
from docgen.base.system_errors import told
from docgen.ingest.aliases import Aliases
from docgen.workflow.session import Session
from docgen.workflow.watch_large import Large
from docgen.workflow.watch_looking import unforeseen
from docgen.workflow.watch_outcome import Fate, Outcome
from docgen.workflow.watch_post import Post
from docgen.workflow.watch_signals import Bell, Signals
from docgen.workflow.watch_status import InboxStatus

#: Seconds between two rounds while nothing waits; a share that went or came back is noticed as soon.
IDLE = 1.0
#: Seconds of rest after a mistake of ours.
_REST = 5.0
#: Seconds between two looks at what waits, for those who ask.
_SHOW = 1.0
#: Seconds without an answer of the system after which that is told.
_HANGS = 30.0


class Keeper:
    """The thread, and what it has to tell.

    Args:
        session: A way to open the workspace: the thread, and the one for large files, open it for themselves.
        post: The inbox; nobody else touches it once the thread has started.
        bell: Wakes this thread.
        once: End when all that lies there at the first look is settled.
    """

    def __init__(
        self, session: Session, post: Post, aliases: Aliases, bell: Bell, signals: Signals, *, once: bool
    ) -> None:
        self.post = post
        #: Whether the thread runs, and what it died of.
        self.works = False
        self.fault: BaseException | None = None
        self._session, self._aliases = type(session)(session.workspace), aliases
        self.large = Large(type(session)(session.workspace), aliases, bell.ring)
        self._bell, self._signals, self._once = bell, signals, once
        self._pause = min(IDLE, max(0.05, session.settings.watch.settle_seconds / 4))
        self._told: queue.SimpleQueue[Outcome | Message] = queue.SimpleQueue()
        self._takes = False
        self._shown = post.status(self.now())
        self._beat = self._shown_at = self.now()
        self._thread = threading.Thread(target=self._run, name=post.inbox.name, daemon=True)

    @staticmethod
    def now() -> float:
        """Return the seconds of a clock that only goes forward."""
        return time.monotonic()

    def start(self) -> None:
        """Begin to follow the inbox."""
        self.works = True
        self._thread.start()

    @property
    def takes(self) -> bool:
        """Whether files are being filed, which is waited for when the watcher stops."""
        return self._takes or self.large.takes

    def heard(self) -> list[Outcome | Message]:
        """Return what there is to tell since the last call."""
        return [self._told.get_nowait() for _ in range(self._told.qsize())]

    def status(self) -> InboxStatus:
        """Return what was going on here at the last look; that there was none for long is a problem."""
        silent = self.now() - self._beat
        return self._shown.with_problem(_hangs(silent)) if silent > _HANGS and self.works else self._shown

    # In the thread

    def _run(self) -> None:
        try:
            self._follow()
        except BaseException as error:
            self.fault = error
        finally:
            self.works = False
            self._signals.main.ring()

    def _follow(self) -> None:
        if self._once:
            with told(self.post.inbox.path):
                self.post.look_once(self.now())
        while not self._signals.stopped and not (self._once and not self.post.is_open()):
            if not self._guarded():
                self._bell.wait(self._pause if len(self.post.settling) else IDLE)
            self._show()
        self._note(self.large.finish())
        self.post.close()
        self._show(at_once=True)

    def _guarded(self) -> bool:
        """Make a round; a mistake of ours is told, and hinders no other inbox."""
        try:
            return self._round()
        except Exception:
            if self._once:
                raise
            self._told.put(unforeseen(self._session.workspace))
            self._signals.main.ring()
            self._bell.wait(_REST)
            return True

    def _round(self) -> bool:
        """Look if it is due and take what has settled; return whether more may be ready."""
        outcomes = self.large.done()
        self.post.watch(self.now())
        busy = self.post.examine(self._session.workspace, self.large, self.now())
        parcels = self.post.ready(self.large, self.now())
        if parcels and not self._signals.stopped:
            self._takes = True
            outcomes += self.post.take(self._session, self._aliases, parcels)
            self._takes = False
        self._note(outcomes)
        return busy or bool(outcomes)

    def _note(self, outcomes: Sequence[Outcome]) -> None:
        for outcome in outcomes:
            self.post.settle(outcome, self.now())
            if outcome.fate is not Fate.CHANGED:
                self._told.put(outcome)
                self._signals.main.ring()

    def _show(self, *, at_once: bool = False) -> None:
        self._beat = self.now()
        if at_once or self._beat - self._shown_at >= _SHOW:
            self._shown, self._shown_at = self.post.status(self._beat), self._beat


def _hangs(seconds: float) -> Message:
    return Message(
        f"{seconds:.0f} 秒没有响应（共享目录可能已断开，或文件很慢）；其他收件夹不受影响",
        f"no answer for {seconds:.0f} seconds (a share may be away, or slow); other inboxes go on",
    )
