"""档案备份记录: every backup, restore test and restore, a line each in `state/backup-log.jsonl` (AR-54)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from docgen.base import files
from docgen.base.system_errors import told
from docgen.base.workspace import Workspace


def moment_of(entry: Mapping[str, Any]) -> datetime:
    """Return when an entry was noted."""
    return datetime.fromisoformat(entry["time"])


def log_path(workspace: Workspace) -> Path:
    """Return where the log is."""
    return workspace.state / "backup-log.jsonl"


def note(workspace: Workspace, entry: Mapping[str, object]) -> None:
    """Add a line to the log; one that a crash cut short stays a line of its own."""
    path = log_path(workspace)
    with told(path):
        files.make_folder(path.parent)
        torn = path.exists() and not path.read_bytes().endswith(b"\n") and path.stat().st_size
        line = json.dumps(entry, ensure_ascii=False) + "\n"
        files.append(path, (b"\n" if torn else b"") + line.encode())


def read_log(workspace: Workspace) -> tuple[list[dict[str, Any]], int]:
    """Return the entries, oldest first, and how many lines cannot be read."""
    path = log_path(workspace)
    if not path.exists():
        return [], 0
    entries: list[dict[str, Any]] = []
    lines = [line for line in path.read_text(encoding="utf-8", errors="replace").splitlines() if line]
    for line in lines:
        with suppress(ValueError, KeyError, TypeError, RecursionError):
            entry = json.loads(line)
            moment_of(entry)
            if {"action", "snapshot"} <= entry.keys():
                entries.append(entry)
    return entries, len(lines) - len(entries)
