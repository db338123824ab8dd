"""What the job table remembers."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import create_engine, event

from docgen.base.errors import EnvironmentFault
from docgen.batch.jobs import JobTable
from docgen.batch.states import RowState, State

DAY = date(2026, 11, 2)


@pytest.fixture
def table(tmp_path: Path) -> Iterator[JobTable]:
    table = JobTable(tmp_path)
    yield table
    table.close()


def row(place: int, state: State = State.MADE, **known: object) -> RowState:
    return replace(RowState(place, place + 2, state), **known)  # type: ignore[arg-type]


def test_an_unfinished_job_is_gone_on_with_on_its_own_day(table: JobTable) -> None:
    first = table.open("key", "name", day=DAY)
    table.put(first, [row(0), row(1, State.RESERVED)])
    again = table.open("key", "name", day=date(2026, 11, 3))

    assert (first.continued, again.continued) == (False, True)
    assert again.day == DAY
    assert table.rows(again, [0, 1, 2]) == {0: row(0), 1: row(1, State.RESERVED)}


def test_a_finished_job_starts_anew(table: JobTable) -> None:
    first = table.open("key", "name", day=DAY)
    table.put(first, [row(0)])
    table.finish(first)
    again = table.open("key", "name", day=date(2026, 11, 3))

    assert (again.continued, again.day) == (False, date(2026, 11, 3))
    assert list(table.all_rows(again)) == []


def test_jobs_do_not_mix(table: JobTable) -> None:
    one, other = (table.open(key, key, day=DAY) for key in ("one", "other"))
    table.put(one, [row(0, document="a")])
    table.put(other, [row(0, State.FAILED, document="b")])

    assert [found.document for found in table.all_rows(one)] == ["a"]
    assert table.counts(other) == {State.FAILED: 1}
    assert table.counts(one) == {State.MADE: 1}
    assert table.claimed(one, ["a", "b"], before=5) == {"a": row(0, document="a")}


def test_rows_come_in_their_order_however_many(table: JobTable) -> None:
    job = table.open("key", "name", day=DAY)
    for place in reversed(range(0, 1300, 100)):
        table.put(job, [row(number) for number in range(place, place + 100)])

    assert [found.place for found in table.all_rows(job)] == list(range(1300))


def test_a_row_that_is_put_again_replaces_what_was_known(table: JobTable) -> None:
    job = table.open("key", "name", day=DAY)
    table.put(job, [row(0, State.RESERVED, document="a")])
    table.put(job, [row(0, State.FAILED, document="a", reason="坏")])

    assert list(table.all_rows(job)) == [row(0, State.FAILED, document="a", reason="坏")]
    assert [found.place for found in table.some(job, [State.FAILED], 9)] == [0]


def test_only_rows_before_claim_a_document(table: JobTable) -> None:
    job = table.open("key", "name", day=DAY)
    table.put(job, [row(3, document="a"), row(7, document="b")])

    assert {key: one.place for key, one in table.claimed(job, ["a", "b"], before=7).items()} == {"a": 3}


def test_what_a_job_begins_with_is_there_with_it(tmp_path: Path, table: JobTable) -> None:
    job = table.open("key", "name", day=DAY, rows=[row(0, State.PENDING, source="项目/x.record.json")])
    other = JobTable(tmp_path)
    found = other.open("key", "name", day=DAY, rows=[row(0), row(1)])
    other.close()

    assert (found.id, found.continued) == (job.id, True)
    assert [one.source for one in table.all_rows(found)] == ["项目/x.record.json"]


def test_a_document_whose_project_is_spelt_in_two_ways_stays_one_row(table: JobTable) -> None:
    known = {"type_id": "note", "doc_id": "JY-001"}
    table.open("key", "name", day=DAY, rows=[row(0, State.PENDING, project="ABC", **known)])
    new = row(0, State.PENDING, project="abc", type_id="note", doc_id="JY-002")
    again = table.open("key", "name", day=DAY, rows=[row(0, State.PENDING, project="abc", **known), new])

    assert [(one.project, one.doc_id) for one in table.all_rows(again)] == [
        ("ABC", "JY-001"),
        ("abc", "JY-002"),
    ]


def test_other_batches_may_write_while_many_rows_are_noted(tmp_path: Path, table: JobTable) -> None:
    job = table.open("key", "name", day=DAY)
    other = sqlite3.connect(tmp_path / "jobs.sqlite", timeout=0, isolation_level=None)

    def rows() -> Iterator[RowState]:
        for place in range(1200):
            if place % 100 == 0:
                other.execute("BEGIN IMMEDIATE")
                other.execute("COMMIT")
            yield row(place)

    table.add(job, rows())
    other.close()

    assert table.counts(job) == {State.MADE: 1200}


def test_old_finished_jobs_are_forgotten_and_open_ones_never(table: JobTable) -> None:
    kept = table.open("open", "open", day=DAY)
    for number in range(60):
        table.finish(table.open(str(number), str(number), day=DAY))

    assert table.open("open", "open", day=DAY) == replace(kept, continued=True)
    assert table.open("0", "0", day=DAY).id != kept.id + 1


def test_a_file_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    JobTable(tmp_path).close()
    engine = create_engine(f"sqlite:///{tmp_path / 'jobs.sqlite'}")
    with engine.begin() as connection:
        connection.exec_driver_sql("PRAGMA user_version = 99")
    engine.dispose()
    with pytest.raises(EnvironmentFault, match="更新版本"):
        JobTable(tmp_path)


def test_open_jobs_that_nobody_goes_on_with_are_forgotten_in_the_end(table: JobTable) -> None:
    left = table.open("left", "left", day=DAY)
    table.put(left, [row(0)])
    with table.held("left"):
        pass
    for number in range(60):
        table.open(f"later {number}", "later", day=date(2026, 11, 3))
    table.finish(table.open("last", "last", day=date(2026, 11, 3)))

    assert list(table.all_rows(left)) == []
    assert not table.open("left", "left", day=DAY).continued


@pytest.mark.parametrize("ask", ["claimed", "numbered"])
def test_rows_before_are_found_by_an_index_however_many_there_are(
    table: JobTable, tmp_path: Path, ask: str
) -> None:
    """A walk through all rows for each group would take a million rows days."""
    job = table.open("key", "name", day=DAY)
    table.put(job, [row(number, document=f"d{number}", doc_id=f"n{number}") for number in range(50)])
    said: list[str] = []
    engine = table._database._engine
    event.listen(engine, "before_cursor_execute", lambda *args: said.append(args[2]))
    getattr(table, ask)(job, ["d1", "n1"], 40)

    connection = sqlite3.connect(tmp_path / "jobs.sqlite")
    marks = [1] * said[-1].count("?")
    plan = str(connection.execute(f"EXPLAIN QUERY PLAN {said[-1]}", marks).fetchall())
    connection.close()
    assert "INDEX rows_" in plan


def test_a_broken_file_says_what_helps(tmp_path: Path) -> None:
    (tmp_path / "jobs.sqlite").write_bytes(b"garbage" * 1000)
    with pytest.raises(EnvironmentFault) as caught:
        JobTable(tmp_path)

    assert "删除它" in caught.value.text("zh")
    assert "rebuild" not in caught.value.text("zh")


def test_a_file_that_is_locked_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("docgen.archive.database._BUSY_SECONDS", 0)
    table = JobTable(tmp_path)
    other = sqlite3.connect(tmp_path / "jobs.sqlite", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(EnvironmentFault) as caught:
        table.open("key", "name", day=DAY)
    other.close()
    table.close()

    assert "占用它的程序" in caught.value.text("zh")
    assert "rebuild" not in caught.value.text("zh")


def test_a_file_of_an_older_layout_is_brought_up(tmp_path: Path) -> None:
    older = JobTable(tmp_path)
    older.put(older.open("key", "name", day=DAY), [row(0)])
    older.close()
    connection = sqlite3.connect(tmp_path / "jobs.sqlite")
    for column in ("digest VARCHAR", "record_digest VARCHAR", "code INTEGER"):
        connection.execute(f"ALTER TABLE rows ADD COLUMN {column} NOT NULL DEFAULT ''")
    connection.execute("PRAGMA user_version = 2")
    connection.close()

    table = JobTable(tmp_path)
    job = table.open("key", "name", day=DAY)
    table.put(job, [row(1)])
    assert list(table.all_rows(job)) == [row(0), row(1)]
    table.close()
    columns = sqlite3.connect(tmp_path / "jobs.sqlite").execute("PRAGMA table_info(rows)").fetchall()
    assert not {"digest", "record_digest", "code"} & {column[1] for column in columns}
