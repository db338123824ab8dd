"""The watcher that stays: missed events, vanishing and hanging inboxes, what it tells of itself."""

from __future__ import annotations

import contextlib
import errno
import os
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from docgen.base import files
from docgen.base.errors import EnvironmentFault
from docgen.ingest.observing import observe as observe_natively
from docgen.workflow import watch_looking, watch_post
from docgen.workflow.finding import search
from docgen.workflow.watch import watch_status
from tests.crashes import FULL

#: Files that wait when the watcher starts.
MANY = 10_000 if FULL else 1_000


class HalfDeaf:
    """The system's observer, but every other event is lost."""

    def __init__(self, folder: Path, tell: Callable[[Path], None]) -> None:
        self._count = 0

        def sometimes(path: Path) -> None:
            self._count += 1
            if self._count % 2:
                tell(path)

        observer = observe_natively(folder, sometimes)
        self.is_alive, self.stop = observer.is_alive, observer.stop


@pytest.mark.parametrize("observe", [None, HalfDeaf])
def test_missed_events_do_not_matter(place, observe, running) -> None:
    with running(place, observe) as watcher:
        for number in range(20):
            place.drop(f"项目A_发票-{number:02d}_2023-04-03_V1.0.pdf")
        watcher.until(lambda: len(place.filed()) == 20 and not place.waiting())

    assert len(place.settled) == 20


def test_files_wait_while_their_projects_journal_is_damaged(place, pdf) -> None:
    """They are not to blame: nothing is rejected, and the reason says what to do."""
    place.drop("项目A_发票_2023-04-03_V1.0.pdf", pdf("1"))
    place.drop("项目A_发票_2023-04-04_V1.0.pdf", pdf("2"))
    place.once()
    journal = place.workspace.archive / "项目A" / "journal"
    first = (journal / "000001.json").rename(place.workspace.root / "away.json")
    place.drop("项目A_发票_2023-04-05_V1.0.pdf", pdf("3"))
    place.drop("项目B_发票_2023-04-05_V1.0.pdf", pdf("4"))

    assert place.once() == 7
    assert place.waiting() == ["项目A_发票_2023-04-05_V1.0.pdf"]
    assert place.rejected() == {}
    assert any("日志" in said and "docgen verify" in said for said in place.said)

    first.rename(journal / "000001.json")
    assert place.once() == 0
    assert len(place.filed()) == 4


def test_an_inbox_that_vanishes_and_returns_goes_on(place, pdf, running) -> None:
    inbox = place.workspace.inbox
    with running(place, observe_natively) as watcher:
        watcher.until(lambda: watch_status(place.session)["inboxes"][0]["mode"] == "native")
        away = inbox.rename(inbox.with_name("断开"))
        watcher.until(lambda: watch_status(place.session)["inboxes"][0]["mode"] == "vanished")
        (away / "项目A_发票_2023-04-03_V1.0.pdf").write_bytes(pdf())
        away.rename(inbox)
        watcher.until(lambda: len(place.filed()) == 1)
    assert not list(inbox.glob("*.pdf"))


def test_one_failing_inbox_does_not_stop_another(place, pdf, running) -> None:
    place.settings(inboxes=["不存在", "inbox", "扫描仪"])
    (place.workspace.root / "扫描仪").mkdir()
    with running(place) as watcher:
        place.drop("项目A_发票_2023-04-03_V1.0.pdf")
        (place.workspace.root / "扫描仪/项目A_发票_2023-04-04_V1.0.pdf").write_bytes(pdf("2"))
        watcher.until(lambda: len(place.filed()) == 2)
    assert {actor for actor, _, _ in place.events("项目A")} == {"watch:inbox", "watch:扫描仪"}


@pytest.mark.parametrize("part", ["looking through", "looking into", "filing"])
def test_an_inbox_that_hangs_holds_up_no_other(place, pdf, running, monkeypatch, part) -> None:
    """As a share does whose server is gone: the call of the system does not return."""
    place.settings(inboxes=["inbox", "共享"])
    share = place.workspace.root / "共享"
    share.mkdir()
    (share / "项目B_发票_2023-04-03_V1.0.pdf").write_bytes(pdf("2"))
    hangs, returns = threading.Event(), threading.Event()
    module, name = {
        "looking through": (watch_post, "scan"),
        "looking into": (watch_looking, "examine"),
        "filing": (files, "copy_new"),
    }[part]
    work = getattr(module, name)

    def hang(path: Path, *more: Any) -> Any:
        if path.is_relative_to(share) and not returns.is_set():
            hangs.set()
            returns.wait(60)
        return work(path, *more)

    monkeypatch.setattr(module, name, hang)
    with running(place) as watcher:
        assert hangs.wait(60)
        place.drop("项目A_发票_2023-04-03_V1.0.pdf")
        watcher.until(lambda: place.filed() == ["项目A_发票_2023-04-03_V1.0.pdf"])
        returns.set()
        watcher.until(lambda: len(place.filed()) == 2)


