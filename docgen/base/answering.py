"""Does a drive answer? A share that is away lets every call wait for minutes."""

from __future__ import annotations

import threading
from contextlib import suppress
from pathlib import Path

#: A share that answers at all does so within these seconds.
_SECONDS = 5.0


def answers(folder: Path, seconds: float = _SECONDS) -> bool:
    """Return whether the drive of ``folder`` answers within ``seconds``, be it that there is no such folder.

    The call that waits is left to a thread of its own, which ends when the drive comes back.
    """
    answered = threading.Event()

    def ask() -> None:
        with suppress(OSError):
            folder.stat()
        answered.set()

    threading.Thread(target=ask, daemon=True).start()
    return answered.wait(seconds)
