"""Large files hold up no other, and are waited for when the watcher stops."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from docgen.base import files
from docgen.base.messages import Message
from docgen.workflow import watch_large, watch_looking, watch_post
from docgen.workflow.watch import Settled, watch_once
from docgen.workflow.watch_signals import Signals
from tests.crashes import FULL

#: Bytes; four gigabytes in a full run, whose digest takes a while.
HUGE = (4 << 30) if FULL else (200 << 20)


@pytest.fixture(autouse=True)
def a_little_is_large(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if not request.node.get_closest_marker("slow"):
        monkeypatch.setattr(watch_large, "LARGE", 1000)
        monkeypatch.setattr(watch_post, "LARGE", 1000)


@pytest.fixture
def large_waits(place: Any, pdf: Any) -> Callable[[threading.Event], None]:
    """Settle a large file, which waits somewhere, and a small one; the small one is filed before it."""

    def settle(waits: threading.Event) -> None:
        def tell(said: Settled | Message) -> None:
            place.tell(said)
            waits.set()

        place.drop("项目A_发票_2023-04-03_V1.0.pdf", pdf("大" * 1000))
        place.drop("项目A_发票_2023-04-04_V1.0.pdf", pdf())
        assert watch_once(place.session, tell, Signals()) == 0
        assert [one.outcome.paths[0].name[7:17] for one in place.settled] == ["2023-04-04", "2023-04-03"]
        assert len(place.filed()) == 2

    return settle


def test_a_large_file_holds_up_no_other(monkeypatch, large_waits) -> None:
    slow = threading.Event()
    examine = watch_looking.examine

    def wait(path: Path) -> Any:
        if path.stat().st_size > 1000:
            slow.wait(60)
        return examine(path)

    monkeypatch.setattr(watch_looking, "examine", wait)
    large_waits(slow)


def test_the_copying_of_a_large_file_holds_up_no_other_of_its_project(
    place, monkeypatch, large_waits
) -> None:
    other_is_filed = threading.Event()
    waited = []
    copy = files.copy_new

    def wait(source: Path, target: Path, *also: Any) -> str:
        if source.stat().st_size > 1000:
            waited.append(other_is_filed.wait(60))
        return copy(source, target, *also)

    monkeypatch.setattr(files, "copy_new", wait)
    large_waits(other_is_filed)
    assert waited == [True]
    assert place.codes() == []


def test_stopping_waits_for_the_large_file_in_hand_and_tells_of_it(place, monkeypatch, pdf, running) -> None:
    begun, go_on = threading.Event(), threading.Event()
    take = watch_large.take

    def wait(*args: Any) -> Any:
        begun.set()
        go_on.wait(60)
        return take(*args)

    monkeypatch.setattr(watch_large, "take", wait)
    for day in (3, 4):
        place.drop(f"项目A_发票_2023-04-0{day}_V1.0.pdf", pdf(f"{day}" * 3000))
    with running(place) as watcher:
        assert begun.wait(60)
        watcher.signals.stop()
        go_on.set()

    assert len(place.settled) == len(place.filed()) == 1
    assert len(place.waiting()) == 1


@pytest.mark.slow
def test_a_huge_file_of_nothing_is_rejected_and_hinders_nothing(place) -> None:
    """A copy that reserved its space and then broke off."""
    path = place.drop("项目A_发票_2023-04-03_V1.0.tif", b"")
    os.truncate(path, HUGE)
    place.drop("项目A_发票_2023-04-04_V1.0.pdf")

    assert place.once() == 0
    assert place.filed() == ["项目A_发票_2023-04-04_V1.0.pdf"]
    assert "尚未写入" in place.rejected()[path.name]
    assert place.settled[0].outcome.names == "项目A_发票_2023-04-04_V1.0.pdf"
    assert place.waiting() == []
