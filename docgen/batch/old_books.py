"""XLS and ODS made XLSX by LibreOffice: nothing else here tells their errors and number formats."""

from __future__ import annotations

import shutil
import tempfile
import weakref
from dataclasses import dataclass
from pathlib import Path

from docgen.base import programs
from docgen.base.errors import ProgramFault
from docgen.base.messages import Message
from docgen.render.pdf import find_office

#: Seconds that LibreOffice may take for a workbook; beyond, it is read without it.
_SECONDS = 120
#: What is lost where LibreOffice is not there.
READ_PLAINLY = Message(
    "工作簿（没有 LibreOffice：错误值读作空白，以 0 开头的编号须设为文本；建议另存为 XLSX）",
    "workbook (without LibreOffice errors are read as blanks, and numbers that begin with 0 must be text)",
)


@dataclass(frozen=True)
class Converted:
    """A workbook as XLSX, in a folder that goes with this object."""

    path: Path

    def __post_init__(self) -> None:
        weakref.finalize(self, shutil.rmtree, self.path.parent, ignore_errors=True)


def as_xlsx(path: Path) -> Converted | None:
    """Return the workbook at ``path`` as XLSX; ``None``: LibreOffice is missing, or makes nothing of it."""
    office = find_office()
    if office is None:
        return None
    room = Path(tempfile.mkdtemp(prefix="docgen-"))
    made = Converted(room / f"{path.stem}.xlsx")
    profile = (room / "profile").as_uri()
    command = (office.program, f"-env:UserInstallation={profile}", "--headless", "--norestore")
    try:  # its exit code says nothing: the result is looked at
        words = ("--convert-to", "xlsx", "--outdir", room, path.absolute())
        programs.run((*command, *words), timeout=_SECONDS)
    except ProgramFault:
        return None
    return made if made.path.is_file() else None
