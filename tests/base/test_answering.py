"""Drives that answer, and one that does not."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from docgen.base.answering import answers


def test_folders_that_are_there_or_not_answer(tmp_path: Path) -> None:
    assert answers(tmp_path)
    assert answers(tmp_path / "none")


def test_a_call_that_does_not_return_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    back = threading.Event()
    monkeypatch.setattr(Path, "stat", lambda _: back.wait())
    try:
        assert not answers(tmp_path, seconds=0.01)
    finally:
        back.set()
