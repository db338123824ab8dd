"""The engine over its life: adding, standing, filters, order, pages, health, failures, locks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from docgen.base.errors import EnvironmentFault
from docgen.search.engine import Filters
from docgen.search.query import parse_query
from docgen.search.whoosh_index import merging
from docgen.search.whoosh_index.engine import WhooshEngine

Work = Callable[[WhooshEngine], object]


def ids(engine: WhooshEngine, query: str = "", **values: object) -> list[str]:
    found = engine.search(parse_query(query), Filters(**values), limit=None)  # type: ignore[arg-type]
    return [hit.document.id for hit in found.hits]


def test_merging_changes_nothing(engine: WhooshEngine, document) -> None:
    for start in range(0, 30, 3):
        engine.add([document(f"{n}", f"正文{n}号", title="机房" * (n % 3)) for n in range(start, start + 3)])
    engine.remove(["4", "24", "25", "26"])
    before = [engine.search(parse_query(text), limit=None) for text in ("正文", "机房", "7号", "")]

    assert segments_of(engine) == [3, 2, *[3] * 7]
    assert engine.optimise()
    assert segments_of(engine) == [26]
    assert not engine.optimise()
    assert [engine.search(parse_query(text), limit=None) for text in ("正文", "机房", "7号", "")] == before
    assert len(before[0].hits) == 26


def test_an_addition_merges_nothing_and_idle_time_does(engine: WhooshEngine, document) -> None:
    for n in range(80):
        engine.add([document(f"{n}", "正文")])
    assert segments_of(engine) == [1] * 80

    while engine.optimise():
        pass
    assert segments_of(engine) == [80]

    for n in range(80, 95):
        engine.add([document(f"{n}", "正文")])
        engine.optimise()
    assert sorted(segments_of(engine)) == [*[1] * 7, 8, 80]


@pytest.fixture
def in_pieces(
    engine: WhooshEngine, place, document, monkeypatch: pytest.MonkeyPatch
) -> Callable[[Work], None]:
    """Eight pieces to be merged, and a way to have another process work while they are."""
    for n in range(8):
        engine.add([document(f"{n}", "旧的正文")])
    build = merging.build

    def merge_while(work: Work) -> None:
        def meanwhile(*given: Any) -> Any:
            built = build(*given)
            work(place.open())
            return built

        monkeypatch.setattr(merging, "build", meanwhile)
        engine.optimise()

    return merge_while


def test_what_is_replaced_while_pieces_are_merged_stays_replaced(
    engine: WhooshEngine, document, in_pieces: Callable[[Work], None]
) -> None:
    def work(other: WhooshEngine) -> None:
        other.add([document("3", "新的正文")])
        other.remove(["5"])

    in_pieces(work)

    assert sorted(ids(engine, "旧的")) == ["0", "1", "2", "4", "6", "7"]
    assert ids(engine, "新的") == ["3"]
    assert sorted(segments_of(engine)) == [1, 6]


def test_pieces_that_are_gone_when_they_are_merged_stay_gone(
    engine: WhooshEngine, document, in_pieces: Callable[[Work], None]
) -> None:
    in_pieces(lambda other: other.rebuild([document("9", "新的正文")]))

    assert ids(engine) == ["9"]


def segments_of(engine: WhooshEngine) -> list[int]:
    """Return the number of documents of each piece of the index."""
    store = engine._store
    return [one.doc_count() for one in store.commit(store.stamp()["generation"]).segments]


def test_a_failed_commit_does_not_lock_out_the_next_writer(
    engine: WhooshEngine, document, monkeypatch: pytest.MonkeyPatch
) -> None:
    from whoosh.index import TOC

    engine.add([document("1", "正文")])

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(TOC, "write", full)  # the disk, not our code
        with pytest.raises(EnvironmentFault, match="磁盘空间不足"):
            engine.add([document("2", "正文")])

    assert ids(engine, "正文") == ["1"]
    engine.add([document("3", "正文")])
    assert ids(engine, "正文") == ["1", "3"]
