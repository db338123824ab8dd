"""Filing fails, or the process dies, at every single step in turn: nothing is lost and nothing is doubled.

After each cut a new process opens the archive and recovers. Then every source must be whole in exactly one
place, a parcel filed as a whole or not at all, `verify` silent, and the catalogue what a rebuild gives.
"""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from docgen.archive.queries import Filter
from docgen.archive.refile import refile
from docgen.base import files, publishing
from docgen.base.errors import EnvironmentFault

EVERYTHING = Filter(all_versions=True, withdrawn=True)
PARCELS = {
    "single": [("pdf", b"scan " * 1000)],
    "pair": [("docx", b"word " * 1000), ("pdf", b"print " * 1000)],
}


class Death(BaseException):
    """The process was killed: nothing runs after it, no handler and no cleaning up."""


class Cut:
    """A step that fails at the n-th call: before it, half-way through a write, or just after it."""

    def __init__(self, at: int, how: str, *, cannot: tuple[object, ...] = ()) -> None:
        self.at, self.how, self.cannot = at, how, cannot
        self.calls = 0
        self.dead = False

    def __call__(self, operation: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        if self.dead:
            raise Death
        if operation in self.cannot:
            raise OSError(errno.EPERM, os.strerror(errno.EPERM))
        self.calls += 1
        if self.calls == self.at:
            return self._cut(operation, *args, **kwargs)
        return operation(*args, **kwargs)

    def _cut(self, operation: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        if self.how.endswith("half") and operation is os.write:
            os.write(args[0], bytes(args[1])[: len(args[1]) // 2])
        elif self.how.endswith("after"):
            operation(*args, **kwargs)
        if self.how.startswith("death"):
            self.dead = True
            raise Death
        raise OSError(errno.EIO, os.strerror(errno.EIO))


def run(desk: Any, work: Callable[[], object], cut: Cut, monkeypatch: pytest.MonkeyPatch) -> None:
    """Do ``work`` under the cut, then open the archive as a new process does."""
    with monkeypatch.context() as patch:
        patch.setattr(files, "step", cut)
        with contextlib.suppress(Death, EnvironmentFault):
            work()
    desk.catalogue.close()
    desk.open()
    assert desk.archive.recover(actor="cli:test") == ()


def check_whole(desk: Any, contents: list[bytes]) -> bool:
    """Check what must hold after every cut; return whether the parcel is filed."""
    filed = list(desk.tree().values())
    waiting = [path.read_bytes() for path in sorted((desk.root / "desk").rglob("*")) if path.is_file()]
    for content in contents:
        assert filed.count(content) + waiting.count(content) == 1
    assert list((desk.root / "desk").glob(".docgen-done/*")) == []
    assert [content in filed for content in contents].count(True) in (0, len(contents))
    assert list((desk.folder / ".tmp").glob("*")) == []
    assert desk.codes() == []
    known = desk.catalogue.versions(EVERYTHING)
    assert sorted(file.path for version in known for file in version.files) == sorted(desk.tree())
    desk.archive.rebuild(actor="cli:test")
    assert plain(desk.catalogue.versions(EVERYTHING)) == plain(known)
    return contents[0] in filed


def plain(versions: list[Any]) -> list[str]:
    return sorted(f"{one.project} {one.stem} {one.doc_id} {one.current} {one.files}" for one in versions)


def file_and_finish(desk: Any, contents: list[tuple[str, bytes]]) -> Callable[[], object]:
    parcel = desk.parcel("项目A 服务合同 2023-05-01 V1.1", *contents, finish=True)
    return lambda: desk.archive.finish([desk.archive.file(parcel, actor="cli:test")])


@pytest.fixture
def desks(tmp_path: Path, request: pytest.FixtureRequest) -> Callable[[int], Any]:
    """Return new desks, each with one version filed."""
    make = type(request.getfixturevalue("desk"))
    first = make(tmp_path / "first")
    first.archive.finish([first.file("项目A 服务合同 2023-04-01 V1.0", ("pdf", b"first"), finish=True)])
    first.catalogue.close()

    def new(number: int) -> Any:
        desk = make(shutil.copytree(first.root, tmp_path / str(number)))
        request.addfinalizer(desk.catalogue.close)
        return desk

    return new


HOWS = ["death before", "death half", "death after", "error before", "error half", "error after"]


@pytest.mark.parametrize(
    ("parcel", "how"), [*(("single", how) for how in HOWS), ("pair", HOWS[0]), ("pair", HOWS[3])]
)
def test_every_step_of_a_filing_may_fail(
    desks: Callable[[int], Any], parcel: str, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    contents = [content for _, content in PARCELS[parcel]]
    verdicts = []
    for at in range(1, 1000):
        desk, cut = desks(at), Cut(at, how)
        run(desk, file_and_finish(desk, PARCELS[parcel]), cut, monkeypatch)
        verdicts.append(check_whole(desk, contents))
        if cut.calls < at:
            break
        if not verdicts[-1]:  # what was not filed is filed by trying again
            file_and_finish(desk, PARCELS[parcel])()
            assert check_whole(desk, contents)
    assert len(verdicts) > 20
    assert verdicts[-1]
    assert not verdicts[0]


@pytest.mark.parametrize(
    ("missing", "how"), [("link", "death before"), ("rename", "death half"), ("rename", "error half")]
)
def test_drives_without_links_or_renames_lose_nothing_either(
    desks: Callable[[int], Any], missing: str, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    cannot = (os.link,) if missing == "link" else (os.link, publishing._rename_no_replace)
    for at in range(1, 1000):
        desk, cut = desks(at), Cut(at, how, cannot=cannot)
        run(desk, file_and_finish(desk, PARCELS["single"]), cut, monkeypatch)
        check_whole(desk, [PARCELS["single"][0][1]])
        if cut.calls < at:
            break
    assert at > 20


@pytest.mark.parametrize("how", ["death before", "error before"])
def test_every_step_of_a_refiling_may_fail(
    desks: Callable[[int], Any], how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for at in range(1, 1000):
        desk, cut = desks(at), Cut(at, how)
        doc_type = desk.parcel("项目B 补充协议 2023-04-01 V1.0").doc_type
        (old,) = desk.catalogue.versions()
        run(
            desk,
            partial(refile, desk.archive, [old], doc_type, "项目B", actor="cli:test"),
            cut,
            monkeypatch,
        )
        assert desk.codes() == []
        live = [one.stem for one in desk.catalogue.versions()]
        assert live in (["项目A_服务合同_2023-04-01_V1.0"], ["项目B_补充协议_2023-04-01_V1.0"])
        assert "项目A/合同协议/项目A_服务合同_2023-04-01_V1.0.pdf" in desk.tree()
        if cut.calls < at:
            break
    assert live == ["项目B_补充协议_2023-04-01_V1.0"]
    assert at > 20


def test_a_catalogue_that_lags_does_not_undo_a_filing(desk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    parcel = desk.parcel("项目A 服务合同 2023-04-01 V1.0", finish=True)

    def step(operation: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        if operation == desk.catalogue.apply:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return operation(*args, **kwargs)

    with monkeypatch.context() as patch:
        patch.setattr(files, "step", step)
        filed = desk.archive.file(parcel, actor="cli:test")
        assert "自动补齐" in filed.warnings[0].zh
        desk.archive.finish([filed])
    assert desk.catalogue.versions() == []
    assert desk.archive.recover(actor="cli:test") == ()
    assert check_whole(
        desk, [b"\xe9\xa1\xb9\xe7\x9b\xaeA \xe6\x9c\x8d\xe5\x8a\xa1\xe5\x90\x88\xe5\x90\x8c 2023-04-01 V1.0"]
    )
    assert list((desk.root / "desk").iterdir()) == []


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


@pytest.mark.parametrize("how", ["death half", "death after", "error half"])
def test_every_step_of_filing_a_group_may_fail(
    desks: Callable[[int], Any], how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What shares a commit is filed together or not at all; the other project's parcel stands by itself."""
    contracts = list(GROUP.values())
    outcomes = set()
    for at in range(1, 1000):
        desk, cut = desks(at), Cut(at, how)
        run(desk, partial(file_group, desk), cut, monkeypatch)
        filed = tuple(content in desk.tree().values() for content in contracts)
        outcomes.add(filed)
        check_whole(desk, contracts[:2])
        check_whole(desk, contracts[2:])
        if cut.calls < at:
            break
        file_group(desk)
        check_whole(desk, contracts)
        assert all(content in desk.tree().values() for content in contracts)
    assert outcomes == {(False, False, False), (True, True, False), (True, True, True)}
    entries = [len(list((desk.folder / project / "journal").iterdir())) for project in ("项目A", "项目B")]
    assert entries == [2, 1]
