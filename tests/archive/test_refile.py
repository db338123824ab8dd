"""A misfiled document is copied to the right place, and the wrong one kept but hidden."""

from __future__ import annotations

import json
from typing import Any

import pytest

from docgen.archive.queries import FiledVersion
from docgen.archive.refile import refile
from docgen.base.errors import ArchiveRefused


def misfiled(desk: Any) -> list[FiledVersion]:
    desk.file(
        "项目A 服务合同 2023-04-01 V1.0",
        ("docx", b"a"),
        ("record.json", b"{}"),
        doc_id="HT-1",
        generated=True,
    )
    desk.file("项目A 服务合同 2023-05-01 V1.1", ("docx", b"b"), change_note="改期限", generated=True)
    return list(desk.catalogue.versions_of(desk.catalogue.find("HT-1")[0].document_id))


def move(desk: Any, document: list[FiledVersion], name: str) -> list[Any]:
    parcel = desk.parcel(name)
    return refile(desk.archive, document, parcel.doc_type, parcel.identity.project, actor="cli:test")


def test_all_versions_go_to_another_project(desk: Any) -> None:
    moved = move(desk, misfiled(desk), "项目B 服务合同 2023-01-01 V1.0")
    assert [filed.identity.stem for filed in moved] == [
        "项目B_服务合同_2023-04-01_V1.0",
        "项目B_服务合同_2023-05-01_V1.1",
    ]
    (live,) = desk.catalogue.versions()
    assert (live.stem, live.doc_id, live.change_note) == ("项目B_服务合同_2023-05-01_V1.1", "HT-1", "改期限")
    assert live.generated
    assert len(desk.tree()) == 6
    assert all(one.withdrawn for one in desk.catalogue.find("项目A_服务合同_2023-04-01_V1.0"))
    assert desk.codes() == []
    item = json.loads((desk.folder / "项目B/journal/000001.json").read_bytes())["items"][0]
    assert item["refiled_from"] == "项目A/合同协议/项目A_服务合同_2023-04-01_V1.0.docx"


def test_another_type_in_the_same_project_keeps_the_number(desk: Any) -> None:
    desk.file("项目A 服务合同 2023-04-01 V1.0", doc_id="HT-1")
    move(desk, desk.catalogue.versions(), "项目A 补充协议 2023-01-01 V1.0")
    (live,) = desk.catalogue.versions()
    assert (live.stem, live.doc_id) == ("项目A_补充协议_2023-04-01_V1.0", "HT-1")
    assert desk.codes() == []


def test_versions_that_become_documents_of_their_own_get_numbers_of_their_own(desk: Any) -> None:
    """A supplementary agreement recurs: its date belongs to its identity."""
    move(desk, misfiled(desk), "项目A 补充协议 2023-01-01 V1.0")
    assert {one.stem: one.doc_id for one in desk.catalogue.versions()} == {
        "项目A_补充协议_2023-04-01_V1.0": "HT-1",
        "项目A_补充协议_2023-05-01_V1.1": "项目A-B037-0001",
    }
    assert desk.codes() == ["AV16"]


def test_what_cannot_be_moved_is_refused_before_anything_is_copied(desk: Any) -> None:
    document = misfiled(desk)
    with pytest.raises(ArchiveRefused, match="已在该项目"):
        move(desk, document, "项目a 服务合同 2023-01-01 V1.0")
    desk.file("项目B 服务合同 2023-05-01 V1.1", ("docx", b"another"))
    before = desk.tree()
    with pytest.raises(ArchiveRefused, match="已被另一份文档占用"):
        move(desk, document, "项目B 服务合同 2023-01-01 V1.0")
    assert desk.tree() == before
    move(desk, document, "项目C 服务合同 2023-01-01 V1.0")
    with pytest.raises(ArchiveRefused, match="已经撤回"):
        move(desk, desk.catalogue.versions_of(document[0].document_id), "项目D 服务合同 2023-01-01 V1.0")


def test_run_again_it_goes_on_where_it_was_cut_short(desk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    document = misfiled(desk)
    with monkeypatch.context() as patch:
        patch.setattr(type(desk.archive), "withdraw", lambda *_args, **_more: 1 // 0)
        with pytest.raises(ZeroDivisionError):
            move(desk, document, "项目B 服务合同 2023-01-01 V1.0")
    move(desk, document, "项目B 服务合同 2023-01-01 V1.0")
    assert [one.stem for one in desk.catalogue.versions()] == ["项目B_服务合同_2023-05-01_V1.1"]
    assert len(desk.tree()) == 6
    assert desk.codes() == []


def test_a_claim_without_the_same_files_replaces_nothing(desk: Any) -> None:
    """An imported journal may say that it corrects a misfiling of ours: it must hold the same files."""
    desk.file("项目A 服务合同 2023-04-01 V1.0", ("pdf", b"ours"), doc_id="HT-1")
    origin = desk.catalogue.find("HT-1")[0].files[0].path
    desk.file("项目B 服务合同 2023-04-01 V1.0", ("pdf", b"theirs"), refiled_from=origin)
    assert desk.archive.recover(actor="cli:test") == ()
    assert not desk.catalogue.find("HT-1")[0].withdrawn

    desk.file("项目C 服务合同 2023-04-01 V1.0", ("pdf", b"ours"), refiled_from=origin)
    assert desk.archive.recover(actor="cli:test") == ()
    assert desk.catalogue.find("项目A_服务合同_2023-04-01_V1.0")[0].withdrawn
