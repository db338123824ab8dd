"""A source is removed once it is filed: never the filed file itself, by whatever way one comes to it."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from docgen.archive.parcel import ParcelFile
from docgen.base import publishing

INVOICE = "项目A 发票 2023-04-04 V1.0"


def link_of_the_archive(desk: Any, filed: Path) -> Path:
    (desk.root / "link").symlink_to(desk.folder)
    return desk.root / "link" / filed.relative_to(desk.folder)


def hard_link(desk: Any, filed: Path) -> Path:
    os.link(filed, desk.root / "other.pdf")
    return desk.root / "other.pdf"


@pytest.mark.parametrize("way", [lambda _, filed: filed, link_of_the_archive, hard_link])
@pytest.mark.parametrize("aside", [False, True])
def test_the_filed_file_itself_is_never_removed(
    desk: Any, way: Callable[[Any, Path], Path], aside: bool
) -> None:
    desk.file(INVOICE)
    (filed,) = desk.folder.rglob("*.pdf")
    inbox = desk.root if aside else None
    file = ParcelFile.of(way(desk, filed), "pdf", inbox=inbox, finish=True)

    again = desk.archive.file(replace(desk.parcel(INVOICE), files=(file,)), actor="cli:test")

    assert desk.archive.finish([again]) == ()
    assert filed.exists()
    assert desk.codes() == []
    assert desk.catalogue.pending_sources() == []


def test_another_process_may_remove_the_empty_folder_in_which_sources_wait(
    desk: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    filed = desk.file(INVOICE, finish=True)
    move = publishing.move_aside

    def removed_first(path: Path, target: Path) -> None:
        monkeypatch.setattr(publishing, "move_aside", move)
        target.parent.rmdir()
        move(path, target)

    monkeypatch.setattr(publishing, "move_aside", removed_first)
    assert desk.archive.finish([filed]) == ()
    assert list((desk.root / "desk").iterdir()) == []
