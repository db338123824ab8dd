"""What forms learn about other documents: archive first, then drafts, only the own project."""

from __future__ import annotations

from docgen.base.workspace import Workspace
from docgen.forms.lookup import Asked
from docgen.forms.values import Ref
from docgen.workflow.generate import generate, read_answers
from docgen.workflow.generated import Wishes
from docgen.workflow.lookup import Lookup
from docgen.workflow.session import Session

PROJECT = "示例市政务云运维项目"
DEMAND = "demand_confirmation_sheet"


def find(lookup: Lookup, project: str, type_id: str, text: str) -> Ref | None:
    """Ask for one document."""
    return lookup.find_refs(project, [Asked([type_id], text)])[0]


def test_a_filed_document_is_found_by_number_and_by_name(demonstrated: Workspace) -> None:
    lookup = Lookup(Session(demonstrated))
    names = ("HT-2026-001", "ht-2026-001", f"{PROJECT}_服务合同_2026-02-10_V1.0")

    found = [find(lookup, PROJECT, "service_contract", name) for name in names]

    assert [(ref.doc_id, ref.version, ref.type_id) for ref in found if ref] == [
        ("HT-2026-001", "V1.0", "service_contract")
    ] * 3


def test_another_project_another_type_and_a_part_of_a_number_are_not_found(demonstrated: Workspace) -> None:
    lookup = Lookup(Session(demonstrated))

    assert find(lookup, "项目B", "service_contract", "HT-2026-001") is None
    assert find(lookup, PROJECT, "service_intent_letter", "HT-2026-001") is None
    assert find(lookup, PROJECT, "service_contract", "HT-2026") is None


def test_a_draft_is_found_until_it_is_filed(session: Session) -> None:
    form = session.form(DEMAND)
    answers = read_answers(form, session.workspace.samples / f"{DEMAND}.yaml")
    assert find(Lookup(session), PROJECT, DEMAND, "XQ-2026-001") is None

    generate(session, form, answers)

    found = find(Lookup(session), PROJECT, DEMAND, "XQ-2026-001")
    assert found is not None
    assert (found.doc_id, found.type_id) == ("XQ-2026-001", DEMAND)


def test_a_file_that_is_no_record_names_nothing(session: Session) -> None:
    (session.workspace.drafts / "坏.record.json").write_text('{"form": 1', encoding="utf-8")

    assert find(Lookup(session), PROJECT, DEMAND, "XQ-2026-001") is None


def test_numbers_are_proposed_from_the_project_code(session: Session) -> None:
    letter = "service_commitment_letter"
    form = session.form(letter)
    answers = read_answers(form, session.workspace.samples / f"{letter}.yaml")

    first = generate(session, form, answers, Wishes(file=True))

    assert first.doc_id == "SZY2026-A1-0001"
    assert Lookup(session, "SZY2026").next_doc_id(PROJECT, letter) == "SZY2026-A1-0002"
    assert Lookup(session).next_doc_id("项目B", letter) == "项目B-A1-0001"
