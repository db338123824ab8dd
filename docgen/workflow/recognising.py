"""Text of scans, recognised when there is time, page by page: what was done stays done."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from docgen.base.files import make_folder
from docgen.base.locks import Locked, lock
from docgen.base.messages import Message
from docgen.text.recogniser import available
from docgen.workflow.indexing import index_filed
from docgen.workflow.scans import Scan, Trouble
from docgen.workflow.session import Session


@dataclass(frozen=True, slots=True)
class Standing:
    """How far the recognition of scans is.

    Attributes:
        available: Whether this machine can recognise text (the extra is installed).
        waiting: Files that wait.
        done: Files that are done with.
        troubles: Files and pages that cannot be recognised.
    """

    available: bool
    waiting: int
    done: int
    troubles: tuple[Trouble, ...]


def standing(session: Session) -> Standing:
    """Return how far the recognition of scans is."""
    scans = session.scans
    return Standing(available(), scans.waiting(), scans.done(), tuple(scans.troubles()))


def recognise_some(
    session: Session,
    seconds: float,
    *,
    clock: Callable[[], float] = time.monotonic,
    watch: Callable[[str, int, int], None] = lambda _path, _done, _total: None,
) -> int:
    """Recognise waiting pages for about so many seconds; at least one page, if one waits.

    A file becomes searchable when its last page is done. Where the extra is not installed, or another
    process is at it, nothing happens.

    Args:
        session: The workspace.
        seconds: After so many, no further page is begun.
        clock: Seconds that pass.
        watch: Told file, pages done and pages to be done, after every page.

    Returns:
        The number of pages that were done.

    Raises:
        EnvironmentFault: The disk refuses, or the child process cannot be started.
    """
    if not available() or not session.scans.waiting():
        return 0
    make_folder(session.workspace.state)
    try:
        with lock(session.workspace.state / "ocr.lock", timeout=0):
            return _until(session, clock() + seconds, clock, watch)
    except Locked:
        return 0


def _until(
    session: Session, end: float, clock: Callable[[], float], watch: Callable[[str, int, int], None]
) -> int:
    pages = 0
    while scan := session.scans.next():
        left = _pages_left(session, scan)
        for done, number in enumerate(left, 1):
            if pages and clock() >= end:
                return pages
            _recognise(session, scan, number)
            pages += 1
            watch(scan.path, done, len(left))
        _finish(session, scan)
    session.recogniser.close()
    return pages


def _pages_left(session: Session, scan: Scan) -> list[int]:
    if scan.pages is None:
        found = session.recogniser.pages(session.workspace.archive / scan.path)
        if isinstance(found, Message):
            session.scans.failed(scan, found.zh)
            return []
        scan = session.scans.counted(scan, found)
    return session.scans.left(scan)


def _recognise(session: Session, scan: Scan, number: int) -> None:
    text = session.recogniser.text(session.workspace.archive / scan.path, number)
    if isinstance(text, Message):
        session.scans.recognised(scan, number, "", text.zh)
    else:
        session.scans.recognised(scan, number, text)


def _finish(session: Session, scan: Scan) -> None:
    """Bring the text of a file into the index."""
    session.scans.finished(scan)
    session.catalogue.index_again(scan.sha256)
    index_filed(session)
