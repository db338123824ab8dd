"""One search over the segments of a Whoosh index: matching, order, facets, hits."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from heapq import nsmallest

from docgen.search.engine import Filters, Hit, Results, Sort
from docgen.search.ranking import WEIGHTS, rarity, saturation
from docgen.search.snippets import snippet
from docgen.search.tree import Dates, Field, Node, wanted
from docgen.search.whoosh_access import Segment
from docgen.search.whoosh_eval import Documents, Evaluation
from docgen.search.whoosh_schema import CURRENT, FACETS, WITHDRAWN, document_of, filter_keys


@dataclass(frozen=True, slots=True)
class _Part:
    """A segment, what matches in it, and how often the terms occur."""

    segment: Segment
    hits: Documents
    evaluation: Evaluation


@dataclass(frozen=True, slots=True)
class _Found:
    """One matching document before it is read."""

    part: _Part
    number: int
    score: float

    def key(self, sort: Sort) -> tuple[object, ...]:
        segment = self.part.segment
        newest = (-segment.numbers("day")[self.number], -segment.numbers("rank")[self.number])
        name = bytes(segment.texts("order")[self.number])
        if sort is Sort.NAME:
            return (name, *newest)
        return (*newest, name) if sort is Sort.DATE else (-self.score, *newest, name)


def run(
    parts: Sequence[Segment],
    query: Node,
    filters: Filters,
    *,
    sort: Sort,
    offset: int,
    limit: int | None,
    facets: bool,
) -> Results:
    """Return one page of what matches ``query`` and passes ``filters``."""
    matched = [_matched(segment, query, filters) for segment in parts]
    scores = _scores(matched, query)
    found = [
        _Found(part, number, round(score.get(number, 0.0), 4))
        for part, score in zip(matched, scores, strict=True)
        for number in part.hits
    ]
    end = len(found) if limit is None else min(offset + limit, len(found))
    page = nsmallest(end, found, key=lambda one: one.key(sort))[offset:]
    hits = tuple(_hit(one, query) for one in page)
    return Results(len(found), hits, _facets(matched) if facets else {})


def _matched(segment: Segment, query: Node, filters: Filters) -> _Part:
    evaluation = Evaluation(segment)
    return _Part(segment, evaluation.match(query, _passing(segment, evaluation, filters)), evaluation)


def _passing(segment: Segment, evaluation: Evaluation, filters: Filters) -> Documents:
    """Return the documents that pass ``filters``."""
    flags = segment.numbers("flags")
    needed = 0 if filters.all_versions else CURRENT
    if filters.withdrawn:
        needed = needed and CURRENT | WITHDRAWN
    passing = {
        number
        for number, flag in enumerate(flags)
        if (not needed or flag & needed) and (filters.withdrawn or not flag & WITHDRAWN)
    }
    passing -= segment.deleted
    for key in filter_keys(filters):
        passing &= evaluation.with_token("keys", key.encode())
    if filters.since or filters.until:
        dates = Dates(filters.since or dt.date.min, filters.until or dt.date.max)
        passing = evaluation.match(dates, passing)
    return passing


def _scores(parts: Sequence[_Part], query: Node) -> list[dict[int, float]]:
    """Return the score of every hit, segment by segment; rarity and lengths are those of the whole index.

    Deleted documents do not count, so that merging changes no score.
    """
    documents = sum(part.segment.size - len(part.segment.deleted) for part in parts)
    average = sum(part.segment.total("size") for part in parts) / max(documents, 1)
    scores: list[dict[int, float]] = [dict.fromkeys(part.hits, 0.0) for part in parts]
    for term in dict.fromkeys(wanted(query)):
        for field in term.fields:
            counts = [part.evaluation.found.get((term, field), {}) for part in parts]
            worth = WEIGHTS[field] * rarity(documents, sum(map(len, counts)))
            for part, score, count in zip(parts, scores, counts, strict=True):
                lengths = part.segment.numbers("size") if field is Field.TEXT else None
                for number in score.keys() & count.keys():
                    length = lengths[number] if lengths else average
                    score[number] += worth * saturation(count[number], length, average)
    return scores


def _facets(parts: Sequence[_Part]) -> dict[str, dict[str, int]]:
    counts: dict[str, Counter[str]] = {name: Counter() for name in (*FACETS, "year")}
    for part in parts:
        for name, column in FACETS.items():
            numbers, values = part.segment.facet(column)
            for value, count in Counter(numbers[hit] for hit in part.hits).items():
                counts[name][values[value].decode()] += count
        days = part.segment.numbers("day")
        counts["year"].update(f"{days[hit] // 10_000:04d}" for hit in part.hits)
    return {name: _sorted(counter) for name, counter in counts.items()}


def _sorted(counter: Counter[str]) -> dict[str, int]:
    known = ((value, count) for value, count in counter.items() if value)
    return dict(sorted(known, key=lambda item: (-item[1], item[0])))


def _hit(found: _Found, query: Node) -> Hit:
    document = document_of(found.part.segment.stored(found.number))
    return Hit(document, found.score, snippet(document.text, query))
