"""The index brought up, and scans recognised, beside the filing: each in a process of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from docgen.base.errors import DocgenError, EnvironmentFault
from docgen.base.messages import Message
from docgen.base.pool import Died, Done, Pool
from docgen.base.workspace import Workspace
from docgen.workflow.indexing import index_some, tidy
from docgen.workflow.recognising import recognise_some
from docgen.workflow.session import Session

#: Versions a task: a process whose parent is gone ends with its task, and few are lost with one that dies.
_SOME = 100


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether more waits to be done, or what kept it from being done."""

    more: bool
    fault: Message | None = None


@dataclass(frozen=True)
class _Start:
    """Opens the workspace in the process; the archive is settled by the watcher, which files."""

    root: Path
    work: Callable[[Session, int], bool]

    def __call__(self) -> Callable[[int], Answer]:
        session = Session(Workspace(self.root))

        def do(number: int) -> Answer:
            try:
                return Answer(self.work(session, number))
            except DocgenError as error:
                return Answer(False, error.message)

        return do


def recognise_and_tidy(session: Session, _number: int) -> bool:
    """Recognise a page of a scan, else put pieces of the index together; return whether there may be more."""
    return recognise_some(session, 0) > 0 or tidy(session)


class Indexer:
    """Does ``work`` after every group; what fails stays queued, and is done by the next or a search."""

    def __init__(self, root: Path, work: Callable[[Session, int], bool] = index_some) -> None:
        self._start = _Start(root, work)
        self._pool: Pool[int, Answer] | None = None
        self._busy = self._wanted = False

    def bring_up(self) -> None:
        """Ask for everything that is filed to be indexed soon."""
        self._wanted = True

    @property
    def works(self) -> bool:
        """Whether the process has something to do."""
        return self._busy

    def attend(self) -> Message | None:
        """Hear of what is done and hand out what is wanted; return what went wrong, if anything did."""
        try:
            return self._attend()
        except EnvironmentFault as error:
            self.close()
            return error.message

    def _attend(self) -> Message | None:
        fault = None
        for said in self._pool.wait(0) if self._pool else ():
            self._busy = False
            if isinstance(said, Died):
                fault = Message("更新索引的进程意外结束", "the process that indexes has died")
            elif isinstance(said, Done):
                self._wanted = self._wanted or said.result.more
                fault = said.result.fault
            else:
                fault = Message("更新索引时程序内部错误", "an internal error while indexing")
        if self._wanted and not self._busy:
            self._pool = self._pool or Pool(1, self._start)
            self._pool.submit(0, _SOME)
            self._busy, self._wanted = True, False
        return fault

    def close(self) -> None:
        """End the process, in the middle of its work too: the queue remembers what is left."""
        pool, self._pool, self._busy = self._pool, None, False
        if pool:
            pool.__exit__(KeyboardInterrupt, None, None)
