"""Documents that were filed without their record, made anew from what they carry in themselves."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
import pytest

from docgen.base.errors import ArchiveRefused
from docgen.batch.states import State
from docgen.forms.records import Record
from docgen.workflow.carried import carried_record
from docgen.workflow.filing import file_paths
from docgen.workflow.generate import read_answers
from docgen.workflow.templates import new_template

Lines = Callable[..., list[str]]
Report = Callable[..., list[dict[str, str]]]
ALL = "{{ topic }}，{{ fee }}，{{ rate }}，{{ total }}"


def print_fields(desk: Any, text: str) -> None:
    """Let the template print ``text``."""
    outline = desk.root / "templates" / "visit_note" / "outline.md"
    outline.write_text(f"# {{{{ type_name }}}}\n\n{text}\n", encoding="utf-8")
    new_template(desk.session, "visit_note", force=True)


def file_alone(desk: Any, drafts: Path, folder: Path) -> None:
    """File the Word files of drafts under names of chance, and nothing that lay beside them."""
    folder.mkdir()
    for number, draft in enumerate(sorted(drafts.glob("*.docx"))):
        shutil.copy(draft, folder / f"最终版({number}).docx")
    list(file_paths(desk.session, sorted(folder.iterdir())))


def internal(desk: Any) -> None:
    """Give the form a field that never enters a document."""
    path = desk.root / "templates" / "visit_note" / "form.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text + "  - {id: margin, label: 毛利, kind: money, internal: true}\n", encoding="utf-8")


@pytest.fixture
def whole(desk: Any) -> Any:
    """A desk whose documents print every field."""
    print_fields(desk, ALL)
    return desk


def test_a_document_carries_the_record_that_it_was_made_from(whole: Any, lines: Lines) -> None:
    drafts = whole.run(whole.table(*lines([1])))
    draft = next(drafts.folder.glob("*.docx"))
    form = whole.session.form("visit_note")
    beside = draft.with_name(f"{draft.stem}.record.json").read_text(encoding="utf-8")
    carried = carried_record(draft)

    record, expected = (Record.from_json(form, text).checked() for text in (carried.text, beside))
    assert (record.values, record.today, record.from_today) == (
        expected.values,
        expected.today,
        expected.from_today,
    )
    assert carried.digest == expected.digest


def test_documents_filed_alone_are_made_anew_from_themselves(
    whole: Any, lines: Lines, tmp_path: Path
) -> None:
    file_alone(whole, whole.run(whole.table(*lines([1, 2]))).folder, tmp_path / "送来的")
    same = whole.again("示例项目", file=True)
    changed = whole.again("示例项目", file=True, changes={"税率": "9%"})

    assert same.counts == {State.UNCHANGED: 2}
    assert (changed.counts, changed.remarks) == ({State.MADE: 2}, 0)
    newest = whole.session.catalogue.find("JY-002")[0]
    record = (whole.root / "archive" / newest.file("record.json").path).read_text(encoding="utf-8")
    assert (str(newest.version), '"total":"109.00"' in record) == ("V1.1", True)


def test_what_no_document_prints_is_not_made_up(
    whole: Any, lines: Lines, report: Report, tmp_path: Path
) -> None:
    internal(whole)
    line = f"{lines([1])[0]},55"
    table = whole.table(line, headings="项目名称,纪要编号,主题,费用,毛利")
    file_alone(whole, whole.run(table).folder, tmp_path / "送来的")
    same = whole.again("示例项目", file=True)
    print_fields(whole, f"新的写法：{ALL}")
    anew = whole.again("示例项目", file=True)

    assert (same.counts, report(same)[0]["说明"]) == ({State.UNCHANGED: 1}, "")
    assert anew.counts == {State.MADE: 1}
    assert "数据取自文件本身" in report(anew)[0]["说明"]


def test_needed_values_that_no_document_prints_are_named(
    desk: Any, lines: Lines, report: Report, tmp_path: Path
) -> None:
    print_fields(desk, "{{ topic }}，{{ total }}")
    file_alone(desk, desk.run(desk.table(*lines([1]))).folder, tmp_path / "送来的")
    summary = desk.again("示例项目", file=True)

    assert summary.counts == {State.FAILED: 1}
    assert report(summary)[0]["错误项"] == "费用"


def test_a_new_document_starts_from_one_that_docgen_made(whole: Any, lines: Lines, tmp_path: Path) -> None:
    drafts = whole.run(whole.table(*lines([1], fee="200")))
    renamed = shutil.copy(next(drafts.folder.glob("*.docx")), tmp_path / "最终版(2).docx")
    answers = read_answers(whole.session.form("visit_note"), Path(renamed))

    assert (answers["note_no"], answers["fee"], answers["topic"]) == ("JY-001", "200.00", "主题1")
    assert not answers.keys() & {"total", "version"}


def test_a_word_file_of_others_is_refused(desk: Any, tmp_path: Path) -> None:
    foreign = tmp_path / "别人的.docx"
    docx.Document().save(str(foreign))
    with pytest.raises(ArchiveRefused, match="不是 docgen 生成的文件"):
        carried_record(foreign)
    foreign.write_bytes(b"no zip")
    with pytest.raises(ArchiveRefused, match="不是 docgen 生成的文件"):
        carried_record(foreign)
