"""Worker processes that take tasks in order; one that dies is replaced, and its tasks are named."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import traceback
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from queue import SimpleQueue
from types import TracebackType
from typing import Generic, TypeVar

from docgen.base.errors import EnvironmentFault
from docgen.base.messages import Message

Task = TypeVar("Task")
Result = TypeVar("Result")

#: What a process says when it is ready for its first task.
_READY = "ready"
_END = None
#: Processes that may end one after the other before any of them is ready.
_FAILED_STARTS = 3


def processors() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@dataclass(frozen=True, slots=True)
class Done(Generic[Task, Result]):
    """A task and what came of it."""

    task: Task
    result: Result


@dataclass(frozen=True, slots=True)
class Failed(Generic[Task]):
    """A task whose handler raised: our own mistake, with its traceback."""

    task: Task
    traceback: str


@dataclass(frozen=True, slots=True)
class Died(Generic[Task]):
    """A process that ended by itself; the first of its tasks was in hand, the others were waiting."""

    worker: int
    tasks: tuple[Task, ...]


@dataclass
class _Worker(Generic[Task]):
    process: BaseProcess
    connection: Connection
    outbox: SimpleQueue[Task | None] = field(default_factory=SimpleQueue)
    #: Handed out and not answered yet, in order.
    open: deque[Task] = field(default_factory=deque)
    ready: bool = False
    #: Sends what is in the outbox.
    feeder: threading.Thread | None = None

    def end(self) -> None:
        """Wait for the process to end, and close the connection.

        The feeder has ended before that: else it might write to what gets the connection's number next.
        """
        self.process.join()
        if self.feeder:
            self.feeder.join()
        self.connection.close()


class Pool(Generic[Task, Result]):
    """``count`` processes, each with its own queue of tasks. Use as a context manager.

    Processes are started afresh (`spawn`), so that they are alike on every system and inherit no lock or
    open file. They end when their tasks are done and the pool is closed, or when the parent is gone.

    Args:
        count: Number of processes.
        start: Called once in each process; returns the function that handles a task. Both are pickled.
    """

    def __init__(self, count: int, start: Callable[[], Callable[[Task], Result]]) -> None:
        self._start = start
        self._failed_starts = 0
        self._workers = [self._spawn() for _ in range(count)]

    def __enter__(self) -> Pool[Task, Result]:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for worker in self._workers:
            worker.outbox.put(_END)
            if kind is not None:
                worker.process.kill()
        for worker in self._workers:
            worker.end()

    def __len__(self) -> int:
        return len(self._workers)

    @property
    def busy(self) -> bool:
        """Whether a task is open."""
        return any(worker.open for worker in self._workers)

    def submit(self, number: int, task: Task) -> None:
        """Queue ``task`` for the worker ``number``, from 0."""
        worker = self._workers[number]
        worker.open.append(task)
        worker.outbox.put(task)

    def idlest(self) -> int:
        """Return the number of the worker with the fewest open tasks."""
        return min(range(len(self._workers)), key=lambda number: len(self._workers[number].open))

    def wait(self, timeout: float | None = None) -> Iterator[Done[Task, Result] | Failed[Task] | Died[Task]]:
        """Yield what has happened, waiting up to ``timeout`` seconds for something to happen.

        Raises:
            EnvironmentFault: Several processes ended, one after the other, before they were ready for a task.
        """
        waiting = {worker.connection: number for number, worker in enumerate(self._workers)}
        for connection in wait(list(waiting), timeout):
            assert isinstance(connection, Connection)
            yield from self._hear(waiting[connection])

    def _hear(self, number: int) -> Iterator[Done[Task, Result] | Failed[Task] | Died[Task]]:
        worker = self._workers[number]
        with suppress(EOFError, OSError):
            while worker.connection.poll():
                said = worker.connection.recv()
                if said == _READY:
                    worker.ready = True
                    self._failed_starts = 0
                    continue
                task = worker.open.popleft()
                yield said if isinstance(said, Failed) else Done(task, said)
            return
        yield from self._replace(number)

    def _replace(self, number: int) -> Iterator[Died[Task]]:
        """Start another in place of one that ended; one that was never ready has begun none of its tasks."""
        worker = self._workers[number]
        worker.outbox.put(_END)
        worker.end()
        if not worker.ready:
            self._note_failed_start(worker.process.exitcode)
        self._workers[number] = self._spawn()
        if worker.ready:
            yield Died(number, tuple(worker.open))
        else:
            for task in worker.open:
                self.submit(number, task)

    def _note_failed_start(self, exit_code: int | None) -> None:
        self._failed_starts += 1
        if self._failed_starts < _FAILED_STARTS:
            return
        raise EnvironmentFault(
            Message(
                f"工作进程 {_FAILED_STARTS} 次没能启动（退出码 {exit_code}）；"
                "可能是内存不足，或被系统、安全软件终止",
                f"a worker process could not be started {_FAILED_STARTS} times (exit code {exit_code}); "
                "memory may be short, or the system ended it",
            ),
            hint=Message(
                "减少 --workers 后重新运行同一条命令", "run the same command again with fewer --workers"
            ),
        )

    def _spawn(self) -> _Worker[Task]:
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        process = context.Process(target=_serve, args=(theirs, self._start), daemon=True)
        with _ignoring_interrupts():
            process.start()
        theirs.close()
        worker = _Worker[Task](process, ours)
        worker.feeder = threading.Thread(target=_feed, args=(worker,), name="feeder", daemon=True)
        worker.feeder.start()
        return worker


def _feed(worker: _Worker[Task]) -> None:
    """Send what is queued, in a thread of its own: neither side ever waits for the other to read."""
    with suppress(OSError, ValueError):  # the process has died; whoever waits for it hears of it
        while (task := worker.outbox.get()) is not _END:
            worker.connection.send(task)
        worker.connection.send(_END)


@contextmanager
def _ignoring_interrupts() -> Iterator[None]:
    """Let a process that starts now leave Ctrl-C to its parent (what is ignored stays so in a child)."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _serve(connection: Connection, start: Callable[[], Callable[[Task], Result]]) -> None:
    """Handle tasks until the parent ends them, or is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    handle = start()
    with suppress(EOFError, OSError):
        connection.send(_READY)
        while (task := connection.recv()) is not _END:
            connection.send(_answer(handle, task))


def _answer(handle: Callable[[Task], Result], task: Task) -> Result | Failed[Task]:
    try:
        return handle(task)
    except Exception:  # a mistake of ours costs its task, not the run
        return Failed(task, traceback.format_exc())
