"""The SQLite file of the catalogue: connections, transactions, and its faults in words."""

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


class CatalogueDamaged(EnvironmentFault):
    """The catalogue's file is not one, or is broken; a rebuild makes a new one."""


class Database:
    """One SQLite file; readers do not wait for the writer, writers wait up to a minute for each other."""

    def __init__(self, path: Path) -> None:
        self.path = path
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
        with _faults(self.path), self._engine.begin() as connection:
            yield connection

    @contextlib.contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give a connection that alone may write; committed at the end, or not at all.

        Raises:
            CatalogueDamaged: The file is broken.
            EnvironmentFault: It cannot be written, or is locked for too long.
        """
        with _faults(self.path), self._engine.execution_options(writes=True).begin() as connection:
            yield connection


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


@contextlib.contextmanager
def _faults(path: Path) -> Iterator[None]:
    try:
        yield
    except (DatabaseError, sqlite3.DatabaseError) as error:
        reason = str(error.orig if isinstance(error, DatabaseError) else error)
        broken = "malformed" in reason or "not a database" in reason
        kind = CatalogueDamaged if broken else EnvironmentFault
        raise kind(
            Message(f"目录数据库无法使用（{reason}）", f"the catalogue cannot be used ({reason})"),
            where=str(path),
            hint=Message(
                "检查磁盘和权限后运行 docgen rebuild；归档文件不受影响",
                "check disk and permissions, then run docgen rebuild; the archive itself is not affected",
            ),
        ) from error
