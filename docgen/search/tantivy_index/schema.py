"""How a document lies in a tantivy index."""

from __future__ import annotations

import hashlib
import unicodedata
from functools import cache, lru_cache
from importlib.metadata import version

import opencc
import tantivy

from docgen.search.engine import IndexDocument
from docgen.search.fold import ANALYSIS
from docgen.search.keys import day_number, document_keys, flags, labels, list_name, packed, rank, shown
from docgen.search.matching import field_values
from docgen.search.tokens import stream
from docgen.search.tree import Field

#: Raised whenever this module changes what is written.
SCHEMA = 2

#: Fields with the positions of their tokens. A version has keys instead.
TEXT_FIELDS = (Field.PROJECT, Field.TYPE, Field.CATEGORY, Field.NUMBER, Field.TITLE, Field.TEXT)
FACETS = ("project", "type", "category", "status", "year")
LABELS = ("number", "title")
#: Longer labels are cut: nobody is shown more as a suggestion.
_LABEL = 500
_TOKENS = "tokens"
#: Fields whose values occur again and again.
_REPEATED = (Field.PROJECT, Field.TYPE, Field.CATEGORY)
_LAST_DAY, _LAST_RANK = 99_999_999, 9_999_999_999


def made_with() -> dict[str, object]:
    """Return what an index depends on; when any of it changes, indexes are stale."""
    return {
        "schema": SCHEMA,
        "analysis": [ANALYSIS, opencc.__version__, unicodedata.unidata_version],
        "library": version("tantivy"),
    }


@cache
def schema() -> tantivy.Schema:
    """Return the schema of a new index."""
    builder = tantivy.SchemaBuilder()
    for field in TEXT_FIELDS:
        builder.add_text_field(field.value, tokenizer_name=_TOKENS, index_option="position")
    for name in ("keys", *(f"label_{name}" for name in LABELS)):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in ("newest", "named", *(f"facet_{name}" for name in FACETS)):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic", fast=True)
    for name in ("day", "flags"):
        builder.add_unsigned_field(name, indexed=True, fast=True)
    for name in ("recent", "mixed", "size"):
        builder.add_unsigned_field(name, fast=True)
    for name in ("document", "folded"):
        builder.add_bytes_field(name, stored=True)
    return builder.build()


def opened(folder: str) -> tantivy.Index:
    """Open the index in ``folder``; an empty folder gets a new one."""
    exists = tantivy.Index.exists(folder)
    index = tantivy.Index.open(folder) if exists else tantivy.Index(schema(), folder)
    index.config_reader("manual")
    whitespace = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
    index.register_tokenizer(_TOKENS, whitespace)
    return index


def row(document: IndexDocument) -> tantivy.Document:
    """Return one document as it is written."""
    made = tantivy.Document()
    values = field_values(document)
    for field in TEXT_FIELDS:
        tokens = _stream_again if field in _REPEATED else stream
        made.add_text(field.value, tokens(values[field], signs=True))
    for key in document_keys(document):
        made.add_text("keys", key)
    for name, value in _facets(document).items():
        made.add_text(f"facet_{name}", value)
    for name, label in zip(LABELS, labels(document), strict=True):
        made.add_text(f"label_{name}", label[:_LABEL])
    made.add_bytes("document", packed(document))
    made.add_bytes("folded", values[Field.TEXT].encode())
    made.add_unsigned("size", len(values[Field.TEXT]))
    made.add_unsigned("flags", flags(document))
    _order(made, document)
    return made


_stream_again = lru_cache(maxsize=4096)(stream)


def _facets(document: IndexDocument) -> dict[str, str]:
    values = {
        "project": document.project,
        "type": document.type_name,
        "category": document.category,
        "status": document.status,
        "year": f"{document.date.year:04d}",
    }
    return {name: shown(value) for name, value in values.items() if value}


def _order(made: tantivy.Document, document: IndexDocument) -> None:
    """Write what hits are ordered by: as text for whole orders, as numbers for hits of one score."""
    day, edition = day_number(document.date), min(rank(document.version), _LAST_RANK)
    newest = f"{_LAST_DAY - day:08d}{_LAST_RANK - edition:010d}\0{document.id}"
    made.add_text("newest", newest)
    # every byte as one character: their order is that of the bytes
    made.add_text("named", list_name(document).decode("latin-1") + "\0" + newest)
    made.add_unsigned("day", day)
    made.add_unsigned("recent", day * _LAST_RANK + edition)
    made.add_unsigned("mixed", int.from_bytes(hashlib.blake2b(document.id.encode(), digest_size=7).digest()))
