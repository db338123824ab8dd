"""How an inbox is watched: chosen by a probe, chosen again when it stops working. No clock but ours."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from docgen.ingest.noticing import AGAIN_SECONDS, POLL_SECONDS, PROBE_SECONDS, Lookout, Mode


class System:
    """Observers of our own: they tell what the test lets them tell."""

    def __init__(self, *, tells: bool = True) -> None:
        self.tells, self.alive = tells, True
        self.started = 0
        self.tell: Callable[[Path], None] = lambda _: None

    def __call__(self, folder: Path, tell: Callable[[Path], None]) -> System:
        self.started += 1
        self.alive, self.tell = True, tell
        return self

    def is_alive(self) -> bool:
        return self.alive

    def stop(self) -> None:
        self.alive = False

    def pass_on(self, inbox: Path) -> None:
        """Tell of the probe, as a working system does."""
        for path in inbox.glob(".docgen-probe-*") if self.tells else ():
            self.tell(path)


def start(inbox: Path, system: System) -> Lookout:
    lookout = Lookout(inbox, 60, lambda: None, system)
    lookout.check(0)
    system.pass_on(inbox)
    lookout.check(0.1)
    lookout.looked(list(inbox.iterdir()), 0.1)
    return lookout


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "收件夹"
    folder.mkdir()
    return folder


def test_where_the_probe_is_heard_of_the_system_is_relied_on(inbox) -> None:
    lookout = start(inbox, System())

    assert lookout.mode is Mode.NATIVE
    assert list(inbox.iterdir()) == []  # the probe is gone
    assert not lookout.is_due(59)
    assert lookout.is_due(60.2)  # reconciled whatever was told


def test_what_is_told_is_looked_at_now(inbox) -> None:
    system = System()
    lookout = start(inbox, system)
    system.tell(inbox / "合同.pdf")

    assert lookout.is_due(1)


def test_where_nothing_is_told_it_is_looked_often(inbox) -> None:
    lookout = start(inbox, System(tells=False))
    assert lookout.is_due(POLL_SECONDS + 0.2)  # also while it is not decided
    lookout.check(PROBE_SECONDS)

    assert lookout.mode is Mode.POLLING
    assert list(inbox.iterdir()) == []
    lookout.looked([], 10)
    assert not lookout.is_due(10 + POLL_SECONDS - 0.1)
    assert lookout.is_due(10 + POLL_SECONDS)


def test_it_is_tried_again_whether_the_system_tells_now(inbox) -> None:
    system = System(tells=False)
    lookout = start(inbox, system)
    lookout.check(PROBE_SECONDS)
    system.tells = True
    lookout.check(PROBE_SECONDS + AGAIN_SECONDS)
    system.pass_on(inbox)
    lookout.check(PROBE_SECONDS + AGAIN_SECONDS + 0.1)

    assert lookout.mode is Mode.NATIVE


def test_a_dead_observer_is_replaced(inbox) -> None:
    system = System()
    lookout = start(inbox, system)
    system.alive = False
    lookout.check(5)
    assert lookout.mode is Mode.POLLING
    system.pass_on(inbox)
    lookout.check(5.1)

    assert (lookout.mode, system.started) == (Mode.NATIVE, 2)


def test_a_folder_that_goes_and_comes_back_is_noticed(inbox) -> None:
    system = System()
    lookout = start(inbox, system)
    away = inbox.rename(inbox.with_name("断开"))
    lookout.check(5)
    assert lookout.mode is Mode.VANISHED
    assert not lookout.is_due(500)

    away.rename(inbox)
    lookout.check(600)
    assert lookout.is_due(600)
    system.pass_on(inbox)
    lookout.check(600.1)
    assert lookout.mode is Mode.NATIVE


def test_another_folder_in_its_place_is_watched_anew(inbox) -> None:
    system = System()
    lookout = start(inbox, system)
    inbox.rename(inbox.with_name("旧的"))  # kept, so that its inode is not given out again
    inbox.mkdir()
    lookout.check(5)

    assert system.started == 2
    assert lookout.is_due(5)


def test_files_that_nobody_told_of_put_the_observer_in_doubt(inbox) -> None:
    system = System()
    lookout = start(inbox, system)
    silent = inbox / "合同.pdf"
    lookout.looked([silent], 60)
    assert system.started == 1  # the news may be under way
    lookout.looked([silent], 61)
    assert system.started == 2
    system.tells = False
    lookout.check(61 + PROBE_SECONDS)

    assert lookout.mode is Mode.POLLING


def test_one_that_keeps_missing_is_given_up_for_a_while(inbox) -> None:
    system = System()
    lookout = start(inbox, system)
    found: list[Path] = []
    for number in range(3):
        found.append(inbox / f"{number}.pdf")
        lookout.looked(found, 60 * number + 60)
        lookout.looked(found, 60 * number + 61)
        system.pass_on(inbox)
        lookout.check(60 * number + 62)

    assert lookout.mode is Mode.POLLING


def test_what_came_with_its_folder_was_told(inbox) -> None:
    system = System()
    lookout = start(inbox, system)
    system.tell(inbox / "项目A")
    for now in (1, 2):
        lookout.looked([inbox / "项目A" / "发票" / "1.pdf"], now)

    assert system.started == 1


def test_where_no_observer_can_be_had_it_is_looked_often(inbox) -> None:
    def refuse(*_: object) -> System:
        raise OSError(28, "inotify watch limit reached")

    lookout = Lookout(inbox, 60, lambda: None, refuse)
    lookout.check(0)

    assert lookout.mode is Mode.POLLING
    assert lookout.is_due(0)


def test_probes_of_a_killed_watcher_are_removed(inbox) -> None:
    (inbox / ".docgen-probe-dead").touch()
    lookout = start(inbox, System())
    lookout.close()

    assert list(inbox.iterdir()) == []


def test_real_observers_tell_of_new_files_and_end(inbox) -> None:
    from queue import Queue

    from docgen.ingest.observing import observe

    told: Queue[Path] = Queue()
    observer = observe(inbox, told.put)
    (inbox / "合同.pdf").touch()

    assert told.get(timeout=30) == inbox / "合同.pdf"
    assert observer.is_alive()
    shutil.rmtree(inbox)
    observer.stop()
    assert not observer.is_alive()
