"""Filing fails, or the process dies, at every single step in turn: nothing is lost and nothing is doubled.

After each cut a new process opens the archive and recovers; see `conftest.whole` for what must hold then.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from typing import Any

import pytest

from docgen.base import files, publishing

Files = list[tuple[str, bytes]]
SINGLE: Files = [("pdf", b"scan " * 1000)]
PAIR: Files = [("docx", b"word " * 1000), ("pdf", b"print " * 1000)]


def file_and_finish(desk: Any, contents: Files, version: str = "2023-05-01 V1.1") -> Callable[[], object]:
    parcel = desk.parcel(f"项目A 服务合同 {version}", *contents, finish=True)
    return lambda: desk.archive.finish([desk.archive.file(parcel, actor="cli:test")])


@pytest.fixture
def cut_everywhere(desks: Callable[[int], Any], cut_desk: Any, check_whole: Any) -> Callable[..., int]:
    """Cut a filing at every step, try again what was not filed; return the number of steps."""

    def cut(
        contents: Files, how: str, version: str = "2023-05-01 V1.1", cannot: tuple[object, ...] = ()
    ) -> int:
        bytes_alone = [content for _, content in contents]
        verdicts, at, going = [], 0, True
        while going:
            at += 1
            desk = desks(at)
            going = cut_desk(desk, file_and_finish(desk, contents, version), at, how, cannot)
            verdicts.append(check_whole(desk, bytes_alone))
            if not verdicts[-1]:
                file_and_finish(desk, contents, version)()
                assert check_whole(desk, bytes_alone)
        assert verdicts[-1]
        assert not verdicts[0]
        return at

    return cut


@pytest.mark.cuts("death before", "death half", "EIO half", "EIO after", "ENOSPC half", "EACCES before")
def test_every_step_of_a_filing_may_fail(cut_everywhere: Callable[..., int], how: str) -> None:
    assert cut_everywhere(SINGLE, how) > 20


@pytest.mark.cuts("death half", "EACCES before")
def test_every_step_of_filing_two_files_of_one_version_may_fail(
    cut_everywhere: Callable[..., int], how: str
) -> None:
    assert cut_everywhere(PAIR, how) > 30


@pytest.mark.cuts("death half", "ENOSPC half")
def test_every_step_of_completing_a_version_may_fail(cut_everywhere: Callable[..., int], how: str) -> None:
    """A sealed scan comes later: the version on the desk is a PDF, so here it is a picture."""
    assert cut_everywhere([("jpg", b"sealed " * 1000)], how, "2023-04-01 V1.0") > 20


@pytest.mark.cuts("death half")
def test_every_step_of_filing_the_same_bytes_again_may_fail(
    desks: Callable[[int], Any], cut_desk: Any, how: str
) -> None:
    """The second copy is finished or still waits; there is one in the archive, whatever was cut."""
    at, going = 0, True
    while going:
        at += 1
        desk = desks(at)
        going = cut_desk(desk, file_and_finish(desk, [("pdf", b"first")]), at, how)
        assert list(desk.tree().values()).count(b"first") == 1
        assert desk.codes() == []
        assert list((desk.folder / ".tmp").glob("*")) == []
        kept = [path for folder in ("desk", "duplicates") for path in (desk.root / folder).rglob("*.pdf")]
        assert [path.read_bytes() for path in kept] in ([b"first"], [])
    assert at > 20


@pytest.mark.parametrize("missing", ["link", "rename"])
@pytest.mark.cuts("death half", "EIO half")
def test_drives_without_links_or_renames_lose_nothing_either(
    cut_everywhere: Callable[..., int], missing: str, how: str
) -> None:
    cannot = (os.link,) if missing == "link" else (os.link, publishing._rename_no_replace)
    assert cut_everywhere(SINGLE, how, cannot=cannot) > 20


def test_a_catalogue_that_lags_does_not_undo_a_filing(
    desk: Any, check_whole: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    parcel = desk.parcel("项目A 服务合同 2023-04-01 V1.0", ("pdf", b"late"), finish=True)

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
    assert check_whole(desk, [b"late"])
    assert list((desk.root / "desk").iterdir()) == []
