"""Changing the search engine loses nothing, whoever files meanwhile."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from docgen.archive.identity import Identity
from docgen.archive.parcel import Facts, Parcel, ParcelFile
from docgen.archive.versions import Version
from docgen.base.errors import EnvironmentFault
from docgen.base.settings import ENGINES
from docgen.base.workspace import Workspace
from docgen.search import engines
from docgen.search.engine import Health
from docgen.workflow.finding import search
from docgen.workflow.indexing import index_filed, index_some
from docgen.workflow.session import Session
from docgen.workflow.upkeep import rebuild


def hits(workspace: Workspace, query: str) -> list[str]:
    found = search(Session(workspace), query, limit=None).results.hits
    return sorted(hit.document.id for hit in found)


def choose(workspace: Workspace, name: str) -> None:
    (workspace.root / "docgen.toml").write_text(f'[search]\nengine = "{name}"\n', encoding="utf-8")


def file_note(workspace: Workspace, number: int) -> None:
    """File a small document, without indexing it."""
    session = Session(workspace)
    doc_type = session.types["service_contract"]
    identity = Identity("另一项目", doc_type.token, f"{number:02d}", date(2026, 5, number), Version(1, 0))
    file = ParcelFile("txt", f"纪要第{number}号".encode(), f"{identity.stem}.txt")
    parcel = Parcel(doc_type, identity, (file,), doc_id=f"JY-{number}", facts=Facts())
    session.archive.finish(session.archive.file_many([parcel], actor="cli:test"))


def test_every_engine_that_can_be_chosen_is_there() -> None:
    assert tuple(engines.ENGINES) == ENGINES


def test_another_engine_finds_the_same(filed: Workspace) -> None:
    before = hits(filed, "违约责任")

    done = rebuild(Session(filed), engine="tantivy")

    assert done.versions > 0
    assert Session(filed).choice.name == "tantivy"
    assert hits(filed, "违约责任") == before != []
    assert not list((filed.index / "search" / "whoosh").glob("g-*"))
    assert list((filed.index / "search" / "tantivy").glob("g-*"))


def test_a_change_by_hand_brings_the_index_up_first(filed: Workspace) -> None:
    before = hits(filed, "违约责任")
    choose(filed, "tantivy")
    assert hits(filed, "违约责任") == before
    file_note(filed, 1)
    assert len(hits(filed, "纪要第1号")) == 1

    choose(filed, "whoosh")  # its index is whole, and knows nothing of the note

    assert len(hits(filed, "纪要第1号")) == 1


def test_what_others_file_while_the_engine_changes_is_found_by_the_new_one(
    filed: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    watcher = Session(filed)
    index_some(watcher, 10)
    monkeypatch.setattr("docgen.workflow.engine_choice.PATIENCE", 0.05)
    rebuilder, said = Session(filed), []

    def meanwhile(_done: int, _total: int) -> None:
        if not said:
            file_note(filed, 2)
            said.append(index_filed(watcher))

    rebuild(rebuilder, meanwhile, engine="tantivy")

    assert "已归档，但索引暂时无法更新" in said[0][0].zh  # the old index is held
    assert len(hits(filed, "纪要第2号")) == 1


def test_a_change_between_writing_and_noting_keeps_the_queue(filed: Workspace) -> None:
    session = Session(filed)
    index_some(session, 10)
    file_note(filed, 3)
    engine = session.engine
    add = engine.add

    def add_and_change(*given: object) -> None:
        add(*given)  # type: ignore[arg-type]
        choose(filed, "tantivy")

    engine.add = add_and_change  # type: ignore[method-assign]
    assert index_some(session, 10)

    assert session.catalogue.to_index()
    assert len(hits(filed, "纪要第3号")) == 1


def test_settings_that_cannot_be_changed_are_told_before_the_new_index_is_made(filed: Workspace) -> None:
    settings = filed.root / "docgen.toml"
    settings.write_text('search.engine = "whoosh"\n', encoding="utf-8")

    with pytest.raises(EnvironmentFault, match="无法自动修改"):
        rebuild(Session(filed), engine="tantivy")

    assert not (filed.index / "search" / "tantivy").exists()


def test_an_engine_that_cannot_be_opened_leaves_the_old_one(filed: Workspace) -> None:
    before = hits(filed, "违约责任")

    with pytest.raises(EnvironmentFault, match="没有指定检索数据库"):
        rebuild(Session(filed), engine="postgres")

    assert Session(filed).choice.name == "whoosh"
    assert hits(filed, "违约责任") == before
    assert Session(filed).engine.health() is Health.READY


def test_an_engine_that_cannot_be_opened_any_more_can_be_left(filed: Workspace) -> None:
    before = hits(filed, "违约责任")
    choose(filed, "postgres")  # without a server

    rebuild(Session(filed), engine="whoosh")

    assert hits(filed, "违约责任") == before


def test_a_missing_library_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "tantivy", None)
    monkeypatch.delitem(__import__("sys").modules, "docgen.search.tantivy_index.engine", raising=False)
    monkeypatch.delitem(__import__("sys").modules, "docgen.search.tantivy_index.schema", raising=False)

    with pytest.raises(EnvironmentFault) as caught:
        engines.open_engine("tantivy", tmp_path)

    assert 'pip install "docgen[tantivy]"' in caught.value.text()
