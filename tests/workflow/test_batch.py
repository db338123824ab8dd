"""Batches as their users see them: documents, versions, report; repeated, corrected, made anew."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
import pytest

from docgen.base.errors import UsageFault
from docgen.base.workspace import shipped_templates
from docgen.batch.states import State
from docgen.render.provenance import read as provenance_of
from docgen.workflow.filing import file_paths
from docgen.workflow.generate import generate, read_answers
from docgen.workflow.generated import Wishes

Lines = Callable[..., list[str]]
Report = Callable[..., list[dict[str, str]]]


def versions(desk: Any) -> list[str]:
    return [path.rpartition("_")[2] for path in desk.filed() if path.endswith(".docx")]


def text(path: Path) -> str:
    return "\n".join(paragraph.text for paragraph in docx.Document(str(path)).paragraphs)


def kept(desk: Any) -> set[Path]:
    """Return every file of the workspace but the catalogue, which is derived."""
    return {path for path in desk.root.rglob("*") if path.is_file() and path.parent.name != "index"}


def edit(path: Path) -> None:
    """Change a document as an editor does."""
    document = docx.Document(str(path))
    document.add_paragraph("手工加上的一句")
    document.save(str(path))


def file_edited(desk: Any, number: str) -> None:
    """File the V1.1 of a document: its V1.0, edited by hand."""
    newest = desk.session.catalogue.find(number)[0]
    copy = desk.root / f"{newest.stem.replace('V1.0', 'V1.1')}.docx"
    copy.write_bytes((desk.root / "archive" / newest.file("docx").path).read_bytes())
    edit(copy)
    list(file_paths(desk.session, [copy]))


def test_every_row_makes_what_one_form_makes(desk: Any, new_desk: Callable[[str], Any], lines: Lines) -> None:
    summary = desk.run(desk.table(*lines(range(1, 8))), workers=2, file=True)
    single = new_desk("single")
    session = single.session
    for number in range(1, 8):
        answers = {
            "project_name": "示例项目",
            "note_no": f"JY-{number:03d}",
            "topic": f"主题{number}",
            "fee": "100",
        }
        generate(session, session.form("visit_note"), answers, Wishes(file=True))

    assert summary.counts == {State.MADE: 7}
    assert desk.filed() == single.filed()


def test_a_second_run_changes_nothing_and_a_changed_row_alone_gets_a_version(desk: Any, lines: Lines) -> None:
    table = desk.table(*lines([1, 2, 3]))
    desk.run(table, file=True)
    before = desk.filed()
    again = desk.run(table, file=True)
    changed = desk.run(desk.table(*lines([1, 2]), *lines([3], fee="200")), file=True)

    assert again.counts == {State.UNCHANGED: 3}
    assert changed.counts == {State.UNCHANGED: 2, State.MADE: 1}
    new = {path: one for path, one in desk.filed().items() if path not in before}
    assert sorted(path.rpartition("/")[2].partition("_")[2] for path in new) == [
        "拜访纪要-03_" + changed_day(new) + "_V1.1.docx",
        "拜访纪要-03_" + changed_day(new) + "_V1.1.record.json",
    ]
    docx_path = next(path for path in new if path.endswith(".docx"))
    provenance = provenance_of(desk.root / "archive" / docx_path)
    assert provenance is not None
    newest = desk.session.catalogue.find("JY-003")[0]
    assert (newest.change_note, str(newest.version)) == ("数据更新", "V1.1")


def changed_day(new: dict[str, str]) -> str:
    return next(iter(new)).split("_")[-2]


def test_broken_rows_are_named_and_hinder_no_other(desk: Any, lines: Lines, report: Report) -> None:
    good = lines([1, 2, 3])
    table = desk.table(good[0], "示例项目,JY-008,,很多", good[1], "示例项目,JY-009,主题,-5元", good[2])
    summary = desk.run(table, file=True)

    assert summary.counts == {State.MADE: 3, State.FAILED: 2}
    rows = report(summary)
    assert [(row["行号"], row["状态"]) for row in rows] == [
        ("2", "生成"),
        ("3", "失败"),
        ("4", "生成"),
        ("5", "失败"),
        ("6", "生成"),
    ]
    assert "主题" in rows[1]["说明"]
    assert "费用“很多”" in rows[1]["说明"]
    assert versions(desk) == ["V1.0.docx"] * 3


def test_two_rows_of_one_document_are_named(desk: Any, lines: Lines, report: Report) -> None:
    rows = lines(range(1, 61))
    summary = desk.run(desk.table(*rows, rows[4].replace("主题5", "另一个")), workers=2, file=True)

    assert summary.counts == {State.MADE: 60, State.FAILED: 1}
    assert "与第 6 行是同一份文件" in report(summary)[60]["说明"]


def test_documents_edited_by_hand_are_left_alone_unless_told(desk: Any, lines: Lines, report: Report) -> None:
    desk.run(desk.table(*lines([1, 2])), file=True)
    file_edited(desk, "JY-001")
    table = desk.table(*lines([1, 2], fee="300"))
    summary = desk.run(table, file=True)
    told = desk.run(table, file=True, overwrite_edits=True)

    assert summary.counts == {State.EDITED: 1, State.MADE: 1}
    edited = report(summary)[0]
    assert (edited["状态"], edited["版本"]) == ("已手工修改", "V1.1")
    assert edited["路径"].endswith("V1.1.docx")
    assert told.counts == {State.MADE: 1, State.UNCHANGED: 1}
    assert desk.session.catalogue.find("JY-001")[0].change_note == "重新生成，不含上一版的手工修改"


def test_made_anew_documents_edited_by_hand_are_left_alone_unless_told(
    desk: Any, lines: Lines, report: Report
) -> None:
    desk.run(desk.table(*lines([1, 2])), file=True)
    file_edited(desk, "JY-001")
    desk.change_template("新的写法")
    summary = desk.again("示例项目", file=True)
    told = desk.again("示例项目", file=True, overwrite_edits=True)

    assert [(row["状态"], row["版本"]) for row in report(summary)] == [
        ("已手工修改", "V1.1"),
        ("生成", "V1.1"),
    ]
    assert told.counts == {State.MADE: 1, State.UNCHANGED: 1}
    newest = desk.session.catalogue.find("JY-001")[0]
    assert (str(newest.version), newest.change_note) == ("V1.2", "重新生成，不含上一版的手工修改")


def test_a_record_that_is_missing_costs_its_own_row_only(desk: Any, lines: Lines, report: Report) -> None:
    desk.run(desk.table(*lines([1, 2, 3])), file=True)
    record = desk.session.catalogue.find("JY-002")[0].file("record.json").path
    (desk.root / "archive" / record).chmod(0o644)
    (desk.root / "archive" / record).unlink()
    summary = desk.again("示例项目", file=True)

    assert summary.counts == {State.UNCHANGED: 2, State.FAILED: 1}
    said = next(row["说明"] for row in report(summary) if row["状态"] == "失败")
    assert record in said
    assert "docgen verify" in said


def test_drafts_of_what_is_filed_and_unchanged_are_not_made(desk: Any, lines: Lines, report: Report) -> None:
    desk.run(desk.table(*lines([1, 2])), file=True)
    desk.run(desk.table(*lines([1], fee="200"), *lines([2])), file=True)
    table = desk.table(*lines([1], fee="200"), *lines([2]))
    summary = desk.run(table)

    assert summary.counts == {State.UNCHANGED: 2}
    assert [row["版本"] for row in report(summary)] == ["V1.1", "V1.0"]
    assert [path for path in summary.folder.iterdir() if path.suffix == ".docx"] == []
    assert desk.run(table).counts == {State.UNCHANGED: 2}


def test_a_draft_edited_by_hand_is_not_passed_over_when_its_table_is_filed(
    desk: Any, lines: Lines, report: Report
) -> None:
    table = desk.table(*lines([1, 2]))
    first = desk.run(table)
    draft = next(first.folder.glob("*-02_*.docx"))
    edit(draft)
    summary = desk.run(table, file=True)
    told = desk.run(table, file=True, overwrite_edits=True)

    assert summary.counts == {State.MADE: 1, State.EDITED: 1}
    row = report(summary)[1]
    assert row["路径"] == draft.relative_to(desk.root).as_posix()
    assert "docgen file" in row["说明"]
    assert told.counts == {State.UNCHANGED: 1, State.MADE: 1}


def test_drafts_are_kept_apart_and_edited_ones_are_left_alone(desk: Any, lines: Lines) -> None:
    table = desk.table(*lines([1, 2, 3]))
    first = desk.run(table)
    before = desk.drafts()
    edited = next(first.folder.glob("*-02_*.docx"))
    edit(edited)
    bytes_of_edited = edited.read_bytes()
    next(first.folder.glob("*-03_*.docx")).unlink()
    second = desk.run(table)

    assert first.counts == {State.MADE: 3}
    assert second.counts == {State.UNCHANGED: 1, State.EDITED: 1, State.MADE: 1}
    assert edited.read_bytes() == bytes_of_edited
    assert {name: one for name, one in desk.drafts().items() if name != edited.name} == {
        name: one for name, one in before.items() if name != edited.name
    }
    assert desk.run(table, overwrite_edits=True).folder != first.folder


def test_a_trial_shows_names_and_problems_and_writes_nothing(desk: Any, lines: Lines) -> None:
    table = desk.table(*lines([1, 2]), "示例项目,JY-003,主题,很多")
    before = kept(desk)
    summary = desk.run(table, dry_run=True, file=True)

    assert [(row.type_name, row.serial, row.version) for row in summary.rows[:2]] == [
        ("拜访纪要", "", "V1.0"),
        ("拜访纪要", "02", "V1.0"),
    ]
    assert [row.state for row in summary.rows] == [State.MADE, State.MADE, State.FAILED]
    assert kept(desk) == before
    assert desk.run(table, file=True).counts == {State.MADE: 2, State.FAILED: 1}


def test_stopping_at_the_first_failure_leaves_nothing_of_what_follows(
    desk: Any, lines: Lines, report: Report
) -> None:
    rows = lines(range(1, 130))
    rows[59] = "示例项目,JY-060,主题,很多"
    summary = desk.run(desk.table(*rows), workers=2, file=True, fail_fast=True)

    assert summary.stopped
    assert summary.counts[State.MADE] == 59
    assert summary.counts[State.FAILED] == 1
    assert len(report(summary)) == 129
    assert len(versions(desk)) == 59
    assert [path.suffix for path in summary.folder.iterdir() if path.suffix == ".docx"] == []


def test_the_archive_is_made_anew_after_a_template_changed(desk: Any, lines: Lines) -> None:
    desk.run(desk.table(*lines([1, 2])), file=True)
    unchanged = desk.again("示例项目", file=True)
    desk.change_template("新的写法")
    summary = desk.again("示例项目", file=True)
    by_type = desk.again("拜访纪要", file=True)

    assert unchanged.counts == {State.UNCHANGED: 2}, unchanged.failures
    assert summary.counts == {State.MADE: 2}
    assert by_type.counts == {State.UNCHANGED: 2}
    newest = desk.session.catalogue.find("JY-002")[0]
    assert (str(newest.version), newest.change_note) == ("V1.1", "模板更新")
    assert "新的写法：主题2" in text(desk.root / "archive" / newest.file("docx").path)


def test_one_value_is_set_for_all_and_what_follows_is_computed_anew(desk: Any, lines: Lines) -> None:
    desk.run(desk.table(*lines([1, 2])), file=True)
    summary = desk.again("示例项目", file=True, changes={"税率": "9%"})

    assert summary.counts == {State.MADE: 2}
    newest = desk.session.catalogue.find("JY-001")[0]
    record = (desk.root / "archive" / newest.file("record.json").path).read_text(encoding="utf-8")
    assert '"total":"109.00"' in record
    assert newest.change_note == "数据更新"


def test_a_value_set_for_all_passes_over_documents_that_have_no_such_field(desk: Any, lines: Lines) -> None:
    desk.run(desk.table(*lines([1])), file=True)
    letter = desk.session.form("service_commitment_letter")
    answers = read_answers(letter, shipped_templates() / "samples" / "service_commitment_letter.yaml")
    generate(desk.session, letter, {**answers, "project_name": "示例项目"}, Wishes(file=True))
    summary = desk.again("示例项目", file=True, changes={"税率": "9%"})

    assert summary.counts == {State.MADE: 1, State.UNCHANGED: 1}


def test_a_value_that_no_document_has_is_refused_before_anything_is_made(desk: Any, lines: Lines) -> None:
    desk.run(desk.table(*lines([1])), file=True)
    with pytest.raises(UsageFault, match="“税律”"):
        desk.again("示例项目", file=True, changes={"税律": "9%"})
    with pytest.raises(UsageFault, match="“税律”"):
        desk.run(desk.table(*lines([2])), changes={"税律": "9%"})


def test_a_signed_document_is_not_made_anew(desk: Any, lines: Lines, report: Report) -> None:
    desk.run(desk.table(*lines([1, 2])), file=True)
    scan = desk.root / "扫描.pdf"
    scan.write_bytes(b"%PDF-1.4\n%%EOF\n")
    list(file_paths(desk.session, [scan], signed="JY-001"))
    desk.change_template("新的写法")
    summary = desk.again("示例项目", file=True)

    assert summary.counts == {State.SKIPPED: 1, State.MADE: 1}
    assert [row["状态"] for row in report(summary)] == ["跳过", "生成"]
