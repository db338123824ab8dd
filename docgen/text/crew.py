"""Several children that read files side by side, results in order."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from docgen.text.worker import Worker

Item = TypeVar("Item")
Result = TypeVar("Result")

#: Results that are made ahead for each child: nobody waits, and memory is bounded.
_AHEAD = 8


class Crew:
    """Up to ``count`` children, each started when it is first needed. Use as a context manager."""

    def __init__(self, count: int) -> None:
        self._count = count
        self._own = threading.local()
        self._workers: list[Worker] = []
        self._threads = ThreadPoolExecutor(count)

    def __enter__(self) -> Crew:
        return self

    def __exit__(self, *error: object) -> None:
        self._threads.shutdown(cancel_futures=True)
        for worker in self._workers:
            worker.close()

    def each(self, read: Callable[[Item, Worker], Result], items: Iterable[Item]) -> Iterator[Result]:
        """Yield ``read(item, child)`` for every item, in their order."""
        ahead: deque[Future[Result]] = deque()
        for item in items:
            ahead.append(self._threads.submit(self._call, read, item))
            if len(ahead) > _AHEAD * self._count:
                yield ahead.popleft().result()
        while ahead:
            yield ahead.popleft().result()

    def _call(self, read: Callable[[Item, Worker], Result], item: Item) -> Result:
        if not hasattr(self._own, "worker"):
            self._own.worker = Worker()
            self._workers.append(self._own.worker)
        return read(item, self._own.worker)
