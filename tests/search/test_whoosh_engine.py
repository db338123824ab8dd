"""The engine over its life: adding, standing, filters, order, pages, health, failures, locks."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest

from docgen.base.errors import EnvironmentFault
from docgen.base.locks import lock
from docgen.search.engine import Filters, Health, IndexDocument, IndexFault, Mark, Sort
from docgen.search.query import parse_query
from docgen.search.whoosh_index.engine import WhooshEngine

ALL = parse_query("")


def ids(engine: WhooshEngine, query: str = "", **values: object) -> list[str]:
    found = engine.search(parse_query(query), Filters(**values), limit=None)  # type: ignore[arg-type]
    return [hit.document.id for hit in found.hits]


def test_a_hit_returns_the_document_as_it_was_added(engine: WhooshEngine, document) -> None:
    one = document(
        "1", "原文\n  保持ＡＢＣ繁體。", number="HT-1", serial="01", aliases=("协议",), status="已签署",
        path="示例项目/合同协议/x.docx", files=("a", "b"), title="标题",
    )  # fmt: skip
    engine.add([one])

    assert engine.search(parse_query("繁体")).hits[0].document == one


def test_adding_again_replaces(engine: WhooshEngine, document) -> None:
    engine.add([document("1", "旧的正文"), document("2", "另一份")])
    engine.add([document("1", "新的正文")])

    assert engine.count() == 2
    assert ids(engine, "旧的") == []
    assert ids(engine, "新的") == ["1"]


def test_the_last_of_equal_ids_in_one_call_wins(engine: WhooshEngine, document) -> None:
    engine.add([document("1", "旧的正文"), document("1", "新的正文")])

    assert engine.count() == 1
    assert ids(engine, "新的") == ["1"]


def test_removed_versions_are_gone(engine: WhooshEngine, document) -> None:
    engine.add([document("1", "正文"), document("2", "正文")])
    engine.remove(["1", "没有这个"])

    assert (engine.count(), ids(engine, "正文")) == (1, ["2"])


def test_newest_version_by_default_all_on_request(engine: WhooshEngine, document) -> None:
    engine.add([document("1", "正文")])
    engine.add([document("2", "正文", version="V1.1")], [Mark("1", current=False)])

    assert ids(engine, "正文") == ["2"]
    assert ids(engine, "正文", all_versions=True) == ["2", "1"]
    assert engine.search(ALL, Filters(all_versions=True)).hits[1].document.text == "正文"


def test_withdrawn_versions_only_on_request(engine: WhooshEngine, document) -> None:
    engine.add([document("1", "正文"), document("2", "正文"), document("3", "正文", current=False)])
    engine.add(marks=[Mark("1", current=False, withdrawn=True)])

    assert ids(engine, "正文") == ["2"]
    assert ids(engine, "正文", all_versions=True) == ["2", "3"]
    assert sorted(ids(engine, "正文", withdrawn=True)) == ["1", "2"]
    assert sorted(ids(engine, "正文", withdrawn=True, all_versions=True)) == ["1", "2", "3"]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"project": "项目甲"}, ["1"]),
        ({"project": "項目甲"}, ["1"]),
        ({"project": "项目"}, []),  # a filter means the whole name
        ({"type": "验收报告"}, ["2"]),
        ({"type": "acceptance_report"}, ["2"]),
        ({"type": "验收单"}, ["2"]),
        ({"category": "技术文档"}, ["2"]),
        ({"status": "已签署"}, ["1"]),
        ({"since": dt.date(2023, 5, 2)}, ["2"]),
        ({"since": dt.date(2023, 5, 1), "until": dt.date(2023, 5, 1)}, ["1"]),
        ({"until": dt.date(2023, 5, 1), "project": "项目乙"}, []),
    ],
)
def test_filters(engine: WhooshEngine, document, values: dict[str, object], expected: list[str]) -> None:
    engine.add(
        [
            document("1", project="项目甲", date=dt.date(2023, 5, 1), status="已签署"),
            document("2", project="项目乙", date=dt.date(2024, 5, 1), type_id="acceptance_report",
                     type_name="验收报告", aliases=("验收单",), category="技术文档"),
        ]
    )  # fmt: skip

    assert ids(engine, **values) == expected


def test_facets_count_every_hit(engine: WhooshEngine, document) -> None:
    engine.add([document(f"{n}", "正文", date=dt.date(2022 + n % 2, 1, 1)) for n in range(3)])
    engine.add(
        [document("9", "正文", project="另一项目", status="草稿"), document("8", "无关", project="第三")]
    )
    found = engine.search(parse_query("正文"), limit=1)

    assert found.total == 4
    assert found.facets == {
        "project": {"示例项目": 3, "另一项目": 1},
        "type": {"服务合同": 4},
        "category": {"合同协议": 4},
        "status": {"草稿": 1},
        "year": {"2022": 2, "2023": 2},
    }
    assert list(found.facets["project"]) == ["示例项目", "另一项目"]


def test_pages_cover_everything_once(engine: WhooshEngine, document) -> None:
    engine.add([document(f"{n:03d}", "正文" * (n % 7 + 1)) for n in range(25)])
    engine.add([document(f"{n:03d}", "正文" * (n % 7 + 1)) for n in range(25, 53)])
    query = parse_query("正文")
    pages = [engine.search(query, offset=start, limit=10).hits for start in range(0, 60, 10)]

    assert [len(page) for page in pages] == [10, 10, 10, 10, 10, 3]
    assert [hit.document.id for page in pages for hit in page] == ids(engine, "正文")
    assert len(set(ids(engine, "正文"))) == 53


def test_order(engine: WhooshEngine, document) -> None:
    engine.add(
        [
            document("text", "这里提到机房巡检，" + "以及许多别的事情，" * 20, date=dt.date(2024, 1, 1)),
            document("title", "别的", title="机房巡检记录", date=dt.date(2022, 1, 1)),
            document("often", "机房巡检，机房巡检，机房巡检。", date=dt.date(2021, 1, 1)),
        ]
    )
    query = parse_query("机房巡检")

    def order(sort: Sort) -> list[str]:
        return [hit.document.id for hit in engine.search(query, sort=sort).hits]

    assert order(Sort.SCORE) == ["title", "often", "text"]
    assert order(Sort.DATE) == ["text", "title", "often"]
    scores = [hit.score for hit in engine.search(query).hits]
    assert scores == sorted(scores, reverse=True)


def test_among_equals_the_newer_comes_first(engine: WhooshEngine, document) -> None:
    engine.add([document("old", "正文", date=dt.date(2020, 1, 1)), document("v1", "正文", version="V1.9")])
    engine.add([document("v2", "正文", version="V1.10"), document("new", "正文", date=dt.date(2024, 1, 1))])

    assert ids(engine, "正文") == ["new", "v2", "v1", "old"]
    assert ids(engine, "NOT 无") == ["new", "v2", "v1", "old"]


def test_sorted_by_name_reads_like_a_list(engine: WhooshEngine, document) -> None:
    engine.add([document(name, "正文", project=name) for name in ("中项目", "阿项目", "北项目", "A项目")])
    found = engine.search(parse_query("正文"), sort=Sort.NAME).hits

    assert [hit.document.project for hit in found] == ["A项目", "阿项目", "北项目", "中项目"]


def test_values_for_suggestions(engine: WhooshEngine, document) -> None:
    engine.add([document("1", title="机房\n改造", number="HT-1"), document("2", project="另一项目")])

    assert engine.values("project") == {"示例项目", "另一项目"}
    assert engine.values("type") == {"服务合同"}
    assert engine.values("number") == {"HT-1", "XM-2"}
    assert engine.values("title") == {"机房 改造"}


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


def test_what_is_replaced_while_pieces_are_merged_stays_replaced(
    engine: WhooshEngine, document, monkeypatch: pytest.MonkeyPatch
) -> None:
    from docgen.search.whoosh_index import merging

    for n in range(8):
        engine.add([document(f"{n}", "旧的正文")])
    other = WhooshEngine(engine._store.folder)
    build = merging.build

    def meanwhile(*given: object) -> object:
        built = build(*given)
        other.add([document("3", "新的正文")])
        other.remove(["5"])
        return built

    monkeypatch.setattr(merging, "build", meanwhile)
    assert engine.optimise()

    assert sorted(ids(engine, "旧的")) == ["0", "1", "2", "4", "6", "7"]
    assert ids(engine, "新的") == ["3"]
    assert sorted(segments_of(engine)) == [1, 6]


def test_pieces_that_are_gone_when_they_are_merged_stay_gone(
    engine: WhooshEngine, document, monkeypatch: pytest.MonkeyPatch
) -> None:
    from docgen.search.whoosh_index import merging

    for n in range(8):
        engine.add([document(f"{n}", "旧的正文")])
    other = WhooshEngine(engine._store.folder)
    build = merging.build

    def meanwhile(*given: object) -> object:
        built = build(*given)
        other.rebuild([document("9", "新的正文")])
        return built

    monkeypatch.setattr(merging, "build", meanwhile)
    engine.optimise()

    assert ids(engine) == ["9"]


def test_many_documents_are_found_like_few(engine: WhooshEngine, document) -> None:
    many = [document(f"{n}", f"正文{n}号" + "合同" * (n % 5)) for n in range(700)]
    engine.rebuild(many)
    assert len(segments_of(engine)) >= 1
    built = [engine.search(parse_query(text), limit=None) for text in ("正文", "合同", "77号", "")]
    engine.rebuild([])
    for start in range(0, 700, 100):
        engine.add(many[start : start + 100])

    assert [engine.search(parse_query(text), limit=None) for text in ("正文", "合同", "77号", "")] == built
    assert engine.count() == 700


def segments_of(engine: WhooshEngine) -> list[int]:
    """Return the number of documents of each piece of the index."""
    store = engine._store
    return [one.doc_count() for one in store.commit(store.stamp()["generation"]).segments]


# Health


def test_a_missing_index_says_so(tmp_path: Path, document) -> None:
    engine = WhooshEngine(tmp_path / "none")
    asked = (lambda: engine.search(ALL), engine.count, lambda: engine.add([document("1")]), engine.optimise)

    assert engine.health() is Health.MISSING
    for ask in asked:
        with pytest.raises(IndexFault) as caught:
            ask()
        assert caught.value.health is Health.MISSING
        assert "docgen rebuild" in caught.value.text()
    assert not (tmp_path / "none").exists()


def stamp_of(engine: WhooshEngine) -> Path:
    return engine._store.folder / "stamp.json"


@pytest.mark.parametrize("name", ["schema", "analysis", "library"])
def test_a_stale_index_serves_but_takes_nothing(engine: WhooshEngine, document, name: str) -> None:
    engine.add([document("1", "正文")])
    stamp = json.loads(stamp_of(engine).read_bytes())
    stamp_of(engine).write_text(json.dumps({**stamp, name: "older"}))

    assert engine.health() is Health.STALE
    assert ids(engine, "正文") == ["1"]
    with pytest.raises(IndexFault) as caught:
        engine.add([document("2", "正文")])
    assert caught.value.health is Health.STALE
    engine.rebuild([document("1", "正文"), document("2", "正文")])
    assert engine.health() is Health.READY
    assert ids(engine, "正文") == ["1", "2"]


def break_stamp(folder: Path) -> None:
    (folder / "stamp.json").write_bytes(b"{")


def lose_generation(folder: Path) -> None:
    next(folder.glob("g-*")).rename(folder / "away")


def truncate(folder: Path) -> None:
    segment = next(folder.glob("g-*/*.seg"))
    segment.write_bytes(segment.read_bytes()[:-200])


def empty(folder: Path) -> None:
    next(folder.glob("g-*/*.seg")).write_bytes(b"")


def lose_list(folder: Path) -> None:
    for path in folder.glob("g-*/*.toc"):
        path.unlink()


@pytest.mark.parametrize("damage", [break_stamp, lose_generation, truncate, empty, lose_list])
def test_a_broken_index_is_noticed_named_and_rebuilt(engine: WhooshEngine, document, damage) -> None:
    engine.add([document("1", "正文")])
    engine.close()
    damage(stamp_of(engine).parent)

    assert engine.health() is Health.BROKEN
    for ask in (lambda: engine.search(ALL), lambda: engine.add([document("2")])):
        with pytest.raises(IndexFault) as caught:
            ask()
        assert caught.value.health is Health.BROKEN
        assert "索引" in caught.value.text()
    assert engine.rebuild([document("1", "正文")]) == 1
    assert engine.health() is Health.READY
    assert ids(engine, "正文") == ["1"]


def test_a_rebuild_that_fails_leaves_the_old_index_serving(engine: WhooshEngine, document) -> None:
    engine.add([document("1", "正文")])

    def broken_off() -> object:
        yield document("2", "正文")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        engine.rebuild(broken_off())  # type: ignore[arg-type]

    assert ids(engine, "正文") == ["1"]
    assert len(list(stamp_of(engine).parent.glob("g-*"))) == 1
    engine.add([document("3", "正文")])
    assert engine.count() == 2


def test_the_old_index_serves_while_a_new_one_is_made(engine: WhooshEngine, document) -> None:
    engine.add([document("1", "正文")])
    reader = WhooshEngine(stamp_of(engine).parent)
    seen = []

    def documents() -> object:
        for name in "23":
            seen.append(ids(reader, "正文"))
            yield document(name, "正文")

    engine.rebuild(documents())  # type: ignore[arg-type]

    assert seen == [["1"], ["1"]]
    assert ids(reader, "正文") == ["2", "3"]
    assert len(list(stamp_of(engine).parent.glob("g-*"))) == 1
    reader.close()


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


def test_a_document_that_cannot_be_indexed_changes_nothing(engine: WhooshEngine, document) -> None:
    engine.add([document("1", "正文")])
    broken: IndexDocument = document("2", text=None)

    with pytest.raises(TypeError):
        engine.add([broken])

    assert ids(engine, "正文") == ["1"]
    engine.add([document("3", "正文")])
    assert engine.count() == 2


def test_a_second_writer_waits_and_then_says_why(tmp_path: Path, document) -> None:
    engine = WhooshEngine(tmp_path / "index", patience=0.05)
    engine.rebuild([])
    with lock(tmp_path / "index" / "write.lock"), pytest.raises(EnvironmentFault, match="正被另一个程序使用"):
        engine.add([document("1")])

    engine.add([document("1", "正文")])
    assert engine.count() == 1
    engine.close()
