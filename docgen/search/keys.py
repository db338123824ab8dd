"""What every engine stores beside the text of a version: keys, flags, and the order of hits."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import fields as fields_of
from hashlib import sha256

from docgen.search.engine import Filters, IndexDocument
from docgen.search.fold import fold_name
from docgen.search.matching import version_values

CURRENT, WITHDRAWN = 1, 2
#: Characters of a value that stands in a key as it is.
_LONGEST = 500

#: Columns that a filter asks for by their whole value: filter -> values of a document.
_COLUMNS = (
    "project",
    "category",
    "status",
    "contract",
    "counterparty",
    "phase",
    "problem_type",
    "data_class",
    "confidentiality",
)
_FIELDS = tuple(field.name for field in fields_of(IndexDocument))


def flags(document: IndexDocument) -> int:
    """Return the standing of a version as a number."""
    return CURRENT * document.current | WITHDRAWN * document.withdrawn


def id_key(id_: str) -> str:
    """Return the key under which a document is found again."""
    return _key("id", id_)


def version_key(version: str) -> str:
    """Return the key of one way to write a version."""
    return _key("version", version)


def _key(name: str, value: str) -> str:
    """Return a key that every engine holds: PostgreSQL takes 2,046 bytes, so long values become digests."""
    short = len(value) <= _LONGEST
    return f"{name}:{value if short else sha256(value.encode('utf-8', 'surrogatepass')).hexdigest()}"


def filter_keys(filters: Filters) -> list[str]:
    """Return the keys that a document has to have all of to pass ``filters``."""
    given = {name: getattr(filters, name) for name in ("type", *_COLUMNS)}
    keys = [_key(name, fold_name(value)) for name, value in given.items() if value]
    return [*keys, version_key(fold_name(filters.version))] if filters.version else keys


def document_keys(document: IndexDocument) -> tuple[str, ...]:
    """Return whole values by which a document is found: its id, its versions, and what filters ask for."""
    types = (document.type_name, document.type_id, *document.aliases)
    columns = ((name, fold_name(getattr(document, name))) for name in _COLUMNS)
    return (
        id_key(document.id),
        *(_key(name, value) for name, value in columns if value),
        *(_key("type", fold_name(name)) for name in types),
        *map(version_key, version_values(document.version)),
    )


def day_number(day: dt.date) -> int:
    """Return a date as a number that sorts like it: 20230401."""
    return (day.year * 100 + day.month) * 100 + day.day


def rank(version: str) -> int:
    """Return V2.13 as 20013: versions of one document in their order."""
    major, _, minor = fold_name(version).removeprefix("v").partition(".")
    return int(major) * 10_000 + int(minor or 0) if major.isdecimal() and minor.isdecimal() else 0


def list_name(document: IndexDocument) -> bytes:
    """Return what a list by name is sorted by: project, type.

    GB 18030 orders the common characters by their pronunciation, as people expect a list.
    """
    return "\0".join((document.project, document.type_name)).encode("gb18030", "replace")


def labels(document: IndexDocument) -> tuple[str, str]:
    """Return number and title, as suggestions name them."""
    return shown(document.number or document.doc_id), shown(" ".join(document.title.split()))


def shown(text: str) -> str:
    """Return ``text`` without characters that cannot be stored as UTF-8 text."""
    return text.encode("utf-8", "replace").decode().replace("\0", "\ufffd")


def packed(document: IndexDocument) -> bytes:
    """Return a document as bytes that `unpacked` reads back."""
    values = [getattr(document, name) for name in _FIELDS]
    text = json.dumps(values, ensure_ascii=False, default=dt.date.isoformat)
    return text.encode("utf-8", "surrogatepass")


def unpacked(content: bytes) -> IndexDocument:
    """Return the document that was `packed`."""
    values = dict(zip(_FIELDS, json.loads(content.decode("utf-8", "surrogatepass")), strict=True))
    for name in ("aliases", "files"):
        values[name] = tuple(values[name])
    return IndexDocument(**{**values, "date": dt.date.fromisoformat(values["date"])})
