"""PDF files that open with a password only (ISO 32000-1, 7.6)."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

from docgen.base import programs
from docgen.base.errors import ProgramFault
from docgen.text.pdf_text import PASSWORD_CODE

#: Bytes in which a trailer, or the dictionary of a cross-reference stream, says that content is encrypted.
_NEAR = 4096
_START = re.compile(rb"startxref\s+([0-9]{1,12})\s+%%EOF")
_LOCKED = 3
#: Asked in a process of its own, since the file may be built to harm; exit code of one that is locked.
_ASK = f"""
import sys, pypdfium2
try:
    pypdfium2.PdfDocument(sys.argv[1]).close()
except pypdfium2.PdfiumError as error:
    sys.exit({_LOCKED} if getattr(error, "err_code", None) == {PASSWORD_CODE} else 0)
"""
_SECONDS = 30.0


def is_locked(path: Path) -> bool:
    """Whether nobody can read the PDF file without a password; one that only restricts printing is not.

    Raises:
        OSError: It cannot be read.
    """
    if not _is_encrypted(path):
        return False
    try:
        return programs.run((sys.executable, "-I", "-c", _ASK, path), timeout=_SECONDS).code == _LOCKED
    except ProgramFault:
        return False


def _is_encrypted(path: Path) -> bool:
    with path.open("rb") as stream:
        size = stream.seek(0, os.SEEK_END)
        stream.seek(max(0, size - _NEAR))
        tail = stream.read()
        places = [0, *(int(found[1]) for found in _START.finditer(tail))]
        near = [tail]
        for place in places:
            stream.seek(place)
            near.append(stream.read(_NEAR))
    return any(b"/Encrypt" in part for part in near)
