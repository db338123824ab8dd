"""Drafts that lie there when a batch runs: found by their document, whatever they are called."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from docgen.batch.states import State
from docgen.workflow.generate import generate
from docgen.workflow.generated import Wishes
from docgen.workflow.session import Session

Lines = Callable[..., list[str]]
Report = Callable[..., list[dict[str, str]]]


def file_another(desk: Any, number: str) -> None:
    """File a document of the same project and type, as a colleague does."""
    session = desk.session
    answers = {"project_name": "示例项目", "note_no": number, "topic": "别人的", "fee": "1"}
    generate(session, session.form("visit_note"), answers, Wishes(file=True))


def on_another_day(monkeypatch: pytest.MonkeyPatch, desk: Any, days: int) -> None:
    day = desk.session.today + timedelta(days=days)
    monkeypatch.setattr(Session, "today", property(lambda _: day))


def states(rows: list[dict[str, str]]) -> list[tuple[str, str]]:
    return [(row["文件编号"], row["状态"]) for row in rows]


def test_an_edited_draft_is_known_though_its_serial_was_taken(
    desk: Any, lines: Lines, report: Report
) -> None:
    table = desk.table(*lines([1, 2, 3]))
    drafts = desk.run(table)
    desk.edit(next(drafts.folder.glob("*-02_*.docx")))
    file_another(desk, "JY-900")
    again, filed = desk.run(table), desk.run(table, file=True)

    assert states(report(again)) == [("JY-001", "生成"), ("JY-002", "已手工修改"), ("JY-003", "未变化")]
    assert states(report(filed)) == [("JY-001", "生成"), ("JY-002", "已手工修改"), ("JY-003", "生成")]
    assert len(list(drafts.folder.glob("*.docx"))) == 3


def test_an_edited_draft_is_known_on_another_day(
    desk: Any, lines: Lines, report: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = desk.table(*lines([1, 2]))
    drafts = desk.run(table)
    desk.edit(next(drafts.folder.glob("*-02_*.docx")))
    on_another_day(monkeypatch, desk, 1)
    again, filed = desk.run(table), desk.run(table, file=True)

    assert states(report(again)) == [("JY-001", "生成"), ("JY-002", "已手工修改")]
    assert states(report(filed)) == [("JY-001", "生成"), ("JY-002", "已手工修改")]
    assert len(list(drafts.folder.glob("*.docx"))) == 2


def test_what_a_killed_run_left_is_no_hindrance(
    desk: Any, lines: Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    from docgen.workflow.batches.settling import Settling

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    table = desk.table(*lines(range(1, 31)))
    with monkeypatch.context() as cut:
        cut.setattr(Settling, "_file", die)
        with pytest.raises(KeyboardInterrupt):
            desk.run(table, file=True, workers=1)
    file_another(desk, "JY-900")

    assert desk.run(table, file=True).counts == {State.MADE: 30}
    assert desk.drafts() == {}


def test_a_lost_draft_and_a_lost_record_come_back_with_their_numbers(desk: Any, report: Report) -> None:
    form = desk.root / "templates" / "visit_note" / "form.yaml"
    text = form.read_text(encoding="utf-8").replace("number: note_no\n", "")
    text = text.replace("recurring: false", "recurring: true")
    form.write_text(text.replace("纪要编号, required: true", "纪要编号"), encoding="utf-8")
    rows = [f"示例项目,2026-{month:02d}-{day:02d},主题,5" for month in (1, 3, 5) for day in range(1, 21)]
    table = desk.table(*rows, headings="项目名称,文件日期,主题,费用")
    asked = iter([False])
    first = desk.run(table, stop=lambda: next(asked, True), workers=1)
    before = {row["行号"]: row["文件编号"] for row in report(first)}
    lost = sorted(first.folder.glob("*.docx"))[3]
    lost.unlink()
    empty = sorted(first.folder.glob("*.record.json"))[5]
    empty.write_bytes(b"")
    on = desk.run(table, workers=1)

    assert (first.stopped, on.counts) == (True, {State.MADE: 59, State.UNCHANGED: 1})
    assert lost.exists()
    assert empty.stat().st_size > 0
    after = {row["行号"]: row["文件编号"] for row in report(on)}
    assert {line: after[line] for line, number in before.items() if number} == {
        line: number for line, number in before.items() if number
    }


def test_a_run_over_a_signed_document_can_be_continued(desk: Any, lines: Lines, tmp_path: Path) -> None:
    from docgen.workflow.filing import file_paths

    table = desk.table(*lines(range(1, 61)))
    desk.run(desk.table(*lines([1]), name="一.csv"), file=True)
    scan = tmp_path / "扫描.pdf"
    scan.write_bytes(b"%PDF-1.4\n%%EOF\n")
    list(file_paths(desk.session, [scan], signed="JY-001"))
    asked = iter([False])
    stopped = desk.run(table, stop=lambda: next(asked, True), workers=1)

    assert stopped.stopped
    assert desk.run(table).counts == {State.MADE: 59, State.UNCHANGED: 1}


def test_a_numbered_document_keeps_its_date(
    desk: Any, lines: Lines, monkeypatch: pytest.MonkeyPatch, report: Report
) -> None:
    form = desk.root / "templates" / "visit_note" / "form.yaml"
    form.write_text(
        form.read_text(encoding="utf-8").replace("recurring: false", "recurring: true"), encoding="utf-8"
    )
    first = report(desk.run(desk.table(*lines([1, 2])), file=True))
    on_another_day(monkeypatch, desk, 1)
    same = desk.run(desk.table(*lines([1, 2])), file=True)
    changed = desk.run(desk.table(*lines([1, 2], fee="7")), file=True)

    assert same.counts == {State.UNCHANGED: 2}
    assert changed.counts == {State.MADE: 2}
    assert [(row["日期"], row["版本"]) for row in report(changed)] == [(first[0]["日期"], "V1.1")] * 2
    newest = desk.session.catalogue.find("JY-001")[0]
    record = (desk.root / "archive" / newest.file("record.json").path).read_text(encoding="utf-8")
    assert f'"doc_date":"{first[0]["日期"]}"' in record
