"""What docgen wrote into a document is believed only as far as docgen could have written it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from docgen.archive.parcel import Facts
from docgen.base.workspace import Workspace
from docgen.render.package import Package
from docgen.render.provenance import Provenance, embed, read
from docgen.workflow.origin import facts_of, origin_of
from docgen.workflow.session import Session

Forge = Callable[..., Path]


@pytest.fixture
def forge(demonstrated: Workspace, tmp_path: Path) -> Forge:
    """Make the sample contract anew, with other values in what it says of itself."""
    contract = next(demonstrated.archive.rglob("*服务合同*.docx")).read_bytes()
    honest = read(contract)
    assert honest is not None

    def make(fields: dict[str, object] | None = None, **more: str) -> Path:
        said: Provenance = replace(honest, fields={**honest.fields, **(fields or {})}, **more)
        path = tmp_path / "最终版.docx"
        path.write_bytes(embed(contract, said))
        return path

    return make


def test_what_docgen_wrote_is_believed(demonstrated, forge) -> None:
    session = Session(demonstrated)
    origin = origin_of(session, forge())
    assert origin is not None
    facts = facts_of(session, origin)
    (filed,) = session.catalogue.with_doc_id(origin.doc_id)

    known = replace(filed.facts, generated=False, change_note="", groups=facts.groups, refs=())
    assert known.record_digest
    assert replace(facts, refs=()) == known
    assert set(facts.refs) == set(filed.facts.refs)


@pytest.mark.parametrize(
    "value",
    ["长" * 201, "a\nb", "a\x1b[2K", "a\u2028b", "\ud800", ["a"], {"a": 1}, 7],
    ids=map(str, range(8)),
)
def test_a_value_that_docgen_never_writes_is_left_out(demonstrated, forge, value) -> None:
    session = Session(demonstrated)
    ref = {"text": value, "type_id": "", "doc_id": "", "version": ""}
    origin = origin_of(session, forge({"doc_id": value, "status": value, "other": ref}, record_digest="x"))
    assert origin is not None
    facts = facts_of(session, origin)

    assert (origin.doc_id, facts.status, facts.record_digest) == ("", "", "")
    assert value not in [one.text for one in facts.refs]


def test_an_unknown_mark_of_confidentiality_counts_as_the_strictest(demonstrated, forge) -> None:
    session = Session(demonstrated)
    marks = [
        facts_of(session, origin_of(session, forge({"confidentiality": value}))).confidentiality
        for value in ("公开", "", "随便看", ["公开"])
    ]

    assert marks == ["公开", Facts().confidentiality, "机密", "机密"]


@pytest.mark.parametrize("name", ["project_name", "serial", "doc_date", "version"])
def test_a_document_that_names_no_identity_is_nobodys(demonstrated, forge, name) -> None:
    assert origin_of(Session(demonstrated), forge({name: "\ud800"})) is None


def test_more_xml_than_docgen_ever_makes_is_not_read(demonstrated, forge, monkeypatch) -> None:
    path = forge()
    size = sum(
        len(data) for name, data in Package.open(path).parts.items() if name.endswith((".xml", ".rels"))
    )
    monkeypatch.setattr("docgen.workflow.origin._MOST_XML", size)
    assert origin_of(Session(demonstrated), path) is not None

    monkeypatch.setattr("docgen.workflow.origin._MOST_XML", size - 1)
    assert origin_of(Session(demonstrated), path) is None
