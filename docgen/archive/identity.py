"""What a filed version is, and the one name it has: `<project>_<type>[-<serial>]_<date>_V<n>.<n>.<ext>`."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date as Date  # noqa: N812 - the field is called date

from docgen.archive.legal import (
    MAX_NAME_BYTES,
    canonical_project,
    canonical_serial,
    canonical_type_name,
    fold_key,
)
from docgen.archive.versions import Version
from docgen.base.errors import ArchiveRefused
from docgen.base.messages import Message

#: The full data of a generated document, kept beside it.
RECORD_EXT = "record.json"
#: What may be filed: office documents, scans, drawings, mail and text (catalogue AR-13), and our own records.
EXTENSIONS = frozenset(
    [
        *("docx", "doc", "wps", "xlsx", "xls", "et", "pptx", "ppt", "dps", "mpp", "vsdx", "dwg", "dxf"),
        *("odt", "ods", "pdf", "ofd", "jpg", "jpeg", "png", "tif", "tiff", "bmp"),
        *("txt", "md", "csv", "eml", "msg"),
        RECORD_EXT,
    ]
)


@dataclass(frozen=True, slots=True)
class Identity:
    """Project, type, serial, date and version of one version.

    The parts are brought to their canonical spelling on creation, so equal identities have equal names.

    Raises:
        ArchiveRefused: A part cannot stand in a file name; the reason is in the message.
    """

    project: str
    type_name: str
    serial: str
    date: Date
    version: Version

    def __post_init__(self) -> None:
        object.__setattr__(self, "project", canonical_project(self.project))
        object.__setattr__(self, "type_name", canonical_type_name(self.type_name))
        object.__setattr__(self, "serial", canonical_serial(self.serial))
        if self.date.year < 1000:
            raise ArchiveRefused(Message(f"日期 {self.date} 无效", f"{self.date} is not a usable date"))

    @property
    def stem(self) -> str:
        """The file name without extension; all files of the version share it."""
        serial = f"-{self.serial}" if self.serial else ""
        return f"{self.project}_{self.type_name}{serial}_{self.date.isoformat()}_{self.version}"

    def filename(self, ext: str) -> str:
        """Return the file name with ``ext`` (lower case, no dot).

        Raises:
            ArchiveRefused: The extension is not one that is filed.
        """
        name = f"{self.stem}.{ext}"
        if ext not in EXTENSIONS or len(name.encode()) > MAX_NAME_BYTES:
            raise refused_extension(ext)
        return name


def refused_extension(ext: str) -> ArchiveRefused:
    """Return the refusal of a file whose extension is missing or not one that is filed."""
    return ArchiveRefused(
        Message(
            f"不接收扩展名为“{ext}”的文件" if ext else "文件名缺少扩展名",
            f"files with the extension “{ext}” are not filed" if ext else "the file name has no extension",
        ),
        hint=Message(
            "请另存为 PDF、Word、Excel、图片、文本或邮件格式",
            "save it as PDF, Word, Excel, image, text or mail",
        ),
    )


def project_key(project: str) -> str:
    """Return the key under which the project's lock and staging folders are found (16 hex digits)."""
    folded = fold_key(project).encode("utf-8", "surrogatepass")  # folders of strangers may be named anyhow
    return hashlib.sha256(folded).hexdigest()[:16]
