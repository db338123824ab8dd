"""Every engine notices, names and survives an index that is missing, stale, broken or half made."""

from __future__ import annotations

import pytest

from docgen.base.locks import Locked
from docgen.search.engine import Engine, Filters, Health, IndexDocument, IndexFault
from docgen.search.query import parse_query

ALL = parse_query("")


def ids(engine: Engine, query: str = "", **values: object) -> list[str]:
    found = engine.search(parse_query(query), Filters(**values), limit=None)  # type: ignore[arg-type]
    return [hit.document.id for hit in found.hits]


def test_a_missing_index_says_so(place, document) -> None:
    engine = place.open()
    asked = (lambda: engine.search(ALL), engine.count, lambda: engine.add([document("1")]), engine.optimise)

    assert engine.health() is Health.MISSING
    for ask in asked:
        with pytest.raises(IndexFault) as caught:
            ask()
        assert caught.value.health is Health.MISSING
        assert "docgen rebuild" in caught.value.text()
    assert place.is_untouched()


@pytest.mark.parametrize("name", ["schema", "analysis", "library"])
def test_a_stale_index_serves_but_takes_nothing(engine: Engine, place, document, name: str) -> None:
    engine.add([document("1", "正文")])
    if name not in place.stamp():  # PostgreSQL reads its tables in every release
        return
    place.write_stamp({**place.stamp(), name: "older"})

    assert engine.health() is Health.STALE
    assert ids(engine, "正文") == ["1"]
    with pytest.raises(IndexFault) as caught:
        engine.add([document("2", "正文")])
    assert caught.value.health is Health.STALE
    engine.rebuild([document("1", "正文"), document("2", "正文")])
    assert engine.health() is Health.READY
    assert sorted(ids(engine, "正文")) == ["1", "2"]


@pytest.mark.parametrize("way", range(5))
def test_a_broken_index_is_noticed_named_and_rebuilt(engine: Engine, place, document, way: int) -> None:
    if way >= len(place.damages()):
        return
    engine.add([document("1", "正文")])
    engine.close()
    place.damages()[way]()

    assert engine.health() is Health.BROKEN
    for ask in (lambda: engine.search(ALL), lambda: engine.add([document("2")])):
        with pytest.raises(IndexFault) as caught:
            ask()
        assert caught.value.health is Health.BROKEN
        assert "索引" in caught.value.text()
    assert engine.rebuild([document("1", "正文")]) == 1
    assert engine.health() is Health.READY
    assert ids(engine, "正文") == ["1"]


def test_a_rebuild_that_fails_leaves_the_old_index_serving(engine: Engine, place, document) -> None:
    engine.add([document("1", "正文")])

    def broken_off() -> object:
        yield document("2", "正文")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        engine.rebuild(broken_off())  # type: ignore[arg-type]

    assert ids(engine, "正文") == ["1"]
    assert place.generations() == 1
    engine.add([document("3", "正文")])
    assert engine.count() == 2


def test_the_old_index_serves_while_a_new_one_is_made(engine: Engine, place, document) -> None:
    engine.add([document("1", "正文")])
    reader = place.open()
    seen = []

    def documents() -> object:
        for name in "23":
            seen.append(ids(reader, "正文"))
            yield document(name, "正文")

    engine.rebuild(documents())  # type: ignore[arg-type]

    assert seen == [["1"], ["1"]]
    assert sorted(ids(reader, "正文")) == ["2", "3"]
    assert place.generations() == 1
    reader.close()


def test_who_holds_the_index_keeps_writers_out_and_readers_not(engine: Engine, place, document) -> None:
    engine.add([document("1", "正文")])
    hasty = place.open(patience=0.05)
    with engine.held():
        for write in (lambda: hasty.add([document("2")]), lambda: hasty.rebuild([])):
            with pytest.raises(Locked, match="正被另一个程序使用"):
                write()
        assert ids(hasty, "正文") == ["1"]

    hasty.add([document("2", "正文")])
    assert hasty.count() == 2
    hasty.close()


def test_a_discarded_index_is_missing(engine: Engine, place, document) -> None:
    engine.add([document("1", "正文")])
    engine.discard()

    assert (engine.health(), place.generations()) == (Health.MISSING, 0)
    engine.discard()
    assert engine.rebuild([document("1", "正文")]) == 1
    assert ids(engine, "正文") == ["1"]


def test_a_document_that_cannot_be_indexed_changes_nothing(engine: Engine, document) -> None:
    engine.add([document("1", "正文")])
    broken: IndexDocument = document("2", text=None)

    with pytest.raises(TypeError):
        engine.add([broken])

    assert ids(engine, "正文") == ["1"]
    engine.add([document("3", "正文")])
    assert engine.count() == 2
