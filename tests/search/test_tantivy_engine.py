"""What only the tantivy engine does."""

from __future__ import annotations

from pathlib import Path

import pytest

from docgen.search.engine import Engine
from docgen.search.query import parse_query

pytestmark = pytest.mark.parametrize("place", ["tantivy"], indirect=True)


def ids(engine: Engine, query: str) -> list[str]:
    return sorted(hit.document.id for hit in engine.search(parse_query(query), limit=None).hits)


def size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def test_an_index_does_not_grow_with_every_replacement(engine: Engine, place, document) -> None:
    papers = [document(f"{n}", f"第{n}号正文，" + "服务合同" * 50) for n in range(8)]
    engine.add(papers)
    once = size(place.folder)

    for _ in range(20):
        for paper in papers:
            engine.add([paper])

    assert engine.count() == 8
    assert size(place.folder) < 10 * once  # fewer than eight pieces besides


@pytest.mark.parametrize(
    ("query", "expected"),
    [("aaaa*", ["1"]), ('"zb"', ["1"]), ('"z乙"', ["2"]), ('"azz"', ["1", "2"]), ("b2*", ["1"])],
)
def test_pieces_longer_than_an_index_takes_are_read(
    engine: Engine, document, query: str, expected: list[str]
) -> None:
    engine.add(
        [
            document("1", "a" * 70_000 + "zzb2"),  # tantivy drops tokens of more than 65,530 bytes
            document("2", "b" * 2_500 + "azz乙"),
            document("3", "b"),
        ]
    )

    expected = [] if query == "b2*" else expected  # not the beginning of a piece
    assert ids(engine, query) == expected


def test_equal_hits_keep_their_order_from_page_to_page(engine: Engine, document) -> None:
    for start in range(0, 250, 50):
        engine.add([document(f"{n}", "正文") for n in range(start, start + 50)])
    query = parse_query("正文")

    whole = [hit.document.id for hit in engine.search(query, limit=None).hits]
    pages = [engine.search(query, offset=at, limit=25).hits for at in range(0, 250, 25)]

    assert [hit.document.id for page in pages for hit in page] == whole
    assert len(set(whole)) == 250
