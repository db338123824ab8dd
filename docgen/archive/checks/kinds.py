"""What kind of file the first bytes show, compared with the extension.

The signatures are those that the formats publish.
"""

from __future__ import annotations

_ZIPPED = frozenset(["docx", "xlsx", "pptx", "vsdx", "odt", "ods", "ofd"])
_COMPOUND = frozenset(["doc", "xls", "ppt", "wps", "et", "dps", "msg", "mpp"])
#: First bytes -> what they are, and the extensions under which that may be filed.
_SIGNATURES: tuple[tuple[bytes, str, frozenset[str]], ...] = (
    (b"%PDF-", "PDF", frozenset(["pdf"])),
    (b"PK\x03\x04", "ZIP", _ZIPPED | {"wps", "et", "dps"}),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "OLE2", _COMPOUND | {"docx", "xlsx", "pptx"}),  # encrypted ones
    (b"\xff\xd8\xff", "JPEG", frozenset(["jpg", "jpeg"])),
    (b"\x89PNG\r\n\x1a\n", "PNG", frozenset(["png"])),
    (b"II*\x00", "TIFF", frozenset(["tif", "tiff"])),
    (b"MM\x00*", "TIFF", frozenset(["tif", "tiff"])),
    (b"GIF8", "GIF", frozenset()),
    (b"{\\rtf", "RTF", frozenset(["doc", "wps"])),
    (b"Rar!\x1a\x07", "RAR", frozenset()),
    (b"7z\xbc\xaf\x27\x1c", "7z", frozenset()),
    (b"\x7fELF", "ELF", frozenset()),
)
#: How much of a file must be read to tell.
HEAD = 16


def contradiction(ext: str, head: bytes) -> str:
    """Return what the file plainly is, where that cannot bear the extension ``ext``; else nothing."""
    return next((kind for start, kind, fits in _SIGNATURES if head.startswith(start) and ext not in fits), "")
