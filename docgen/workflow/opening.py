"""A filed document shown with the system's own program; the archived file is read-only and stays so."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from docgen.archive.identity import RECORD_EXT
from docgen.base.publishing import protect
from docgen.base.system_errors import told
from docgen.workflow.filed_content import sound
from docgen.workflow.finding import edition, find_one, with_files
from docgen.workflow.session import Session

#: Of several files of a version, the one that people mean: the signed scan before the editable source.
_FIRST = ("pdf", "ofd", "docx")


def path_to_open(session: Session, document: str, version: str = "", *, project: str = "") -> Path:
    """Return the file of a version that people look at, made read-only where it no longer is.

    Raises:
        UsageFault: There is no such document or version.
        ArchiveRefused: Its files are gone, or the one to be shown is damaged.
    """
    one = with_files(edition(session, find_one(session, document, project=project), version))
    papers = [file for file in one.files if file.ext != RECORD_EXT] or list(one.files)
    order = sorted(papers, key=lambda file: _FIRST.index(file.ext) if file.ext in _FIRST else len(_FIRST))
    there = (file for file in order if (session.workspace.archive / file.path).is_file())
    path = sound(session, next(there, order[0]))
    if os.access(path, os.W_OK):
        with told(path):
            protect(path)
    return path


def show(path: Path) -> bool:
    """Open a file with the system's program; return whether there is a desktop to do it."""
    if sys.platform == "win32":
        os.startfile(path)  # noqa: S606 - that is what opening means there
        return True
    on_mac = sys.platform == "darwin"
    program = shutil.which("open" if on_mac else "xdg-open")
    desktop = on_mac or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    if not program or not desktop:
        return False
    return subprocess.run([program, str(path)], check=False, capture_output=True).returncode == 0
