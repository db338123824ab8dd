"""The index says what the catalogue says, also when several processes bring it up."""

from __future__ import annotations

import pytest

from docgen.archive.queries import FiledVersion, Filter
from docgen.base.workspace import Workspace
from docgen.search.engine import Filters
from docgen.workflow import indexing
from docgen.workflow.finding import search
from docgen.workflow.indexing import index_pending
from docgen.workflow.session import Session

WITHDRAWN = Filters(withdrawn=True)


def first(session: Session) -> FiledVersion:
    return session.catalogue.versions(Filter(type_id="service_contract"))[0]


def meanwhile(monkeypatch: pytest.MonkeyPatch, happens: object) -> None:
    """Let something happen, once, between reading texts and writing them into the index."""
    read = indexing.documents

    def read_slowly(session: Session, versions: list[FiledVersion]) -> object:
        found = list(read(session, versions))
        monkeypatch.setattr(indexing, "documents", read)
        happens()  # type: ignore[operator]
        return iter(found)

    monkeypatch.setattr(indexing, "documents", read_slowly)


def test_who_was_slow_does_not_bring_an_older_standing_back(
    filed: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow, other = Session(filed), Session(filed)
    index_pending(slow)
    one = first(slow)
    slow.catalogue.index_again(one.files[0].sha256)

    def withdrawn_and_indexed() -> None:
        other.archive.withdraw(one, actor="cli:test")
        index_pending(other)

    meanwhile(monkeypatch, withdrawn_and_indexed)
    index_pending(slow)

    assert not search(other, f"编号:{one.doc_id} 类型:服务合同").results.total
    assert search(other, f"编号:{one.doc_id} 类型:服务合同", WITHDRAWN).results.total == 1


def test_text_of_a_scan_that_came_meanwhile_is_not_lost(
    filed: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow, other = Session(filed), Session(filed)
    index_pending(slow)
    one = first(slow)
    slow.scans.wait([(file.sha256, file.path) for file in one.files])
    slow.catalogue.index_again(one.files[0].sha256)

    def recognised_and_indexed() -> None:
        while scan := other.scans.next():
            other.scans.recognised(scan, 1, "印章上的字")
            other.scans.finished(scan)
            other.catalogue.index_again(scan.sha256)
        index_pending(other)

    # a paper of the sample project is no scan; let it pass for one
    from docgen.text.worker import Worker

    extract = Worker.extract
    monkeypatch.setattr(Worker, "extract", lambda self, path: _scanned(extract(self, path)))
    meanwhile(monkeypatch, recognised_and_indexed)
    index_pending(slow)

    assert search(other, "印章上的字").results.total == 1


def _scanned(found: object) -> object:
    from dataclasses import replace

    return replace(found, scanned=True)  # type: ignore[type-var]
