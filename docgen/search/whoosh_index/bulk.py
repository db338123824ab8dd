"""Many documents into segments: few in this process, more in one process for each processor."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import Any

from docgen.base.errors import EnvironmentFault
from docgen.base.messages import Message
from docgen.base.pool import Died, Failed, Pool, processors
from docgen.search.engine import IndexDocument
from docgen.search.whoosh_index.building import SegmentBuilder

#: Up to so many documents are quicker done here than processes are started.
FEW = 200
#: Documents that are handed to a process at once, and batches that may wait for it.
_BATCH, _WAITING = 25, 4
#: Each process takes up to 200 MB.
_MOST_PROCESSES = 4

#: What a process is given; an empty batch: finish.
_Batch = list[IndexDocument]


def build(documents: Iterable[IndexDocument], room: Path) -> tuple[list[Any], int]:
    """Write ``documents`` into the folder ``room`` as segments; return them and the number of documents.

    Raises:
        EnvironmentFault: A process cannot be started, or was ended from outside (no memory).
    """
    coming = iter(documents)
    first = list(islice(coming, FEW))
    if len(first) < FEW:
        return _built_here(first, room), len(first)
    return _built_apart(chain(first, coming), room)


def _built_here(documents: list[IndexDocument], room: Path) -> list[Any]:
    if not documents:
        return []
    builder = SegmentBuilder(room)
    try:
        for document in documents:
            builder.add(document)
        return [builder.finish()]
    except BaseException:
        builder.abandon()
        raise


def _built_apart(documents: Iterator[IndexDocument], room: Path) -> tuple[list[Any], int]:
    number, segments = 0, list[Any]()
    with Pool[_Batch, list[Any]](min(processors(), _MOST_PROCESSES), partial(_start, room)) as pool:
        left = 0
        while batch := list(islice(documents, _BATCH)):
            pool.submit(pool.idlest(), batch)
            number, left = number + len(batch), left + 1
            while left >= _WAITING * len(pool):
                left -= _hear(pool, segments)
        for worker in range(len(pool)):
            pool.submit(worker, [])
            left += 1
        while left:
            left -= _hear(pool, segments)
    return segments, number


def _hear(pool: Pool[_Batch, list[Any]], segments: list[Any]) -> int:
    """Wait for answers; add the segments that are finished, and return the number of answers."""
    count = 0
    for said in pool.wait():
        if isinstance(said, Failed):
            raise RuntimeError(said.traceback)
        if isinstance(said, Died):
            raise EnvironmentFault(
                Message(
                    "建立索引的进程被终止（内存不足？）",
                    "a process that builds the index was ended",
                ),
                hint=Message(
                    "关闭其他程序后再运行 docgen rebuild；原有索引照常可用",
                    "close other programs, then run docgen rebuild again; the old index serves",
                ),
            )
        segments += said.result
        count += 1
    return count


def _start(room: Path) -> Callable[[_Batch], list[Any]]:
    """Return what a process does with a batch: collect it, or finish."""
    current: list[SegmentBuilder] = []

    def handle(batch: _Batch) -> list[Any]:
        finished = []
        for document in batch:
            if not current:
                current.append(SegmentBuilder(room))
            current[0].add(document)
            if current[0].is_full:
                finished.append(current.pop().finish())
        if not batch and current:
            finished.append(current.pop().finish())
        return finished

    return handle
