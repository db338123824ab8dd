"""When disk, rights or locks refuse: everything stays in the inbox, nothing is filed twice."""

from __future__ import annotations

import errno
import os
import subprocess
from pathlib import Path

import pytest

from docgen.base import files, publishing
from docgen.base.locks import lock
from docgen.workflow.session import Session
from docgen.workflow.watch import watch_once
from docgen.workflow.watch_signals import Signals


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EACCES])
def test_a_disk_that_refuses_leaves_everything_in_the_inbox(place, monkeypatch, code) -> None:
    names = [f"项目A_发票_2023-04-0{day}_V1.0.pdf" for day in (1, 2, 3)]
    for name in names:
        place.drop(name)
    copy = files.copy_new

    def refuse(source: Path, target: Path) -> str:
        if source.name != names[1]:
            raise OSError(code, os.strerror(code))
        return copy(source, target)

    with monkeypatch.context() as patch:
        patch.setattr(files, "copy_new", refuse)
        assert place.once() == 7
    assert place.filed() == [names[1]]
    assert place.waiting() == [names[0], names[2]]
    assert place.once() == 0
    assert place.filed() == names
    assert [event for _, event, _ in place.events("项目A")] == ["filed"] * 3
    assert place.codes() == []


def test_a_fault_after_the_commit_makes_no_second_entry(place, monkeypatch, pdf) -> None:
    """The entry of the first is written, then the disk fails: the retry must know what is filed."""
    for day in (1, 2):
        place.drop(f"项目A_发票_2023-04-0{day}_V1.0.pdf", pdf("同"))  # equal bytes: two commits
    publish, entries = publishing.publish, []

    def fail_at_second(tmp: Path, final: Path) -> None:
        if final.parent.name == "journal":
            entries.append(final)
            if len(entries) == 2:
                raise OSError(errno.EIO, os.strerror(errno.EIO))
        publish(tmp, final)

    with monkeypatch.context() as patch:
        patch.setattr(publishing, "publish", fail_at_second)
        place.once()
    place.once()

    assert sorted(event for _, event, _ in place.events("项目A")) == ["duplicate", "filed"]
    assert place.waiting() == []
    assert place.codes() == []


def test_a_source_that_cannot_be_removed_is_filed_once_only(place, monkeypatch) -> None:
    name = "项目A_发票_2023-04-03_V1.0.pdf"
    place.drop(name)

    def refuse(*_: object) -> None:
        raise OSError(errno.EACCES, os.strerror(errno.EACCES))

    with monkeypatch.context() as patch:
        patch.setattr(publishing, "move_aside", refuse)
        for _ in range(3):
            place.once()
        assert place.waiting() == [name]
    assert place.once() == 0

    assert len(place.events("项目A")) == 1
    assert place.waiting() == []


def test_another_program_at_the_project_is_waited_for_later(place) -> None:
    from docgen.archive.identity import project_key

    place.drop("项目A_发票_2023-04-03_V1.0.pdf")
    place.drop("项目B_发票_2023-04-03_V1.0.pdf")
    locks = place.workspace.archive / ".locks"
    locks.mkdir(parents=True)

    class Hurried(Session):
        patience = 0.0  # type: ignore[assignment]

    with lock(locks / f"{project_key('项目A')}.lock", timeout=0):
        assert watch_once(Hurried(place.workspace), place.tell, Signals()) == 7
    assert place.filed() == ["项目B_发票_2023-04-03_V1.0.pdf"]
    assert "正被另一个程序使用" in " ".join(place.said)
    assert place.once() == 0
    assert len(place.filed()) == 2


def test_a_small_full_disk(tmp_path, pdf, new_place) -> None:
    disk = tmp_path / "小盘"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(disk)]
    if os.geteuid() or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("a small disk can be mounted by root only")
    try:
        place = new_place(disk / "工作区")
        contents = [pdf(f"{number}" + "满" * 100_000) for number in range(12)]
        names = [f"项目A_发票-{number:02d}_2023-04-03_V1.0.pdf" for number in range(12)]
        outside = tmp_path / "收件夹"
        outside.mkdir()
        place.settings(inboxes=[str(outside)])
        for name, content in zip(names, contents, strict=True):
            (outside / name).write_bytes(content)
        code = place.once()

        waiting = {path.name for path in outside.glob("*.pdf")}
        assert code == 7
        assert waiting
        assert "磁盘空间不足" in " ".join(place.said)
        assert waiting | set(place.filed()) == set(names)
        assert place.codes() == []
        remount = ["mount", "-o", "remount,size=64m", str(disk)]
        subprocess.run(remount, check=True)
        assert place.once() == 0
        assert place.filed() == names
        assert place.codes() == []
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=False)
