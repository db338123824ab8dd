"""Taking documents out of segments, and putting the pieces together that many additions leave.

An addition writes one small segment and never merges: nobody waits for a merge. Who has nothing else to do
merges: eight segments of about one size become one of the next size, so that an index of any length has a
few dozen at most. The merged segment is built beside the index; the lock is held only while it takes the
place of the others, and what was deleted in them meanwhile is deleted in it, too.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from typing import Any

from docgen.base.locks import Locked, lock
from docgen.search.engine import IndexDocument
from docgen.search.keys import id_key
from docgen.search.whoosh_index.access import Segment
from docgen.search.whoosh_index.bulk import build
from docgen.search.whoosh_index.commit import Commit
from docgen.search.whoosh_index.schema import document_of
from docgen.search.whoosh_index.store import Store

#: Segments of about one size that are merged, and the factor between sizes.
_MANY = 8
#: Segments with more documents are left as they are: merging them would take minutes.
_LARGEST = 8**4


def taken_out(
    commit: Commit, ids: Collection[str], *, within: Collection[Any] | None = None
) -> list[IndexDocument]:
    """Delete the documents ``ids`` and return them as they were; ``within``: only in these segments."""
    old = []
    with commit.parts() as parts:
        for segment, part in zip(commit.segments, parts, strict=True):
            for number in _numbers(part, ids) if within is None or segment in within else ():
                old.append(document_of(part.stored(number)))
                segment.delete_document(number)
    return old


def _numbers(part: Segment, ids: Collection[str]) -> Iterator[int]:
    for id_ in ids:
        for numbers, _ in part.postings("keys", id_key(id_).encode()):
            yield from (number for number in numbers if number not in part.deleted)


def merge(store: Store) -> bool:
    """Merge one group of segments; return whether there was one. Two processes never merge at once."""
    stamp = store.usable_stamp()
    try:
        with lock(store.folder / "merge.lock", timeout=0):
            return _merged(store, stamp["generation"])
    except Locked:
        return False


def _merged(store: Store, generation: str) -> bool:
    before = store.commit(generation)
    group = _group(before.segments)
    if not group:
        return False
    with store.room() as room:
        read = _read(before, group)
        segments, _ = build((document for _, _, document in read), room)
        with store.writing() as commit:
            if commit.folder == before.folder:  # else all of it was made anew meanwhile
                now = {segment.segment_id(): segment for segment in commit.segments}
                # a segment that is no longer there lost its last document
                gone = {one.id for name, at, one in read if name not in now or now[name].is_deleted(at)}
                commit.segments = [segment for segment in commit.segments if segment not in group]
                commit.adopt(segments, room)
                taken_out(commit, gone, within=segments)
    return True


def _group(segments: Sequence[Any]) -> list[Any]:
    """Return segments of one size that have become many, the smallest size first; else none."""
    sizes: dict[int, list[Any]] = defaultdict(list)
    for segment in segments:
        if 0 < segment.doc_count() < _LARGEST:
            sizes[int(math.log(segment.doc_count(), _MANY))].append(segment)
    return next((sizes[size] for size in sorted(sizes) if len(sizes[size]) >= _MANY), [])


def _read(commit: Commit, group: Collection[Any]) -> list[tuple[str, int, IndexDocument]]:
    """Return the documents of some segments, each with its place."""
    with commit.parts() as parts:
        return [
            (segment.segment_id(), number, document_of(part.stored(number)))
            for segment, part in zip(commit.segments, parts, strict=True)
            if segment in group
            for number in range(part.size)
            if number not in part.deleted
        ]
