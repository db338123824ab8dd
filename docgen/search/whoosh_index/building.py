"""Writing segments of a Whoosh index: the counterpart of `access`, and like it behind Whoosh's public face.

Whoosh's own writer hands every posting through a sorted pool of tuples and compresses every posting list,
also those of one document. Here the postings of a token are collected in one array; that is several times
faster, and what is written is read by Whoosh itself (the tests hold it to Whoosh's own writer).
"""

from __future__ import annotations

import zlib
from array import array
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from pickle import dumps
from struct import Struct
from typing import Any

from whoosh.codec import default_codec
from whoosh.codec.whoosh3 import WHOOSH3_HEADER_MAGIC
from whoosh.filedb import filetables
from whoosh.filedb.filestore import FileStorage
from whoosh.index import _DEF_INDEX_NAME

from docgen.search.engine import IndexDocument
from docgen.search.whoosh_index.schema import row, schema

#: Postings after which a segment is full: it bounds the memory of its builder (about 150 MB).
FULL = 4_000_000
#: Postings of a block; a block is read as a whole.
_BLOCK = 1024
#: Below this many bytes compression saves nothing.
_SMALL = 64
_COMPRESSION = 3
#: Flags, weight, documents, two lengths (unused), greatest weight, first and last document, place, size.
_TERM = Struct("!BfIBBfIIQi")
_FIELD = Struct("!H")


class SegmentBuilder:
    """Collects documents and writes them into the folder ``room`` as one segment."""

    def __init__(self, room: Path) -> None:
        self._storage = FileStorage(str(room))
        self._schema = schema()
        self._codec = default_codec()
        self._segment = self._codec.new_segment(self._storage, _DEF_INDEX_NAME)
        self._documents = self._codec.per_document_writer(self._storage, self._segment)
        self._postings: dict[str, dict[str, array[int]]] = {
            name: {} for name, field in self._schema.items() if field.indexed
        }
        self.size = 0
        self._count = 0

    @property
    def is_full(self) -> bool:
        """Whether the next document belongs into another segment."""
        return self._count >= FULL

    def add(self, document: IndexDocument) -> None:
        """Take one document up; one that cannot be indexed changes nothing and raises."""
        values = row(document)
        counted = {name: list(self._schema[name].counts(values[name])) for name in self._postings}
        self._describe(values)
        for name, counts in counted.items():
            self._collect(self._postings[name], counts)
            self._count += len(counts)
        self.size += 1

    def _describe(self, values: Mapping[str, Any]) -> None:
        """Write the columns of a document, and what is stored with it."""
        writer = self._documents
        writer.start_doc(self.size)
        for name, field in self._schema.items():
            if field.stored:
                writer.add_field(name, field, values[name], 0)
            if field.column_type:
                value = values[name]
                raw = value.encode() if isinstance(value, str) else value
                writer.add_column_value(name, field.column_type, raw)
        writer.finish_doc()

    def _collect(self, postings: dict[str, array[int]], counts: Sequence[tuple[str, int]]) -> None:
        number = self.size
        for token, count in counts:
            known = postings.get(token)
            if known is None:
                postings[token] = array("I", (number, count))
            else:
                known.append(number)
                known.append(count)

    def finish(self) -> Any:
        """Write the segment out and return it."""
        self._documents.close()
        self._segment.set_doc_count(self.size)
        terms = filetables.OrderedHashWriter(self._segment.create_file(self._storage, self._codec.TERMS_EXT))
        with self._segment.create_file(self._storage, self._codec.POSTS_EXT) as file:
            fields: dict[str, int] = {}
            terms.extras["fieldmap"] = fields
            for name, postings in self._postings.items():
                if postings:
                    fields[name] = len(fields)
                    _write_field(terms, file, _FIELD.pack(fields[name]), postings)
        terms.close()
        self._segment.create_compound_file(self._storage)
        return self._segment

    def abandon(self) -> None:
        """Let go of the files of a segment that is not to be finished."""
        self._documents._cols._temp.close()


def _write_field(terms: Any, file: Any, prefix: bytes, postings: dict[str, array[int]]) -> None:
    for token in sorted(postings):  # the order of code points is that of UTF-8
        pairs = postings.pop(token)
        start = file.tell()
        _write_postings(file, pairs)
        numbers, counts = pairs[::2], pairs[1::2]
        place, size = start, file.tell() - start
        bounds = numbers[0], numbers[-1]
        info = _TERM.pack(0, sum(counts), len(numbers), 0, 0, max(counts), *bounds, place, size)
        terms.add(prefix + token.encode(), info)


def _write_postings(file: Any, pairs: array[int]) -> None:
    file.write(WHOOSH3_HEADER_MAGIC)
    for start in range(0, len(pairs), 2 * _BLOCK):
        block = pairs[start : start + 2 * _BLOCK]
        info, data = _block(block[::2], block[1::2])
        length = len(info) + len(data)
        is_last = start + 2 * _BLOCK >= len(pairs)
        file.write_int(-length if is_last else length)
        file.write(info)
        file.write(data)


def _block(numbers: array[int], counts: array[int]) -> tuple[bytes, bytes]:
    """Return a block as Whoosh reads it: what it holds, and the steps between documents with the weights."""
    greatest = max(counts)
    weights: float | tuple[float, ...] | None = None
    if greatest > 1:
        same = min(counts) == greatest
        weights = float(greatest) if same else tuple(map(float, counts))
    data = dumps((tuple(_steps(numbers)), weights, None), 2)
    packed = len(data) >= _SMALL
    info = (len(numbers), numbers[-1], float(greatest), _COMPRESSION if packed else 0, 0, 0)
    return dumps(info, 2), zlib.compress(data, _COMPRESSION) if packed else data


def _steps(numbers: array[int]) -> Iterator[int]:
    before = 0
    for number in numbers:
        yield number - before
        before = number
