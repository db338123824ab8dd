"""A misfiled document is copied to the right place, and the wrong one kept but hidden."""

from __future__ import annotations

import json
from typing import Any

import pytest

from docgen.archive.commits import Commits
from docgen.archive.queries import FiledVersion, Filter
from docgen.archive.refile import refile
from docgen.base.errors import ArchiveRefused

EVERYTHING = Filter(all_versions=True, withdrawn=True)


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


def back(desk: Any) -> list[str]:
    """Move the document of 项目B to 项目A; return the stems of what stands then."""
    document = [one for one in desk.catalogue.versions(EVERYTHING) if one.project == "项目B"]
    move(desk, document, "项目A 服务合同 2023-01-01 V1.0")
    return [one.stem for one in desk.catalogue.versions(Filter(all_versions=True))]


def test_there_and_back_it_goes_on_with_the_next_versions(desk: Any) -> None:
    move(desk, misfiled(desk), "项目B 服务合同 2023-01-01 V1.0")
    returned = ["项目A_服务合同_2023-04-01_V1.2", "项目A_服务合同_2023-05-01_V1.3"]
    assert back(desk) == returned
    assert {one.doc_id for one in desk.catalogue.versions()} == {"HT-1"}
    assert desk.archive.recover(actor="cli:test") == ()
    assert [one.stem for one in desk.catalogue.versions(Filter(all_versions=True))] == returned
    assert desk.codes() == []


@pytest.mark.parametrize("at", range(4))
def test_a_way_back_that_is_cut_short_is_gone_on_with(
    desk: Any, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    """Whatever was cut, after the recovery each version stands once."""
    move(desk, misfiled(desk), "项目B 服务合同 2023-01-01 V1.0")
    commit, left = Commits.commit, [None] * at

    def until(*args: Any, **more: Any) -> Any:
        return commit(*args, **more) if left.pop() is None else None

    with monkeypatch.context() as patch:
        patch.setattr(Commits, "commit", until)
        with pytest.raises(IndexError):
            back(desk)
    assert desk.archive.recover(actor="cli:test") == ()
    assert len(desk.catalogue.versions(Filter(all_versions=True))) == 2
    if at < 3:
        back(desk)
    assert sorted(one.stem for one in desk.catalogue.versions(Filter(all_versions=True))) == [
        "项目A_服务合同_2023-04-01_V1.2",
        "项目A_服务合同_2023-05-01_V1.3",
    ]
    assert desk.codes() == []


def test_back_to_where_another_version_was_filed_meanwhile_is_refused(desk: Any) -> None:
    """Else an old version would be the newest there."""
    move(desk, misfiled(desk), "项目B 服务合同 2023-01-01 V1.0")
    desk.file("项目A 服务合同 2023-06-01 V1.2", ("docx", b"c"))
    with pytest.raises(ArchiveRefused) as refused:
        back(desk)
    assert "V1.3" in refused.value.text("zh")
    assert [one.project for one in desk.catalogue.versions(Filter(all_versions=True))].count("项目B") == 2


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
    with pytest.raises(ArchiveRefused, match="不能改归"):
        desk.file("项目B 服务合同 2023-04-01 V1.0", ("pdf", b"theirs"), refiled_from=origin)
    desk.file("项目B 服务合同 2023-04-01 V1.0", ("pdf", b"theirs"))
    entry = desk.folder / "项目B" / "journal" / "000001.json"
    said = json.loads(entry.read_bytes())
    said["items"][0]["refiled_from"] = origin
    entry.write_text(json.dumps(said, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    desk.archive.rebuild(actor="cli:test")
    assert desk.catalogue.find("项目B_服务合同_2023-04-01_V1.0")[0].refiled_from == origin
    assert desk.archive.recover(actor="cli:test") == ()
    assert not desk.catalogue.find("HT-1")[0].withdrawn

    desk.file("项目C 服务合同 2023-04-01 V1.0", ("pdf", b"ours"), refiled_from=origin)
    assert desk.archive.recover(actor="cli:test") == ()
    assert desk.catalogue.find("项目A_服务合同_2023-04-01_V1.0")[0].withdrawn
