"""One lock between processes: whoever holds it may write; it ends with its holder."""

from __future__ import annotations

import contextlib
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from docgen.base.errors import EnvironmentFault
from docgen.base.messages import Message
from docgen.base.system_errors import told

#: Seconds that a caller waits for another one to finish.
PATIENCE = 30.0
_PAUSE = 0.02
#: Windows locks are mandatory: lock a byte far behind the text, so that the holder's number stays readable.
_LOCKED_BYTE = 1 << 30


class Locked(EnvironmentFault):
    """Another process (or thread) holds the lock."""


@contextlib.contextmanager
def lock(path: Path, *, timeout: float = PATIENCE) -> Iterator[None]:
    """Hold the lock file ``path``; the folder must exist. Not reentrant.

    The system gives the lock up when its holder ends, however it ends, so the file itself is never removed.

    Raises:
        Locked: Another process (or thread) holds it for longer than ``timeout`` seconds.
    """
    with told(path):
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        _wait(handle, path, timeout)
        with contextlib.suppress(OSError):  # the number is for the message only
            os.ftruncate(handle, 0)
            os.write(handle, str(os.getpid()).encode())
        yield
    finally:
        os.close(handle)


def is_held(path: Path) -> bool:
    """Whether somebody is known to hold the lock file ``path``: not if it is missing, or cannot be asked."""
    try:
        handle = os.open(path, os.O_RDONLY)
    except OSError:
        return False
    try:
        return _is_locked(handle)
    except OSError:  # the drive knows no locks
        return False
    finally:
        os.close(handle)


def _wait(handle: int, path: Path, timeout: float) -> None:
    end = time.monotonic() + timeout
    while not _try(handle):
        if time.monotonic() >= end:
            holder = path.read_text(encoding="ascii", errors="replace").strip() or "?"
            raise Locked(
                Message(
                    f"正被另一个程序使用（进程 {holder}），等待 {timeout:g} 秒后放弃",
                    f"in use by another program (process {holder}); gave up after {timeout:g} seconds",
                ),
                where=str(path),
                hint=Message("等它结束后再试", "try again when it has finished"),
            )
        time.sleep(_PAUSE)


if sys.platform == "win32":
    import msvcrt

    def _try(handle: int) -> bool:
        os.lseek(handle, _LOCKED_BYTE, os.SEEK_SET)
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        finally:
            os.lseek(handle, 0, os.SEEK_SET)
        return True

    def _is_locked(handle: int) -> bool:
        """Ask more than once: others who ask hold the lock for a moment, too."""
        for _ in range(5):
            if _try(handle):
                return False
            time.sleep(_PAUSE)
        return True

else:
    import fcntl

    def _try(handle: int) -> bool:
        return _flock(handle, fcntl.LOCK_EX)

    def _is_locked(handle: int) -> bool:
        """Ask for a lock that can be shared: so those who ask do not see each other."""
        return not _flock(handle, fcntl.LOCK_SH)

    def _flock(handle: int, kind: int) -> bool:
        try:
            fcntl.flock(handle, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
