"""How a document lies in a Whoosh index.

Whoosh pickles the schema into the index: the classes here must keep their names and this module its
path, or `SCHEMA` is raised and every index rebuilt.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields as fields_of
from typing import Any

from whoosh import columns, fields, formats

from docgen.search.engine import Filters, IndexDocument
from docgen.search.fold import fold
from docgen.search.matching import field_values, version_values
from docgen.search.tokens import tokens
from docgen.search.tree import Field

#: Raised whenever this module changes what is written.
SCHEMA = 2

#: Fields with tokens and the folded text beside them. A version has keys instead.
TEXT_FIELDS = (Field.PROJECT, Field.TYPE, Field.CATEGORY, Field.NUMBER, Field.TITLE, Field.TEXT)
#: Facet -> column of its values; the year comes from the date.
FACETS = {"project": "f_project", "type": "f_type", "category": "f_category", "status": "f_status"}

CURRENT, WITHDRAWN = 1, 2


class Words(fields.FieldType):  # type: ignore[misc]
    """Folded text: its tokens with their frequency (no positions), and the text itself as a column."""

    def __init__(self) -> None:
        super().__init__(format=formats.Existence(), analyzer=None)
        self.column_type = columns.VarBytesColumn()

    def counts(self, value: str) -> Iterable[tuple[str, int]]:
        """Return the tokens and how often each occurs."""
        return tokens(value).items()

    def index(self, value: str, **_: object) -> Iterator[tuple[bytes, int, float, bytes]]:
        """Yield token, frequency, weight (the frequency again) and no further bytes."""
        return _postings(self.counts(value))


class Keys(fields.FieldType):  # type: ignore[misc]
    """A tuple of whole strings, each one token."""

    def __init__(self) -> None:
        super().__init__(format=formats.Existence(), analyzer=None)

    def counts(self, value: tuple[str, ...]) -> Iterable[tuple[str, int]]:
        """Return every string once."""
        return dict.fromkeys(value, 1).items()

    def index(self, value: tuple[str, ...], **_: object) -> Iterator[tuple[bytes, int, float, bytes]]:
        """Yield every string once."""
        return _postings(self.counts(value))


def _postings(counts: Iterable[tuple[str, int]]) -> Iterator[tuple[bytes, int, float, bytes]]:
    return ((token.encode(), count, float(count), b"") for token, count in counts)


def schema() -> Any:
    """Return the schema of a new index."""
    made = fields.Schema(keys=Keys(), document=fields.STORED())
    for name in TEXT_FIELDS:
        made.add(name.value, Words())
    for column in FACETS.values():
        made.add(column, fields.COLUMN(columns.RefBytesColumn()))
    for text in ("order", "labels"):
        made.add(text, fields.COLUMN(columns.VarBytesColumn()))
    for number in ("day", "rank", "size", "flags"):
        made.add(number, fields.COLUMN(columns.NumericColumn("i")))
    return made


def row(document: IndexDocument) -> dict[str, object]:
    """Return the values of one document for `Writer.add_document`."""
    values = field_values(document)
    facets = (document.project, document.type_name, document.category, document.status)
    return {
        **{name.value: values[name] for name in TEXT_FIELDS},
        **dict(zip(FACETS.values(), (facet.encode() for facet in facets), strict=True)),
        "keys": _keys(document),
        # GB 18030 orders the common characters by their pronunciation, as people expect a list
        "order": "\0".join((document.project, document.type_name, document.id)).encode("gb18030", "replace"),
        "labels": "\n".join((document.number or document.doc_id, " ".join(document.title.split()))).encode(),
        "day": day_number(document.date.year, document.date.month, document.date.day),
        "rank": _rank(document.version),
        "size": len(values[Field.TEXT]),
        "flags": CURRENT * document.current | WITHDRAWN * document.withdrawn,
        "document": tuple(getattr(document, name) for name in _STORED),
    }


_STORED = tuple(field.name for field in fields_of(IndexDocument))


def document_of(stored: Mapping[str, Any]) -> IndexDocument:
    """Return the document as it was added."""
    return IndexDocument(**dict(zip(_STORED, stored["document"], strict=True)))


def day_number(year: int, month: int, day: int) -> int:
    """Return a date as a number that sorts like it: 20230401."""
    return (year * 100 + month) * 100 + day


def _rank(version: str) -> int:
    """Return V2.13 as 20013: versions of one document in their order."""
    major, _, minor = fold(version).removeprefix("v").partition(".")
    return int(major) * 10_000 + int(minor or 0) if major.isdecimal() and minor.isdecimal() else 0


# Keys: whole values, for filters, versions and for finding a document again


def id_key(id_: str) -> str:
    """Return the key under which a document is found again."""
    return f"id:{id_}"


def version_key(version: str) -> str:
    """Return the key of one way to write a version."""
    return f"version:{version}"


def filter_keys(filters: Filters) -> list[str]:
    """Return the keys that a document has to have all of to pass ``filters``."""
    given = {
        "project": filters.project,
        "type": filters.type,
        "category": filters.category,
        "status": filters.status,
    }
    return [f"{name}:{fold(value)}" for name, value in given.items() if value]


def _keys(document: IndexDocument) -> tuple[str, ...]:
    types = (document.type_name, document.type_id, *document.aliases)
    return (
        id_key(document.id),
        f"project:{fold(document.project)}",
        f"category:{fold(document.category)}",
        f"status:{fold(document.status)}",
        *(f"type:{fold(name)}" for name in types),
        *map(version_key, version_values(document.version)),
    )
