"""Batches that are stopped, killed, or lose a worker: in the end everything is there, once."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from docgen.archive.checks.verify import verify
from docgen.base.errors import EnvironmentFault
from docgen.base.pool import Died, Done
from docgen.batch.jobs import JobTable
from docgen.batch.states import State
from docgen.workflow.batch import run_batch
from docgen.workflow.batches.tabular import Source, of_table
from docgen.workflow.batches.tasks import Answer, Convert, Converted, Task
from docgen.workflow.batches.wanted import Wanted
from docgen.workflow.batches.worker import Start
from docgen.workflow.session import Session

Lines = Callable[..., list[str]]
Report = Callable[..., list[dict[str, str]]]
ROWS = 240


@pytest.fixture
def words(new_desk: Callable[[str], Any], lines: Lines) -> list[str]:
    """The table of all tests here: good rows, a broken one, and one twice."""
    rows = lines(range(1, ROWS))
    rows[100] = "示例项目,JY-101,主题,很多"
    return [*rows, rows[10]]


def start(desk: Any, table: Path, *options: str) -> subprocess.Popen[str]:
    words = ["-w", str(desk.root), "batch", str(table), "--type", "拜访纪要", "--workers", "2", *options]
    command = [sys.executable, "-m", "docgen.cli.main", *words]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def settled(desk: Any) -> int:
    """Return how many rows the job table knows to be settled."""
    path = desk.root / "state" / "jobs.sqlite"
    if not path.exists():
        return 0
    connection = sqlite3.connect(path)
    try:
        query = "SELECT count(*) FROM rows WHERE state NOT IN ('pending', 'reserved')"
        return int(connection.execute(query).fetchone()[0])
    except sqlite3.OperationalError:  # the table is not there yet
        return 0
    finally:
        connection.close()


def wait_for(condition: Callable[[], bool], run: subprocess.Popen[str]) -> None:
    end = time.monotonic() + 120
    while not condition() and run.poll() is None and time.monotonic() < end:
        time.sleep(0.005)


def end(run: subprocess.Popen[str]) -> str:
    out, _ = run.communicate(timeout=240)
    return out


@pytest.mark.parametrize("options", [(), ("--file",)], ids=["drafts", "file"])
def test_a_killed_run_is_gone_on_with_to_the_same_end(
    new_desk: Callable[[str], Any], words: list[str], options: tuple[str, ...]
) -> None:
    clean = new_desk("clean")
    end(start(clean, clean.table(*words), *options))
    killed = new_desk("killed")
    table = killed.table(*words)
    ended = []
    for least in (1, 60, 150):
        run = start(killed, table, *options)
        wait_for(lambda least=least: settled(killed) >= least, run)  # type: ignore[misc]
        run.kill()
        end(run)
        ended.append(run.returncode)
    last = start(killed, table, *options)
    said = end(last)

    assert -signal.SIGKILL in ended  # it was alive
    assert last.returncode == 3
    assert killed.filed() == clean.filed()
    assert killed.drafts() == clean.drafts()
    assert f"生成 {ROWS - 2}" in said
    assert "失败 2" in said
    assert verify(killed.root / "archive").findings == verify(clean.root / "archive").findings == ()


def test_a_worker_that_is_killed_costs_no_row(desk: Any, words: list[str]) -> None:
    run = start(desk, desk.table(*words), "--file")
    wait_for(lambda: settled(desk) > 0, run)
    child = children(run.pid)[0]
    os.kill(child, signal.SIGKILL)
    said = end(run)

    assert run.returncode == 3
    assert f"生成 {ROWS - 2}" in said


class DyingPool:
    """A pool of one worker inside this process; it dies over PDFs of documents named like ``deadly``."""

    deadly = "-03_"

    def __init__(self, _count: int, start: Start) -> None:
        self._handle = start()
        self._open: list[Task] = []

    def __enter__(self) -> DyingPool:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def __len__(self) -> int:
        return 1

    @property
    def busy(self) -> bool:
        return bool(self._open)

    def idlest(self) -> int:
        return 0

    def submit(self, _number: int, task: Task) -> None:
        self._open.append(task)

    def wait(self, _timeout: float) -> list[Done[Task, Answer] | Died[Task]]:
        task = self._open[0]
        if not isinstance(task, Convert):
            return [Done(self._open.pop(0), self._handle(task))]
        if any(self.deadly in source.name for source in task.sources):
            died, self._open = Died(0, tuple(self._open)), []
            return [died]
        for target in task.targets:
            target.write_bytes(b"%PDF")
        return [Done(self._open.pop(0), Answer(Converted(task.targets), 0.0))]


def test_a_document_over_whose_pdf_processes_die_costs_no_other_row(
    desk: Any, lines: Lines, report: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("docgen.render.pdf.need_office", lambda: None)
    monkeypatch.setattr("docgen.workflow.batch.Pool", {(Task, Answer): DyingPool})
    rows = report(desk.run(desk.table(*lines(range(1, 21))), pdf=True))

    assert [row["状态"] for row in rows] == ["生成"] * 2 + ["失败"] + ["生成"] * 17
    assert "3 次意外结束" in rows[2]["说明"]


def test_ctrl_c_finishes_the_rows_in_hand_and_says_how_to_go_on(desk: Any, lines: Lines) -> None:
    table = desk.table(*lines(range(1, 701)))
    run = start(desk, table)
    wait_for(lambda: settled(desk) > 0, run)
    run.send_signal(signal.SIGINT)
    said = end(run)
    done = settled(desk)
    again = start(desk, table)
    end(again)

    assert run.returncode == 130
    assert "重新运行同一条命令即可继续" in said
    assert 0 < done < 700
    assert again.returncode == 0
    assert settled(desk) == 700


def test_stopping_before_the_end_keeps_what_is_done(desk: Any, lines: Lines) -> None:
    table = desk.table(*lines(range(1, 200)))
    asked = iter([False] * 3)
    first = desk.run(table, stop=lambda: next(asked, True), workers=1)
    second = desk.run(table, workers=1)

    assert first.stopped
    assert 0 < first.counts[State.MADE] < 199
    assert second.counts == {State.MADE: 199}


def test_passing_over_settled_rows_is_told_and_can_be_stopped(
    desk: Any, lines: Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = desk.table(*lines(range(1, 200)))
    asked = iter([False] * 3)
    desk.run(table, stop=lambda: next(asked, True), workers=1)
    told: list[int] = []
    asked = iter([False] * 2)
    looked: list[int] = []
    rows = JobTable.rows
    monkeypatch.setattr(JobTable, "rows", lambda *args: looked.append(len(args[2])) or rows(*args))
    session, wanted = desk.session, Wanted()
    batch = of_table(session, Source(table, type_id="visit_note"), wanted)
    again = run_batch(
        session, batch, wanted, watch=lambda far: told.append(far.done), stop=lambda: next(asked, True)
    )

    assert told == [50, 100]
    assert looked == [50] * 3  # drafts are not looked at after the wish to stop
    assert again.stopped
    assert again.counts == {State.MADE: 150, State.PENDING: 49}


def test_a_run_that_goes_on_another_day_says_which_day_is_today(
    desk: Any, lines: Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = desk.table(*lines(range(1, 80)))
    asked = iter([False])
    with monkeypatch.context() as earlier:
        earlier.setattr(Session, "today", date(2026, 1, 31))
        stopped = desk.run(table, stop=lambda: next(asked, True), workers=1)
    second, third = desk.run(table), desk.run(table)

    assert stopped.late == third.late == ()
    assert "2026-01-31" in second.late[0].zh


def test_the_report_of_a_stopped_run_has_a_line_for_rows_that_were_not_begun(
    desk: Any, lines: Lines, report: Report
) -> None:
    table = desk.table(*lines(range(1, 200)))
    asked = iter([False] * 2)
    rows = report(desk.run(table, stop=lambda: next(asked, True), workers=1))

    assert [row["行号"] for row in rows] == [str(number) for number in range(2, 201)]
    assert [row["状态"] for row in rows] == ["生成"] * 100 + ["未处理"] * 99


def test_a_wish_to_stop_when_all_is_done_stops_nothing(desk: Any, lines: Lines) -> None:
    asked = iter([False])
    summary = desk.run(desk.table(*lines(range(1, 40))), stop=lambda: next(asked, True), workers=1)

    assert not summary.stopped
    assert summary.counts == {State.MADE: 39}


def test_a_run_that_ended_at_a_failed_row_leaves_what_was_before_it(desk: Any, lines: Lines) -> None:
    rows = lines(range(1, 130))
    rows[59] = "示例项目,JY-060,主题,很多"
    table = desk.table(*rows)
    first = desk.run(table, workers=2, fail_fast=True)
    drafts = set(desk.drafts())
    second = desk.run(table, workers=2, fail_fast=True)
    whole = desk.run(table, workers=2)

    assert _begun(first.counts) == {State.MADE: 59, State.FAILED: 1, State.PENDING: 69}
    assert _begun(second.counts) == {State.UNCHANGED: 59, State.FAILED: 1, State.PENDING: 69}
    assert len([name for name in drafts if name.endswith(".docx")]) == 59
    assert set(desk.drafts()) >= drafts
    assert whole.counts == {State.MADE: 69, State.UNCHANGED: 59, State.FAILED: 1}


def _begun(counts: Mapping[State, int]) -> dict[State, int]:
    """Return ``counts``; whether a row that came to nothing had a place already is chance."""
    counted: Counter[State] = Counter()
    for state, number in counts.items():
        counted[State.PENDING if state is State.RESERVED else state] += number
    return dict(counted)


def test_a_batch_runs_once_at_a_time(desk: Any, lines: Lines) -> None:
    table, other = desk.table(*lines([1, 2])), desk.table(*lines([3]), name="另一个.csv")
    wanted = Wanted(file=True)
    key = of_table(desk.session, Source(table, type_id="visit_note"), wanted).key
    jobs = JobTable(desk.root / "state")
    with jobs.held(key):
        with pytest.raises(EnvironmentFault, match="同一个批次正在运行"):
            desk.run(table, file=True)
        assert desk.run(other, file=True).counts == {State.MADE: 1}
    jobs.close()

    assert desk.run(table, file=True).counts == {State.MADE: 2}


def test_a_draft_that_a_power_cut_took_is_made_again(desk: Any, lines: Lines) -> None:
    table = desk.table(*lines(range(1, 120)))
    asked = iter([False] * 2)
    first = desk.run(table, stop=lambda: next(asked, True), workers=1)
    lost = next(first.folder.glob("*-03_*.docx"))
    lost.write_bytes(b"")
    second = desk.run(table, workers=1)

    assert second.counts[State.MADE] + second.counts.get(State.FAILED, 0) == 119
    assert lost.read_bytes()[:2] == b"PK"


def children(number: int) -> list[int]:
    """Return the worker processes of a run (the first child of a spawning process tracks its resources)."""
    command = ["pgrep", "-P", str(number), "-f", "spawn_main"]
    found = subprocess.run(command, check=False, capture_output=True, text=True)
    return [int(word) for word in found.stdout.split()]
