"""The watcher: what lands in the inboxes is noticed, left to settle, and filed or rejected.

Events are hints; the truth is what lies in the inboxes, looked through again and again, and what the
journals say is filed.
"""

from __future__ import annotations

import os
import queue
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

from docgen.base.clock import rfc3339, system_clock
from docgen.base.errors import EnvironmentFault, gravest
from docgen.base.messages import Message
from docgen.base.system_errors import told
from docgen.ingest.aliases import Aliases
from docgen.ingest.noticing import Lookout, Observe
from docgen.ingest.observing import observe as observe_natively
from docgen.workflow.indexing import index_filed
from docgen.workflow.session import Session
from docgen.workflow.watch_inboxes import inboxes
from docgen.workflow.watch_indexing import Indexer, recognise_and_tidy
from docgen.workflow.watch_large import Large
from docgen.workflow.watch_outcome import Fate, Outcome
from docgen.workflow.watch_post import Post
from docgen.workflow.watch_status import Status, StatusFile, newest, outcome_json, status_json

#: Seconds of stillness after which `--once` gives up an incomplete file.
_ONCE_INCOMPLETE = 5.0
#: Seconds between two rounds while nothing waits; a share that went or came back is noticed as soon.
_IDLE = 1.0
#: Seconds between two writings of the status file.
_STATUS = 1.0


