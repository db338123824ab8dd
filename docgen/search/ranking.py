"""Ranking: BM25 over several fields, the same numbers for every engine."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

from docgen.search.tree import Field

#: How much a match in a field is worth; what a document is called says more than what it mentions.
WEIGHTS = {
    Field.TITLE: 4.0,
    Field.NUMBER: 4.0,
    Field.TYPE: 3.0,
    Field.PROJECT: 2.0,
    Field.CATEGORY: 1.0,
    Field.VERSION: 1.0,
    Field.TEXT: 1.0,
}
#: The usual constants of BM25: how fast repetition saturates, how much length counts.
K, B = 1.2, 0.75


def rarity(documents: int, having: int) -> float:
    """Return how telling a term is that ``having`` of ``documents`` contain (always above 0)."""
    return math.log(1 + (documents - having + 0.5) / (having + 0.5))


def saturation(
    counts: Mapping[int, float], lengths: Sequence[int] | None, average: float
) -> Iterator[tuple[int, float]]:
    """Yield documents and what their ``counts`` of a term are worth, by the lengths of their texts.

    Args:
        counts: Number of a document -> how often it has the term.
        lengths: Characters by number of the document; ``None``: lengths do not matter.
        average: Of all lengths.
    """
    if lengths is None or not average:
        return ((number, count * (K + 1) / (count + K)) for number, count in counts.items())
    least, each = K * (1 - B), K * B / average  # K times the norm 1 - B + B * length / average
    return (
        (number, count * (K + 1) / (count + least + each * lengths[number]))
        for number, count in counts.items()
    )
