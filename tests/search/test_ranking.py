"""Scores are BM25 over several fields, to the last digit the same in whoosh and postgres."""

from __future__ import annotations

import math

import pytest

from docgen.search.engine import Engine
from docgen.search.query import parse_query

pytestmark = pytest.mark.parametrize("place", ["whoosh", "postgres"], indirect=True)

TEXTS = {
    "1": "机房巡检，机房。",
    "2": "机房",
    "3": "巡检机房" * 3,
    "4": "巡检",
    "5": "哈哈哈，另有版本1-1-1",
    "6": "哈哈，版本1-1",
}


def worth(hits: list[str], word: str, id_: str) -> float:
    """What a word in the text is worth (the usual formula; rarity among the hits, k 1.2, b 0.75)."""
    having = sum(word in TEXTS[one] for one in hits)
    rarity = math.log(1 + (len(TEXTS) - having + 0.5) / (having + 0.5))
    average = sum(map(len, TEXTS.values())) / len(TEXTS)
    count = TEXTS[id_].count(word)
    return rarity * count * 2.2 / (count + 1.2 * (0.25 + 0.75 * len(TEXTS[id_]) / average))


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("机房 巡检", ["机房", "巡检"]),
        ("巡检 机房", ["机房", "巡检"]),
        ("哈哈", ["哈哈"]),  # what overlaps counts once
        ("1-1", ["1-1"]),
        ("机房 OR 哈哈", ["机房", "哈哈"]),
    ],
)
def test_scores(engine: Engine, document, query: str, words: list[str]) -> None:
    engine.add([document(id_, text) for id_, text in TEXTS.items()])
    scores = {hit.document.id: hit.score for hit in engine.search(parse_query(query)).hits}
    expected = {id_: sum(worth([*scores], word, id_) for word in words) for id_ in scores}

    assert scores == pytest.approx(expected, abs=0.0001)
    assert scores
