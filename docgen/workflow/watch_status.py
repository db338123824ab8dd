"""What the watcher is doing, for those who ask from outside: a file in `state/`, replaced as a whole."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from docgen.base.errors import EnvironmentFault
from docgen.base.files import make_folder, show
from docgen.base.locks import Locked, lock
from docgen.base.messages import Message
from docgen.ingest.settling import Waiting
from docgen.workflow.watch_outcome import Fate, Inbox, Outcome

#: Outcomes that are shown.
_SHOWN = 20
#: Seconds that a watcher that starts waits for one that ends, or for one who only asks.
_MOMENT = 2.0


@dataclass(frozen=True, slots=True)
class InboxStatus:
    """One inbox: how it is watched, what waits in it, what cannot be read, and which folders are left out."""

    name: str
    path: Path
    mode: str
    waiting: tuple[Waiting, ...]
    problems: tuple[Message, ...] = ()
    left_out: tuple[Path, ...] = ()

    def with_problem(self, problem: Message) -> InboxStatus:
        """Return the same, with one more problem."""
        return replace(self, problems=(*self.problems, problem))


@dataclass(frozen=True, slots=True)
class Status:
    """Everything that `docgen watch --status` tells.

    Attributes:
        running: The process that watches, ``None`` when there is none.
        updated: When this was written, RFC 3339.
        in_hand: Bytes of large files copied so far.
        recent: What became of the last files, newest first.
    """

    running: int | None
    updated: str
    inboxes: tuple[InboxStatus, ...]
    in_hand: int = 0
    recent: tuple[dict[str, Any], ...] = ()


class StatusFile:
    """`state/watch.json`, and the lock beside it that only one watcher holds."""

    def __init__(self, state: Path) -> None:
        self.path = state / "watch.json"
        self._lock = state / "watch.lock"

    @contextlib.contextmanager
    def alone(self) -> Iterator[None]:
        """Hold the lock of the workspace's only watcher.

        Raises:
            EnvironmentFault: Another one runs; its process is named.
        """
        make_folder(self._lock.parent)
        with contextlib.ExitStack() as stack:
            self._hold(stack)
            yield

    def _hold(self, stack: contextlib.ExitStack) -> None:
        try:
            stack.enter_context(lock(self._lock, timeout=_MOMENT))
        except Locked as error:
            holder = self._holder()
            raise EnvironmentFault(
                Message(
                    f"这个工作区已有一个 docgen watch 在运行（进程 {holder}）",
                    f"a docgen watch runs in this workspace already (process {holder})",
                ),
                where=str(self._lock),
                hint=Message(
                    "用 docgen watch --status 查看它的状态", "docgen watch --status shows what it is doing"
                ),
            ) from error

    def runs(self) -> int | None:
        """Return the process that watches, if one does."""
        if not self._lock.exists():
            return None
        holder = self._holder()
        try:
            with lock(self._lock, timeout=0):
                return None
        except Locked:
            return int(holder) if holder.isdigit() else 0

    def _holder(self) -> str:
        return self._lock.read_text(encoding="ascii", errors="replace").strip() or "?"

    def write(self, status: dict[str, Any]) -> None:
        """Replace the file; what cannot be written is left: it is for looking only."""
        text = json.dumps(status, ensure_ascii=False)
        with contextlib.suppress(OSError):
            show(self.path, text.encode("utf-8", "backslashreplace"))

    def read(self) -> dict[str, Any] | None:
        """Return what the watcher wrote last; ``None`` when it wrote nothing that can be read."""
        try:
            found = json.loads(self.path.read_bytes())
        except (OSError, ValueError):
            return None
        return found if isinstance(found, dict) else None


def waiting_json(one: Waiting, inbox: Path) -> dict[str, Any]:
    """Return a waiting file as JSON data, in both languages."""
    return {
        "path": one.path.relative_to(inbox).as_posix(),
        "size": one.size,
        "why": str(one.why),
        "seconds": round(one.seconds, 1),
        "reason": _both(one.reason),
        "next_try": None if one.next_try is None else round(one.next_try, 1),
    }


def outcome_json(one: Outcome, inbox: Inbox, time: str) -> dict[str, Any]:
    """Return an outcome as JSON data, in both languages."""
    return {
        "time": time,
        "inbox": inbox.name,
        "folder": one.folder_in(inbox),
        "files": [path.name for path in one.paths],
        "fate": str(one.fate),
        "place": one.place,
        "said": _both(one.said),
    }


def status_json(status: Status) -> dict[str, Any]:
    """Return everything as JSON data, in both languages."""
    return {
        "running": status.running,
        "updated": status.updated,
        "in_hand_bytes": status.in_hand,
        "inboxes": [
            {
                "name": one.name,
                "path": str(one.path),
                "mode": one.mode,
                "problems": [_both(problem) for problem in one.problems],
                "left_out": [path.relative_to(one.path).as_posix() for path in one.left_out],
                "waiting": [waiting_json(each, one.path) for each in one.waiting],
            }
            for one in status.inboxes
        ],
        "recent": list(status.recent),
    }


def newest(recent: Sequence[dict[str, Any]], outcome: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the outcomes that are shown, with one more; those that are tried again stand under waiting."""
    if outcome["fate"] in (Fate.CHANGED, Fate.FAILED):
        return list(recent)
    return [outcome, *recent][:_SHOWN]


def _both(message: Message | None) -> dict[str, str] | None:
    return {"zh": message.zh, "en": message.en} if message else None
