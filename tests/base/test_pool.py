"""Worker processes: answers, failures, deaths. Tasks are Python expressions, which any process can read."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from docgen.base.errors import EnvironmentFault
from docgen.base.pool import Died, Done, Failed, Pool

EVALUATE = partial(partial, eval)
DIE = "__import__('os')._exit(7)"


def feeders() -> int:
    return [thread.name for thread in threading.enumerate()].count("feeder")


def collect(pool: Pool[str, Any], number: int) -> list[Any]:
    """Return the next ``number`` events."""
    events: list[Any] = []
    while len(events) < number:
        events.extend(pool.wait())
    return events


def test_answers_of_a_worker_come_in_the_order_of_its_tasks() -> None:
    with Pool[str, int](2, EVALUATE) as pool:
        for number in range(10):
            pool.submit(number % 2, f"{number} * 10")
        events = collect(pool, 10)

    for worker in (0, 1):
        assert [one.result for one in events if one.result // 10 % 2 == worker] == [
            number * 10 for number in range(worker, 10, 2)
        ]


def test_an_error_is_told_with_its_traceback_and_the_worker_goes_on() -> None:
    with Pool[str, int](1, EVALUATE) as pool:
        pool.submit(0, "1 / 0")
        pool.submit(0, "2")
        failed, done = collect(pool, 2)

    assert isinstance(failed, Failed)
    assert failed.task == "1 / 0"
    assert "ZeroDivisionError" in failed.traceback
    assert done == Done("2", 2)


def test_a_death_names_the_task_in_hand_first_and_a_new_process_takes_over() -> None:
    with Pool[str, int](1, EVALUATE) as pool:
        for task in ("1", DIE, "3", "4"):
            pool.submit(0, task)
        assert collect(pool, 2) == [Done("1", 1), Died(0, (DIE, "3", "4"))]
        assert feeders() == 1  # that of the dead process might write to the new one
        pool.submit(0, "3")
        assert collect(pool, 1) == [Done("3", 3)]
    assert feeders() == 0


def test_a_process_that_cannot_start_is_an_error_and_no_endless_attempt(
    capfd: pytest.CaptureFixture[str],
) -> None:
    with (
        Pool[str, int](1, partial(eval, "1 / 0")) as pool,
        pytest.raises(EnvironmentFault, match="3 次没能启动"),
    ):
        collect(pool, 1)
    assert "ZeroDivisionError" in capfd.readouterr().err


def test_a_process_that_dies_while_it_starts_is_started_again_and_its_tasks_are_kept(tmp_path: Path) -> None:
    mark = tmp_path / "not yet"
    mark.touch()
    start = (
        "(lambda mark: (mark.unlink(), __import__('os')._exit(3)) if mark.exists() else eval)"
        f"(__import__('pathlib').Path({str(mark)!r}))"
    )
    with Pool[str, int](1, partial(eval, start)) as pool:
        pool.submit(0, "1")
        pool.submit(0, "2")
        assert collect(pool, 2) == [Done("1", 1), Done("2", 2)]
    assert not mark.exists()


def test_big_tasks_and_answers_do_not_wait_for_each_other() -> None:
    text = "x" * 1_000_000
    with Pool[str, str](1, EVALUATE) as pool:
        for _ in range(20):
            pool.submit(0, repr(text))
        assert all(one.result == text for one in collect(pool, 20))


def test_workers_end_with_a_parent_that_is_killed() -> None:
    program = (
        "from functools import partial; from docgen.base.pool import Pool\n"
        "if __name__ == '__main__':\n"
        "    pool = Pool(1, partial(partial, eval)); pool.submit(0, '__import__(\"os\").getpid()')\n"
        "    events = []\n"
        "    while not events: events = list(pool.wait())\n"
        "    print(events[0].result, flush=True)\n"
        "    import threading; threading.Event().wait()\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    worker = int(parent.stdout.readline())
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    parent.stdout.close()
    end = time.monotonic() + 60
    while alive(worker) and time.monotonic() < end:
        time.sleep(0.01)
    assert not alive(worker)


def alive(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    status = Path(f"/proc/{number}/stat")  # a process whose parent has not looked yet is ended all the same
    return not (status.exists() and status.read_text().rpartition(")")[2].split()[0] == "Z")
