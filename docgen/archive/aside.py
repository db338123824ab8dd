"""Files that are not filed, set aside where people find them: `<root>/<date>/<start of digest>/`.

Each lies there under its own name, with `reason.txt` beside it. Nothing is replaced, and a file leaves its
place only when it is whole in the other.
"""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from docgen.base import files, publishing

REASON = "reason.txt"
_RULE = "\n----\n"


def set_aside(paths: Sequence[Path], root: Path, day: date, digest: str, reason: str) -> list[Path]:
    """Move ``paths`` into one folder under ``root``; return where they are.

    Args:
        paths: Files, or links, pipes and the like, which are moved as such.
        root: `rejected/` or `duplicates/`.
        day: Today.
        digest: SHA-256 of the first file, or of what else tells it apart.
        reason: What people read in `reason.txt`.

    Raises:
        OSError: Not all could be moved; those that were are in their new place, the others in their old one.
    """
    folder = root / day.isoformat() / digest[:8]
    files.make_folder(folder)
    _explain(folder / REASON, reason)
    try:
        moved = [publishing.bring(path, folder / path.name) for path in paths]
    except OSError:
        _forget_if_alone(folder)
        raise
    files.sync_folder(folder)
    return moved


def _forget_if_alone(folder: Path) -> None:
    """Remove a reason beside which nothing lies."""
    with contextlib.suppress(OSError):
        if [path.name for path in folder.iterdir()] == [REASON]:
            files.remove_tree(folder)


def _explain(path: Path, reason: str) -> None:
    """Write why; the same bytes may come again under another name, for another reason."""
    known = ""
    with contextlib.suppress(FileNotFoundError):
        known = path.read_text(encoding="utf-8", errors="replace")
    if reason in known:
        return
    text = _RULE.join(filter(None, (known.rstrip("\n"), reason))) + "\n"
    files.replace(path, text.encode("utf-8", "backslashreplace"))
