"""Where things are in the archive folder (docs/archive-format.md)."""

from __future__ import annotations

#: Copies of filings that have not ended; swept by recovery.
TMP = ".tmp"
#: Inside a temporary folder: locked while a filing copies into it without the project's lock.
AT_WORK = "at-work.lock"
#: Lock files, one a project.
LOCKS = ".locks"
#: The journal's folder inside a project's folder.
JOURNAL = "journal"
#: Beside the archive folder: what came a second time through an inbox.
DUPLICATES = "duplicates"
MANIFEST = "manifest-sha256.txt"


def entry_path(seq: int) -> str:
    """Return the path of entry ``seq``, relative to the project folder."""
    return f"{JOURNAL}/{seq:06d}.json"
