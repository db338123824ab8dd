"""Looking into a file that has held still: is its content whole, and what its name says?"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import IO

from docgen.archive.identity import EXTENSIONS, RECORD_EXT, refused_extension
from docgen.ingest.content.compound import examine_compound
from docgen.ingest.content.images import examine_bmp, examine_jpeg, examine_png, examine_tiff
from docgen.ingest.content.pdf import examine_pdf
from docgen.ingest.content.plain import examine_dwg, examine_record, examine_text
from docgen.ingest.content.verdict import State, Verdict, not_yet, unfit
from docgen.ingest.content.zipped import examine_zip

_Examine = Callable[[IO[bytes], int, str], Verdict]
_WAYS: dict[str, _Examine] = {
    **dict.fromkeys(("docx", "xlsx", "pptx", "vsdx", "odt", "ods", "ofd"), examine_zip),
    **dict.fromkeys(("doc", "xls", "ppt", "wps", "et", "dps", "mpp", "msg"), examine_compound),
    **dict.fromkeys(("jpg", "jpeg"), examine_jpeg),
    **dict.fromkeys(("tif", "tiff"), examine_tiff),
    "pdf": examine_pdf,
    "png": examine_png,
    "bmp": examine_bmp,
    **dict.fromkeys(("txt", "md", "csv", "eml", "dxf"), examine_text),
    "dwg": examine_dwg,
    RECORD_EXT: examine_record,
}

#: What follows the last dot of a name is an extension if it looks like one, and not like the end of V1.0.
_EXTENSION = re.compile(r"[0-9]*[a-z][0-9a-z]*")


def extension(name: str) -> str:
    """Return the extension of a file name, in lower case; `record.json` counts as one."""
    folded = name.lower()
    return RECORD_EXT if folded.endswith("." + RECORD_EXT) else folded.rpartition(".")[2] * ("." in name)


def stem(name: str) -> str:
    """Return a file name without its extension."""
    ext = extension(name)
    return name[: -len(ext) - 1] if ext else name


def examine(path: Path) -> Verdict:
    """Return whether the content of ``path`` is whole; links and pipes are never opened.

    Raises:
        OSError: It cannot be read.
    """
    ext = extension(path.name)
    if ext not in EXTENSIONS:
        return Verdict(State.UNFIT, refused_extension(ext if _EXTENSION.fullmatch(ext) else "").message)
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    try:
        handle = os.open(path, flags | getattr(os, "O_BINARY", 0))
    except PermissionError:  # Windows says so, too, of a file that another program is writing
        return not_yet("没有读取权限，或被其他程序占用", "no right to read it, or another program holds it")
    with os.fdopen(handle, "rb") as stream:
        size = os.fstat(handle).st_size
        if not size:
            return not_yet("文件是空的", "the file is empty")
        return _WAYS[ext](stream, size, ext)


def no_file() -> Verdict:
    """Return the verdict on a link, a pipe or a device."""
    return unfit(
        "不是普通文件（链接、管道等不接收）", "not a regular file (links, pipes and the like are not taken)"
    )
