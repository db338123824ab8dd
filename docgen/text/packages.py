"""Zip packages (docx, xlsx, ods) read with limits, and their XML without entities."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

from docgen.base.zip_errors import BROKEN_ZIP
from docgen.text.extracted import LARGEST, Unreadable

#: The signature of an old compound file: what encrypted Office files are wrapped in.
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MOST_MEMBERS = 10_000


def open_package(path: Path) -> zipfile.ZipFile:
    """Return the package ``path``, opened.

    Raises:
        Unreadable: It is encrypted, damaged, or would unpack to more than `LARGEST` bytes.
    """
    with path.open("rb") as stream:
        if stream.read(len(_COMPOUND)) == _COMPOUND:
            raise Unreadable("文件已加密或是旧格式", "the file is encrypted or of an old format")
    try:
        package = zipfile.ZipFile(path)
    except BROKEN_ZIP as error:
        raise Unreadable("文件已损坏或不完整", "the file is damaged or incomplete") from error
    members = package.infolist()
    if len(members) > _MOST_MEMBERS or sum(member.file_size for member in members) > LARGEST:
        package.close()
        raise Unreadable("解压后过大，疑似压缩炸弹", "it unpacks to far too much (a zip bomb?)")
    return package


def read_member(package: zipfile.ZipFile, name: str) -> bytes:
    """Return the bytes of one member; never more than its directory entry promises.

    Raises:
        Unreadable: It is damaged or encrypted.
    """
    try:
        with package.open(name) as stream:
            return stream.read(LARGEST)
    except KeyError as error:
        raise Unreadable(f"缺少部件 {name}", f"the part {name} is missing") from error
    except Exception as error:  # damaged data raises anything from zlib.error to EOFError
        raise Unreadable(f"部件 {name} 已损坏", f"the part {name} is damaged") from error


def parse_xml(data: bytes, name: str) -> Any:
    """Return the root element of ``data``; entities, external files and DTDs are refused.

    Raises:
        Unreadable: It is not well-formed, or declares a document type.
    """
    from lxml import etree

    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True
    )
    try:
        root: Any = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise Unreadable(f"部件 {name} 不是正确的 XML", f"the part {name} is not well-formed XML") from error
    if root.getroottree().docinfo.doctype:
        raise Unreadable(f"部件 {name} 含有实体声明", f"the part {name} declares entities")
    return root
