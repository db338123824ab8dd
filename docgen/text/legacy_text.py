"""Text of files in old and other formats (doc, ppt, wps, odt): LibreOffice converts them first."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

from docgen.base import programs
from docgen.base.errors import ProgramFault
from docgen.base.messages import Message
from docgen.render.pdf import find_office
from docgen.text.docx_text import docx_text
from docgen.text.extracted import Extracted, Unreadable, no_text
from docgen.text.sheet_text import sheet_text
from docgen.text.slides_text import slides_text

_Reader = Callable[[Path], Extracted]
#: Format -> what is made of it, and its reader. LibreOffice's text filter would drop headers and text boxes.
_WAYS: dict[str, tuple[str, _Reader]] = {
    **dict.fromkeys((".doc", ".wps"), ("docx", docx_text)),
    **dict.fromkeys((".ppt", ".dps"), ("pptx", slides_text)),
    ".et": ("xlsx", sheet_text),
    ".odt": ("docx", docx_text),
}
LEGACY = frozenset(_WAYS)
#: Compound files; renamed zip packages and RTF, which Word opens under these names as well.
_SIGNATURES = (b"\xd0\xcf\x11\xe0", b"PK\x03\x04", b"{\\rtf")
#: Seconds that one file may take: LibreOffice starts afresh for each.
SECONDS = 60


def legacy_text(path: Path) -> Extracted:
    """Return the text of a file in one of these formats; without LibreOffice a note that says so.

    Raises:
        Unreadable: LibreOffice cannot make anything of it.
    """
    office = find_office()
    if office is None:
        return Extracted(problems=(no_text(NO_OFFICE),))
    with path.open("rb") as stream:
        if not stream.read(8).startswith(_SIGNATURES):  # LibreOffice would take anything for plain text
            raise Unreadable("文件已损坏或不是 Office 文件", "it is damaged or not an Office file")
    kind, read = _WAYS[path.suffix.lower()]
    with tempfile.TemporaryDirectory(prefix="docgen-") as room:
        profile = (Path(room) / "profile").as_uri()
        command = (office.program, f"-env:UserInstallation={profile}", "--headless", "--norestore")
        # its exit code says nothing: the result is looked at
        words = ("--convert-to", kind, "--outdir", room, path.absolute())
        try:
            programs.run((*command, *words), timeout=SECONDS)
        except ProgramFault as error:
            raise Unreadable(error.message.zh, error.message.en) from error
        made = Path(room) / f"{path.stem}.{kind}"
        if not made.is_file():
            raise Unreadable("LibreOffice 无法打开", "LibreOffice cannot open it")
        return read(made)


def unreadable_here(path: str) -> bool:
    """Whether a file is of an old format, and there is no LibreOffice to read it."""
    return Path(path).suffix.lower() in LEGACY and find_office() is None


NO_OFFICE = Message(
    "没有 LibreOffice，读不出这种格式的正文；装好后运行 docgen rebuild",
    "without LibreOffice files of this format cannot be read; install it, then run docgen rebuild",
)