class WatchSession(Session):
    """A workspace as the watcher opens it: it waits for no other program, but comes back later."""

    @property
    def patience(self) -> float:
        """Seconds to wait for another program that files into the same project."""
        return 1.0


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of files of an inbox, as it is told."""

    inbox: str
    outcome: Outcome


@dataclass
class Signals:
    """How the watcher is woken and told to stop; both may be called from signal handlers and any thread."""

    stopped: bool = False
    _bell: queue.SimpleQueue[None] = field(default_factory=queue.SimpleQueue)

    def wake(self) -> None:
        """Let the next round begin now."""
        self._bell.put(None)

    def stop(self) -> None:
        """End after the group in hand."""
        self.stopped = True
        self.wake()

    def wait(self, seconds: float) -> None:
        """Wait until woken, or so long."""
        try:
            self._bell.get(timeout=seconds)
            while True:  # one round answers all calls so far
                self._bell.get_nowait()
        except queue.Empty:
            return


Tell = Callable[[Settled | Message], None]


def watch(session: Session, tell: Tell, signals: Signals, observe: Observe = observe_natively) -> None:
    """Watch the inboxes until told to stop.

    Raises:
        EnvironmentFault: Another watcher runs, or the settings name inboxes that cannot be.
    """
    status = StatusFile(session.workspace.state)
    with ExitStack() as stack:
        stack.enter_context(status.alone())
        run = _Run(WatchSession(session.workspace), tell, signals, stack)
        posts = run.open_posts(session.settings.watch.incomplete_seconds, observe)
        root = session.workspace.root
        helpers = (Indexer(root), Indexer(root, recognise_and_tidy))
        for helper in helpers:
            stack.callback(helper.close)
        tell(_begun(posts))
        for warning in run.session.archive.recover(actor="watch"):
            tell(warning)
        filed = True
        while not signals.stopped:
            for helper in helpers:
                if filed:
                    helper.bring_up()
                if fault := helper.attend():
                    tell(fault)
            filed = run.round()
            run.write_status(status)
            run.pause()
        run.finish()
        run.write_status(status, at_once=True)


def watch_once(session: Session, tell: Tell, signals: Signals) -> int:
    """Settle what lies in the inboxes now; return the exit code.

    0 when every file was filed, recognised as a duplicate, or rejected; 7 when one stays in the inbox.

    Raises:
        EnvironmentFault: A watcher runs already, or an inbox cannot be read.
    """
    status = StatusFile(session.workspace.state)
    with ExitStack() as stack:
        stack.enter_context(status.alone())
        run = _Run(session, tell, signals, stack)
        patience = min(_ONCE_INCOMPLETE, session.settings.watch.incomplete_seconds)
        posts = run.open_posts(patience, None)
        for post in posts:
            with told(post.inbox.path):
                post.look_once(run.now())
        while not signals.stopped and any(post.is_open() for post in posts):
            run.round()
            run.write_status(status)
            run.pause()
        run.finish()
        for warning in index_filed(session):
            tell(warning)
        run.write_status(status, at_once=True)
        return gravest([EnvironmentFault.exit_code for post in posts if len(post.settling)])


def watch_status(session: Session) -> dict[str, Any]:
    """Return what the watcher does, as JSON data; when none runs, what lies in the inboxes."""
    file = StatusFile(session.workspace.state)
    running, last = file.runs(), file.read() or {}
    if running is not None and last.get("running") == running:
        return last
    watched = session.settings.watch
    posts = [
        Post(inbox, watched.settle_seconds, watched.incomplete_seconds)
        for inbox in inboxes(session.workspace)
    ]
    for post in posts:
        post.look(0.0)
    status = Status(running, rfc3339(system_clock()), tuple(post.status(0.0) for post in posts))
    return {**status_json(status), "recent": last.get("recent", [])}


def _begun(posts: list[Post]) -> Message:
    names = "、".join(post.inbox.name for post in posts)
    return Message(f"开始监视收件夹：{names}（Ctrl-C 结束）", f"watching {names} (Ctrl-C ends)")


class _Run:
    """One run of the watcher: its inboxes, and what is in hand."""

    def __init__(self, session: Session, tell: Tell, signals: Signals, stack: ExitStack) -> None:
        self.session = session
        self._tell, self._signals, self._stack = tell, signals, stack
        self._posts: list[Post] = []
        self._aliases = Aliases(session.workspace.state)
        self._large = Large(type(session)(session.workspace), self._aliases, signals.wake)
        stack.callback(self._large.close)
        self._recent: list[dict[str, Any]] = []
        self._written_at = float("-inf")
        self._busy = False

    def now(self) -> float:
        """Return the seconds of a clock that only goes forward."""
        return time.monotonic()

    def open_posts(self, incomplete: float, observe: Observe | None) -> list[Post]:
        """Begin to follow the inboxes; with ``observe`` they are watched for changes, too."""
        watched = self.session.settings.watch
        for inbox in inboxes(self.session.workspace):
            lookout = None
            if observe:
                lookout = Lookout(inbox.path, watched.reconcile_seconds, self._signals.wake, observe)
                self._stack.callback(lookout.close)
            self._posts.append(Post(inbox, watched.settle_seconds, incomplete, lookout))
        return self._posts

    def round(self) -> bool:
        """Look where it is due and take what has settled; return whether anything was filed."""
        filed = self._busy = False
        for post, outcomes in (*self._large.done(), *self._small_done()):
            self._note(post, outcomes)
            filed = filed or any(one.fate in (Fate.FILED, Fate.ADDED) for one in outcomes)
            self._busy = self._busy or bool(outcomes)
        return filed

    def finish(self) -> None:
        """Wait for the large file in hand, if there is one, and tell what became of it."""
        self._large.close()
        for post, outcomes in self._large.done():
            self._note(post, outcomes)

    def _small_done(self) -> Iterator[tuple[Post, list[Outcome]]]:
        for post in self._posts:
            post.watch(self.now())
            self._busy = post.examine(self._large, self.now()) or self._busy
            parcels = post.ready(self._large, self.now())
            if parcels:
                yield post, post.take(self.session, self._aliases, parcels)

    def _note(self, post: Post, outcomes: Sequence[Outcome]) -> None:
        for outcome in outcomes:
            post.settle(outcome, self.now())
            moment = rfc3339(system_clock())
            self._recent = newest(self._recent, outcome_json(outcome, post.inbox.name, moment))
            if outcome.fate is not Fate.CHANGED:
                self._tell(Settled(post.inbox.name, outcome))

    def pause(self) -> None:
        """Wait until something may be due; at once where more is ready."""
        if self._busy or self._signals.stopped:
            return
        settle = self.session.settings.watch.settle_seconds
        waits = any(len(post.settling) for post in self._posts)
        self._signals.wait(min(_IDLE, max(0.05, settle / 4)) if waits else _IDLE)

    def write_status(self, file: StatusFile, *, at_once: bool = False) -> None:
        """Let those who ask see what is going on."""
        now = self.now()
        if now - self._written_at < _STATUS and not at_once:
            return
        self._written_at = now
        status = Status(
            os.getpid(),
            rfc3339(system_clock()),
            tuple(post.status(now) for post in self._posts),
            self._large.copied(),
            tuple(self._recent),
        )
        file.write(status_json(status))
