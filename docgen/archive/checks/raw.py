"""What the checks read in a journal entry: every part looked at before it is believed.

Written apart from the code that files, so that a mistake there cannot hide itself here.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from docgen.archive.checks.shapes import misshapen
from docgen.archive.digests import sha256_bytes
from docgen.archive.identity import RECORD_EXT, Identity
from docgen.archive.legal import SERIAL, fold_key
from docgen.archive.versions import Version
from docgen.base.errors import ArchiveRefused

T = TypeVar("T")

FORMAT = 1
#: What may be wrong with the bytes of an entry.
_NOT_AN_ENTRY = (ValueError, KeyError, TypeError, RecursionError, ArchiveRefused)


@dataclass(frozen=True, slots=True)
class RawFile:
    """One file as an entry lists it."""

    path: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class RawRef:
    """What a version refers to: as it was written, and the number found (empty: none)."""

    text: str
    doc_id: str


@dataclass(frozen=True, slots=True)
class RawItem:
    """One event of an entry."""

    event: str
    #: When it was entered (RFC 3339, UTC).
    time: str
    #: The entry that holds it, relative to the project folder.
    entry: str
    identity: Identity
    type_id: str
    recurring: bool
    doc_id: str
    category: str
    generated: bool
    status: str
    confidentiality: str
    retention: str
    files: tuple[RawFile, ...]
    refs: tuple[RawRef, ...]

    @property
    def document(self) -> tuple[str, str, str]:
        """What makes it the same document: type, serial, and the date where the type recurs."""
        day = self.identity.date.isoformat() if self.recurring else ""
        return self.type_id, fold_key(self.identity.serial), day

    @property
    def version(self) -> tuple[tuple[str, str, str], Version]:
        """Which version it is about."""
        return self.document, self.identity.version


@dataclass(frozen=True, slots=True)
class RawEntry:
    """One journal file: number from its name, digest of its bytes; what it says, where it can be read."""

    number: int
    path: str
    digest: str
    readable: bool = False
    seq: int = 0
    prev: str = ""
    items: tuple[RawItem, ...] = ()


def read_entry(number: int, path: str, content: bytes) -> RawEntry:
    """Return the entry that ``content`` is; one that is torn or no entry is not `readable`."""
    digest = sha256_bytes(content)
    try:
        data = json.loads(content.decode())
        if misshapen(data) or data["format"] != FORMAT or not content.endswith(b"}\n"):
            return RawEntry(number, path, digest)
        items = tuple(_item(_of(dict, item), _of(str, data["time"]), path) for item in data["items"])
        return RawEntry(number, path, digest, True, _of(int, data["seq"]), _of(str, data["prev"]), items)
    except _NOT_AN_ENTRY:
        return RawEntry(number, path, digest)


def _of(kind: type[T], value: object) -> T:
    if type(value) is not kind:
        raise TypeError(f"not {kind.__name__}")
    if isinstance(value, str):
        value.encode()  # halves of characters are no text
    return value


def _item(item: Mapping[str, Any], time: str, entry: str) -> RawItem:
    what, facts = _of(dict, item["identity"]), _of(dict, item["facts"])
    text = {key: _of(str, what[key]) for key in ("project", "type", "type_name", "serial", "date", "version")}
    return RawItem(
        _of(str, item["event"]),
        time,
        entry,
        Identity(
            text["project"],
            text["type_name"],
            text["serial"],
            date.fromisoformat(text["date"]),
            Version.parse(text["version"]),
        ),
        text["type"],
        _of(bool, what["recurring"]),
        _of(str, what["doc_id"]),
        _of(str, item["category"]),
        _of(bool, facts["generated"]),
        _of(str, facts["status"]),
        _of(str, facts["confidentiality"]),
        _of(str, facts["retention"]),
        tuple(_file(file) for file in item["files"]),
        tuple(RawRef(_of(str, ref["text"]), _of(str, ref["doc_id"])) for ref in facts["refs"]),
    )


def _file(file: Mapping[str, Any]) -> RawFile:
    return RawFile(_of(str, file["path"]), _of(int, file["size"]), _of(str, file["sha256"]))


def canonical_place(item: RawItem, path: str) -> str:
    """Return where a file of this item belongs: the same extension, the folder and name of its identity."""
    name = path.rpartition("/")[2]
    ext = RECORD_EXT if name.endswith("." + RECORD_EXT) else name.rpartition(".")[2]
    return f"{item.category}/{item.identity.stem}.{ext}"


def is_canonical(name: str) -> bool:
    """Whether a file name reads as one of ours, for whatever type."""
    stem, ext = (name[: -len(RECORD_EXT) - 1], RECORD_EXT)
    if not name.endswith("." + RECORD_EXT):
        stem, _, ext = name.rpartition(".")
    try:
        project, token, day, version = stem.rsplit("_", 3)
        head, hyphen, tail = token.rpartition("-")
        type_name, serial = (head, tail) if hyphen and SERIAL.fullmatch(tail) else (token, "")
        identity = Identity(project, type_name, serial, date.fromisoformat(day), Version.parse(version))
        return identity.filename(ext) == name
    except (ValueError, ArchiveRefused):
        return False
