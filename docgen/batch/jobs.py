"""The job table: which rows of which batch are done, so that a run that was cut short can be continued."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime
from itertools import count, islice
from pathlib import Path
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    delete,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.dialects.sqlite import insert as upsert

from docgen.archive.database import Database
from docgen.archive.legal import fold_key
from docgen.base.errors import EnvironmentFault
from docgen.base.locks import Locked, lock
from docgen.base.messages import Message
from docgen.base.system_errors import told
from docgen.batch.jobs_schema import JOBS, NAMES, ROWS, lay_out
from docgen.batch.states import RowState, State

#: Finished jobs that are remembered, and open ones: a table that was corrected leaves an open job behind.
_KEPT = 50
#: Digits of a key that name its lock.
_KEY_DIGITS = 16
_CHUNK = 500


@dataclass(frozen=True, slots=True)
class Job:
    """One batch as the job table knows it.

    Attributes:
        key: Digest of everything that decides its outcome: table, options, forms, templates.
        name: Folder of its drafts and report inside `drafts/`.
        day: The day on which it was begun: "today" for all its rows.
        continued: True: an earlier run of the same batch was cut short, and is gone on with.
    """

    id: int
    key: str
    name: str
    day: date
    continued: bool


class JobTable:
    """The jobs of one workspace, in `state/jobs.sqlite`."""

    def __init__(self, folder: Path) -> None:
        self._locks = folder / "jobs"
        self._database = Database(folder / "jobs.sqlite")
        with self._database.writing() as connection:
            lay_out(connection, self._database.path)

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    @contextmanager
    def held(self, key: str) -> Iterator[None]:
        """Keep other programs from running the batch with ``key`` meanwhile.

        Raises:
            EnvironmentFault: One of them is running it.
        """
        with told(self._locks):
            self._locks.mkdir(exist_ok=True)
        with ExitStack() as stack:
            try:
                stack.enter_context(lock(self._lock(key), timeout=0))
            except Locked as error:
                raise EnvironmentFault(
                    Message("同一个批次正在运行，这里没有再做一遍", "this very batch is running already"),
                    hint=Message("等它结束；需要时在那里按 Ctrl-C", "wait for it, or press Ctrl-C there"),
                ) from error
            yield

    def _lock(self, key: str) -> Path:
        return self._locks / f"{key[:_KEY_DIGITS]}.lock"

    def open(self, key: str, name: str, *, day: date, rows: Iterable[RowState] = ()) -> Job:
        """Return the job with ``key``: an unfinished one to go on with, else one that starts on ``day``.

        One that starts has ``rows`` in its table from the beginning; one that is gone on with takes those
        in that it does not know.
        """
        with self._database.writing() as connection:
            found = connection.execute(select(JOBS).where(JOBS.c.key == key)).first()
            if found and not found.finished:
                _join(connection, found.id, rows)
                return Job(found.id, key, found.name, date.fromisoformat(found.day), continued=True)
            begun = {"day": day.isoformat(), "finished": ""}
            if found:
                connection.execute(update(JOBS).where(JOBS.c.id == found.id).values(begun))
                connection.execute(delete(ROWS).where(ROWS.c.job == found.id))
                job = Job(found.id, key, found.name, day, continued=False)
            else:
                made = connection.execute(insert(JOBS).values(key=key, name=name, **begun))
                job = Job(_made_id(made.inserted_primary_key), key, name, day, continued=False)
            _put(connection, job, rows)
            return job

    def finish(self, job: Job) -> None:
        """Note that every row of the job has been settled; forget the oldest jobs."""
        now = datetime.now(UTC).isoformat()
        with self._database.writing() as connection:
            connection.execute(update(JOBS).where(JOBS.c.id == job.id).values(finished=now))
            columns = select(JOBS.c.id, JOBS.c.key).offset(_KEPT)
            done = columns.where(JOBS.c.finished != "").order_by(JOBS.c.finished.desc())
            left = columns.where(JOBS.c.finished == "").order_by(JOBS.c.day.desc(), JOBS.c.id.desc())
            for old in (*connection.execute(done).all(), *connection.execute(left).all()):
                with suppress(EnvironmentFault), self.held(old.key):  # else it is running
                    connection.execute(delete(ROWS).where(ROWS.c.job == old.id))
                    connection.execute(delete(JOBS).where(JOBS.c.id == old.id))

    def put(self, job: Job, rows: Iterable[RowState]) -> None:
        """Remember ``rows``, in place of what was known of them."""
        with self._database.writing() as connection:
            _put(connection, job, rows)

    def add(self, job: Job, rows: Iterable[RowState]) -> None:
        """Remember those of ``rows`` of which nothing is known, however many; others may write in between."""
        statement = upsert(ROWS).on_conflict_do_nothing(index_elements=["job", "place"])
        for some in _batched(rows, _CHUNK):
            values = [_values(job.id, row) for row in some]
            with self._database.writing() as connection:
                connection.execute(statement, values)

    def rows(self, job: Job, places: Sequence[int]) -> dict[int, RowState]:
        """Return what is known of the rows at ``places``."""
        query = select(ROWS).where(ROWS.c.job == job.id, ROWS.c.place.in_(places))
        with self._database.reading() as connection:
            return {row.place: _row(row) for row in connection.execute(query)}

    def all_rows(self, job: Job) -> Iterator[RowState]:
        """Yield all rows in their order, a few at a time."""
        last = -1
        query = select(ROWS).where(ROWS.c.job == job.id).order_by(ROWS.c.place).limit(_CHUNK)
        while True:
            with self._database.reading() as connection:
                found = connection.execute(query.where(ROWS.c.place > last)).all()
            if not found:
                return
            yield from map(_row, found)
            last = found[-1].place

    def claimed(self, job: Job, documents: Sequence[str], before: int) -> dict[str, RowState]:
        """Return the rows before the place ``before`` that make these documents, by document."""
        query = select(ROWS).where(ROWS.c.document.in_(documents), *_before(job, before))
        with self._database.reading() as connection:
            return {row.document: _row(row) for row in connection.execute(query)}

    def numbered(self, job: Job, numbers: Sequence[str], before: int) -> dict[str, RowState]:
        """Return the first rows before the place ``before`` whose documents have these numbers, by number."""
        query = (
            select(ROWS)
            .where(ROWS.c.doc_id.in_(numbers), ROWS.c.document + "" != "", *_before(job, before))
            .order_by(ROWS.c.place.desc())
        )
        with self._database.reading() as connection:
            return {row.doc_id: _row(row) for row in connection.execute(query)}

    def counts(self, job: Job) -> dict[State, int]:
        """Return how many rows are in which state."""
        query = select(ROWS.c.state, func.count()).where(ROWS.c.job == job.id).group_by(ROWS.c.state)
        with self._database.reading() as connection:
            return {State(state): number for state, number in connection.execute(query)}

    def some(
        self, job: Job, states: Collection[State], most: int, *, remarked: bool = False
    ) -> list[RowState]:
        """Return the first ``most`` rows in one of these states; ``remarked``: those with a remark."""
        query = select(ROWS).where(*_in(job, states, remarked=remarked)).order_by(ROWS.c.place).limit(most)
        with self._database.reading() as connection:
            return [_row(row) for row in connection.execute(query)]

    def number(self, job: Job, states: Collection[State], *, remarked: bool = False) -> int:
        """Return how many rows there are in one of these states; ``remarked``: with a remark."""
        query = select(func.count()).where(*_in(job, states, remarked=remarked))
        with self._database.reading() as connection:
            return int(connection.execute(query).scalar_one())


def _batched(rows: Iterable[RowState], size: int) -> Iterator[list[RowState]]:
    """Yield ``rows`` in lists of ``size``."""
    left = iter(rows)
    while some := list(islice(left, size)):
        yield some


def _in(job: Job, states: Collection[State], *, remarked: bool) -> list[ColumnElement[bool]]:
    found = [ROWS.c.job == job.id, ROWS.c.state.in_([str(state) for state in states])]
    return [*found, ROWS.c.reason != ""] if remarked else found


def _put(connection: Connection, job: Job, rows: Iterable[RowState]) -> None:
    values = [_values(job.id, row) for row in rows]
    if values:
        statement = upsert(ROWS)
        others = {name: statement.excluded[name] for name in values[0] if name not in ("job", "place")}
        whole = statement.on_conflict_do_update(index_elements=["job", "place"], set_=others)
        connection.execute(whole, values)


def _join(connection: Connection, job: int, rows: Iterable[RowState]) -> None:
    """Add the rows of documents that the job does not know, behind all others."""
    columns = (ROWS.c.type_id, ROWS.c.project, ROWS.c.doc_id)
    known = {_document(*row) for row in connection.execute(select(*columns).where(ROWS.c.job == job))}
    last = connection.execute(select(func.max(ROWS.c.place)).where(ROWS.c.job == job)).scalar_one()
    new = [row for row in rows if _document(row.type_id, row.project, row.doc_id) not in known]
    places = count(0 if last is None else last + 1)
    added = [replace(row, place=place, line=place + 1) for place, row in zip(places, new, strict=False)]
    if added:
        connection.execute(insert(ROWS), [_values(job, row) for row in added])


def _document(type_id: str, project: str, doc_id: str) -> tuple[str, str, str]:
    """Return what is equal for rows of one document, however its project and number are spelt."""
    return type_id, fold_key(project), fold_key(doc_id)


def _before(job: Job, place: int) -> list[ColumnElement[bool]]:
    """Return the conditions for rows before ``place``.

    They are computed: else SQLite walks through all rows of the job instead of looking the documents up.
    """
    return [ROWS.c.job + 0 == job.id, ROWS.c.place + 0 < place]


def _values(job: int, row: RowState) -> dict[str, Any]:
    return {"job": job, **{name: getattr(row, name) for name in NAMES}}


def _made_id(key: Any) -> int:
    return int(key[0])


def _row(row: Row[Any]) -> RowState:
    values = {one.name: getattr(row, one.name) for one in fields(RowState)}
    return RowState(**{**values, "state": State(row.state)})
