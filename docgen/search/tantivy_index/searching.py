"""One search over a tantivy index: order, facets, hits."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from heapq import nlargest
from typing import Any

from tantivy import DocAddress, Index, Order, Query, Searcher

from docgen.search.engine import Filters, Hit, Results, Sort
from docgen.search.keys import unpacked
from docgen.search.snippets import snippet
from docgen.search.tantivy_index.querying import Translation
from docgen.search.tantivy_index.schema import FACETS
from docgen.search.tree import Node, wanted

#: Scores that differ only behind these digits are equal: then the newer comes first.
_DIGITS = 4
#: So many hits behind the page are looked at for equals of its last one, before all are.
_MORE = 100
#: Values of a facet that are counted at most.
_VALUES = 60_000
#: A hit: its score, and its place in the index.
_Place = tuple[float, DocAddress]


def run(
    index: Index,
    searcher: Searcher,
    query: Node,
    filters: Filters,
    *,
    sort: Sort,
    offset: int,
    limit: int | None,
    facets: bool,
) -> Results:
    """Return one page of what matches ``query`` and passes ``filters``."""
    asked = Translation(index, searcher, filters).query(query)
    end = (
        searcher.num_docs if limit is None else min(offset + limit, searcher.num_docs)
    )  # it makes room for all
    if sort is Sort.SCORE and any(wanted(query)):
        total, places = _best(searcher, asked, end)
    else:
        total, places = _listed(searcher, asked, end, by_name=sort is Sort.NAME)
    hits = tuple(_hit(searcher, score, place, query) for score, place in places[offset:end])
    return Results(total, hits, _facets(searcher, asked) if facets else {})


def _listed(searcher: Searcher, asked: Query, end: int, *, by_name: bool) -> tuple[int, list[_Place]]:
    """Return the number of hits and the first of them in a given order."""
    column = "named" if by_name else "newest"
    found = searcher.search(asked, max(end, 1), True, column, 0, Order.Asc)
    return _total(found), [(0.0, place) for _, place in found.hits]


def _best(searcher: Searcher, asked: Query, end: int) -> tuple[int, list[_Place]]:
    """Return the number of hits and the best of them; of equal ones the newer first, wherever they lie."""
    found = searcher.search(asked, end + _MORE, True)
    hits = found.hits
    if end and len(hits) == end + _MORE and _rounded(hits[-1]) == _rounded(hits[end - 1]):
        hits = searcher.search(asked, _total(found) + 1, True).hits  # so many equals
    return _total(found), _ordered(searcher, _first(searcher, hits, end))[:end]


def _first(searcher: Searcher, hits: Sequence[_Place], end: int) -> list[_Place]:
    """Return the hits that may be among the first ``end``: of equal ones at the border the newest."""
    if len(hits) <= end or not end:
        return list(hits[:end])
    border = _rounded(hits[end - 1])
    first = bisect_left(hits, -border, key=lambda hit: -_rounded(hit))
    last = bisect_right(hits, -border, key=lambda hit: -_rounded(hit))
    equal = hits[first:last]
    days = [day or 0 for day in searcher.fast_field_values("recent", [place for _, place in equal])]
    oldest = nlargest(end - first, days)[-1]
    return [*hits[:first], *(hit for hit, day in zip(equal, days, strict=True) if day >= oldest)]


def _rounded(hit: _Place) -> float:
    return round(hit[0], _DIGITS)


def _total(found: Any) -> int:
    total: int = found.count
    return total


def _ordered(searcher: Searcher, hits: Sequence[_Place]) -> list[_Place]:
    places = [place for _, place in hits]
    recent, mixed = (searcher.fast_field_values(name, places) for name in ("recent", "mixed"))
    keys = (
        (-_rounded(hit), -(day or 0), mix, at)
        for at, (hit, day, mix) in enumerate(zip(hits, recent, mixed, strict=True))
    )
    return [hits[at] for *_, at in sorted(keys)]


def _facets(searcher: Searcher, asked: Query) -> dict[str, dict[str, int]]:
    terms = {name: {"terms": {"field": f"facet_{name}", "size": _VALUES}} for name in FACETS}
    found = searcher.aggregate(asked, terms)
    return {name: _sorted(found[name]["buckets"]) for name in FACETS}


def _sorted(buckets: Sequence[dict[str, Any]]) -> dict[str, int]:
    known = ((str(bucket["key"]), int(bucket["doc_count"])) for bucket in buckets)
    return dict(sorted(known, key=lambda item: (-item[1], item[0])))


def _hit(searcher: Searcher, score: float, place: DocAddress, query: Node) -> Hit:
    document = unpacked(searcher.doc(place)["document"][0])
    return Hit(document, round(score, _DIGITS), snippet(document.text, query))
