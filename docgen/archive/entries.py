"""One entry of a project's journal, and how it is written as JSON (docs/archive-format.md)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any

from docgen.archive.checks.shapes import is_time
from docgen.archive.groups import Groups
from docgen.archive.identity import Identity
from docgen.archive.parcel import Facts, Source
from docgen.archive.versions import Version
from docgen.base.errors import ArchiveRefused
from docgen.base.messages import Message
from docgen.forms.values import Ref

FORMAT = 1
#: `prev` of the first entry.
GENESIS = "0" * 64


class Event(StrEnum):
    """What an item of an entry reports."""

    #: A new version.
    FILED = "filed"
    #: Further files of a version (the sealed scan beside the docx).
    ADDED = "added"
    #: The same bytes came again; nothing was stored.
    DUPLICATE = "duplicate"
    #: What is known about a version was set right; the files are untouched.
    CORRECTED = "corrected"
    #: A misfiled version; kept, and left out of search and registers.
    WITHDRAWN = "withdrawn"
    #: Files removed after their retention period.
    TOMBSTONE = "tombstone"
    #: Versions handed out.
    EXPORTED = "exported"


@dataclass(frozen=True, slots=True)
class FileFact:
    """One file: where it is (relative to the project folder), and where it came from."""

    path: str
    size: int
    sha256: str
    original_name: str = ""
    source: Source | None = None

    @property
    def ext(self) -> str:
        """The extension, `record.json` included."""
        name = self.path.rpartition("/")[2]
        return "record.json" if name.endswith(".record.json") else name.rpartition(".")[2]


@dataclass(frozen=True, slots=True)
class Item:
    """One event of an entry, about one version."""

    event: Event
    identity: Identity
    type_id: str
    recurring: bool
    category: str
    doc_id: str
    files: tuple[FileFact, ...] = ()
    facts: Facts = field(default_factory=Facts)
    #: `<project>/<path>` of files in other projects that hold the same bytes.
    same_bytes_as: tuple[str, ...] = ()
    refiled_from: str = ""
    warnings: tuple[Message, ...] = ()
    notes: tuple[Message, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """One commit: one or more items, chained to the entry before it."""

    id: str
    seq: int
    prev: str
    time: str
    actor: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Head:
    """The last entry of a journal: its number and the SHA-256 of its bytes."""

    seq: int = 0
    digest: str = GENESIS


def encode(entry: Entry) -> bytes:
    """Return the bytes of ``entry`` as they are stored and chained."""
    data = {
        "format": FORMAT,
        "id": entry.id,
        "seq": entry.seq,
        "prev": entry.prev,
        "time": entry.time,
        "actor": entry.actor,
        "items": [_item_to_json(item) for item in entry.items],
    }
    return (json.dumps(data, ensure_ascii=False, indent=1) + "\n").encode()


def decode(data: bytes) -> Entry:
    """Return the entry that ``data`` holds.

    Raises:
        ValueError: It is torn, or not an entry of this format.
    """
    try:
        raw = json.loads(data.decode())
        if raw["format"] != FORMAT or not data.endswith(b"}\n"):
            raise ValueError("of another format")
        items = tuple(_item_from_json(item) for item in raw["items"])
        if not is_time(raw["time"]):
            raise ValueError("of no time that can be")
        return Entry(raw["id"], raw["seq"], raw["prev"], raw["time"], raw["actor"], items)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, ArchiveRefused) as error:
        raise ValueError(f"not an entry: {error!r}") from error


def _item_to_json(item: Item) -> dict[str, Any]:
    identity = item.identity
    return {
        "event": item.event.value,
        "identity": {
            "project": identity.project,
            "type": item.type_id,
            "type_name": identity.type_name,
            "serial": identity.serial,
            "date": identity.date.isoformat(),
            "version": str(identity.version),
            "recurring": item.recurring,
            "doc_id": item.doc_id,
        },
        "category": item.category,
        "files": [_file_to_json(file) for file in item.files],
        "facts": _facts_to_json(item.facts),
        "same_bytes_as": list(item.same_bytes_as),
        "refiled_from": item.refiled_from,
        "warnings": [_message_to_json(message) for message in item.warnings],
        "notes": [_message_to_json(message) for message in item.notes],
    }


def _item_from_json(raw: Mapping[str, Any]) -> Item:
    what = raw["identity"]
    identity = Identity(
        what["project"],
        what["type_name"],
        what["serial"],
        date.fromisoformat(what["date"]),
        Version.parse(what["version"]),
    )
    return Item(
        Event(raw["event"]),
        identity,
        what["type"],
        what["recurring"],
        raw["category"],
        what["doc_id"],
        tuple(_file_from_json(file) for file in raw["files"]),
        _facts_from_json(raw["facts"]),
        tuple(raw["same_bytes_as"]),
        raw["refiled_from"],
        tuple(Message(one["zh"], one["en"]) for one in raw["warnings"]),
        tuple(Message(one["zh"], one["en"]) for one in raw["notes"]),
    )


def _file_to_json(file: FileFact) -> dict[str, Any]:
    source = file.source and {
        "path": _text(file.source.path),
        "size": file.source.size,
        "mtime_ns": file.source.mtime_ns,
        "inbox": _text(file.source.inbox) if file.source.inbox else "",
        "finish": file.source.finish,
    }
    return {
        "path": file.path,
        "size": file.size,
        "sha256": file.sha256,
        "original_name": _text(file.original_name),
        "source": source,
    }


def _file_from_json(raw: Mapping[str, Any]) -> FileFact:
    what = raw["source"]
    source = what and Source(
        Path(what["path"]),
        what["size"],
        what["mtime_ns"],
        Path(what["inbox"]) if what["inbox"] else None,
        what["finish"],
    )
    return FileFact(raw["path"], raw["size"], raw["sha256"], raw["original_name"], source)


def _facts_to_json(facts: Facts) -> dict[str, Any]:
    plain = {one.name: getattr(facts, one.name) for one in fields(Facts) if one.name != "groups"}
    refs = [{one.name: getattr(ref, one.name) for one in fields(Ref)} for ref in facts.refs]
    groups = facts.groups.said()
    return plain | {"refs": refs} | ({"groups": groups} if groups else {})


def _facts_from_json(raw: Mapping[str, Any]) -> Facts:
    refs = tuple(Ref(**ref) for ref in raw["refs"])
    return Facts(**{**raw, "refs": refs, "groups": Groups(**raw.get("groups", {}))})


def _message_to_json(message: Message) -> dict[str, str]:
    return {"zh": message.zh, "en": message.en}


def _text(name: str | Path) -> str:
    """Return a name of the filing system as text, whatever its bytes were."""
    return str(name).encode("utf-8", "backslashreplace").decode()
