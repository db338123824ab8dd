"""A project worth handing over."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

PROJECT = "项目A"


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
