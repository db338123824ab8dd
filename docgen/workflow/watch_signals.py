"""How the threads of the watcher are woken, and told to stop."""

from __future__ import annotations

import queue


class Bell:
    """Wakes one thread; it may be rung from signal handlers and any thread."""

    def __init__(self) -> None:
        self._rings: queue.SimpleQueue[None] = queue.SimpleQueue()

    def ring(self) -> None:
        """Let the thread go on now."""
        self._rings.put(None)

    def wait(self, seconds: float) -> None:
        """Wait until rung, or so long."""
        try:
            self._rings.get(timeout=seconds)
            while True:  # one round answers all calls so far
                self._rings.get_nowait()
        except queue.Empty:
            return


class Signals:
    """How the watcher is woken and told to stop; both may be called from signal handlers and any thread."""

    def __init__(self) -> None:
        self.stopped = False
        #: Wakes the thread that tells what became of files.
        self.main = Bell()
        self._bells = [self.main]

    def bell(self) -> Bell:
        """Return a bell for one more thread."""
        self._bells.append(Bell())
        return self._bells[-1]

    def wake(self) -> None:
        """Let the next round begin now."""
        for bell in self._bells:
            bell.ring()

    def stop(self) -> None:
        """End after the group in hand."""
        self.stopped = True
        self.wake()
