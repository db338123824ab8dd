"""Removing after the retention and correcting are done or not done, whichever step is cut."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from docgen.archive.correcting import Correction, correct
from docgen.archive.queries import FiledVersion, Filter
from docgen.archive.removing import remove
from docgen.base.messages import Message

WHOLE = Filter(all_versions=True, withdrawn=True, removed=True)
DOCX = "项目A/合同协议/项目A_服务合同_2023-04-01_V1.1.docx"
WHY = Message("到期", "over")


def allow(_versions: Sequence[FiledVersion]) -> Message:
    return WHY


def change(version: FiledVersion) -> Correction:
    return Correction("商务文档", replace(version.facts, confidentiality="机密"), WHY)


def prepared(desk: Any) -> FiledVersion:
    """File a second version and another document beside the first; return the newest of the first."""
    desk.file("项目A 服务合同 2023-04-01 V1.1", ("docx", b"word"))
    desk.file("项目A 发票 2023-04-03 V1.0", ("pdf", b"invoice"))
    return next(one for one in desk.catalogue.versions() if one.type_name == "服务合同")


def check_same_after_rebuild(desk: Any) -> None:
    def plain() -> list[FiledVersion]:
        return [replace(one, id=0, document_id=0) for one in desk.catalogue.versions(WHOLE)]

    before = plain()
    assert desk.archive.rebuild(actor="cli:test") == ()
    assert plain() == before
    assert list((desk.folder / ".tmp").glob("*")) == []
    assert desk.codes() == []


@pytest.mark.cuts("death half", "EIO after")
def test_every_step_of_a_removal_may_fail(desks: Callable[[int], Any], cut_desk: Any, how: str) -> None:
    at, going, outcomes = 0, True, []
    while going:
        at += 1
        desk = desks(at)
        one = prepared(desk)
        work = partial(remove, desk.archive.commits, one, allow, actor="cli:test")
        going = cut_desk(desk, work, at, how)
        done = (desk.folder / "项目A/journal/000004.json").exists()
        outcomes.append(done)
        assert len(desk.tree()) == (1 if done else 3)
        assert (DOCX in desk.tree()) is not done
        versions = desk.catalogue.same_document(one)
        assert [version.removed for version in versions] == [done, done]
        assert desk.catalogue.pending_removals() == []
        check_same_after_rebuild(desk)
        if not done:  # what was not done is done by trying again
            remove(desk.archive.commits, desk.catalogue.same_document(one)[0], allow, actor="cli:test")
            assert len(desk.tree()) == 1
    assert outcomes == sorted(outcomes)
    assert outcomes[-1]
    assert not outcomes[0]
    assert at > 15


@pytest.mark.cuts("death half", "EIO half")
def test_every_step_of_a_correction_may_fail(desks: Callable[[int], Any], cut_desk: Any, how: str) -> None:
    at, going, outcomes = 0, True, []
    while going:
        at += 1
        desk = desks(at)
        one = prepared(desk)
        before = desk.tree()
        work = partial(correct, desk.archive.commits, one, change, actor="cli:test")
        going = cut_desk(desk, work, at, how)
        told = {(each.category, each.confidentiality) for each in desk.catalogue.same_document(one)}
        assert told in ({("合同协议", "内部")}, {("商务文档", "机密")})
        outcomes.append(told == {("商务文档", "机密")})
        assert desk.tree() == before
        check_same_after_rebuild(desk)
    assert outcomes == sorted(outcomes)
    assert outcomes[-1]
    assert not outcomes[0]
    assert at > 8
