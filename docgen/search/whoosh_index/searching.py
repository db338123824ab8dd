"""One search over the segments of a Whoosh index: matching, order, facets, hits."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from heapq import nlargest, nsmallest
from itertools import chain
from typing import Any

from docgen.search.engine import Filters, Hit, Results, Sort
from docgen.search.keys import CURRENT, WITHDRAWN, filter_keys
from docgen.search.ranking import WEIGHTS, rarity, saturation
from docgen.search.snippets import snippet
from docgen.search.tree import Dates, Field, Node, wanted
from docgen.search.whoosh_index.access import Segment
from docgen.search.whoosh_index.evaluation import Documents, Evaluation, Frequencies
from docgen.search.whoosh_index.schema import FACETS, document_of

#: Scores that differ only behind these digits are equal: then the newer comes first.
_DIGITS = 4

#: What a hit is ordered by, its segment, its number there.
_Key = tuple[tuple[Any, ...], int, int]


@dataclass(frozen=True, slots=True)
class _Part:
    """A segment, what matches in it, and how often the terms occur."""

    segment: Segment
    hits: Documents
    evaluation: Evaluation


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
    total = sum(map(len, scores))
    end = total if limit is None else min(offset + limit, total)
    keys = [
        (key, place, number)
        for place, score in enumerate(_likely(scores, end) if sort is Sort.SCORE else scores)
        for key, number in _keys(matched[place], score, sort)
    ]
    page = _first(end, keys, matched)[offset:]
    hits = tuple(_hit(matched[place].segment, number, scores[place][number], query) for place, number in page)
    return Results(total, hits, _facets(matched) if facets else {})


def _likely(scores: list[dict[int, float]], end: int) -> list[dict[int, float]]:
    """Return the hits that may be among the first ``end``, by their scores; equals are told apart later."""
    best = nlargest(end, chain.from_iterable(score.values() for score in scores))
    least = best[-1] - 10**-_DIGITS if best else 0.0
    return [{number: one for number, one in score.items() if one >= least} for score in scores]


def _first(end: int, keys: list[_Key], parts: Sequence[_Part]) -> list[tuple[int, int]]:
    """Return segment and number of the first hits; equals by their ids, wherever they lie in the index."""
    if end < len(keys):
        last = max(nsmallest(end, (key for key, _, _ in keys)), default=())
        keys = [one for one in keys if one[0] <= last]
    names = [part.segment.texts("order") for part in parts]
    keys = sorted(keys, key=lambda one: (one[0], bytes(names[one[1]][one[2]])))
    return [(place, number) for _, place, number in keys[:end]]


def _matched(segment: Segment, query: Node, filters: Filters) -> _Part:
    evaluation = Evaluation(segment)
    return _Part(segment, evaluation.match(query, _passing(segment, evaluation, filters)), evaluation)


def _passing(segment: Segment, evaluation: Evaluation, filters: Filters) -> Documents:
    """Return the documents that pass ``filters``."""
    needed = 0 if filters.all_versions else CURRENT
    if filters.withdrawn:
        needed = needed and CURRENT | WITHDRAWN
    passing: Documents = segment.flagged(needed, 0 if filters.withdrawn else WITHDRAWN)
    for key in filter_keys(filters):
        passing &= evaluation.with_token("keys", key.encode())
    if filters.since or filters.until:
        dates = Dates(filters.since or dt.date.min, filters.until or dt.date.max)
        passing = evaluation.match(dates, passing)
    return passing


def _scores(parts: Sequence[_Part], query: Node) -> list[dict[int, float]]:
    """Return the score of every hit, segment by segment; rarity and lengths are those of the whole index.

    Deleted documents do not count, so that merging changes no score. Of those that have a term only hits do:
    which others were looked at depends on the words that were evaluated before.
    """
    documents = sum(part.segment.size - len(part.segment.deleted) for part in parts)
    average = sum(part.segment.total("size") for part in parts) / max(documents, 1)
    scores: list[dict[int, float]] = [dict.fromkeys(part.hits, 0.0) for part in parts]
    for term in dict.fromkeys(wanted(query)):
        for field in term.fields:
            counts = [_among(part.hits, part.evaluation.found.get((term, field), {})) for part in parts]
            worth = WEIGHTS[field] * rarity(documents, sum(map(len, counts)))
            for part, score, count in zip(parts, scores, counts, strict=True):
                lengths = part.segment.numbers("size") if field is Field.TEXT else None
                for number, gain in saturation(count, lengths, average):
                    score[number] += worth * gain
    return scores


def _among(hits: Documents, counts: Frequencies) -> Frequencies:
    return {number: counts[number] for number in hits & counts.keys()}


def _keys(part: _Part, scores: dict[int, float], sort: Sort) -> Iterator[tuple[tuple[Any, ...], int]]:
    """Yield what each hit is ordered by, and the hit; the smallest comes first."""
    days, ranks, names = (
        part.segment.numbers("day"),
        part.segment.numbers("rank"),
        part.segment.texts("order"),
    )
    for number, score in scores.items():
        newest = (-days[number], -ranks[number])
        if sort is Sort.NAME:
            yield (bytes(names[number]).rpartition(b"\0")[0], *newest), number
        else:
            yield newest if sort is Sort.DATE else (-round(score, _DIGITS), *newest), number


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


def _hit(segment: Segment, number: int, score: float, query: Node) -> Hit:
    document = document_of(segment.stored(number))
    return Hit(document, round(score, _DIGITS), snippet(document.text, query))
