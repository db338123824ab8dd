"""A project worth handing over, and a knife that cuts the work at its n-th step."""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from docgen.base import files
from docgen.base.errors import EnvironmentFault

PROJECT = "项目A"


class Death(BaseException):
    """The process was killed: nothing runs after it, no handler and no cleaning up."""


class Cut:
    """A step that fails at the n-th call: before it, half-way through a write, or just after it."""

    def __init__(self, at: int, how: str) -> None:
        self.at, self.how = at, how
        self.calls = 0
        self.dead = False

    def __call__(self, operation: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        if self.dead:
            raise Death
        self.calls += 1
        if self.calls != self.at:
            return operation(*args, **kwargs)
        if "half" in self.how and operation is os.write:
            os.write(args[0], bytes(args[1])[: len(args[1]) // 2])
        elif "after" in self.how:
            operation(*args, **kwargs)
        if "death" in self.how:
            self.dead = True
            raise Death
        code = errno.ENOSPC if "full" in self.how else errno.EIO
        raise OSError(code, os.strerror(code))


@pytest.fixture
def cut_off(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], object], int, str], bool]:
    """Do some work, cut at its n-th step; return whether there was such a step."""

    def run(work: Callable[[], object], at: int, how: str) -> bool:
        cut = Cut(at, how)
        with monkeypatch.context() as patch:
            patch.setattr(files, "step", cut)
            with contextlib.suppress(Death, EnvironmentFault):
                work()
        return cut.calls >= at

    return run


def fill(desk: Any) -> None:
    """File a small project: three documents, a completed version, a duplicate."""
    desk.file(f"{PROJECT} 服务合同 2023-04-01 V1.0", ("docx", b"word " * 900), doc_id="HT-1")
    desk.file(f"{PROJECT} 服务合同 2023-04-01 V1.0", ("pdf", b"print " * 900))
    desk.file(f"{PROJECT} 服务合同 2023-05-01 V1.1", ("docx", b"words " * 900))
    desk.file(f"{PROJECT} 技术规格书 2023-04-02 V1.0", ("pdf", b"drawing"))
    desk.file(f"{PROJECT} 发票 2023-04-03 V1.0", ("jpg", b"bill"))
    desk.file(f"{PROJECT} 发票 2023-04-09 V1.0", ("jpg", b"bill"))


@pytest.fixture
def full(desk: Any) -> Any:
    """An archive with that project."""
    fill(desk)
    return desk


@pytest.fixture
def other(desk: Any, tmp_path: Path, request: pytest.FixtureRequest) -> Callable[[str], Any]:
    """Make further, empty archives."""

    def make(name: str) -> Any:
        new = type(desk)(tmp_path / name)
        request.addfinalizer(new.catalogue.close)
        return new

    return make


@pytest.fixture
def project_tree() -> Callable[[Path], dict[str, bytes]]:
    """Return every file of a folder, by path."""
    return lambda folder: {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
