"""One inbox as the watcher follows it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from docgen.base.errors import EnvironmentFault
from docgen.base.messages import Message
from docgen.base.system_errors import told
from docgen.base.workspace import Workspace
from docgen.ingest.aliases import Aliases
from docgen.ingest.content.examine import no_file
from docgen.ingest.content.verdict import Verdict
from docgen.ingest.noticing import Lookout, Mode
from docgen.ingest.scanning import Scan, Sighting, scan
from docgen.ingest.settling import Mistake, Parcel, Settling, Waits
from docgen.workflow.session import Session
from docgen.workflow.watch_large import LARGE, Large
from docgen.workflow.watch_looking import look_into
from docgen.workflow.watch_outcome import Fate, Inbox, Outcome
from docgen.workflow.watch_status import InboxStatus
from docgen.workflow.watch_taking import take

#: Files that are looked into, and parcels that are taken, before the inbox is looked through again.
_EXAMINED, _GROUP = 100, 50


class Post:
    """An inbox: when it is looked through, what lies in it, and what is taken out.

    Args:
        settle: Seconds of stillness before a file is looked into.
        incomplete: Seconds of stillness after which an incomplete one is rejected.
        lookout: Notices changes; ``None``: only what lay there at the first look is followed.
    """

    def __init__(
        self, inbox: Inbox, settle: float, incomplete: float, lookout: Lookout | None = None
    ) -> None:
        self.inbox = inbox
        self.settling = Settling(settle, incomplete)
        #: What the thread for large files found out; list.append is atomic.
        self.verdicts: list[tuple[Path, Sighting, Verdict]] = []
        self._lookout = lookout
        self._pause = max(0.05, settle / 4)
        self._next_look = 0.0
        self._only: set[tuple[int, int]] | None = None
        #: What of the inbox could not be read at the last look.
        self.problems: tuple[Message, ...] = ()
        self._left_out: tuple[Path, ...] = ()

    # Looking

    def watch(self, now: float) -> None:
        """Look through the inbox if that is due: something was noticed, or files are settling."""
        if self._lookout:
            self._lookout.check(now)
            if self._lookout.mode is Mode.VANISHED:
                self.settling.see({}, now)
                return
        due = self._lookout.is_due(now) if self._lookout else False
        if due or (len(self.settling) and now >= self._next_look):
            self.look(now)

    def look_once(self, now: float) -> None:
        """Look through the inbox; from now on only what lies there is followed.

        Raises:
            OSError: It cannot be read.
        """
        found = scan(self.inbox.path)
        self._only = {_mark(seen) for seen in found.files.values()}
        self._note(found, now)

    def look(self, now: float) -> None:
        """Look through the inbox; when it cannot be read, that is a problem of this inbox alone."""
        try:
            with told(self.inbox.path):
                found = scan(self.inbox.path)
        except EnvironmentFault as error:
            self.problems = (error.message,)
            self.settling.see({}, now)
        else:
            self._note(found, now)

    def _note(self, found: Scan, now: float) -> None:
        files = found.files
        if self._only is not None:
            files = {path: seen for path, seen in files.items() if _mark(seen) in self._only}
        self.settling.see(files, now)
        self._next_look = now + self._pause
        self.problems = tuple(_unreadable(path, error) for path, error in found.unreadable.items())
        self._left_out = tuple(sorted(found.left_out))
        if self._lookout:
            self._lookout.looked(files, now)

    @property
    def is_unsettled(self) -> bool:
        """Whether files are left, or may be left where nobody could look."""
        return bool(len(self.settling) or self.problems)

    def is_open(self) -> bool:
        """Whether anything is left that may still be settled: what failed once is left to another run,
        unless it failed by a mistake of ours."""
        return any(
            one.why not in (Waits.FAILED, Waits.PARTNER) or isinstance(one.reason, Mistake)
            for one in self.settling.waiting(0.0)
        )

    # Examining and taking

    def examine(self, workspace: Workspace, large: Large, now: float) -> bool:
        """Look into what has held still; return whether there was anything."""
        while self.verdicts:
            self.settling.examined(*self.verdicts.pop())
        waiting = self.settling.to_examine(now)[:_EXAMINED]
        for path, seen in waiting:
            if seen.regular and seen.size >= LARGE:
                large.examine(self, Parcel(((path, seen),)))
                continue
            verdict = look_into(workspace, path) if seen.regular else no_file()
            if isinstance(verdict, Message):
                self.settling.failed([path], verdict, now)
            else:
                self.settling.examined(path, seen, verdict)
        return bool(waiting)

    def ready(self, large: Large, now: float) -> list[Parcel]:
        """Return parcels to be taken now; large ones are handed to their thread."""
        parcels = self.settling.ready(now)
        for parcel in parcels:
            if parcel.size >= LARGE:
                large.take(self, parcel)
        return [one for one in parcels if one.size < LARGE][:_GROUP]

    def take(self, session: Session, aliases: Aliases, parcels: Sequence[Parcel]) -> list[Outcome]:
        """File or reject ``parcels``."""
        return take(session, self.inbox, aliases, parcels)

    def settle(self, outcome: Outcome, now: float) -> None:
        """Take note of what became of files."""
        if outcome.fate is Fate.CHANGED:
            self.settling.changed(outcome.paths, now)
        elif outcome.fate is Fate.FAILED:
            self.settling.failed(outcome.paths, outcome.said, now)
        else:
            self.settling.forget(outcome.paths)

    def close(self) -> None:
        """Notice nothing any more."""
        if self._lookout:
            self._lookout.close()

    def status(self, now: float) -> InboxStatus:
        """Return what is going on here."""
        mode = str(self._lookout.mode) if self._lookout else ""
        waiting = tuple(self.settling.waiting(now))
        return InboxStatus(self.inbox.name, self.inbox.path, mode, waiting, self.problems, self._left_out)


def _mark(seen: Sighting) -> tuple[int, int]:
    """Return what stays the same when a file gets another name."""
    return seen.device, seen.inode


def _unreadable(path: Path, error: OSError) -> Message:
    return Message(
        f"无法读取文件夹 {path}（{error.strerror}）", f"cannot read the folder {path} ({error.strerror})"
    )
