"""Is a journal entry built as docs/archive-format.md says? Everything in it is of the kind that it should be.

A reader may rely on it: what passes here can be read by whoever reads the format.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

_ABSENT = type(...)
#: A type, a mapping of keys to shapes, a list of one shape, alternatives, or a set of words.
Shape = Any


class _Exactly(dict[str, Shape]):
    """A mapping in which there are no other keys: readers take them for the names of what is known."""


#: Years that an entry can be of: what is counted from it stays a day of the calendar.
_FIRST_YEAR, _LAST_YEAR = 1970, 2999
_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?Z")
_EVENTS = frozenset({"filed", "added", "duplicate", "withdrawn", "corrected", "tombstone", "exported"})
_GROUPS = ("contract", "module", "device", "month", "counterparty", "phase", "issue")

_MESSAGE = {"zh": str, "en": str}
_SOURCE = {"path": str, "size": int, "mtime_ns": int, "inbox": str, "finish": bool}
_FILE = {
    "path": str,
    "size": int,
    "sha256": str,
    "original_name": str,
    "source": (type(None), _SOURCE),
}
_IDENTITY = {
    **dict.fromkeys(("project", "type", "type_name", "serial", "date", "version", "doc_id"), str),
    "recurring": bool,
}
_FACTS = _Exactly(
    generated=bool,
    edited=bool,
    **dict.fromkeys(("status", "confidentiality", "retention", "change_note"), str),
    **dict.fromkeys(("record_digest", "template_digest", "form_digest"), str),
    groups=(_ABSENT, _Exactly(dict.fromkeys(_GROUPS, (_ABSENT, str)))),
    refs=[_Exactly(dict.fromkeys(("text", "type_id", "doc_id", "version"), str))],
)
_ITEM = {
    "event": _EVENTS,
    **dict.fromkeys(("category", "refiled_from"), str),
    "identity": _IDENTITY,
    "files": [_FILE],
    "facts": _FACTS,
    "same_bytes_as": [str],
    "warnings": [_MESSAGE],
    "notes": [_MESSAGE],
}
_ENTRY = {
    **dict.fromkeys(("format", "seq"), int),
    **dict.fromkeys(("id", "prev", "time", "actor"), str),
    "items": [_ITEM],
}


def misshapen(entry: object) -> str:
    """Return the first place in a parsed entry that is not of its kind; "" when all is well."""
    found = next(_differences(entry, _ENTRY, ""), "")
    if not found and isinstance(entry, dict):
        found = "" if entry["items"] else "items"
        found = found or ("" if is_time(entry["time"]) else "time")
    return found


def is_time(text: str) -> bool:
    """Whether ``text`` is a moment at which an entry can have been made: RFC 3339, UTC, milliseconds."""
    try:
        year = datetime.fromisoformat(text).year
    except ValueError:
        return False
    return bool(_TIME.fullmatch(text)) and _FIRST_YEAR <= year <= _LAST_YEAR


def _differences(value: object, shape: Shape, place: str) -> Iterator[str]:
    if isinstance(shape, dict):
        if not isinstance(value, dict):
            yield place or "{}"
            return
        if isinstance(shape, _Exactly):
            yield from (f"{place}.{key}" for key in value if key not in shape)
        for key, inner in shape.items():
            yield from _differences(value.get(key, ...), inner, f"{place}.{key}" if place else key)
    elif isinstance(shape, list):
        for number, one in enumerate(value if isinstance(value, list) else [...]):
            yield from _differences(one, shape[0], f"{place}[{number}]")
    elif isinstance(shape, tuple):
        if not any(next(_differences(value, one, place), None) is None for one in shape):
            yield place
    elif isinstance(shape, frozenset):
        if not isinstance(value, str) or value not in shape:
            yield place
    elif type(value) is not shape or (isinstance(value, str) and not _utf8(value)):
        yield place


def _utf8(text: str) -> bool:
    """Whether the text has no halves of characters, which no file and no database takes."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
