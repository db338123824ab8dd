"""Looking into one file; a mistake of ours costs that file alone."""

from __future__ import annotations

import contextlib
import traceback
from pathlib import Path

from docgen.base.clock import rfc3339, system_clock
from docgen.base.errors import EnvironmentFault
from docgen.base.messages import Message
from docgen.base.system_errors import told
from docgen.base.workspace import Workspace
from docgen.ingest.content.examine import examine
from docgen.ingest.content.verdict import Verdict


def look_into(workspace: Workspace, path: Path) -> Verdict | Message:
    """Return whether the content of a regular file is whole, or why that cannot be told now."""
    try:
        with told(path):
            return examine(path)
    except EnvironmentFault as error:
        return error.message
    except Exception:
        return unforeseen(workspace)


def unforeseen(workspace: Workspace) -> Message:
    """Keep the traceback in hand for the maintainers; return what people are told."""
    path = workspace.state / "log" / "watch.log"
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8", errors="backslashreplace") as log:
            log.write(f"{rfc3339(system_clock())} {traceback.format_exc()}\n")
    return Message(f"程序内部错误，见 {path}", f"an internal error, see {path}")
