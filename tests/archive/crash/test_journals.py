"""Refiling, noting and rebuilding are done or not done, whichever step is cut."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from docgen.archive.queries import Filter
from docgen.archive.refile import refile
from docgen.base.messages import same

EVERYTHING = Filter(all_versions=True, withdrawn=True)


@pytest.mark.cuts("death before", "ENOSPC half", "EACCES before")
def test_every_step_of_a_refiling_may_fail(desks: Callable[[int], Any], cut_desk: Any, how: str) -> None:
    at, going = 0, True
    while going:
        at += 1
        desk = desks(at)
        doc_type = desk.parcel("项目B 补充协议 2023-04-01 V1.0").doc_type
        (old,) = desk.catalogue.versions()
        work = partial(refile, desk.archive, [old], doc_type, "项目B", actor="cli:test")
        going = cut_desk(desk, work, at, how)
        assert desk.codes() == []
        assert list((desk.folder / ".tmp").glob("*")) == []
        live = [one.stem for one in desk.catalogue.versions()]
        assert live in (["项目A_服务合同_2023-04-01_V1.0"], ["项目B_补充协议_2023-04-01_V1.0"])
        assert "项目A/合同协议/项目A_服务合同_2023-04-01_V1.0.pdf" in desk.tree()
    assert live == ["项目B_补充协议_2023-04-01_V1.0"]
    assert at > 20


@pytest.mark.cuts("death half", "EIO after")
def test_every_step_of_noting_a_handing_over_may_fail(
    desks: Callable[[int], Any], cut_desk: Any, how: str
) -> None:
    at, going, lengths = 0, True, []
    while going:
        at += 1
        desk = desks(at)
        work = partial(desk.archive.hand_out, desk.catalogue.versions(), same("移交"), actor="cli:test")
        going = cut_desk(desk, work, at, how)
        assert desk.codes() == []
        assert list((desk.folder / ".tmp").glob("*")) == []
        lengths.append(len(list((desk.folder / "项目A/journal").iterdir())))
        assert desk.catalogue.heads()["项目A"].seq == lengths[-1]
    assert sorted(set(lengths)) == [1, 2]
    assert lengths == sorted(lengths)
    assert at > 10


@pytest.mark.cuts("death half", "EIO half", "ENOSPC half", "EACCES before")
def test_every_step_of_a_rebuild_may_fail(desks: Callable[[int], Any], cut_desk: Any, how: str) -> None:
    """Of an archive without catalogue and with a torn manifest; the journals and files stay as they are."""
    at, going = 0, True
    while going:
        at += 1
        desk = desks(at)
        for number in (1, 2):
            desk.file(f"项目{'AB'[number - 1]} 发票 2023-04-0{number} V1.0")
        known, tree = desk.catalogue.versions(EVERYTHING), desk.tree()
        desk.catalogue.discard()
        manifest = desk.folder / "项目A" / "manifest-sha256.txt"
        manifest.write_bytes(manifest.read_bytes()[:-9])
        going = cut_desk(desk, partial(desk.archive.rebuild, actor="cli:test"), at, how)
        assert desk.codes() == []
        assert desk.tree() == tree
        assert desk.catalogue.versions(EVERYTHING) == known
        assert list((desk.folder / ".tmp").glob("*")) == []
    assert at > 5
