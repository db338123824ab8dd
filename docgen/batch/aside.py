"""A temporary database for rows and numbers that memory need not hold."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Sequence

from docgen.base.errors import EnvironmentFault
from docgen.base.messages import Message


class Aside:
    """A database without a name: its file vanishes when it is closed. Faults are told in words."""

    def __init__(self) -> None:
        self._connection = sqlite3.connect("", isolation_level=None, check_same_thread=False)

    def execute(self, statement: str, values: Sequence[object] = ()) -> sqlite3.Cursor:
        """Do a statement.

        Raises:
            EnvironmentFault: The folder for temporary files is full, or cannot be written.
        """
        try:
            return self._connection.execute(statement, values)
        except sqlite3.OperationalError as error:
            raise EnvironmentFault(
                Message(f"临时文件写不下（{error}）", f"a temporary file cannot be written ({error})"),
                where=tempfile.gettempdir(),
                hint=Message("清理磁盘，或设置 TMPDIR 指向别处", "make room, or set TMPDIR"),
            ) from error

    def close(self) -> None:
        """Forget everything."""
        self._connection.close()


class Highest:
    """The highest number noted under each key, for any number of keys; 0 under a new one."""

    def __init__(self) -> None:
        self._db = Aside()
        self._db.execute("PRAGMA journal_mode = OFF")
        self._db.execute("CREATE TABLE highest (key TEXT PRIMARY KEY, value INTEGER) WITHOUT ROWID")

    def get(self, *key: str) -> int:
        """Return the highest number under ``key``."""
        found = self._db.execute("SELECT value FROM highest WHERE key = ?", ("\0".join(key),)).fetchone()
        return int(found[0]) if found else 0

    def note(self, value: int, *key: str) -> None:
        """Note a number."""
        self._db.execute(
            "INSERT INTO highest VALUES (?, ?) ON CONFLICT DO UPDATE SET value = max(value, excluded.value)",
            ("\0".join(key), value),
        )
