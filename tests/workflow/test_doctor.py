"""What the doctor sees."""

from __future__ import annotations

import os
import shutil

import pytest

from docgen.base.findings import Severity
from docgen.base.workspace import Workspace, shipped_templates
from docgen.workflow import engine_advice
from docgen.workflow.doctor import examine
from docgen.workflow.indexing import index_pending, reindex
from docgen.workflow.session import Session


def codes(session: Session) -> dict[str, Severity]:
    return {finding.code: finding.severity for finding in examine(session)}


def test_a_fresh_workspace_has_nothing_wrong(session: Session) -> None:
    assert Severity.ERROR not in codes(session).values()


def test_a_machine_without_libreoffice_is_told_what_to_install(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DOCGEN_SOFFICE", "/没有/soffice")

    (finding,) = [one for one in examine(session) if one.code == "DR11"]

    assert finding.severity is Severity.WARNING
    assert "libreoffice" in finding.hint.zh


def test_a_copy_older_than_the_shipped_type_is_named(session: Session) -> None:
    copy = session.workspace.templates / "service_contract"
    shutil.copytree(shipped_templates() / "service_contract", copy)
    for path in copy.iterdir():
        os.utime(path, (1, 1))
    again = Session(Workspace(session.workspace.root))

    found = [one for one in examine(again) if one.code == "DR15"]

    assert [one.path for one in found] == ["templates/service_contract"]


def test_a_broken_template_is_an_error(session: Session) -> None:
    copy = session.workspace.templates / "service_contract"
    shutil.copytree(shipped_templates() / "service_contract", copy)
    (copy / "template.docx").write_bytes(b"PK")

    assert Severity.ERROR in codes(Session(Workspace(session.workspace.root))).values()


def test_an_archive_that_has_outgrown_its_engine_is_told_which_to_take(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    index_pending(session)
    assert "DR17" not in codes(session)
    monkeypatch.setitem(engine_advice._COMFORT, "whoosh", engine_advice.Comfort(30_000, 1, "tantivy"))

    (finding,) = [one for one in examine(session) if one.code == "DR17"]

    assert finding.severity is Severity.WARNING
    assert "docgen rebuild --engine tantivy" in finding.hint.zh


def test_what_a_killed_rebuild_left_does_not_count(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    index_pending(session)
    folder = session.workspace.index / "search" / "whoosh"
    left, room = folder / "g-left", folder / "t-left"
    left.mkdir()
    room.mkdir()
    (left / "segment").write_bytes(bytes(2 << 20))
    monkeypatch.setitem(engine_advice._COMFORT, "whoosh", engine_advice.Comfort(30_000, 1 << 20, "tantivy"))

    assert "DR17" not in codes(session)
    reindex(session)
    assert not left.exists()
    assert not room.exists()


@pytest.mark.parametrize(("versions", "told"), [(30_000, False), (30_001, True)])
def test_versions_are_counted(
    session: Session, monkeypatch: pytest.MonkeyPatch, versions: int, told: bool
) -> None:
    index_pending(session)
    monkeypatch.setattr(session.engine, "count", lambda: versions)

    assert ("DR17" in codes(session)) is told


def test_a_broken_index_is_an_error(session: Session) -> None:
    index_pending(session)
    for path in (session.workspace.index / "search").rglob("*"):
        if path.is_file():
            path.write_bytes(b"broken")

    assert codes(Session(Workspace(session.workspace.root))).get("DR16") is Severity.ERROR
