"""How a document lies in a Whoosh index.

Whoosh pickles the schema into the index: the classes here must keep their names and this module its
path, or `SCHEMA` is raised and every index rebuilt.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields as fields_of
from typing import Any

from whoosh import columns, fields, formats

from docgen.search.engine import IndexDocument
from docgen.search.keys import day_number, document_keys, flags, labels, list_name, rank
from docgen.search.matching import field_values
from docgen.search.tokens import tokens
from docgen.search.tree import Field

#: Raised whenever this module changes what is written.
SCHEMA = 3

#: Fields with tokens and the folded text beside them. A version has keys instead.
TEXT_FIELDS = (Field.PROJECT, Field.TYPE, Field.CATEGORY, Field.NUMBER, Field.TITLE, Field.TEXT)
#: Facet -> column of its values; the year comes from the date.
FACETS = {"project": "f_project", "type": "f_type", "category": "f_category", "status": "f_status"}


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
        "keys": document_keys(document),
        "order": list_name(document) + b"\0" + document.id.encode("gb18030", "replace"),
        "labels": "\n".join(labels(document)).encode(),
        "day": day_number(document.date),
        "rank": rank(document.version),
        "size": len(values[Field.TEXT]),
        "flags": flags(document),
        "document": tuple(getattr(document, name) for name in _STORED),
    }


_STORED = tuple(field.name for field in fields_of(IndexDocument))


def document_of(stored: Mapping[str, Any]) -> IndexDocument:
    """Return the document as it was added."""
    return IndexDocument(**dict(zip(_STORED, stored["document"], strict=True)))
