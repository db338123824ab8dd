"""Names of files that belong to a document: kinds file and files."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import PurePosixPath

from docgen.base.messages import Message
from docgen.forms.definition import Field
from docgen.forms.faults import BadValue
from docgen.forms.kinds.characters import text_of, tidy

#: Formats that the archive takes (catalogue AR-13).
EXTENSIONS = ("pdf", "doc", "docx", "xls", "xlsx", "jpg", "jpeg", "png", "tif", "tiff", "txt", "eml")
_LONGEST = 200
_MOST = 100
_FORBIDDEN = re.compile(r'[\\/:*?"<>|]')
_DEVICE = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?", re.IGNORECASE)
_AFTER_EXTENSION = "|".join(rf"(?<=\.{extension})" for extension in EXTENSIONS)
_BREAK = re.compile(rf"\n|(?:{_AFTER_EXTENSION})\s*[、，,；;]", re.IGNORECASE)
FILE_FORM = Message("文件名，如 授权委托书.pdf", "a file name, like 授权委托书.pdf")


def parse_file(field: Field, raw: object) -> str:
    """Return the name of one file, without folder, in a format of `EXTENSIONS`.

    Raises:
        BadValue: If it has a folder, is not legal on Windows and Linux, or is of another format.
    """
    del field
    name = tidy(text_of(raw, _LONGEST), lines=False)
    if _FORBIDDEN.search(name) or name.startswith((".", "~$")) or name.endswith((".", " ")):
        raise BadValue(
            Message(
                '只写文件名，不含文件夹，也不含 \\ / : * ? " < > |',
                'only the name, without a folder and without \\ / : * ? " < > |',
            ),
            FILE_FORM,
        )
    if _DEVICE.fullmatch(name):
        raise BadValue(Message("Windows 不允许这个文件名", "Windows does not allow this name"), FILE_FORM)
    if PurePosixPath(name).suffix[1:].lower() not in EXTENSIONS:
        listed = " ".join(EXTENSIONS)
        raise BadValue(
            Message("不接受这种文件格式", "this format is not accepted"),
            Message(f"格式 {listed}", f"one of {listed}"),
        )
    return name


def parse_files(field: Field, raw: object) -> tuple[str, ...]:
    """Return the names of files, from a list or from text with 、 or a line break between names.

    Raises:
        BadValue: If one is refused by `parse_file`, stands twice, or there are more than 100.
    """
    items = _items(raw)
    if len(items) > _MOST:
        raise BadValue(Message(f"最多 {_MOST} 个文件", f"at most {_MOST} files"))
    names = tuple(parse_file(field, item) for item in items)
    for name in names:
        if sum(name.casefold() == other.casefold() for other in names) > 1:
            raise BadValue(Message(f"“{name}”重复", f"“{name}” is given twice"))
    return names


def _items(raw: object) -> list[object]:
    if isinstance(raw, str):
        parts = _BREAK.split(text_of(raw, _LONGEST * _MOST))
        return [part for part in parts if part.strip()]
    if isinstance(raw, Sequence):
        return [item for item in raw if item is not None and item != ""]
    raise BadValue(Message("应填写列表", "a list is expected"))
