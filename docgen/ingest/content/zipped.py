"""Office and OFD files: zip packages (ECMA-376 part 2; ODF 1.3 part 2; GB/T 33190)."""

from __future__ import annotations

import zipfile
from typing import IO

from docgen.base.zip_errors import BROKEN_ZIP
from docgen.ingest.content.verdict import WHOLE, Verdict, incomplete, not_a, other_kind, unfit

#: Compound files: so begin Office files with an opening password, and those of old formats.
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BLOCK = 1 << 20
_MOST_MEMBERS = 10_000
#: A package that unpacks to more than so much, and so many times its own size, is a bomb.
_LARGE, _RATIO = 256 << 20, 50
_ENCRYPTED = 1
#: Where the body of each kind is; a file with the body of another kind has the wrong extension.
_BODIES = {"docx": "word/", "xlsx": "xl/", "pptx": "ppt/", "ofd": "OFD.xml"}
#: What the member `mimetype` of an OpenDocument file says behind this, for each kind.
_OPEN_DOCUMENT = "application/vnd.oasis.opendocument."
_OPEN_KINDS = {"odt": "text", "ods": "spreadsheet"}
#: Where an OpenDocument file keeps its macros.
_MACROS = ("Basic/", "Scripts/")
_ENCRYPTED_CONTENT = unfit("内容已加密", "its content is encrypted")
_WITH_MACROS = unfit("文件含有宏，不接收", "it holds macros, which are not accepted")


def examine_zip(stream: IO[bytes], size: int, ext: str) -> Verdict:
    """Return whether the end record is there and every member has its checksum."""
    head = stream.read(1024)
    if head.startswith(_COMPOUND):
        return unfit(
            "文件设有打开密码，或者其实是旧格式（doc、xls、ppt）",
            "it has an opening password, or is of an old format (doc, xls, ppt)",
        )
    if not head.startswith(b"PK"):
        return not_a(ext, head)
    try:
        with zipfile.ZipFile(stream) as package:
            return _refusal(package.infolist(), size, ext) or _open_refusal(package, ext) or _damage(package)
    except BROKEN_ZIP:
        return incomplete("压缩包的结尾缺失", "the end of the package is missing")


def _refusal(members: list[zipfile.ZipInfo], size: int, ext: str) -> Verdict | None:
    """Return why a package with these members is not filed, from its directory alone."""
    total = sum(member.file_size for member in members)
    if len(members) > _MOST_MEMBERS or total > max(_LARGE, _RATIO * size):
        return unfit("解压后过大，疑似压缩炸弹", "it unpacks to far too much (a zip bomb?)")
    if any(member.flag_bits & _ENCRYPTED for member in members):
        return _ENCRYPTED_CONTENT
    names = [member.filename for member in members]
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        return _WITH_MACROS
    if ext in _BODIES and not any(name.startswith(_BODIES[ext]) for name in names):
        return other_kind(ext)
    return None


def _open_refusal(package: zipfile.ZipFile, ext: str) -> Verdict | None:
    """Return why an OpenDocument file is not filed: it says of itself what it is, and what is encrypted."""
    if ext not in _OPEN_KINDS:
        return None
    if _member(package, "mimetype").strip() != f"{_OPEN_DOCUMENT}{_OPEN_KINDS[ext]}".encode():
        return other_kind(ext)
    if b"encryption-data" in _member(package, "META-INF/manifest.xml"):
        return _ENCRYPTED_CONTENT
    return _WITH_MACROS if any(name.startswith(_MACROS) for name in package.namelist()) else None


def _member(package: zipfile.ZipFile, name: str) -> bytes:
    """Return the beginning of a member; nothing if there is none."""
    if name not in package.namelist():
        return b""
    with package.open(name) as stream:
        return stream.read(_BLOCK)


def _damage(package: zipfile.ZipFile) -> Verdict:
    for member in package.infolist():
        with package.open(member) as stream:
            while stream.read(_BLOCK):
                pass  # the checksum is compared at the end
    return WHOLE
