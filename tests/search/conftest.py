"""Documents for the tests of search, and places in which the engines keep their indexes."""

from __future__ import annotations

import datetime as dt
import json
import runpy
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from docgen.search.engine import Engine, IndexDocument
from docgen.search.engines import open_engine

Maker = Callable[..., IndexDocument]


def make_document(id_: str, text: str = "", **values: object) -> IndexDocument:
    usual: dict[str, object] = {
        "doc_id": f"XM-{id_}",
        "project": "示例项目",
        "type_id": "service_contract",
        "type_name": "服务合同",
        "category": "合同协议",
        "date": dt.date(2023, 4, 1),
        "version": "V1.0",
        "title": "",
    }
    return IndexDocument(id=id_, text=text, **{**usual, **values})  # type: ignore[arg-type]


@pytest.fixture(scope="session")
def document() -> Maker:
    return make_document


@dataclass(frozen=True)
class Place:
    """Where one engine keeps one index."""

    engine: str
    root: Path
    server: str = ""
    opened: list[Engine] = field(default_factory=list)

    def open(self, patience: float = 5) -> Engine:
        """Open the engine; it is closed when the test ends."""
        self.opened.append(open_engine(self.engine, self.root, server=self.server, patience=patience))
        return self.opened[-1]

    @property
    def folder(self) -> Path:
        return self.root / self.engine

    def stamp(self) -> dict[str, object]:
        found: dict[str, object] = json.loads((self.folder / "stamp.json").read_bytes())
        return found

    def write_stamp(self, stamp: dict[str, object]) -> None:
        (self.folder / "stamp.json").write_text(json.dumps(stamp))

    def is_untouched(self) -> bool:
        return not self.folder.exists()

    def generations(self) -> int:
        return len(list(self.folder.glob("g-*")))

    def damages(self) -> list[Callable[[], object]]:
        """Ways to break the index."""
        return [
            lambda: (self.folder / "stamp.json").write_bytes(b"{"),
            lambda: next(self.folder.glob("g-*")).rename(self.folder / "away"),
            lambda: self._largest().write_bytes(self._largest().read_bytes()[:-200]),
            lambda: self._largest().write_bytes(b""),
            lambda: [path.unlink() for path in self._lists()],
        ]

    def _largest(self) -> Path:
        return max(self.folder.glob("g-*/*"), key=lambda path: (path.suffix != ".toc", path.stat().st_size))

    def _lists(self) -> list[Path]:
        return [*self.folder.glob("g-*/*.toc"), *self.folder.glob("g-*/meta.json")]


@dataclass(frozen=True)
class DatabasePlace(Place):
    """A database of its own."""

    def stamp(self) -> dict[str, object]:
        [(stamp,)] = self.execute("SELECT stamp FROM docgen_index")
        return stamp

    def write_stamp(self, stamp: dict[str, object]) -> None:
        self.execute("UPDATE docgen_index SET stamp = %s", json.dumps(stamp))

    def generations(self) -> int:
        return len(self.execute("SELECT FROM pg_tables WHERE tablename LIKE 'docgen_g%'"))

    def is_untouched(self) -> bool:
        return not self.execute("SELECT FROM pg_tables WHERE tablename LIKE 'docgen%'")

    def damages(self) -> list[Callable[[], object]]:
        table = f"docgen_{self.stamp()['generation']}"
        return [
            lambda: self.execute("UPDATE docgen_index SET stamp = '[]'"),
            lambda: self.execute("DELETE FROM docgen_index"),
            lambda: self.execute(f"DROP TABLE {table}"),
            lambda: self.execute(f"ALTER TABLE {table} DROP COLUMN tokens"),
        ]

    def execute(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        import psycopg

        with psycopg.connect(self.server, autocommit=True) as connection:
            found = connection.execute(statement, values or None)
            return found.fetchall() if found.description is not None else []


@pytest.fixture(scope="session")
def database_server() -> Iterator[str | None]:
    """A PostgreSQL server for this run, as a connection string without a database; `None`: there is none."""
    own = runpy.run_path(str(Path(__file__).parents[1] / "bench" / "database.py"))
    with own["server"]("fsync=off") as running:
        yield running


@pytest.fixture
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    """Where an engine (the default one, unless a test asks for another) keeps its index."""
    made = _place(request, tmp_path)
    yield made
    for engine in made.opened:
        engine.close()


def _place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    name = getattr(request, "param", "whoosh")
    if name != "postgres":
        return Place(name, tmp_path / "search")
    server = request.getfixturevalue("database_server")
    if server is None:
        pytest.skip("there is no PostgreSQL server on this machine")
    database = f"d{secrets.token_hex(4)}"
    DatabasePlace("postgres", tmp_path, f"{server} dbname=postgres").execute(f"CREATE DATABASE {database}")
    return DatabasePlace("postgres", tmp_path, f"{server} dbname={database}")


@pytest.fixture
def engine(place: Place) -> Engine:
    """An empty index."""
    made = place.open()
    made.rebuild([])
    return made
