"""What shares a commit is filed together or not at all, whichever step is cut."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

GROUP = {
    "项目A 服务合同-002 2023-05-01 V1.0": b"contract " * 500,
    "项目A 补充协议 2023-05-02 V1.0": b"supplement " * 500,
    "项目B 服务合同 2023-05-03 V1.0": b"other " * 500,
}


def file_group(desk: Any) -> None:
    """File of the group what is not filed yet, all of it in one call."""
    there = desk.tree().values()
    left = [(name, content) for name, content in GROUP.items() if content not in there]
    parcels = [
        desk.parcel(name, ("pdf", content), finish=True, doc_id=f"HT-{len(content)}{name[:3]}")
        for name, content in left
    ]
    desk.archive.finish(desk.archive.file_many(parcels, actor="cli:test"))


@pytest.mark.cuts("death half", "ENOSPC half")
def test_every_step_of_filing_a_group_may_fail(
    desks: Callable[[int], Any], cut_desk: Any, check_whole: Any, how: str
) -> None:
    """The other project's parcel stands by itself."""
    contracts = list(GROUP.values())
    outcomes, at, going = set(), 0, True
    while going:
        at += 1
        desk = desks(at)
        going = cut_desk(desk, partial(file_group, desk), at, how)
        filed = tuple(content in desk.tree().values() for content in contracts)
        outcomes.add(filed)
        check_whole(desk, contracts[:2])
        check_whole(desk, contracts[2:])
        if not all(filed):
            file_group(desk)
            assert all(content in desk.tree().values() for content in contracts)
            check_whole(desk, contracts)
    assert outcomes == {(False, False, False), (True, True, False), (True, True, True)}
    entries = [len(list((desk.folder / project / "journal").iterdir())) for project in ("项目A", "项目B")]
    assert entries == [2, 1]
