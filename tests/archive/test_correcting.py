"""Corrections: what is known changes, names and files do not, and later versions take it over."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from docgen.archive.correcting import Correction, correct
from docgen.archive.groups import Groups
from docgen.archive.queries import FiledVersion, Filter
from docgen.base.messages import Message

NOTE = Message("类别 合同协议 → 商务文档；原因：归类有误", "category; reason: wrong")
GROUPS = Groups(contract="HT-1", month="2023-03")


def change(version: FiledVersion) -> Correction:
    return Correction(
        "商务文档",
        replace(version.facts, confidentiality="机密", retention="永久", groups=GROUPS),
        NOTE,
    )


@pytest.fixture
def corrected(desk: Any) -> Any:
    """An archive in which a contract of two versions was corrected."""
    desk.file("项目A 服务合同 2023-04-01 V1.0", doc_id="HT-1", status="草稿")
    desk.file("项目A 服务合同 2023-04-01 V1.1", ("docx", b"word"), status="已签署")
    correct(desk.archive.commits, desk.catalogue.find("HT-1")[0], change, actor="cli:test")
    return desk


def test_all_versions_are_corrected_and_nothing_moves(corrected: Any) -> None:
    versions = corrected.catalogue.versions(Filter(all_versions=True))
    told = [(one.category, one.confidentiality, one.retention, one.groups, one.status) for one in versions]
    assert told == [
        ("商务文档", "机密", "永久", GROUPS, "已签署"),
        ("商务文档", "机密", "永久", GROUPS, "草稿"),
    ]
    assert {path.split("/")[1] for path in corrected.tree()} == {"合同协议"}
    assert corrected.codes() == []


def test_a_rebuild_gives_the_same(corrected: Any) -> None:
    before = corrected.catalogue.versions(Filter(all_versions=True))
    corrected.archive.rebuild(actor="cli:test")
    after = corrected.catalogue.versions(Filter(all_versions=True))
    assert [replace(one, id=0) for one in after] == [replace(one, id=0) for one in before]


def test_what_is_so_already_makes_no_entry(corrected: Any) -> None:
    one = corrected.catalogue.find("HT-1")[0]
    assert correct(corrected.archive.commits, one, change, actor="cli:test") == []
    assert corrected.catalogue.known("项目A").head.seq == 3


def test_a_later_version_takes_the_correction_over(corrected: Any) -> None:
    corrected.file("项目A 服务合同 2023-04-01 V2.0", ("pdf", b"signed"), groups=Groups(month="2023-05"))
    (one,) = corrected.catalogue.versions()
    assert (one.category, one.confidentiality, one.retention) == ("商务文档", "机密", "永久")
    assert one.groups == Groups(contract="HT-1", month="2023-05")
    assert one.files[0].path == "项目A/商务文档/项目A_服务合同_2023-04-01_V2.0.pdf"
    assert corrected.codes() == []


def test_a_completed_version_stays_together(corrected: Any) -> None:
    corrected.file("项目A 服务合同 2023-04-01 V1.1", ("pdf", b"scan"))
    (one,) = corrected.catalogue.versions()
    assert [file.path.split("/")[1] for file in one.files] == ["合同协议", "合同协议"]
    assert one.category == "商务文档"
    assert corrected.codes() == []


@pytest.mark.parametrize(("new", "kept"), [("公开", "客户保密"), ("客户保密", "客户保密"), ("机密", "机密")])
def test_a_new_version_never_lowers_the_confidentiality(desk: Any, new: str, kept: str) -> None:
    desk.file("项目A 服务合同 2023-04-01 V1.0", confidentiality="客户保密")
    desk.file("项目A 服务合同 2023-04-01 V1.1", confidentiality=new)
    assert desk.catalogue.versions()[0].confidentiality == kept
