"""Which encoding a text file is in: strict UTF-8 first, then the few that offices really use."""

from __future__ import annotations

import codecs
import io
from typing import IO

from docgen.base.errors import InvalidData
from docgen.base.messages import Message

_BOMS = (b"\xff\xfe", b"\xfe\xff")
#: What Excel and WPS write in China, Taiwan and Hong Kong, and UTF-16 without its mark.
_OFFICE = ("GB18030", "Big5", "UTF-16-LE", "UTF-16-BE")
_CHUNK = 1 << 20
#: After so many characters beyond ASCII that are right UTF-8, a wrong byte is damage, not another encoding.
_SURE = 8
#: A text in which every so many-th character is NUL is no UTF-8.
_FEW_NULS = 50
#: In a text longer than this a single one is a slip.
_FEW_CHARACTERS = 20


def decode(data: bytes, where: str) -> str:
    """Return the text of ``data``: UTF-8 or UTF-16 (with or without BOM), GB18030 or Big5.

    Raises:
        InvalidData: It is empty, binary, or in none of these.
    """
    encoding = detect(io.BytesIO(data), where)
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise unreadable(where) from error


def detect(stream: IO[bytes], where: str) -> str:
    """Return the name of the encoding of a text, as Python knows it; the whole of it is read, in pieces.

    Raises:
        InvalidData: It is empty, binary, in none of the known encodings, or damaged UTF-8.
    """
    head = stream.read(_CHUNK)
    if not head.strip(b" \t\r\n\xef\xbb\xbf\x00"):
        raise InvalidData(Message("文件是空的", "the file is empty"), where=where)
    if head.startswith(_BOMS):
        return "utf-16"
    if _is_utf8(head, stream, where):
        return "utf-8-sig"
    import chardet

    found = chardet.detect(head, include_encodings=_OFFICE, no_match_encoding="GB18030")["encoding"] or ""
    if not found or not _reads(head, found):
        raise unreadable(where)
    return found


def _reads(head: bytes, encoding: str) -> bool:
    """Return whether the beginning of a file is text in ``encoding``."""
    try:
        text = codecs.getincrementaldecoder(encoding)().decode(head)
    except UnicodeDecodeError:
        return False
    return "\0" not in text


def unreadable(where: str) -> InvalidData:
    """Return the error for a text in no known encoding."""
    return InvalidData(
        Message("文字编码无法识别", "the text encoding is not known"),
        where=where,
        hint=Message("用 Excel 或 WPS 另存为“CSV UTF-8”", "save it as “CSV UTF-8” in Excel or WPS"),
    )


def _is_utf8(head: bytes, stream: IO[bytes], where: str) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    lines, foreign, nuls, size = 1, 0, 0, 0
    chunk = head
    while True:
        try:
            text = decoder.decode(chunk, final=not chunk)
        except UnicodeDecodeError as error:
            before = error.object[: error.start].decode(errors="ignore")
            if foreign + _foreign(before) < _SURE and not head.startswith(codecs.BOM_UTF8):
                return False
            raise _damaged(where, lines + before.count("\n")) from error
        lines += text.count("\n")
        foreign += _foreign(text)
        nuls += text.count("\0")
        size += len(text)
        if not chunk:
            return nuls * _FEW_NULS <= size or (nuls == 1 and size > _FEW_CHARACTERS)
        chunk = stream.read(_CHUNK)


def _foreign(text: str) -> int:
    """Return how many characters are beyond ASCII."""
    return len(text) - len(text.encode("ascii", "ignore"))


def _damaged(where: str, line: int) -> InvalidData:
    return InvalidData(
        Message(f"第 {line} 行有损坏的文字（不是 UTF-8）", f"damaged text in line {line} (not UTF-8)"),
        where=f"{where}:{line}",
        hint=Message("改正这一行，另存为“CSV UTF-8”", "correct the line and save it as “CSV UTF-8”"),
    )
