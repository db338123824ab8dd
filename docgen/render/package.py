"""A Word file as a set of named parts: read with limits, written with the same bytes every time."""

from __future__ import annotations

import io
import posixpath
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from lxml import etree

from docgen.base.messages import Message
from docgen.base.zip_errors import BROKEN_ZIP
from docgen.render.ooxml import BadPackage, parse, qn, serialise

#: Limits for files of unknown origin: parts, bytes of one part, bytes of all parts unpacked.
MAX_PARTS = 4_000
MAX_PART = 128 << 20
MAX_TOTAL = 512 << 20
#: An XML part that unpacks to more than this many times its size is a bomb (deflate ends near 1030).
MAX_RATIO = 400
#: How a Word file may be packed (ECMA-376 part 2, annex B).
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)

_XML = (".xml", ".rels")
CONTENT_TYPES = "[Content_Types].xml"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
DOCUMENT = f"{_OFFICE}/officeDocument"
HEADER = f"{_OFFICE}/header"
FOOTER = f"{_OFFICE}/footer"
FOOTNOTES = f"{_OFFICE}/footnotes"
STYLES = f"{_OFFICE}/styles"
NUMBERING = f"{_OFFICE}/numbering"
CUSTOM_XML = f"{_OFFICE}/customXml"
#: LibreOffice reads links only under the default namespace, without a prefix.
_NO_LINKS = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"/>'


@dataclass(frozen=True, slots=True)
class Relationship:
    """A link from one part to another: ``target`` is a part name, or an address outside."""

    id: str
    type: str
    target: str
    external: bool


