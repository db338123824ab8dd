"""The day of a file's last change, if it has one."""

from __future__ import annotations

import os
from datetime import UTC, date
from pathlib import Path

import pytest

from docgen.base.errors import ArchiveRefused
from docgen.ingest.times import last_changed


def test_the_day_of_the_last_change(tmp_path) -> None:
    path = tmp_path / "扫描.pdf"
    path.touch()
    os.utime(path, (0, 86_400))

    assert last_changed(path, UTC) == date(1970, 1, 2)


@pytest.mark.parametrize("seconds", [1e12, 1e18, -1e12])
def test_a_time_that_no_calendar_has_is_refused(tmp_path, monkeypatch, seconds) -> None:
    seen = os.stat_result((0,) * 8 + (int(seconds), 0), {"st_mtime": seconds, "st_mtime_ns": 0})
    monkeypatch.setattr(Path, "lstat", lambda _self: seen)

    with pytest.raises(ArchiveRefused, match="修改时间"):
        last_changed(tmp_path / "扫描.pdf", UTC)
