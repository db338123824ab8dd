"""The inboxes of a workspace, as the settings name them."""

from __future__ import annotations

from pathlib import Path

from docgen.base.errors import EnvironmentFault
from docgen.base.messages import Message
from docgen.base.workspace import Workspace
from docgen.workflow.watch_outcome import Inbox


def inboxes(workspace: Workspace) -> list[Inbox]:
    """Return the inboxes.

    Raises:
        EnvironmentFault: One lies inside the archive or another folder of docgen's, around it, or in another.
    """
    found = [Inbox(name, (workspace.root / name).resolve()) for name in workspace.settings.watch.inboxes]
    own = (
        *(workspace.archive, workspace.index, workspace.state, workspace.drafts, workspace.projects),
        *(workspace.templates, workspace.rejected, workspace.root / "duplicates"),
    )
    for number, inbox in enumerate(found):
        others = [*(path.resolve() for path in own), *(one.path for one in found[number + 1 :])]
        for other in others:
            if inbox.path.is_relative_to(other) or other.is_relative_to(inbox.path):
                raise _clash(workspace, inbox, other)
    return found


def _clash(workspace: Workspace, inbox: Inbox, other: Path) -> EnvironmentFault:
    return EnvironmentFault(
        Message(
            f"收件夹 {inbox.name} 与 {other} 互相包含",
            f"the inbox {inbox.name} and {other} lie in one another",
        ),
        where=str(workspace.root / "docgen.toml"),
        hint=Message("把 watch.inboxes 改为单独的文件夹", "let watch.inboxes name folders of their own"),
    )
