"""Names that are never taken: what programs keep beside a document while they work on it."""

from __future__ import annotations

import re

#: Hidden files are among them: locks of LibreOffice, targets of rsync, `._name` and `.DS_Store` of macOS.
_HIDDEN = (".", "~")
_ENDINGS = (
    *("~", ".tmp", ".temp", ".swp", ".lock", ".lck"),
    # browsers and download managers
    *(".part", ".partial", ".crdownload", ".download", ".downloading", ".opdownload", ".filepart"),
    *(".qkdownload", ".aria2", ".xltd", ".td", ".td.cfg", ".baiduyun.p.downloading", ".!ut"),
)
_NAMES = frozenset(
    (
        *("thumbs.db", "ehthumbs.db", "desktop.ini", "icon\r"),
        *("$recycle.bin", "system volume information", "lost+found", "__macosx", "@eadir", "#recycle"),
    )
)
#: For files alone, and none of them fits a name with an extension that is filed: folders are named by people.
_FILES = (
    re.compile(r"[0-9A-F]{8}"),  # Excel saves under eight hex digits, then renames
    re.compile(r"Word Work File [^.]*"),  # Word for macOS
    re.compile(r"lu[0-9]+[0-9a-z]*"),  # LibreOffice
    re.compile(r".+\.sb-[0-9a-f]{8}-[0-9A-Za-z]{6}"),  # programs for macOS
    re.compile(r".+\.~[^.]*"),  # editors
)
#: In which programs for macOS save; several at once are numbered.
_SAVING = "(a document being saved by "
#: What docgen makes in an inbox itself, for moments.
_OURS = ".docgen-"


def is_temporary(name: str, *, folder: bool = False) -> bool:
    """Whether a file, or folder, of this name belongs to a program at work, or to the system."""
    return (
        is_never_of_people(name)
        or name.startswith(_HIDDEN)
        or name.casefold().endswith(_ENDINGS)
        or (folder and name.casefold().startswith(_SAVING))
        or (not folder and any(pattern.fullmatch(name) for pattern in _FILES))
    )


def is_never_of_people(name: str) -> bool:
    """Whether a name belongs to the system, or to docgen: nobody need be told that it is left out."""
    return name.casefold() in _NAMES or name.startswith(_OURS)
