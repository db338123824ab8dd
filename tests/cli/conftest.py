"""What tests of the commands share: a small type of one's own, and answers typed at a prompt."""

from __future__ import annotations

from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest

from docgen.base.workspace import Workspace

NOTE = """\
id: visit_note
name: 拜访纪要
fields:
  - {id: topic, label: 主题, kind: text, required: true}
  - {id: fee, label: 费用, kind: money}
  - id: items
    label: 事项
    kind: table
    columns:
      - {id: what, label: 内容, kind: text, required: true}
      - {id: share, label: 占比, kind: percent}
"""

Typing = Callable[..., None]


@pytest.fixture
def noted(workspace: Workspace, docgen) -> Workspace:
    """A workspace with a type of its own, 拜访纪要, its template drawn from the form."""
    folder = workspace.templates / "visit_note"
    folder.mkdir()
    (folder / "form.yaml").write_text(NOTE, encoding="utf-8")
    assert docgen(workspace, "template", "new", "visit_note").code == 0
    return workspace


@pytest.fixture
def typing(monkeypatch: pytest.MonkeyPatch) -> Typing:
    """Let the lines be typed at the prompts that follow; then the input ends."""

    def type_lines(*lines: str) -> None:
        monkeypatch.setattr("sys.stdin", StringIO("".join(f"{line}\n" for line in lines)))

    return type_lines


def kept(workspace: Workspace) -> list[Path]:
    """Return everything that lies in drafts and archive."""
    places = (workspace.drafts, workspace.archive)
    return [path for place in places for path in place.rglob("*") if path.is_file()]