@dataclass
class Package:
    """The parts of a Word file, by name without a leading slash."""

    parts: dict[str, bytes]

    @classmethod
    def open(cls, source: bytes | Path) -> Package:
        """Read a Word file.

        Raises:
            BadPackage: Not a zip, broken, encrypted, larger unpacked than the limits, or without a document.
            OSError: The file cannot be read.
        """
        data = source if isinstance(source, bytes) else source.read_bytes()
        return cls._read(io.BytesIO(data))

    @classmethod
    def xml_of(cls, path: Path, most: int) -> Package:
        """Read the XML parts of a Word file alone, if they unpack to no more than ``most`` bytes together.

        Raises:
            BadPackage: As `open`, or they unpack to more.
            OSError: The file cannot be read.
        """
        with path.open("rb") as stream:
            return cls._read(stream, _XML, most)

    @classmethod
    def _read(cls, stream: IO[bytes], endings: tuple[str, ...] = ("",), most: int = MAX_TOTAL) -> Package:
        try:
            with zipfile.ZipFile(stream) as archive:
                entries = [entry for entry in _checked(archive) if entry.filename.lower().endswith(endings)]
                if sum(entry.file_size for entry in entries) > most:
                    raise _beyond_limits()
                parts = {entry.filename: _unpacked(archive, entry) for entry in entries}
        except BROKEN_ZIP as error:
            raise BadPackage(
                Message("不是完整的 Word 文件（.docx）", "not a whole Word file (.docx)"),
                hint=Message("用 Word 打开并另存为 .docx", "open it in Word and save it as .docx"),
            ) from error
        package = cls(parts)
        package.main  # noqa: B018  raises when there is no document
        return package

    def to_bytes(self) -> bytes:
        """Return the zip: fixed order, times and attributes, so that equal parts give equal bytes."""
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
            for name in sorted(self.parts, key=lambda name: (name != CONTENT_TYPES, name)):
                info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
                info.compress_type = zipfile.ZIP_DEFLATED
                info.create_system = 0
                info.external_attr = 0o600 << 16
                archive.writestr(info, self.parts[name])
        return buffer.getvalue()

    @property
    def main(self) -> str:
        """The name of the document part."""
        for relationship in self.relationships(""):
            if relationship.type == DOCUMENT and relationship.target in self.parts:
                return relationship.target
        raise BadPackage(Message("文件里没有 Word 正文", "there is no Word document in the file"))

    def xml(self, name: str) -> etree._Element:
        """Return the parsed root of a part."""
        return parse(self.parts[name], name)

    def put(self, name: str, root: etree._Element) -> None:
        """Replace a part by the XML of ``root``."""
        self.parts[name] = serialise(root)

    def relationships(self, part: str) -> list[Relationship]:
        """Return the links of ``part`` (empty: of the package)."""
        name = rels_name(part)
        if name not in self.parts:
            return []
        folder = posixpath.dirname(part)
        return [_relationship(item, folder) for item in self.xml(name).iter(qn("rel:Relationship"))]

    def related_ids(self, part: str) -> frozenset[str]:
        """Return the ids by which ``part`` may refer to others, outside addresses included."""
        return frozenset(link.id for link in self.relationships(part))

    def related(self, part: str, kind: str) -> list[str]:
        """Return the parts that ``part`` links to by relationships of type ``kind``, in order of name."""
        found = {link.target for link in self.relationships(part) if link.type == kind and not link.external}
        return sorted(found & self.parts.keys())

    def stories(self) -> Iterator[tuple[str, str]]:
        """Yield (kind, part name) of the parts that hold running text: body, headers, footers, footnotes."""
        yield "body", self.main
        for kind, link in (("header", HEADER), ("footer", FOOTER), ("footnotes", FOOTNOTES)):
            for name in self.related(self.main, link):
                yield kind, name

    def relate(self, part: str, kind: str, target: str) -> str:
        """Add a link from ``part`` to the part ``target`` and return its id."""
        name = rels_name(part)
        root = self.xml(name) if name in self.parts else etree.fromstring(_NO_LINKS)
        taken = {str(item.get("Id")) for item in root}
        new = next(f"rId{number}" for number in range(1, len(taken) + 2) if f"rId{number}" not in taken)
        relative = posixpath.relpath(target, posixpath.dirname(part) or ".")
        etree.SubElement(root, qn("rel:Relationship"), Id=new, Type=kind, Target=relative)
        self.put(name, root)
        return new

    def unrelate(self, part: str, target: str) -> None:
        """Remove the links from ``part`` to the part ``target``."""
        name, folder = rels_name(part), posixpath.dirname(part)
        root = self.xml(name)
        for item in list(root):
            if _relationship(item, folder).target == target:
                root.remove(item)
        self.put(name, root)

    def set_content_type(self, name: str, content_type: str | None) -> None:
        """Say of which type the part ``name`` is; ``None`` takes its entry out."""
        root = self.xml(CONTENT_TYPES)
        for item in list(root):
            if item.get("PartName") == f"/{name}":
                root.remove(item)
        if content_type:
            etree.SubElement(root, qn("ct:Override"), PartName=f"/{name}", ContentType=content_type)
        self.put(CONTENT_TYPES, root)


def rels_name(part: str) -> str:
    """Return the name of the part that holds the links of ``part``."""
    folder, base = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{base}.rels")


def _relationship(item: etree._Element, folder: str) -> Relationship:
    target, external = str(item.get("Target", "")), item.get("TargetMode") == "External"
    if not external:
        target = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
    return Relationship(str(item.get("Id", "")), str(item.get("Type", "")), target, external)


def _checked(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """Return the files of a package, if all of it is within the limits."""
    entries = archive.infolist()
    names = {entry.filename for entry in entries}
    bomb = (
        len(entries) > MAX_PARTS
        or sum(entry.file_size for entry in entries) > MAX_TOTAL
        or any(entry.file_size > MAX_PART for entry in entries)
        or any(entry.compress_type not in _METHODS for entry in entries)
        or any(entry.file_size > MAX_RATIO * max(entry.compress_size, 1 << 12) for entry in entries)
    )
    if bomb or len(names) != len(entries):
        raise _beyond_limits()
    return [entry for entry in entries if not entry.is_dir()]


def _unpacked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """Return a part; asked for so many bytes, zipfile does not unpack more than the directory promises."""
    with archive.open(entry) as stream:
        return stream.read(entry.file_size)


def _beyond_limits() -> BadPackage:
    return BadPackage(
        Message(
            "文件解压后超出限制或内部有重名，已拒绝",
            "refused: the file unpacks beyond the limits or holds a name twice",
        )
    )
