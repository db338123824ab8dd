"""The watcher: what lands in the inboxes is noticed, left to settle, and filed or rejected.

Events are hints; the truth is what lies in the inboxes, looked through again and again, and what the
journals say is filed. Each inbox is followed by a thread of its own; this one tells what became of files.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

from docgen.base.clock import rfc3339, system_clock
from docgen.base.errors import EnvironmentFault, gravest
from docgen.base.messages import Message
from docgen.ingest.aliases import Aliases
from docgen.ingest.noticing import Lookout, Observe
from docgen.ingest.observing import observe as observe_natively
from docgen.workflow.indexing import index_filed
from docgen.workflow.session import Session
from docgen.workflow.watch_inboxes import inboxes
from docgen.workflow.watch_indexing import Indexer, recognise_and_tidy
from docgen.workflow.watch_keeper import IDLE, Keeper
from docgen.workflow.watch_outcome import Fate, Inbox, Outcome
from docgen.workflow.watch_post import Post
from docgen.workflow.watch_signals import Signals
from docgen.workflow.watch_status import Status, StatusFile, newest, outcome_json, status_json

#: Seconds of stillness after which `--once` gives up an incomplete file.
_ONCE_INCOMPLETE = 5.0
#: Seconds between two looks at the processes that index, while they work.
_ATTEND = 0.1
#: Seconds between two writings of the status file.
_STATUS = 1.0
#: Seconds that an inbox may take to end when the watcher stops; one that files is waited for.
_GRACE = 5.0


class WatchSession(Session):
    """A workspace as the watcher opens it: it waits a little for another inbox, and comes back later."""

    @property
    def patience(self) -> float:
        """Seconds to wait for another program, or thread, that files into the same project."""
        return 5.0


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of files of an inbox, in ``folder`` of it, as it is told."""

    inbox: str
    folder: str
    outcome: Outcome


Tell = Callable[[Settled | Message], None]


def watch(session: Session, tell: Tell, signals: Signals, observe: Observe = observe_natively) -> None:
    """Watch the inboxes until told to stop.

    Raises:
        EnvironmentFault: Another watcher runs, or the settings name inboxes that cannot be.
    """
    settings, root = session.settings.watch, session.workspace.root
    with _run(session, tell, signals) as run, ExitStack() as stack:
        helpers = (Indexer(root), Indexer(root, recognise_and_tidy))
        for helper in helpers:
            stack.callback(helper.close)
        for warning in WatchSession(session.workspace).archive.recover(actor="watch"):
            tell(warning)
        run.follow(WatchSession(session.workspace), settings.incomplete_seconds, observe)
        tell(_begun(run.keepers))
        filed = True
        while not signals.stopped:
            for helper in helpers:
                if filed:
                    helper.bring_up()
                if fault := helper.attend():
                    tell(fault)
            signals.main.wait(_ATTEND if any(helper.works for helper in helpers) else IDLE)
            filed = run.hear()


def watch_once(session: Session, tell: Tell, signals: Signals) -> int:
    """Settle what lies in the inboxes now; return the exit code.

    0 when every file was filed, recognised as a duplicate, or rejected; 7 when one stays in the inbox, or a
    folder in it could not be read.

    Raises:
        EnvironmentFault: A watcher runs already, or an inbox cannot be read; the others are settled.
    """
    with _run(session, tell, signals) as run:
        run.follow(session, min(_ONCE_INCOMPLETE, session.settings.watch.incomplete_seconds), None)
        while not signals.stopped and any(keeper.works for keeper in run.keepers):
            signals.main.wait(_STATUS)
            run.hear()
        run.end()
        for warning in index_filed(session):
            tell(warning)
        for problem in (problem for one in run.keepers for problem in one.post.problems):
            tell(problem)
        return gravest([EnvironmentFault.exit_code for one in run.keepers if one.post.is_unsettled])


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


def _begun(keepers: list[Keeper]) -> Message:
    names = "、".join(keeper.post.inbox.name for keeper in keepers)
    return Message(f"开始监视收件夹：{names}（Ctrl-C 结束）", f"watching {names} (Ctrl-C ends)")


@contextmanager
def _run(session: Session, tell: Tell, signals: Signals) -> Iterator[_Run]:
    """Hold the lock of the only watcher; at the end, wait for what is being filed and tell of it."""
    file = StatusFile(session.workspace.state)
    with file.alone():
        run = _Run(file, tell, signals)
        try:
            yield run
        except BaseException:
            signals.stop()
            raise
        run.end()
        run.blame()


class _Run:
    """One run of the watcher: a keeper for every inbox, and what they have told."""

    def __init__(self, file: StatusFile, tell: Tell, signals: Signals) -> None:
        self.keepers: list[Keeper] = []
        self._file, self._tell, self._signals = file, tell, signals
        self._recent: list[dict[str, Any]] = []
        self._written_at = float("-inf")

    def follow(self, session: Session, incomplete: float, observe: Observe | None) -> None:
        """Begin to follow the inboxes; with ``observe`` they are watched for changes until told to stop."""
        watched, aliases = session.settings.watch, Aliases(session.workspace.state)
        for inbox in inboxes(session.workspace):
            bell, lookout = self._signals.bell(), None
            if observe:
                lookout = Lookout(inbox.path, watched.reconcile_seconds, bell.ring, observe)
            post = Post(inbox, watched.settle_seconds, incomplete, lookout)
            self.keepers.append(Keeper(session, post, aliases, bell, self._signals, once=observe is None))
        for keeper in self.keepers:
            keeper.start()

    def hear(self) -> bool:
        """Tell what became of files; return whether anything was filed."""
        filed = False
        for keeper in self.keepers:
            for said in keeper.heard():
                if isinstance(said, Message):
                    self._tell(said)
                else:
                    self._note(keeper.post.inbox, said)
                    filed = filed or said.fate in (Fate.FILED, Fate.ADDED)
        self._write_status()
        return filed

    def end(self) -> None:
        """Wait for what is being filed, not for an inbox that hangs, and tell the rest."""
        until = time.monotonic() + _GRACE
        while any(one.works and (one.takes or time.monotonic() < until) for one in self.keepers):
            self._signals.main.wait(_ATTEND)
            self.hear()
        self.hear()
        self._write_status(at_once=True)

    def blame(self) -> None:
        """Raise what a keeper died of: for want of its inbox, or by a mistake of ours."""
        for fault in (one.fault for one in self.keepers if one.fault):
            raise fault

    def _note(self, inbox: Inbox, outcome: Outcome) -> None:
        moment = rfc3339(system_clock())
        self._recent = newest(self._recent, outcome_json(outcome, inbox, moment))
        self._tell(Settled(inbox.name, outcome.folder_in(inbox), outcome))

    def _write_status(self, *, at_once: bool = False) -> None:
        """Let those who ask see what is going on."""
        now = time.monotonic()
        if now - self._written_at < _STATUS and not at_once:
            return
        self._written_at = now
        status = Status(
            os.getpid(),
            rfc3339(system_clock()),
            tuple(keeper.status() for keeper in self.keepers),
            max((keeper.large.copied() for keeper in self.keepers), default=0),
            tuple(self._recent),
        )
        self._file.write(status_json(status))
