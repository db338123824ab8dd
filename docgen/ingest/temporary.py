"""Names that are never taken: what programs keep beside a document while they work on it."""

from __future__ import annotations

import re

#: Hidden files are among them: locks of LibreOffice, targets of rsync, `._name` and `.DS_Store` of macOS.
_HIDDEN = (".", "~")
_ENDINGS = (
    *("~", ".tmp", ".temp", ".swp", ".lock", ".lck"),
    # browsers and download managers
    *(".part", ".partial", ".crdownload", ".download", ".downloading", ".opdownload", ".filepart"),
    *(".aria2", ".xltd", ".td", ".td.cfg", ".baiduyun.p.downloading", ".!ut"),
)
_NAMES = frozenset(
    (
        *("thumbs.db", "ehthumbs.db", "desktop.ini", "icon\r"),
        *("$recycle.bin", "system volume information", "lost+found", "__macosx", "@eadir", "#recycle"),
    )
)
_PATTERNS = (
    re.compile(r"[0-9A-F]{8}"),  # Excel saves under eight hex digits, then renames
    re.compile(r"Word Work File .*"),  # Word for macOS
    re.compile(r"lu[0-9]+[0-9a-z]*"),  # folders of LibreOffice
)


def is_temporary(name: str) -> bool:
    """Whether a file or folder of this name belongs to a program at work, or to the system."""
    folded = name.casefold()
    return (
        name.startswith(_HIDDEN)
        or folded.endswith(_ENDINGS)
        or folded in _NAMES
        or any(pattern.fullmatch(name) for pattern in _PATTERNS)
    )
