"""An SQLite file, that of the catalogue and others: connections, transactions, and its faults in words."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, create_engine, event
from sqlalchemy.exc import DatabaseError

from docgen.base.errors import EnvironmentFault
from docgen.base.files import make_folder, remove
from docgen.base.messages import Message
from docgen.base.system_errors import told

_BUSY_SECONDS = 60
_LOCKED = Message(
    "等占用它的程序结束后再试；一直如此时，看是哪个程序开着这个文件",
    "try again when the program that holds it has ended; if it never does, see which one has it open",
)
_RESTORE = Message(
    "检查磁盘和权限；文件损坏时，从备份恢复或删除它（连同 -wal、-shm）后再运行；已完成和归档的文件不受影响",
    "check disk and permissions; if it is broken, restore it from a backup or delete it (with -wal and -shm) "
    "and run again; finished and archived documents are not affected",
)


class CatalogueDamaged(EnvironmentFault):
    """The file is no database, or is broken; a rebuild makes a new catalogue."""


class Database:
    """One SQLite file; readers do not wait for the writer, writers wait up to a minute for each other.

    Args:
        mend: What people can do about a file that is broken.
    """

    def __init__(self, path: Path, *, mend: Message = _RESTORE) -> None:
        self.path = path
        self._mend = mend
        with told(path.parent):
            make_folder(path.parent)
        self._engine = create_engine(f"sqlite:///{path}", connect_args={"timeout": _BUSY_SECONDS})
        event.listen(self._engine, "connect", _prepare)
        event.listen(self._engine, "begin", _begin)

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()

    def discard(self) -> None:
        """Remove the file; the next transaction creates a new one."""
        self.close()
        with told(self.path):
            for suffix in ("", "-wal", "-shm"):
                remove(self.path.with_name(self.path.name + suffix))

    @contextlib.contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection that sees one state of the file.

        Raises:
            CatalogueDamaged: The file is broken.
            EnvironmentFault: It cannot be opened, or is locked for too long.
        """
        with self._faults(), self._engine.begin() as connection:
            yield connection

    @contextlib.contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give a connection that alone may write; committed at the end, or not at all.

        Raises:
            CatalogueDamaged: The file is broken.
            EnvironmentFault: It cannot be written, or is locked for too long.
        """
        with self._faults(), self._engine.execution_options(writes=True).begin() as connection:
            yield connection

    @contextlib.contextmanager
    def _faults(self) -> Iterator[None]:
        try:
            yield
        except (DatabaseError, sqlite3.DatabaseError) as error:
            reason = str(error.orig if isinstance(error, DatabaseError) else error)
            broken = "malformed" in reason or "not a database" in reason
            kind = CatalogueDamaged if broken else EnvironmentFault
            raise kind(
                Message(f"数据库无法使用（{reason}）", f"the database cannot be used ({reason})"),
                where=str(self.path),
                hint=_LOCKED if "locked" in reason else self._mend,
            ) from error


def stamp(connection: Connection) -> int:
    """Return the stamp of the tables (`PRAGMA user_version`); 0 in a new file."""
    return int(connection.exec_driver_sql("PRAGMA user_version").scalar_one())


def _prepare(connection: Any, _record: object) -> None:
    """Transactions begin when we say so, not when the driver thinks fit."""
    connection.isolation_level = None
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
