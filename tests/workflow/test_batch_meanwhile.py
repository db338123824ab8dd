"""Batches beside which other things happen: filings, edits, signatures, refilings."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from docgen.base.errors import EnvironmentFault, UsageFault
from docgen.base.locks import lock
from docgen.base.workspace import shipped_templates
from docgen.batch.states import State
from docgen.workflow.batch import run_batch
from docgen.workflow.batches.tabular import Source, of_table
from docgen.workflow.batches.wanted import Wanted
from docgen.workflow.filing import file_paths
from docgen.workflow.generate import generate, read_answers
from docgen.workflow.generated import Wishes
from docgen.workflow.refiling import refile

Lines = Callable[..., list[str]]
Report = Callable[..., list[dict[str, str]]]


def newest(desk: Any, number: str) -> Any:
    return desk.session.catalogue.find(number)[0]


def record(desk: Any, number: str) -> str:
    path = desk.root / "archive" / newest(desk, number).file("record.json").path
    return path.read_text(encoding="utf-8")


def sign(desk: Any, number: str) -> None:
    scan = desk.root / "扫描.pdf"
    scan.write_bytes(b"%PDF-1.4\n%%EOF\n")
    list(file_paths(desk.session, [scan], signed=number))


def test_a_run_that_goes_on_starts_from_data_that_was_filed_meanwhile(desk: Any, lines: Lines) -> None:
    desk.run(desk.table(*lines(range(1, 121))), file=True)
    asked = iter([False])
    stopped = desk.again(
        "示例项目", file=True, changes={"税率": "9%"}, stop=lambda: next(asked, True), workers=1
    )
    left = next(row for row in stopped_rows(desk, stopped) if row["状态"] == "未处理")
    number = left["文件编号"]
    desk.run(
        desk.table(f"示例项目,{number},新主题,200", "示例项目,JY-500,另加的,5", name="新.csv"), file=True
    )
    on = desk.again("示例项目", file=True, changes={"税率": "9%"})

    assert stopped.stopped
    assert on.counts == {State.MADE: 121}
    assert (str(newest(desk, number).version), "新主题" in record(desk, number)) == ("V1.2", True)
    assert '"total":"218.00"' in record(desk, number)
    assert '"total":"5.45"' in record(desk, "JY-500")


def stopped_rows(desk: Any, summary: Any) -> list[dict[str, str]]:
    import csv

    path = next(path for path in summary.reports if path.suffix == ".csv")
    with path.open(encoding="utf-8-sig") as stream:
        return list(csv.DictReader(stream))


def test_a_document_that_was_refiled_meanwhile_is_not_made_where_it_was(
    desk: Any, lines: Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    from docgen.workflow.batch import run_batch
    from docgen.workflow.batches.archived import archived
    from docgen.workflow.batches.wanted import Wanted

    desk.run(desk.table(*lines([1, 2])), file=True)
    session, wanted = desk.session, Wanted(file=True, changes={"税率": "9%"})
    batch = archived(session, "示例项目", wanted)
    refile(desk.session, "JY-001", project="另一个项目")
    summary = run_batch(session, batch, wanted)

    assert summary.counts == {State.MADE: 1, State.SKIPPED: 1}
    assert [
        one for one in desk.filed() if one.startswith("示例项目/") and "V1.1" in one and "-02" not in one
    ] == []


def test_overwriting_edits_starts_from_the_data_of_what_was_edited(desk: Any, lines: Lines) -> None:
    desk.run(desk.table(*lines([1])), file=True)
    drafts = desk.run(desk.table(*lines([1], fee="200")))
    draft = next(drafts.folder.glob("*.docx"))
    desk.edit(draft)
    list(file_paths(desk.session, [draft]))
    desk.change_template("新的写法")
    summary = desk.again("示例项目", file=True, overwrite_edits=True)

    assert summary.counts == {State.MADE: 1}
    assert '"fee":"200.00"' in record(desk, "JY-001")


def test_drafts_that_were_filed_are_made_anew_like_those_that_were_filed_at_once(
    desk: Any, lines: Lines
) -> None:
    drafts = desk.run(desk.table(*lines([1, 2, 3])))
    list(file_paths(desk.session, sorted(drafts.folder.glob("*.docx"))))
    summary = desk.again("示例项目", file=True, changes={"税率": "9%"})

    assert summary.counts == {State.MADE: 3}
    assert '"total":"109.00"' in record(desk, "JY-002")


def test_a_signed_document_whose_data_is_the_same_stays_as_it_is(
    desk: Any, lines: Lines, report: Report
) -> None:
    table = desk.table(*lines([1]))
    desk.run(table, file=True)
    sign(desk, "JY-001")
    same = desk.run(table, file=True)
    changed = desk.run(desk.table(*lines([1], fee="200")), file=True)

    assert same.counts == {State.UNCHANGED: 1}
    assert "签署件" in report(same)[0]["说明"]
    assert changed.counts == {State.MADE: 1}
    assert (report(changed)[0]["版本"], "签署件" in report(changed)[0]["说明"]) == ("V2.1", True)


def test_an_edited_draft_is_known_after_the_workspace_was_copied(
    desk: Any, lines: Lines, tmp_path: Path
) -> None:
    table = desk.table(*lines([1]))
    desk.edit(next(desk.run(table).folder.glob("*.docx")))
    copied = type(desk)(Path(shutil.copytree(desk.root, tmp_path / "副本")))

    assert copied.run(table, file=True).counts == {State.EDITED: 1}


@pytest.mark.parametrize("name", ["纪要编号", "note_no", "文件编号", "版本号", "项目名称"])
def test_what_names_a_document_cannot_be_set_for_all(desk: Any, lines: Lines, name: str) -> None:
    desk.run(desk.table(*lines([1])), file=True)
    with pytest.raises(UsageFault, match="那会成为另一份文件"):
        desk.again("示例项目", changes={name: "别的"})


def test_a_note_of_change_can_be_set_for_all(desk: Any, lines: Lines) -> None:
    form = desk.session.form("service_contract")
    answers = read_answers(form, shipped_templates() / "samples" / "service_contract.yaml")
    generate(desk.session, form, answers, Wishes(file=True))
    summary = desk.again("service_contract", file=True, changes={"税率": "9%", "修订说明": "税率调整"})

    assert summary.counts == {State.MADE: 1}, summary.failures
    assert newest(desk, answers["contract_no"]).change_note == "税率调整"


def test_one_field_cannot_be_set_by_two_names(desk: Any, lines: Lines) -> None:
    with pytest.raises(UsageFault, match="同一项"):
        desk.run(desk.table(*lines([1])), changes={"税率": "9%", "rate": "7%"})


def test_a_project_that_is_locked_is_told_as_what_it_is(
    desk: Any, lines: Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.run(desk.table(*lines([1])), file=True)
    monkeypatch.setattr("docgen.workflow.session.PATIENCE", 0.1)
    held = next((desk.root / "archive" / ".locks").iterdir())
    with lock(held), pytest.raises(EnvironmentFault, match="正被另一个程序使用"):
        desk.run(desk.table(*lines([2])), file=True)


def test_a_number_in_two_projects_is_remarked_on(desk: Any, lines: Lines, report: Report) -> None:
    table = desk.table(*lines([1]), *lines([1], project="示例项目二"), *lines([2]))
    trial = desk.run(table, dry_run=True)
    summary = desk.run(table, file=True)

    assert [row.line for row in trial.remarked] == [3]
    assert summary.counts == {State.MADE: 3}
    assert "编号与第 2 行（示例项目）相同" in report(summary)[1]["说明"]


def test_a_trial_sees_rows_of_one_document_however_far_apart(desk: Any, lines: Lines) -> None:
    rows = lines(range(1, 151))
    table = desk.table(*rows, *(row.replace("主题", "另一个主题") for row in rows))
    trial = desk.run(table, dry_run=True, workers=2)

    assert trial.counts == {State.MADE: 150, State.FAILED: 150}


def test_a_trial_sees_edited_drafts(desk: Any, lines: Lines) -> None:
    table = desk.table(*lines([1, 2]))
    desk.edit(next(desk.run(table).folder.glob("*-02_*.docx")))

    assert desk.run(table, dry_run=True).counts == {State.MADE: 1, State.EDITED: 1}
    assert desk.run(table, dry_run=True, file=True).counts == {State.MADE: 1, State.EDITED: 1}


def test_a_report_never_goes_over_the_table(desk: Any, lines: Lines) -> None:
    table = desk.table(*lines([1]))
    before = table.read_bytes()
    with pytest.raises(UsageFault, match="不能覆盖数据表格"):
        desk.run(table, report=table)
    assert table.read_bytes() == before


def test_a_removed_type_is_passed_over(desk: Any, lines: Lines) -> None:
    desk.run(desk.table(*lines([1])), file=True)
    shutil.rmtree(desk.root / "templates" / "visit_note")
    summary = desk.again("示例项目")

    assert summary.counts == {State.SKIPPED: 1}


def test_a_form_that_is_broken_meanwhile_is_told_as_what_it_is(
    desk: Any, lines: Lines, report: Report
) -> None:
    session, wanted = desk.session, Wanted()
    batch = of_table(session, Source(desk.table(*lines([1, 2])), type_id="visit_note"), wanted)
    form = desk.root / "templates" / "visit_note" / "form.yaml"
    form.write_text(form.read_text(encoding="utf-8") + "  - {id: x y\n", encoding="utf-8")
    rows = report(run_batch(session, batch, wanted))

    assert [row["状态"] for row in rows] == ["失败", "失败"]
    assert all("form.yaml" in row["说明"] for row in rows)


def test_the_rows_of_a_table_are_given_up_with_the_run(desk: Any, lines: Lines) -> None:
    session, wanted = desk.session, Wanted(dry_run=True)
    batch = of_table(session, Source(desk.table(*lines([1])), type_id="visit_note"), wanted)
    run_batch(session, batch, wanted)

    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        list(batch.rows())


def test_the_archive_can_refuse_a_row_and_end_a_run(desk: Any, lines: Lines, report: Report) -> None:
    long = "示例项目," + "9" * 300 + ",主题,1"
    summary = desk.run(desk.table(*lines([1]), long, *lines([3])), file=True, fail_fast=True)

    assert {row["行号"]: row["状态"] for row in report(summary)} == {"2": "生成", "3": "失败", "4": "未处理"}


def test_a_version_that_calls_itself_signed_is_remarked_on(desk: Any, report: Report) -> None:
    form = desk.root / "templates" / "visit_note" / "form.yaml"
    status = "  - {id: status, label: 状态, kind: enum, options: [草稿, 已签署], default: 草稿}\n"
    form.write_text(form.read_text(encoding="utf-8") + status, encoding="utf-8")
    rows = ["示例项目,JY-001,主题,100,已签署", "示例项目,JY-002,主题,100,草稿"]
    first = desk.run(desk.table(*rows, headings="项目名称,纪要编号,主题,费用,状态"), file=True)
    anew = desk.again("示例项目", file=True, changes={"税率": "9%"})

    assert (first.remarks, anew.remarks) == (0, 1)
    assert "状态仍为“已签署”" in report(anew)[0]["说明"]
