"""Rebuilding: the same as before, and the old as long as the new is not whole."""

from __future__ import annotations

import shutil
import subprocess
import sys
from typing import Any

import pytest

from docgen.archive.queries import Filter
from docgen.base.workspace import Workspace
from docgen.search.engine import Filters
from docgen.workflow.finding import search
from docgen.workflow.indexing import index_filed, tidy
from docgen.workflow.session import Session
from docgen.workflow.upkeep import rebuild, verify_archive

QUERIES = ("违约责任", "合同", "HT-2026-001", "验收 OR 结算", "日期:2026-01..2026-06", "")
EVERYTHING = Filter(all_versions=True, withdrawn=True)


def known(session: Session) -> tuple[Any, ...]:
    """Return everything that is known and found, ids of rows left out."""
    versions = [
        {name: getattr(one, name) for name in type(one).__slots__ if name not in ("id", "document_id")}
        for one in session.catalogue.versions(EVERYTHING)
    ]
    found = [search(session, query, Filters(all_versions=True), limit=None).results for query in QUERIES]
    return versions, found, session.catalogue.heads()


def test_without_catalogue_and_index_everything_comes_back_the_same(filed: Workspace) -> None:
    before = known(Session(filed))
    shutil.rmtree(filed.index)
    session = Session(filed)
    told: list[tuple[int, int]] = []
    done = rebuild(session, lambda *far: told.append(far))

    assert known(session) == before
    assert known(Session(filed)) == before
    assert (done.projects, done.versions, done.problems) == (1, 9, ())
    assert told[-1][1] == 9


def test_a_rebuild_queues_nothing_and_keeps_what_is_queued(filed: Workspace) -> None:
    session = Session(filed)
    rebuild(session)

    assert not session.catalogue.to_index()


KILLED = """
import sys
from pathlib import Path
from docgen.base.workspace import Workspace
from docgen.workflow.session import Session
from docgen.workflow.upkeep import rebuild

def watch(done, total):
    print(done, flush=True)
    sys.stdin.readline()

rebuild(Session(Workspace(Path(sys.argv[1]))), watch)
"""


def test_a_rebuild_that_is_killed_leaves_the_old_serving(filed: Workspace) -> None:
    before = known(Session(filed))
    command = [sys.executable, "-c", KILLED, str(filed.root)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdout.readline() == "0\n"  # the catalogue is new, the index is being made
        assert known(Session(filed)) == before
        process.kill()

    session = Session(filed)
    assert known(session) == before
    assert not session.catalogue.to_index()
    rebuild(session)
    assert known(session) == before
    assert len(list((filed.index / "search" / "whoosh").glob("[gt]-*"))) == 1  # what was begun is swept


def test_what_is_interrupted_leaves_the_old_serving(filed: Workspace) -> None:
    before = known(Session(filed))

    def interrupt(_done: int, _total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rebuild(Session(filed), interrupt)
    assert known(Session(filed)) == before


def test_a_search_does_not_wait_for_a_rebuild(filed: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """What cannot be brought into the index now stays queued; the old index answers."""
    monkeypatch.setattr("docgen.workflow.engine_choice.PATIENCE", 0.0)
    session, other = Session(filed), Session(filed)
    session.catalogue.index_again(session.catalogue.versions()[0].files[0].sha256)
    seen: list[int] = []

    def meanwhile(_done: int, _total: int) -> None:
        seen.append(search(other, "违约责任").results.total)
        assert index_filed(other)[0].zh.startswith("已归档，但索引暂时无法更新")

    rebuild(session, meanwhile)
    assert set(seen) == {search(session, "违约责任").results.total}


def test_tidying_merges_what_filings_left(filed: Workspace) -> None:
    session = Session(filed)
    before = known(session)
    while tidy(session):
        pass
    assert known(session) == before
    shutil.rmtree(filed.index / "search")
    assert not tidy(session)  # nothing there


def test_indexing_that_is_stopped_is_said_and_made_up_for(filed: Workspace) -> None:
    session = Session(filed)
    session.catalogue.index_again(session.catalogue.versions()[0].files[0].sha256)
    late = index_filed(session, stop=lambda: True)

    assert [one.zh for one in late] == ["已归档，但索引尚未更新完；下次归档或检索时自动补上"]
    assert session.catalogue.to_index()
    assert index_filed(session) == ()
    assert not session.catalogue.to_index()


def test_what_is_kept_no_longer_by_the_settings_is_told(filed: Workspace) -> None:
    settings = filed.root / "docgen.toml"
    settings.write_text(
        settings.read_text(encoding="utf-8") + '\n[retention]\n"服务合同" = "2026-03-01"\n', encoding="utf-8"
    )
    found = [one for one in verify_archive(Session(Workspace(filed.root))).findings if one.code == "AV27"]

    assert [one.path.rpartition("_")[0].rpartition("/")[2].split("_")[1] for one in found] == ["服务合同"]
    assert "2026-03-01" in found[0].message.zh
