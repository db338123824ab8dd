"""How far long work is: a bar on a terminal, a line every few seconds elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from docgen.base.messages import Message
from docgen.cli.output import note

if TYPE_CHECKING:
    from docgen.workflow.batches.wanted import Progress as Far

#: Seconds between lines where no bar can be drawn.
EVERY = 5.0
_ROWS = Message("行", "rows")
_INDEXING = Message("正在建索引", "being indexed")
_CONVERTING = Message("正在转换 PDF", "making PDFs")


@contextmanager
def progress(lang: str, unit: Message = _ROWS) -> Iterator[Callable[[Far], None]]:
    """Give a function that is told how far the work is; everything goes to standard error."""
    if sys.stderr.isatty():
        with _bar(lang) as tell:
            yield tell
    else:
        yield _Lines(lang, unit)


@contextmanager
def file_progress(lang: str) -> Iterator[Callable[[int, int], None]]:
    """Give a function that is told how many of how many files are done."""
    from docgen.workflow.batches.wanted import Progress

    with progress(lang, Message("个文件", "files")) as tell:
        yield lambda done, total: tell(Progress(done, total, done, 0))


@contextmanager
def _bar(lang: str) -> Iterator[Callable[[Far], None]]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
        TextColumn("{task.fields[failed]}"),
        TextColumn("{task.description}"),
    )
    began = time.monotonic()
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None, rate="", failed="")

        def tell(far: Far) -> None:
            rate = _rate(far, time.monotonic() - began).text(lang)
            failed = _failed(far).text(lang) if far.failed else ""
            what = _phase(far).text(lang)
            bar.update(task, completed=far.done, total=far.total, rate=rate, failed=failed, description=what)

        yield tell


@contextmanager
def counting(lang: str) -> Iterator[Callable[[int, int], None]]:
    """Give a function that is told how much is done, of how much; everything goes to standard error."""
    if not sys.stderr.isatty():
        yield _Counts(lang)
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

    columns = (BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


class _Counts:
    """Prints a line when some seconds have passed since the last."""

    def __init__(self, lang: str) -> None:
        self._lang = lang
        self._last = time.monotonic()

    def __call__(self, done: int, total: int) -> None:
        if time.monotonic() - self._last >= EVERY:
            self._last = time.monotonic()
            note(Message(f"已处理 {done}/{total}", f"{done} of {total} done"), self._lang)


class _Lines:
    """Prints a line when some seconds have passed since the last."""

    def __init__(self, lang: str, unit: Message) -> None:
        self._lang, self._unit = lang, unit
        self._began = self._last = time.monotonic()

    def __call__(self, far: Far) -> None:
        now = time.monotonic()
        if now - self._last < EVERY:
            return
        self._last = now
        if far.indexing:
            note(
                Message(f"正在建索引 {far.done}/{far.total}", f"{far.done} of {far.total} indexed"),
                self._lang,
            )
            return
        rate, unit = _rate(far, now - self._began), self._unit
        failed = _failed(far) if unit is _ROWS or far.failed else Message("没有失败", "none failed")
        left = _left(far, now - self._began)
        phase = Message("，正在转换 PDF", ", making PDFs") if far.converting else Message("", "")
        of = f"/{far.total}" if far.total is not None else ""
        note(
            Message(
                f"已处理 {far.done}{of} {unit.zh}，{rate.zh}{left.zh}，{failed.zh}{phase.zh}",
                f"{far.done}{of} {unit.en}, {rate.en}{left.en}, {failed.en}{phase.en}",
            ),
            self._lang,
        )


def _phase(far: Far) -> Message:
    return _INDEXING if far.indexing else _CONVERTING if far.converting else Message("", "")


def _rate(far: Far, seconds: float) -> Message:
    rate = far.now / seconds if seconds > 0 else 0.0
    return Message(f"{rate:.0f} 份/秒", f"{rate:.0f}/s")


def _left(far: Far, seconds: float) -> Message:
    if far.total is None or not far.now or far.total <= far.done:
        return Message("", "")
    left = round((far.total - far.done) * seconds / far.now)
    shown = f"{left // 60}:{left % 60:02d}"
    return Message(f"，约剩 {shown}", f", {shown} left")


def _failed(far: Far) -> Message:
    return Message(f"失败 {far.failed} 行", f"{far.failed} failed")
