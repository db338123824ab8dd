"""Folders that a workspace keeps for itself: nothing else is written there."""

from __future__ import annotations

from pathlib import Path

from docgen.base.errors import UsageFault
from docgen.base.messages import Message
from docgen.base.workspace import SETTINGS_FILE, Workspace


def refuse_inside(space: Workspace, to: Path, *, root: bool = False) -> None:
    """Refuse to write to ``to`` inside the folders of ``space`` (``root``: or as the workspace itself).

    Raises:
        UsageFault: It lies there.
    """
    place = to.resolve()
    own = (space.archive, space.index, space.inbox, space.state, space.projects, space.templates)
    if (root and place == space.root) or any(place.is_relative_to(folder.resolve()) for folder in own):
        raise UsageFault(
            Message("目标在工作区自用的文件夹之内", "that place is inside the workspace's own folders"),
            where=str(to),
            hint=Message("指定另一个文件夹", "name another folder"),
        )


def refuse_inside_any(to: Path) -> None:
    """Refuse to make a workspace inside the folders that another one keeps for itself.

    Raises:
        UsageFault: It lies there.
    """
    for folder in to.resolve().parents:
        if (folder / SETTINGS_FILE).is_file():
            refuse_inside(Workspace(folder), to)
