"""Scans are filed at once and found by their text later; what was recognised is kept."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from docgen.base.errors import EnvironmentFault
from docgen.base.locks import lock
from docgen.base.messages import Message
from docgen.base.workspace import Workspace
from docgen.workflow import recognising
from docgen.workflow.filing import Taken, file_paths
from docgen.workflow.finding import search
from docgen.workflow.recognising import recognise_some, standing
from docgen.workflow.session import Session
from docgen.workflow.upkeep import rebuild

SCAN = "示例项目_验收报告_2026-09-01_V1.0.jpg"


class Reader:
    """Stands for rapidocr: files and their pages as told; a page that is no text is broken."""

    def __init__(self, pages: dict[str, list[str | Message] | Message]) -> None:
        self._pages = pages
        self.read: list[tuple[str, int]] = []

    def pages(self, path: Path) -> list[int] | Message:
        pages = self._pages[path.name]
        return pages if isinstance(pages, Message) else list(range(len(pages)))

    def text(self, path: Path, page: int) -> str | Message:
        self.read.append((path.name, page))
        pages = self._pages[path.name]
        assert not isinstance(pages, Message)
        return pages[page]

    def close(self) -> None:
        """Nothing runs."""


@pytest.fixture
def able(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recognising, "available", lambda: True)


@pytest.fixture
def opened(workspace: Workspace, able: None) -> Callable[[Reader], Session]:
    """Open the workspace as a new process does, with this reader."""

    def open_with(reader: Reader) -> Session:
        session = Session(workspace)
        session.__dict__["recogniser"] = reader
        return session

    return open_with


def filed(session: Session, desk: Path, name: str = SCAN, data: bytes = b"\xff\xd8\xff\xe0 picture") -> Taken:
    (desk / name).write_bytes(data)
    (outcome,) = file_paths(session, [desk / name])
    assert isinstance(outcome.result, Taken)
    return outcome.result


def found(session: Session, query: str) -> list[str]:
    return [hit.document.id for hit in search(session, query).results.hits]


def test_a_scan_is_filed_at_once_and_found_when_it_is_read(opened, tmp_path: Path) -> None:
    session = opened(Reader({SCAN: ["机房验收合格", "双方签字"]}))
    assert filed(session, tmp_path).scans == 1
    assert found(session, "验收合格") == []

    assert recognise_some(session, 1000) == 2

    assert (
        found(session, "验收合格")
        == found(session, "双方签字")
        == ["示例项目/示例项目_验收报告_2026-09-01_V1.0"]
    )
    now = standing(session)
    assert (now.waiting, now.done, now.troubles) == (0, 1, ())
    assert recognise_some(session, 1000) == 0


def test_what_was_recognised_survives_a_rebuild_and_is_not_read_again(opened, tmp_path: Path) -> None:
    reader = Reader({SCAN: ["机房验收合格"]})
    session = opened(reader)
    filed(session, tmp_path)
    recognise_some(session, 1000)
    rebuild(session)

    assert found(session, "验收合格")
    assert (recognise_some(session, 1000), len(reader.read)) == (0, 1)


def test_the_same_bytes_are_recognised_once(opened, tmp_path: Path) -> None:
    reader = Reader({SCAN: ["机房验收合格"]})
    session = opened(reader)
    filed(session, tmp_path)
    recognise_some(session, 1000)
    assert filed(session, tmp_path, "另一项目_验收报告_2026-09-01_V1.0.jpg").scans == 0

    assert len(found(session, "验收合格")) == 2
    assert len(reader.read) == 1


def test_time_that_is_up_ends_it_and_the_next_time_goes_on(opened, tmp_path: Path) -> None:
    reader = Reader({SCAN: ["第一页", "第二页", "第三页"]})
    session = opened(reader)
    filed(session, tmp_path)
    seconds = iter(range(0, 1000, 10))

    assert recognise_some(session, 15, clock=lambda: float(next(seconds))) == 2
    assert found(session, "第一页") == []
    again = opened(reader)
    assert recognise_some(again, 0) == 1

    assert reader.read == [(SCAN, 0), (SCAN, 1), (SCAN, 2)]
    assert found(again, "第三页")


def test_a_broken_page_costs_itself(opened, tmp_path: Path) -> None:
    broken = Message("坏页", "broken")
    bad = "示例项目_发票_2026-09-02_V1.0.jpg"
    reader = Reader({SCAN: ["机房验收合格", broken], bad: broken})
    session = opened(reader)
    filed(session, tmp_path, bad, b"\xff\xd8\xff\xe0 other")
    filed(session, tmp_path)
    assert recognise_some(session, 1000) == 2

    assert found(session, "验收合格")
    assert [(one.path.rpartition("/")[2], one.page, one.problem) for one in standing(session).troubles] == [
        (bad, 0, "坏页"),
        (SCAN, 2, "坏页"),
    ]
    assert recognise_some(session, 1000) == 0
    session.scans.again()
    assert recognise_some(session, 1000) == 1  # the page that was read is not read again
    assert reader.read[-1] == (SCAN, 1)


def test_two_processes_do_not_read_the_same(opened, tmp_path: Path) -> None:
    session = opened(Reader({SCAN: ["机房验收合格"]}))
    filed(session, tmp_path)
    with lock(session.workspace.state / "ocr.lock"):
        assert recognise_some(session, 1000) == 0
    assert recognise_some(session, 1000) == 1


def test_without_the_extra_everything_is_filed_and_waits(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recognising, "available", lambda: False)

    assert filed(session, tmp_path).scans == 1
    assert recognise_some(session, 1000) == 0
    assert standing(session).waiting == 1


def test_a_reader_that_cannot_be_started_loses_nothing(opened, tmp_path: Path) -> None:
    class Broken(Reader):
        def text(self, path: Path, page: int) -> str | Message:
            raise EnvironmentFault(Message("无法启动", "cannot be started"))

    session = opened(Broken({SCAN: ["一"]}))
    filed(session, tmp_path)
    with pytest.raises(EnvironmentFault):
        recognise_some(session, 1000)

    assert standing(session).waiting == 1
