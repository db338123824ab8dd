"""Bytes of a text file to text: strict UTF-8 first, then the few encodings that offices really use."""

from __future__ import annotations

from docgen.base.errors import InvalidData
from docgen.base.messages import Message

_BOMS = (b"\xff\xfe", b"\xfe\xff")
#: What Excel and WPS write in China, Taiwan and Hong Kong, and UTF-16 without its mark.
_OFFICE = ("GB18030", "Big5", "UTF-16-LE", "UTF-16-BE")


def decode(data: bytes, where: str) -> str:
    """Return the text of ``data``: UTF-8 or UTF-16 (with or without BOM), GB18030 or Big5.

    Raises:
        InvalidData: It is empty, binary, or in none of these.
    """
    if not data.strip():
        raise InvalidData(Message("文件是空的", "the file is empty"), where=where)
    try:
        text = data.decode(_encoding(data))
    except (UnicodeDecodeError, LookupError) as error:
        raise _unreadable(where) from error
    if "\x00" in text:
        raise _unreadable(where)
    return text


def _encoding(data: bytes) -> str:
    if data.startswith(_BOMS):
        return "utf-16"
    try:
        if "\x00" not in data.decode("utf-8-sig"):
            return "utf-8-sig"
    except UnicodeDecodeError:
        pass
    import chardet

    return chardet.detect(data, include_encodings=_OFFICE, no_match_encoding="GB18030")["encoding"] or ""


def _unreadable(where: str) -> InvalidData:
    return InvalidData(
        Message("文字编码无法识别", "the text encoding is not known"),
        where=where,
        hint=Message("用 Excel 或 WPS 另存为“CSV UTF-8”", "save it as “CSV UTF-8” in Excel or WPS"),
    )