def test_stopping_waits_for_no_inbox_that_hangs_without_filing(place, running, monkeypatch) -> None:
    monkeypatch.setattr("docgen.workflow.watch._GRACE", 0.1)
    hangs, returns = threading.Event(), threading.Event()

    def hang(_inbox: Path) -> Any:
        hangs.set()
        returns.wait(60)
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(watch_post, "scan", hang)
    with running(place):
        assert hangs.wait(60)
    assert not returns.is_set()
    returns.set()


def test_an_inbox_that_does_not_answer_is_told(place, running, monkeypatch) -> None:
    monkeypatch.setattr("docgen.workflow.watch_keeper._HANGS", 0.0)
    returns = threading.Event()
    scan = watch_post.scan

    def hang(inbox: Path) -> Any:
        returns.wait(60)
        return scan(inbox)

    monkeypatch.setattr(watch_post, "scan", hang)
    with running(place) as watcher:

        def problems() -> list[str]:
            told = watch_status(place.session)
            return [one["zh"] for inbox in told["inboxes"] for one in inbox["problems"]]

        watcher.until((place.workspace.state / "watch.json").exists)
        watcher.until(lambda: any("没有响应" in one for one in problems()))
        assert not returns.is_set()
        returns.set()


def test_a_mistake_of_ours_in_one_inbox_is_told_and_the_watcher_goes_on(place, running, monkeypatch) -> None:
    monkeypatch.setattr("docgen.workflow.watch_keeper._REST", 0.01)
    scan, mistakes = watch_post.scan, []

    def fail(inbox: Path) -> Any:
        if not mistakes:
            mistakes.append(True)
            raise KeyError("unforeseen")
        return scan(inbox)

    monkeypatch.setattr(watch_post, "scan", fail)
    place.drop("项目A_发票_2023-04-03_V1.0.pdf")
    with running(place) as watcher:
        watcher.until(lambda: len(place.filed()) == 1)
    assert "程序内部错误" in " ".join(place.said)


@pytest.mark.slow
def test_exactly_once_with_many_waiting_in_two_inboxes_and_events_repeated(place, pdf, running) -> None:
    place.settings(inboxes=["inbox", "扫描仪"])
    (place.workspace.root / "扫描仪").mkdir()
    for number in range(MANY):
        name = f"项目{'AB'[number % 3 // 2]}_发票-{number:05d}_2023-04-03_V1.0.pdf"
        place.drop(f"../{('inbox', '扫描仪')[number % 2]}/{name}", pdf(name))
    with running(place, observe_natively) as watcher:
        while len(place.filed()) < MANY:
            for path in list(place.workspace.inbox.glob("*.pdf"))[:3]:
                watcher.signals.wake()
                with contextlib.suppress(FileNotFoundError):
                    path.chmod(0o640)  # another event, another sighting
            time.sleep(0.2)
        watcher.until(lambda: not place.waiting())

    assert list((place.workspace.root / "扫描仪").iterdir()) == []
    events = [event for project in ("项目A", "项目B") for _, event, _ in place.events(project)]
    assert events == ["filed"] * MANY
    assert set(place.fates().values()) == {"filed"}
    assert place.codes() == []


def test_a_second_watcher_says_who_holds_the_workspace(place, running) -> None:
    with running(place) as watcher:
        watcher.until(lambda: watch_status(place.session)["running"] is not None)
        with pytest.raises(EnvironmentFault) as caught:
            place.once()

    assert str(os.getpid()) in str(caught.value.message)


def test_the_index_follows(place, running) -> None:
    with running(place) as watcher:
        place.drop("项目A_会议纪要_2023-04-03_V1.0.txt", "讨论了机房扩容".encode())
        watcher.until(lambda: len(place.filed()) == 1)
        watcher.until(lambda: not place.session.catalogue.to_index(1))
    assert search(place.session, "机房扩容").results.total == 1


def test_status_tells_what_waits_and_why_also_without_a_watcher(place, pdf, running) -> None:
    place.drop("项目A_发票_2023-04-03_V1.0.pdf")
    told = watch_status(place.session)
    assert told["running"] is None
    assert [one["path"] for one in told["inboxes"][0]["waiting"]] == ["项目A_发票_2023-04-03_V1.0.pdf"]

    place.settings(incomplete_seconds=300)
    place.drop("项目A_发票_2023-04-04_V1.0.pdf", pdf()[:-9])

    def waits() -> list[tuple[str, str]]:
        (inbox,) = watch_status(place.session)["inboxes"]
        return [(one["path"][7:17], one["why"]) for one in inbox["waiting"]]

    with running(place) as watcher:
        watcher.until(lambda: waits() == [("2023-04-04", "incomplete")])
        told = watch_status(place.session)
        assert told["running"] == os.getpid()
        assert told["recent"][0]["files"] == ["项目A_发票_2023-04-03_V1.0.pdf"]


@pytest.mark.parametrize("inboxes", [["archive/收"], ["."], ["inbox", "inbox/项目A"], ["rejected"]])
def test_inboxes_that_lie_in_one_another_are_refused(place, inboxes) -> None:
    place.settings(inboxes=inboxes)

    with pytest.raises(EnvironmentFault):
        place.once()
