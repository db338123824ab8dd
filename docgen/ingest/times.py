"""When a file was changed last, as its writer says."""

from __future__ import annotations

from datetime import date, datetime, tzinfo
from pathlib import Path

from docgen.base.errors import ArchiveRefused
from docgen.base.messages import Message

#: Nanoseconds of a time that the catalogue cannot keep (64 bits with sign: to the year 2262).
_END_OF_TIME = 1 << 63


def last_changed(path: Path, zone: tzinfo) -> date:
    """Return the day on which a file was changed last.

    Raises:
        ArchiveRefused: It is none that the calendar, or the catalogue, knows.
        OSError: The file is gone.
    """
    seen = path.lstat()
    try:
        if abs(seen.st_mtime_ns) >= _END_OF_TIME:
            raise OverflowError
        return datetime.fromtimestamp(seen.st_mtime, zone).date()
    except (OverflowError, ValueError, OSError) as error:
        raise ArchiveRefused(
            Message(
                "文件的修改时间无效（超出历法）", "the time of the file's last change is outside the calendar"
            ),
            where=path.name,
            hint=Message("打开后重新保存，再放入收件夹", "open it and save it again, then drop it again"),
        ) from error
