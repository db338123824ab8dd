"""Looking into one file; a mistake of ours costs that file alone."""

from __future__ import annotations

import contextlib
import sys
import traceback
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from docgen.base.clock import rfc3339, system_clock
from docgen.base.errors import EnvironmentFault
from docgen.base.messages import Message
from docgen.base.system_errors import told
from docgen.base.workspace import Workspace
from docgen.ingest.content.examine import examine
from docgen.ingest.content.verdict import Verdict
from docgen.ingest.settling import Mistake

#: What is no fault of a file, so that it is never given up for it.
_OUTSIDE = (OSError, MemoryError, SQLAlchemyError)


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
    """Keep the traceback in hand for the maintainers; return what people are told.

    What database, disk or memory refuse says nothing of a file; everything else is a `Mistake` over it.
    """
    path = workspace.state / "log" / "watch.log"
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8", errors="backslashreplace") as log:
            log.write(f"{rfc3339(system_clock())} {traceback.format_exc()}\n")
    kind = Message if isinstance(sys.exception(), _OUTSIDE) else Mistake
    return kind(f"程序内部错误，见 {path}", f"an internal error, see {path}")
