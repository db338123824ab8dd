"""What lies in an inbox at one moment."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass, field
from pathlib import Path

from docgen.ingest.temporary import is_never_of_people, is_temporary


@dataclass(frozen=True, slots=True)
class Sighting:
    """A file as it was seen; a file that is touched in any way is another sighting.

    Attributes:
        regular: False: a link, a pipe, a device.
        size: Bytes.
        mtime_ns: Time of last change, as the writer says.
        ctime_ns: Time of last change, as the system says: it moves also where a copy keeps the old time.
    """

    regular: bool
    device: int
    inode: int
    size: int
    mtime_ns: int
    ctime_ns: int

    @classmethod
    def of(cls, path: Path) -> Sighting:
        """Look at ``path``, not following links.

        Raises:
            OSError: It cannot be looked at, or is gone.
        """
        return cls._from(path.lstat())

    @classmethod
    def _from(cls, seen: os.stat_result) -> Sighting:
        regular = stat.S_ISREG(seen.st_mode)
        return cls(regular, seen.st_dev, seen.st_ino, seen.st_size, seen.st_mtime_ns, seen.st_ctime_ns)


@dataclass(slots=True)
class Scan:
    """Files by path, and the folders inside the inbox that could not be read, or have temporary names."""

    files: dict[Path, Sighting] = field(default_factory=dict)
    unreadable: dict[Path, OSError] = field(default_factory=dict)
    left_out: list[Path] = field(default_factory=list)


def scan(inbox: Path) -> Scan:
    """Return what lies in ``inbox`` and its folders; temporary names are left out, links are not followed.

    Raises:
        OSError: The inbox itself cannot be read.
    """
    found = Scan()
    folders = _look(inbox, found)
    while folders:
        folder = folders.pop()
        try:
            folders += _look(folder, found)
        except FileNotFoundError:
            continue  # removed or renamed meanwhile
        except OSError as error:
            found.unreadable[folder] = error
    return found


def _look(where: Path, found: Scan) -> list[Path]:
    """Note the files of one folder; return the folders in it."""
    folders = []
    with os.scandir(where) as entries:
        for entry in entries:
            path = Path(entry.path)
            folder = entry.is_dir(follow_symlinks=False)
            if is_temporary(entry.name, folder=folder):
                if folder and not is_never_of_people(entry.name):
                    found.left_out.append(path)
                continue
            if folder:
                folders.append(path)
                continue
            try:
                found.files[path] = Sighting.of(path)
            except FileNotFoundError:
                continue  # taken away meanwhile
    return folders
