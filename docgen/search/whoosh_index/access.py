"""Fast reading of a Whoosh index: the only module that looks behind Whoosh's public face.

Whoosh walks postings one by one through matcher objects; whole blocks read at once are several times
faster. The library is pinned to one exact version, and the tests of this module fail if that moves.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from typing import Any

from whoosh.reading import TermNotFound


class Segment:
    """One immutable part of an index; documents are numbered from 0."""

    def __init__(self, reader: Any) -> None:
        self._reader = reader
        self._schema = reader.schema
        self.size: int = reader.doc_count_all()
        self.deleted = frozenset(reader.segment().deleted_docs()) if reader.has_deletions() else frozenset()
        self._numbers: dict[str, Sequence[int]] = {}
        self._flagged: dict[tuple[int, int], frozenset[int]] = {}
        self._columns: dict[str, Any] = {}

    def frequency(self, field: str, token: bytes) -> int:
        """Return in how many documents ``token`` occurs (deleted ones included)."""
        if (field, token) not in self._reader._terms:
            return 0
        return int(self._reader._terms.doc_frequency(field, token))

    def postings(self, field: str, token: bytes) -> Iterator[tuple[Sequence[int], Sequence[float]]]:
        """Yield blocks of document numbers and weights (deleted documents included)."""
        try:
            matcher = self._reader._terms.matcher(field, token, self._schema[field].format)
        except TermNotFound:
            return
        while matcher.is_active():
            matcher._read_ids()
            matcher._read_weights()
            yield matcher._ids, matcher._weights
            matcher._next_block()

    def tokens(self, field: str, prefix: bytes) -> Iterator[bytes]:
        """Yield the tokens of ``field`` that start with ``prefix``, in order of their bytes."""
        tokens: Iterator[bytes] = self._reader.expand_prefix(field, prefix)
        return tokens

    def texts(self, field: str) -> Any:
        """Return a sequence of the bytes that each document has in the column ``field``."""
        if field not in self._columns:
            column = self._schema[field].column_type
            has = self._reader.has_column(field)
            self._columns[field] = (
                self._reader.column_reader(field, column, translate=False) if has else [b""] * self.size
            )
        return self._columns[field]

    def numbers(self, field: str) -> Sequence[int]:
        """Return the number that each document has in the column ``field``."""
        if field not in self._numbers:
            values: array[int] = array("i")
            if self._reader.has_column(field):
                column = self.texts(field)
                values = column._dbfile.get_array(column._basepos, "i", min(column._count, self.size))
            self._numbers[field] = values + array("i", [0]) * (self.size - len(values))
        return self._numbers[field]

    def flagged(self, needed: int, barred: int) -> frozenset[int]:
        """Return the documents with some flag of ``needed`` (0: whatever theirs) and none of ``barred``."""
        if (needed, barred) not in self._flagged:
            passing = (
                number
                for number, flags in enumerate(self.numbers("flags"))
                if (not needed or flags & needed) and not flags & barred
            )
            self._flagged[needed, barred] = frozenset(passing) - self.deleted
        return self._flagged[needed, barred]

    def total(self, field: str) -> int:
        """Return the sum of a column of numbers over the documents that are not deleted."""
        numbers = self.numbers(field)
        gone: int = sum(numbers[number] for number in self.deleted)
        return sum(numbers) - gone

    def facet(self, field: str) -> tuple[Sequence[int], list[bytes]]:
        """Return the number of each document's value in the column ``field``, and the values."""
        if not self._reader.has_column(field):
            return bytes(self.size), [b""]
        column = self.texts(field)
        return column._dbfile.get_array(column._basepos, column._typecode, self.size), column._uniques

    def stored(self, number: int) -> dict[str, Any]:
        """Return the stored values of a document."""
        stored: dict[str, Any] = self._reader.stored_fields(number)
        return stored


def segments(reader: Any) -> list[Segment]:
    """Return the segments of an open Whoosh reader; an empty index has none."""
    return [Segment(leaf) for leaf, _ in reader.leaf_readers() if leaf.doc_count_all()]
