"""Versions, serials and numbers of generated documents."""

from __future__ import annotations

from pathlib import Path

import docx
import pytest

from docgen.base.errors import ArchiveRefused, InvalidData
from docgen.workflow.filing import Taken, file_paths
from docgen.workflow.generate import generate, read_answers
from docgen.workflow.generated import Generated, Wishes
from docgen.workflow.session import Session

CONTRACT = "service_contract"
SHEET = "project_progress_sheet"
FILE = Wishes(file=True)


def make(session: Session, type_id: str, wishes: Wishes = FILE, **changes: object) -> Generated:
    form = session.form(type_id)
    answers = read_answers(form, session.workspace.samples / f"{type_id}.yaml")
    return generate(session, form, {**answers, **changes}, wishes)


def stem(made: Generated) -> str:
    return made.identity.stem.removeprefix("示例市政务云运维项目_")


def test_a_change_is_a_minor_version_and_major_on_request(session: Session) -> None:
    made = [
        make(session, CONTRACT),
        make(session, CONTRACT, originals="6"),
        make(session, CONTRACT, Wishes(file=True, major=True), originals="8"),
        make(session, CONTRACT, originals="10"),
    ]

    assert [str(one.identity.version) for one in made] == ["V1.0", "V1.1", "V2.0", "V2.1"]
    assert {one.doc_id for one in made} == {"HT-2026-001"}


def test_an_unchanged_record_keeps_its_version_and_a_draft_of_it_is_the_same_file(session: Session) -> None:
    first = make(session, CONTRACT)
    again = make(session, CONTRACT)
    draft = make(session, CONTRACT, Wishes())

    assert (again.fresh, again.path) == (False, first.path)
    assert draft.path.read_bytes() == first.path.read_bytes()


def test_a_second_contract_of_a_project_takes_a_serial(session: Session) -> None:
    first = make(session, CONTRACT)
    second = make(session, CONTRACT, contract_no="HT-2026-002")
    third = make(session, CONTRACT, contract_no="HT-2026-003")
    changed = make(session, CONTRACT, contract_no="HT-2026-002", originals="6")

    assert [stem(one) for one in (first, second, third, changed)] == [
        "服务合同_2026-02-10_V1.0",
        "服务合同-02_2026-02-10_V1.0",
        "服务合同-03_2026-02-10_V1.0",
        "服务合同-02_2026-02-10_V1.1",
    ]


def test_a_recurring_document_without_number_of_its_own_is_known_by_its_date(session: Session) -> None:
    first = make(session, SHEET)
    signed = {"filler_sign": "示例己 2026-05-07", "pm_confirm": "示例甲 2026-05-07"}
    next_week = make(session, SHEET, doc_date="2026-05-07", **signed)
    corrected = make(session, SHEET, next_steps="改了")

    assert [stem(one) for one in (first, next_week, corrected)] == [
        "项目进度表_2026-04-30_V1.0",
        "项目进度表_2026-05-07_V1.0",
        "项目进度表_2026-04-30_V1.1",
    ]
    assert (first.doc_id, next_week.doc_id, corrected.doc_id) == (
        "SZY2026-A5b-0001",
        "SZY2026-A5b-0002",
        "SZY2026-A5b-0001",
    )


def test_a_number_that_another_document_of_the_project_has_is_refused(session: Session) -> None:
    make(session, CONTRACT)

    with pytest.raises(ArchiveRefused) as refused:
        make(session, "service_intent_letter", intent_no="HT-2026-001")

    assert "HT-2026-001" in refused.value.text()


def test_a_contract_number_of_another_project_is_a_warning(session: Session) -> None:
    make(session, CONTRACT)

    other = make(session, CONTRACT, project_name="项目B")

    assert any("HT-2026-001" in problem.sentence() for problem in other.problems)


def test_a_version_that_is_typed_must_be_the_next(session: Session) -> None:
    make(session, CONTRACT)

    with pytest.raises(InvalidData) as refused:
        make(session, CONTRACT, version="V3.0", originals="6")

    assert "V1.1" in refused.value.text()


def test_the_version_of_a_withdrawn_edition_is_not_used_again(session: Session) -> None:
    make(session, CONTRACT)
    second = make(session, CONTRACT, originals="6")
    (version,) = session.catalogue.find(second.identity.stem)
    session.archive.withdraw(version, actor="cli:test")

    third = make(session, CONTRACT, originals="8")

    assert str(third.identity.version) == "V1.2"


def test_a_document_edited_by_hand_is_followed_by_a_version_that_says_so(
    session: Session, tmp_path: Path
) -> None:
    first = make(session, CONTRACT)
    paper = docx.Document(str(first.path))
    paper.paragraphs[30].add_run("（手工补充）")
    paper.save(str(tmp_path / "最终版(2).docx"))
    (edited,) = file_paths(session, [tmp_path / "最终版(2).docx"])
    assert isinstance(edited.result, Taken)

    regenerated = make(session, CONTRACT)

    assert str(edited.result.filed.identity.version) == "V1.1"
    assert str(regenerated.identity.version) == "V1.2"
    assert any("手工修改" in problem.sentence() for problem in regenerated.problems)
    (filed,) = session.catalogue.find(regenerated.identity.stem)
    assert filed.change_note == "重新生成，不含上一版的手工修改"


def test_strict_refs_make_a_missing_reference_an_error(session: Session) -> None:
    (session.workspace.root / "docgen.toml").write_text("strict_refs = true\n", encoding="utf-8")
    strict = Session(type(session.workspace)(session.workspace.root))

    with pytest.raises(InvalidData) as refused:
        make(strict, CONTRACT)

    assert {problem.field for problem in refused.value.problems} >= {"demand_ref", "plan_ref"}


def test_documents_that_are_filed_at_once_do_not_mix(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another document takes the place, and with it the name, while this one is being filed."""
    from docgen.workflow import generate as module

    real, others = module.file_draft, iter(["HT-2026-002"])

    def meanwhile(*given: object) -> Generated:
        for number in others:
            make(session, CONTRACT, contract_no=number)
        return real(*given)

    monkeypatch.setattr(module, "file_draft", meanwhile)
    made = make(session, CONTRACT)
    other = session.catalogue.find("HT-2026-002")[0]

    assert (made.doc_id, made.identity.serial, other.serial) == ("HT-2026-001", "02", "")
    for one in (made.path, session.workspace.archive / other.file("docx").path):
        text = "\n".join(cell.text for table in docx.Document(str(one)).tables for cell in table._cells)
        number = "HT-2026-001" if one == made.path else "HT-2026-002"
        assert number in text + "\n".join(line.text for line in docx.Document(str(one)).paragraphs)
    assert list(session.workspace.drafts.iterdir()) == []


def test_a_new_draft_does_not_keep_the_pdf_of_the_old_one(session: Session) -> None:
    draft = make(session, CONTRACT, Wishes())
    draft.path.with_suffix(".pdf").write_bytes(b"%PDF-1.4 of other data")
    make(session, CONTRACT, Wishes(), originals="6")

    assert not draft.path.with_suffix(".pdf").exists()
