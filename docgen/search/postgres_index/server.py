"""Connections to the database, its lock for writers, and what is said when it fails."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import Connection, errors
from psycopg.conninfo import conninfo_to_dict

from docgen.base.errors import DocgenError, EnvironmentFault
from docgen.base.locks import Locked
from docgen.base.messages import Message, same
from docgen.search.engine import Health
from docgen.search.faults import index_fault

_PAUSE = 0.02
#: The lock of those who write, one for each schema of the database.
_LOCK = "hashtextextended('docgen ' || current_schema(), 0)"
#: The oldest release that can count what an expression matches.
_OLDEST = 150_000
#: Trouble of the server or of the way to it, not of the index.
_OUTSIDE = (psycopg.OperationalError, psycopg.InterfaceError, errors.InsufficientPrivilege)


@dataclass(frozen=True)
class Server:
    """The database ``address`` (a connection string of libpq)."""

    address: str
    patience: float

    @property
    def where(self) -> str:
        """The database as people call it, without a password."""
        parts = conninfo_to_dict(self.address)
        host = parts.get("host") or "localhost"
        return f"postgresql://{host}/{parts.get('dbname') or ''}"

    def connect(self) -> Connection[Any]:
        """Return a new connection; every statement is a transaction of its own, unless one is begun.

        Raises:
            EnvironmentFault: The server cannot be reached, or does not suit.
        """
        with self.told():
            connection = psycopg.connect(self.address, autocommit=True, connect_timeout=10)
            self._check(connection)
            return connection

    def _check(self, connection: Connection[Any]) -> None:
        encoding = connection.info.parameter_status("server_encoding")
        if connection.info.server_version < _OLDEST or encoding != "UTF8":
            connection.close()
            raise EnvironmentFault(
                Message(
                    "检索数据库须为 PostgreSQL 15 或更新版本，编码为 UTF8",
                    "the database must be PostgreSQL 15 or newer, with the encoding UTF8",
                ),
                where=self.where,
                hint=same("createdb -E UTF8 -T template0 docgen"),
            )

    @contextmanager
    def alone(self) -> Iterator[Connection[Any]]:
        """Yield a connection that holds the lock of those who write.

        Raises:
            Locked: Another one holds it for too long.
        """
        with self.told(), self.connect() as connection:
            end = time.monotonic() + self.patience
            while not _first(connection, f"SELECT pg_try_advisory_lock({_LOCK})"):
                if time.monotonic() >= end:
                    raise self._locked()
                time.sleep(_PAUSE)
            try:
                yield connection
            finally:
                if not connection.broken:
                    _first(connection, f"SELECT pg_advisory_unlock({_LOCK})")

    def _locked(self) -> Locked:
        return Locked(
            Message(
                f"正被另一个程序使用，等待 {self.patience:g} 秒后放弃",
                f"in use by another program; gave up after {self.patience:g} seconds",
            ),
            where=self.where,
            hint=Message("等它结束后再试", "try again when it has finished"),
        )

    @contextmanager
    def told(self) -> Iterator[None]:
        """Say of an error inside the context whether the server or the index is to blame."""
        try:
            yield
        except DocgenError:
            raise
        except _OUTSIDE as error:
            raise EnvironmentFault(
                Message(f"检索数据库不可用：{error}", f"the database of the index is not available: {error}"),
                where=self.where,
                hint=Message(
                    "检查 docgen.toml 的 search.server、网络和数据库服务；归档不受影响，索引稍后自动补上",
                    "check search.server in docgen.toml, network and server; filing goes on meanwhile",
                ),
            ) from error
        except psycopg.Error as error:
            raise index_fault(Health.BROKEN, error, where=self.where) from error


def _first(connection: Connection[Any], statement: str) -> Any:
    found = connection.execute(statement.encode()).fetchone()
    return found[0] if found else None
