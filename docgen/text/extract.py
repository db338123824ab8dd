"""Text of one file, read in a child process with limits."""

from __future__ import annotations

from pathlib import Path

from docgen.text.extracted import Extracted
from docgen.text.worker import Worker


def extract(path: Path) -> Extracted:
    """Return the text of ``path``; whatever is wrong with the file is one of its problems.

    Starts a process for this one file (about a quarter of a second); for many files keep a `Worker`.

    Raises:
        EnvironmentFault: The child process cannot be started.
    """
    with Worker() as worker:
        return worker.extract(path)
