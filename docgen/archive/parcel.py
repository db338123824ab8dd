"""What is handed to the archive: the files of one version, with what is known about them."""

from __future__ import annotations

import stat
from dataclasses import dataclass, field
from pathlib import Path

from docgen.archive.groups import Groups
from docgen.archive.identity import Identity
from docgen.archive.versions import Version
from docgen.base.errors import ArchiveRefused
from docgen.base.messages import Message
from docgen.base.system_errors import told
from docgen.forms.types import DocType
from docgen.forms.values import Ref


@dataclass(frozen=True, slots=True)
class Source:
    """A file as it was when it was taken; path, size and time together recognise it after a crash.

    Attributes:
        path: Absolute path.
        size: Bytes.
        mtime_ns: Time of last change.
        inbox: Root of the inbox in which it lay, if any.
        finish: True: it is removed once it is filed (inbox, draft, `--move`).
    """

    path: Path
    size: int
    mtime_ns: int
    inbox: Path | None = None
    finish: bool = False

    @classmethod
    def of(cls, path: Path, *, inbox: Path | None = None, finish: bool = False) -> Source:
        """Return the source ``path`` as it is now.

        Raises:
            ArchiveRefused: It is not a regular file (a folder, a link, a device), or is empty.
            EnvironmentFault: It cannot be looked at.
        """
        with told(path):
            seen = path.lstat()
        if not stat.S_ISREG(seen.st_mode):
            folder = stat.S_ISDIR(seen.st_mode)
            hint = Message(f"写 {path.name}/*，归档其中的文件", f"{path.name}/* files what is in it")
            what = (
                Message("是文件夹", "a folder") if folder else Message("不是普通文件", "not a regular file")
            )
            raise ArchiveRefused(what, where=str(path), hint=hint if folder else None)
        if seen.st_size == 0:
            raise ArchiveRefused(Message("文件是空的", "the file is empty"), where=str(path))
        return cls(path.absolute(), seen.st_size, seen.st_mtime_ns, inbox and inbox.absolute(), finish)

    def unchanged(self) -> bool:
        """Whether the file at the path still has size and time of this source."""
        try:
            seen = self.path.lstat()
        except OSError:
            return False
        return (stat.S_ISREG(seen.st_mode), seen.st_size, seen.st_mtime_ns) == (
            True,
            self.size,
            self.mtime_ns,
        )


@dataclass(frozen=True, slots=True)
class ParcelFile:
    """One file of a parcel: a source on disk, or bytes made here (a record)."""

    ext: str
    content: Source | bytes
    #: The name under which it came; for files that were made here, empty.
    original_name: str = ""

    @classmethod
    def of(cls, path: Path, ext: str, *, inbox: Path | None = None, finish: bool = False) -> ParcelFile:
        """Return the file at ``path``, to be filed with extension ``ext``."""
        return cls(ext, Source.of(path, inbox=inbox, finish=finish), path.name)


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known about a version beside its identity; goes into journal and catalogue."""

    #: Made by docgen, so its versions have no gaps.
    generated: bool = False
    #: Made by docgen, then changed by hand.
    edited: bool = False
    #: 草稿, 待审, 已批准, 已签署 …
    status: str = ""
    confidentiality: str = "内部"
    #: How long this one is kept (`base.periods`), where that is not what the settings say of its type.
    retention: str = ""
    change_note: str = ""
    record_digest: str = ""
    template_digest: str = ""
    form_digest: str = ""
    refs: tuple[Ref, ...] = ()
    groups: Groups = field(default_factory=Groups)


@dataclass(frozen=True, slots=True)
class Parcel:
    """The files of one version that are filed together.

    Attributes:
        doc_type: The type; its category decides the folder.
        identity: Project, type, serial, date, version. A generated parcel carries the version with which it
            was rendered; if that is no longer the next one, filing raises `LostRace`.
        files: At least one, no extension twice.
        doc_id: The document's number; empty: that of the earlier versions, else the next one is given.
        project_code: Start of a number that is given; empty: the project's name.
        notes: What was corrected on the way here; recorded.
        refiled_from: `<project>/<path>` of the version that this one replaces after a misfiling.
        follows: Of a generated parcel: the version that was the newest when it was made; if another one is
            by now, filing raises `LostRace`.
    """

    doc_type: DocType
    identity: Identity
    files: tuple[ParcelFile, ...]
    doc_id: str = ""
    project_code: str = ""
    facts: Facts = field(default_factory=Facts)
    notes: tuple[Message, ...] = ()
    refiled_from: str = ""
    follows: Version | None = None

    def __post_init__(self) -> None:
        extensions = [file.ext for file in self.files]
        if not extensions or len(set(extensions)) != len(extensions):
            raise ArchiveRefused(
                Message(
                    "一次归档的文件不能为空，也不能有相同的扩展名", "a parcel has files, no extension twice"
                )
            )
        for ext in extensions:
            self.identity.filename(ext)

    @property
    def renders_version(self) -> bool:
        """Whether docgen chose the version: it must be the next one, else the document is rendered anew."""
        return self.facts.generated and not self.refiled_from
