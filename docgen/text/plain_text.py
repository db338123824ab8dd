"""Text of plain files (txt, csv, md …) in the encodings that occur here."""

from __future__ import annotations

import codecs
from pathlib import Path

from docgen.text.extracted import LARGEST, Extracted, Unreadable

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
#: Bytes from which an encoding is guessed.
_SAMPLE = 200_000


def plain_text(path: Path) -> Extracted:
    """Return the content of a text file.

    Raises:
        Unreadable: It is not text in UTF-8, UTF-16, UTF-32, GB 18030 or Big5.
    """
    with path.open("rb") as stream:
        return Extracted(decode(stream.read(LARGEST)))


def decode(data: bytes) -> str:
    """Return ``data`` as text: by its mark, else UTF-8, else the guess between the Chinese encodings.

    Raises:
        Unreadable: It is not text in one of these.
    """
    text = _decoded(data)
    if text is None or "\0" in text:
        raise Unreadable("内容不是文字，或编码无法识别", "it is not text, or in an unknown encoding")
    return text


def _decoded(data: bytes) -> str | None:
    marked = next((name for bom, name in _BOMS if data.startswith(bom)), None)
    for name in (marked,) if marked else ("utf-8", _guess(data)):
        if name:
            try:
                return data.decode(name)
            except UnicodeDecodeError:
                continue
    return None


def _guess(data: bytes) -> str | None:
    """Return GB 18030, Big5 or UTF-16, whichever chardet holds likely; GB 18030 if it names another."""
    import chardet

    named = (chardet.detect(data[:_SAMPLE])["encoding"] or "").lower()
    if named.startswith(("big5", "cp950")):
        return "big5hkscs"
    return named if named.startswith("utf-16") else "gb18030"
