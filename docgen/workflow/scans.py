"""Scans and the text recognised in them, in `state/ocr.sqlite`: by content, so that nothing is read twice.

What waits could be derived from the archive; the text takes some ten seconds a page to make again, and
therefore does not lie with what `docgen rebuild` makes anew.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import (
    Column,
    Connection,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    delete,
    func,
    select,
    update,
)
from sqlalchemy.dialects.sqlite import insert as upsert

from docgen.archive.database import Database

_metadata = MetaData()
_scans = Table(
    "scans",
    _metadata,
    Column("id", Integer, primary_key=True),
    Column("sha256", String, nullable=False, unique=True),
    #: Relative to the archive folder.
    Column("path", String, nullable=False),
    #: Numbers of the pages to be recognised, as JSON; empty: not known yet.
    Column("pages", Text, nullable=False, default=""),
    Column("done", Integer, nullable=False, default=0),
    #: Why the file cannot be read at all; else empty.
    Column("problem", Text, nullable=False, default=""),
)
_pages = Table(
    "pages",
    _metadata,
    Column("scan", Integer, ForeignKey("scans.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("text", Text, nullable=False),
    Column("problem", Text, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Scan:
    """A file whose text has to be recognised; ``pages`` is ``None`` as long as nobody has looked."""

    id: int
    sha256: str
    path: str
    pages: tuple[int, ...] | None


@dataclass(frozen=True, slots=True)
class Trouble:
    """A page (from 1), or a file (page 0), that cannot be recognised."""

    path: str
    page: int
    problem: str


class ScanTable:
    """The scans of one workspace."""

    def __init__(self, folder: Path) -> None:
        self._database = Database(folder / "ocr.sqlite")
        with self._database.writing() as connection:
            _metadata.create_all(connection)

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    def wait(self, files: Iterable[tuple[str, str]]) -> None:
        """Queue files (digest, path), unless they are known."""
        with self._database.writing() as connection:
            for sha256, path in files:
                values = {"sha256": sha256, "path": path, "pages": "", "done": 0, "problem": ""}
                connection.execute(upsert(_scans).values(values).on_conflict_do_nothing())

    def forget(self, project: str, stem: str, elsewhere: Callable[[str], str]) -> None:
        """Forget the text of a version whose files are gone.

        Args:
            project: Of the version.
            stem: Of its files.
            elsewhere: Returns where else the archive keeps a content (digest); "": nowhere.
        """
        inside = _scans.c.path.startswith(f"{project}/", autoescape=True)
        named = _scans.c.path.contains(f"/{stem}.", autoescape=True)
        with self._database.reading() as connection:
            gone = connection.execute(select(_scans.c.id, _scans.c.sha256).where(inside, named)).all()
        kept = {row.id: elsewhere(row.sha256) for row in gone}
        with self._database.writing() as connection:
            for scan, path in kept.items():
                if path:
                    connection.execute(update(_scans).filter_by(id=scan).values(path=path))
                else:
                    connection.execute(delete(_pages).filter_by(scan=scan))
                    connection.execute(delete(_scans).filter_by(id=scan))

    def texts(self, sha256: str) -> list[str] | None:
        """Return the text of the pages of a file, as far as there is any; ``None`` while it waits."""
        with self._database.reading() as connection:
            scan = connection.execute(select(_scans).filter_by(sha256=sha256)).first()
            if scan is None or not scan.done:
                return None
            query = select(_pages.c.text).filter_by(scan=scan.id).order_by(_pages.c.number)
            return [text for text in connection.execute(query).scalars() if text]

    def waiting(self, among: Collection[str] | None = None) -> int:
        """Return how many files wait, of all or of some paths."""
        query = select(func.count()).select_from(_scans).where(_scans.c.done == 0)
        if among is not None:
            query = query.where(_scans.c.path.in_(among))
        with self._database.reading() as connection:
            return connection.execute(query).scalar_one()

    def done(self) -> int:
        """Return how many files have been recognised, or given up."""
        with self._database.reading() as connection:
            query = select(func.count()).select_from(_scans).where(_scans.c.done == 1)
            return connection.execute(query).scalar_one()

    def next(self) -> Scan | None:
        """Return the file that has waited longest."""
        with self._database.reading() as connection:
            row = connection.execute(select(_scans).where(_scans.c.done == 0).order_by(_scans.c.id)).first()
            if row is None:
                return None
            return Scan(row.id, row.sha256, row.path, tuple(json.loads(row.pages)) if row.pages else None)

    def left(self, scan: Scan) -> list[int]:
        """Return the pages of a file that have still to be recognised."""
        with self._database.reading() as connection:
            read = set(connection.execute(select(_pages.c.number).filter_by(scan=scan.id)).scalars())
        return [number for number in scan.pages or () if number not in read]

    def counted(self, scan: Scan, pages: Sequence[int]) -> Scan:
        """Note which pages of a file have to be recognised."""
        self._set(scan, pages=json.dumps(list(pages)))
        return replace(scan, pages=tuple(pages))

    def recognised(self, scan: Scan, page: int, text: str, problem: str = "") -> None:
        """Keep the text of a page, or why there is none."""
        with self._database.writing() as connection:
            values = {"scan": scan.id, "number": page, "text": text, "problem": problem}
            connection.execute(upsert(_pages).values(values).on_conflict_do_nothing())

    def finished(self, scan: Scan) -> None:
        """Note that nothing is left to do for a file."""
        self._set(scan, done=1)

    def failed(self, scan: Scan, problem: str) -> None:
        """Note why a file cannot be recognised at all."""
        self._set(scan, problem=problem)

    def troubles(self) -> list[Trouble]:
        """Return what could not be recognised."""
        with self._database.reading() as connection:
            return [*_broken_files(connection), *_broken_pages(connection)]

    def again(self) -> None:
        """Let everything wait again that could not be recognised."""
        with self._database.writing() as connection:
            broken = select(_pages.c.scan).where(_pages.c.problem != "")
            either = _scans.c.id.in_(broken) | (_scans.c.problem != "")
            connection.execute(update(_scans).where(either).values(done=0, problem="", pages=""))
            connection.execute(delete(_pages).where(_pages.c.problem != ""))

    def _set(self, scan: Scan, **values: object) -> None:
        with self._database.writing() as connection:
            connection.execute(update(_scans).filter_by(id=scan.id).values(**values))


def _broken_files(connection: Connection) -> list[Trouble]:
    rows = connection.execute(select(_scans).where(_scans.c.problem != "").order_by(_scans.c.id))
    return [Trouble(row.path, 0, row.problem) for row in rows]


def _broken_pages(connection: Connection) -> list[Trouble]:
    query = select(_scans.c.path, _pages.c.number, _pages.c.problem).join(
        _pages, _pages.c.scan == _scans.c.id
    )
    rows = connection.execute(query.where(_pages.c.problem != "").order_by(_scans.c.id, _pages.c.number))
    return [Trouble(row.path, row.number + 1, row.problem) for row in rows]
