"""Batches beside other filings of the same project, and rows that name one another."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from docgen.archive.checks.verify import verify
from docgen.batch.states import State
from docgen.workflow.batches.settling import Settling
from docgen.workflow.generate import generate
from docgen.workflow.generated import Wishes
from docgen.workflow.refiling import refile

Lines = Callable[..., list[str]]
Report = Callable[..., list[dict[str, str]]]
LINKED = "项目名称,纪要编号,主题,费用,依据编号"


def beside(monkeypatch: pytest.MonkeyPatch, do: Callable[[Settling], object]) -> None:
    """Let something happen between the printing of the first rows and their filing."""
    real, done = Settling._file, []

    def file(settling: Settling, works: Any) -> Any:
        if not done:
            done.append(True)
            do(settling)
        return real(settling, works)

    monkeypatch.setattr(Settling, "_file", file)


def new(desk: Any, number: str, **answers: str) -> Any:
    session = desk.session
    said = {"project_name": "示例项目", "note_no": number, "topic": "别人的", "fee": "1", **answers}
    return generate(session, session.form("visit_note"), said, Wishes(file=True))


def test_a_serial_that_someone_else_took_meanwhile_is_another_one(
    desk: Any, lines: Lines, report: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    beside(monkeypatch, lambda _: new(desk, "JY-900"))
    summary = desk.run(desk.table(*lines([1, 2, 3])), file=True)

    assert summary.counts == {State.MADE: 3}
    assert len({row["序号"] for row in report(summary)}) == 3
    assert [one.code for one in verify(desk.root / "archive").findings] == []
    assert desk.drafts() == {}


def test_a_number_that_docgen_proposed_and_someone_took_is_another_one(
    desk: Any, report: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = desk.root / "templates" / "visit_note" / "form.yaml"
    text = form.read_text(encoding="utf-8").replace("number: note_no\n", "")
    text = text.replace("recurring: false", "recurring: true")
    form.write_text(text.replace("纪要编号, required: true", "纪要编号"), encoding="utf-8")
    rows = [f"示例项目,2026-02-{day:02d},主题,5" for day in range(1, 29)]
    beside(monkeypatch, lambda _: new(desk, "", doc_date="2026-03-01"))
    summary = desk.run(desk.table(*rows, headings="项目名称,文件日期,主题,费用"), file=True)

    assert summary.counts == {State.MADE: 28}
    assert len({row["文件编号"] for row in report(summary)}) == 28
    assert [one.code for one in verify(desk.root / "archive").findings] == []


def test_a_document_that_is_refiled_just_then_is_not_made_where_it_was(
    desk: Any, lines: Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.run(desk.table(*lines([1, 2])), file=True)
    beside(monkeypatch, lambda _: refile(desk.session, "JY-001", project="别的项目"))
    summary = desk.again("示例项目", file=True, changes={"税率": "9%"})

    assert summary.counts == {State.MADE: 1, State.SKIPPED: 1}
    assert {one.project for one in desk.session.catalogue.find("JY-001") if not one.withdrawn} == {"别的项目"}


def test_a_printed_file_that_vanishes_costs_its_own_row_only(
    desk: Any, lines: Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    beside(monkeypatch, lambda settling: next(settling.folder.glob("*-03_*.docx")).unlink())

    assert desk.run(desk.table(*lines(range(1, 6))), file=True).counts == {State.MADE: 4, State.FAILED: 1}


@pytest.fixture
def linked(desk: Any) -> Any:
    """A desk whose documents name one another."""
    form = desk.root / "templates" / "visit_note" / "form.yaml"
    link = "  - {id: base, label: 依据编号, kind: ref, of: [visit_note]}\n"
    form.write_text(form.read_text(encoding="utf-8") + link, encoding="utf-8")
    return desk


def naming(first: str = "主题") -> list[str]:
    """Return rows of which each but the first names the first, and the last the one before it."""
    rows = [f"示例项目,JY-{number:03d},主题,1,JY-001" for number in range(2, 70)]
    return [f"示例项目,JY-001,{first},1,", *rows, "示例项目,JY-070,主题,1,JY-069"]


@pytest.mark.parametrize("strict", [False, True], ids=["links", "strict links"])
def test_rows_may_name_documents_of_earlier_rows(linked: Any, report: Report, strict: bool) -> None:
    settings = linked.root / "docgen.toml"
    text = settings.read_text(encoding="utf-8")
    wanted = text.replace("# strict_refs = false", "strict_refs = true") if strict else text
    settings.write_text(wanted, encoding="utf-8")
    first = linked.run(linked.table(*naming(), headings=LINKED), file=True, workers=2)
    second = linked.run(linked.table(*naming(), headings=LINKED), file=True, workers=1)
    changed = linked.run(linked.table(*naming("另一主题"), headings=LINKED), file=True, workers=2)

    assert (wanted != text) == strict
    assert (first.counts, first.remarks) == ({State.MADE: 70}, 0)
    assert second.counts == {State.UNCHANGED: 70}
    assert changed.counts == {State.MADE: 70}
    newest = linked.session.catalogue.find("JY-070")[0]
    record = (linked.root / "archive" / newest.file("record.json").path).read_text(encoding="utf-8")
    assert '"doc_id":"JY-069","text":"JY-069","type_id":"visit_note","version":"V1.1"' in record
