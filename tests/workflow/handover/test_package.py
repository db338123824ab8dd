"""The hand-over pack after a passed acceptance, and what need not be in it."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from docx import Document

from docgen.archive.queries import Filter
from docgen.base.errors import EnvironmentFault, UsageFault
from docgen.base.workspace import Workspace
from docgen.workflow.handover import package
from docgen.workflow.handover.package import MATERIALS, acceptance, package_list
from docgen.workflow.handover.waivers import revoke, waive, waivers
from docgen.workflow.session import Session

PROJECT = "示例市政务云运维项目"
DAY = date(2026, 11, 25)


@pytest.fixture
def session(filed: Workspace) -> Session:
    return Session(filed)


def rows(data: bytes) -> list[list[str]]:
    """Return the cells of every row of every table, nested ones included."""
    tables = Document(io.BytesIO(data)).element.body.iter("{*}tbl")
    found = []
    for table in tables:
        for row in table.iterchildren("{*}tr"):
            found.append(["".join(cell.itertext("{*}t")) for cell in row.iterchildren("{*}tc")])
    return found


def made(session: Session) -> list[list[str]]:
    versions = session.catalogue.versions(Filter(project=PROJECT, all_versions=True))
    accepted = acceptance(session, versions)
    assert accepted
    waived = waivers(session, PROJECT)
    return rows(package_list(session, PROJECT, versions, accepted, waived=waived, day=DAY))


def test_the_seven_parts_are_those_of_the_catalogue() -> None:
    assert list(MATERIALS) == [
        *("需求材料", "设计方案", "实施方案", "设备性能参数", "系统技术参数", "测试记录", "试运行期维护记录"),
    ]


def test_every_part_is_named_with_what_is_filed_or_why_not(session: Session) -> None:
    waive(session, PROJECT, "设备性能参数", reason="不含硬件", approver="示例甲")
    lines = made(session)

    assert ["1", "需求材料", "XQ-2026-001", "V1.0", "1", "电子", "是", "需求确认单"] in lines
    assert ["2", "设计方案", "", "", "", "", "否", "未归档"] in lines
    note = f"免归档：不含硬件（批准人：示例甲，{session.today.isoformat()}）"
    assert ["4", "设备性能参数", "", "", "", "", "否", note] in lines


def test_a_failed_acceptance_hands_nothing_over(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    versions = session.catalogue.versions(Filter(project=PROJECT, all_versions=True))
    assert acceptance(session, [one for one in versions if one.type_id != "acceptance_report"]) is None
    assert acceptance(session, [replace(one, current=False) for one in versions]) is None
    monkeypatch.setattr(package, "record_values", lambda *_: {"conclusion": "不合格"})
    assert acceptance(session, versions) is None


def test_a_waiver_is_kept_until_it_is_taken_back(session: Session, filed: Workspace) -> None:
    said = waive(session, PROJECT.upper(), "沟通记录", reason=" 由客户\n保管 ", approver="示例甲")

    assert waivers(Session(filed), PROJECT) == {"沟通记录": said}
    assert (said.reason, said.by) == ("由客户 保管", session.actor)
    assert waivers(session, "别的项目") == {}
    revoke(session, PROJECT, "沟通记录")
    assert waivers(session, PROJECT) == {}
    with pytest.raises(UsageFault):
        revoke(session, PROJECT, "沟通记录")


@pytest.mark.parametrize(
    ("target", "reason", "approver"), [("发票", "x", "甲"), ("沟通记录", "", "甲"), ("沟通记录", "x", " ")]
)
def test_a_waiver_says_what_why_and_who(session: Session, target: str, reason: str, approver: str) -> None:
    with pytest.raises(UsageFault):
        waive(session, PROJECT, target, reason=reason, approver=approver)


@pytest.mark.parametrize("text", ["[1]", "a: b", "a: {b: c}", "a: {b: {c: d}}", "a: {"])
def test_a_broken_file_of_waivers_is_told(session: Session, filed: Workspace, text: str) -> None:
    path = Path(filed.state) / "waivers.yaml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    with pytest.raises(EnvironmentFault, match="免归档"):
        waivers(session, PROJECT)
