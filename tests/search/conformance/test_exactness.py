"""Every engine finds exactly what a brute-force reading of the text finds (design: what matches).

The oracle here reads documents literally and shares no code with the product: own folding (NFKC, case,
OpenCC for each character, 画 and 划 alike, joined lines), own search for words, own evaluation of a query
whose parts it made itself; the product gets the same query as text.
"""

from __future__ import annotations

import datetime as dt
import random
import re
import unicodedata
from typing import Any

import opencc
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from docgen.search.engine import Engine, Filters, IndexDocument
from docgen.search.query import parse_query

T2S = opencc.OpenCC("t2s")
HAN = "[\u3007\u3400-\u9fff]"
NAMES = {
    "project": ("项目", "project", "項目"),
    "type": ("类型", "type"),
    "category": ("类别", "category"),
    "number": ("编号", "number"),
    "title": ("标题", "title"),
    "text": ("正文", "text"),
}

# The oracle


def reading(text: str) -> str:
    text = unicodedata.normalize("NFKC", text).lower()
    text = re.sub(rf"(?<={HAN}) *\n *(?={HAN})", "", text)
    return "".join(map(T2S.convert, " ".join(text.split()))).replace("画", "划")


def is_piece(char: str) -> bool:
    return char.isascii() and char.isalnum()


def stands_in(word: str, text: str, *, starts: bool = False) -> bool:
    """Whether ``word`` (read) is in ``text`` (read): Han and mixed literally, ASCII as whole pieces."""
    if not re.fullmatch(r"[a-z0-9]+([-_./][a-z0-9]+)*" + ("[-_./]?" if starts else ""), word):
        return word in text
    return any(
        text.startswith(word, at)
        and (at == 0 or not is_piece(text[at - 1]))
        and (starts or at + len(word) == len(text) or not is_piece(text[at + len(word)]))
        for at in range(len(text))
    )


def fields(document: IndexDocument) -> dict[str, list[str]]:
    return {
        "project": [reading(document.project)],
        "type": [reading(document.type_name), reading(document.type_id), *map(reading, document.aliases)],
        "category": [reading(document.category)],
        "number": [reading(document.number), reading(document.doc_id)],
        "title": [reading(document.title)],
        "text": [reading(document.text)],
    }


def holds(query: Any, document: IndexDocument, read: dict[str, list[str]]) -> bool:
    kind, *rest = query
    if kind == "all":
        return True
    if kind == "and":
        return all(holds(item, document, read) for item in rest)
    if kind == "or":
        return any(holds(item, document, read) for item in rest)
    if kind == "not":
        return not holds(rest[0], document, read)
    if kind == "dates":
        return rest[0] <= document.date.strftime("%Y-%m") <= rest[1]
    if kind == "version":
        return document.version == rest[0]
    field, word = rest
    texts = [
        text for name in ([field] if field else ["title", "type", "number", "text"]) for text in read[name]
    ]
    if kind == "quoted":
        return any(reading(word) in text for text in texts)
    return any(stands_in(reading(word), text, starts=kind == "prefix") for text in texts)


def typed(query: Any, choose: random.Random) -> str:
    """Write the query as somebody might type it."""
    kind, *rest = query
    if kind in ("and", "or"):
        parts = [typed(item, choose) for item in rest]
        parts = [f"({p})" if item[0] in ("and", "or") else p for p, item in zip(parts, rest, strict=True)]
        if kind == "or":
            return " OR ".join(parts)
        return choose.choice((" ", " AND ", "\u3000")).join(parts)
    if kind == "not":
        inner = typed(rest[0], choose)
        inner = f"（{inner}）" if rest[0][0] in ("and", "or") else inner
        return choose.choice(("NOT ", "-", "－")) + inner
    if kind == "all":
        return "*"
    if kind == "dates":
        return f"{choose.choice(('日期', 'date'))}:{rest[0]}..{rest[1]}"
    if kind == "version":
        return f"版本:{rest[0]}"
    field, word = rest
    name = choose.choice(NAMES[field]) + choose.choice((":", "：")) if field else ""
    if kind == "quoted":
        return name + choose.choice(('"{}"', "“{}”")).format(word)
    return name + word + ("*" if kind == "prefix" else "")


# What documents and queries are made of: few characters, so that near misses are frequent

PIECES = (
    "系統設計畫面",
    *"合同约定驗收验收計畫计划軟體软件网络設備設备〇二三",
    "网络\n设备",
    "計\n畫",
    "合同编号HT-2026-001由甲方",
    "HT-2026-0",
    "ＨＴ－２０２６",
    "ht_2026",
    "v1.0.2",
    "a/b",
    "A",
    "b1",
    "合b1同",
    "2026年3月",
    *"。，；：、（）-_./%",
    " ",
    "  ",
    "\n",
    "\n\n",
)
texts = st.lists(st.sampled_from(PIECES), max_size=25).map("".join)
short = st.lists(st.sampled_from(PIECES), min_size=1, max_size=3).map("".join)


@st.composite
def documents(draw: st.DrawFn) -> list[IndexDocument]:
    count = draw(st.integers(1, 7))
    return [
        IndexDocument(
            id=str(number),
            doc_id=f"XM-{number:04d}",
            number=draw(st.sampled_from(("", "HT-2026-001", "HT-2026-010", "合同2026"))),
            project=draw(st.sampled_from(("示例项目", "示例項目乙", "Project_A"))),
            type_id=draw(st.sampled_from(("service_contract", "acceptance_report"))),
            type_name=draw(st.sampled_from(("服务合同", "验收报告"))),
            aliases=draw(st.sampled_from(((), ("服務合約",), ("驗收單", "验收单")))),
            category=draw(st.sampled_from(("合同协议", "技术文档"))),
            date=dt.date(draw(st.integers(2022, 2024)), draw(st.integers(1, 12)), draw(st.integers(1, 28))),
            version=draw(st.sampled_from(("V1.0", "V1.1", "V2.0"))),
            title=draw(texts),
            text=draw(texts),
        )
        for number in range(count)
    ]


def cut(draw: st.DrawFn, found: list[IndexDocument]) -> str:
    """Return one to eight characters out of a document, or a few pieces."""
    source = draw(st.one_of(st.sampled_from(found).map(lambda one: one.text + one.title + one.number), short))
    start = draw(st.integers(0, max(len(source) - 1, 0)))
    return source[start : start + draw(st.integers(1, 8))]


@st.composite
def words(draw: st.DrawFn, found: list[IndexDocument]) -> Any:
    field = draw(st.sampled_from((None, None, None, *NAMES)))
    kind = draw(st.sampled_from(("word", "word", "quoted", "prefix")))
    text = cut(draw, found)
    if kind != "quoted":
        # what a bare word can be: no blanks, brackets, colons (a field), no leading minus
        text = re.sub(r"[\s（）：*]", "", text).lstrip("-－")
    if not reading(text):
        return ("version", draw(st.sampled_from(("V1.0", "V2.0"))))
    return (kind, field, text)


@st.composite
def queries(draw: st.DrawFn, found: list[IndexDocument]) -> Any:
    months = sorted(f"{draw(st.integers(2022, 2024))}-{draw(st.integers(1, 12)):02d}" for _ in range(2))
    leaf = st.one_of(words(found), words(found), words(found), st.just(("dates", *months)), st.just(("all",)))

    def groups(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
        many = st.lists(inner, min_size=2, max_size=3)
        return st.one_of(
            many.map(lambda items: ("and", *items)),
            many.map(lambda items: ("or", *items)),
            inner.map(lambda item: ("not", item)),
        )

    return draw(st.recursive(leaf, groups, max_leaves=5))


def found_ids(engine: Engine, query: str) -> set[str]:
    results = engine.search(parse_query(query), Filters(all_versions=True), limit=None)
    assert results.total == len(results.hits)
    return {hit.document.id for hit in results.hits}


@settings(
    max_examples=20,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # every attempt at shrinking would build an index
    suppress_health_check=[
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
        HealthCheck.function_scoped_fixture,  # every example makes the index anew
    ],
)
@given(data=st.data())
def test_every_query_finds_what_a_literal_reading_finds(engine: Engine, data: st.DataObject) -> None:
    found = data.draw(documents())
    half = len(found) // 2
    engine.rebuild(found[:half])
    engine.add(found[half:])  # a second segment
    read = {document.id: fields(document) for document in found}
    for _ in range(12):
        query = data.draw(queries(found))
        text = typed(query, random.Random(data.draw(st.integers(0, 99))))
        expected = {document.id for document in found if holds(query, document, read[document.id])}
        assert found_ids(engine, text) == expected, (query, text)
    engine.close()


def test_everything_inside_other_conditions(engine: Engine, document: Any) -> None:
    engine.add([document("1", "合同正文"), document("2", "正文")])
    found = {
        "*": {"1", "2"}, "NOT *": set(), "-*": set(), "NOT NOT *": {"1", "2"}, "合同 NOT *": set(),
        "* OR 合同": {"1", "2"}, "NOT (* OR 合同)": set(), "NOT (* 合同)": {"2"}, "合同 OR NOT *": {"1"},
        "NOT (合同 OR NOT *)": {"2"}, "NOT (正文 NOT 合同 *)": {"1"},
    }  # fmt: skip

    assert {query: found_ids(engine, f"正文:({query})") for query in found} == found


def sentences(choose: random.Random, count: int) -> list[str]:
    han = [
        "合同",
        "合約",
        "验收",
        "驗收報告",
        "软件",
        "軟體",
        "系统集成",
        "项目",
        "甲方",
        "乙方应当",
        "质量保证期",
        "付款",
        "三十日内",
    ]
    words_ = (*han, "HT-2026-001", "SLA99", "网络\n设备", "。", "，", "\n", "；", " ")
    return ["".join(choose.choices(words_, k=choose.randint(5, 60))) for _ in range(count)]


@pytest.fixture
def many(engine: Engine) -> tuple[Engine, dict[str, str]]:
    choose = random.Random(20261122)
    bodies = {str(number): text for number, text in enumerate(sentences(choose, 400))}
    made = [
        IndexDocument(
            id_, f"XM-{id_}", "示例项目", "other", "其他", "项目执行", dt.date(2023, 1, 1), "V1.0", "", text
        )
        for id_, text in bodies.items()
    ]
    engine.rebuild(made[:200])
    for start in range(200, 400, 40):
        engine.add(made[start : start + 40])
    return engine, {id_: reading(text) for id_, text in bodies.items()}


def test_substrings_cut_anywhere_are_found_everywhere(many: tuple[Engine, dict[str, str]]) -> None:
    engine, read = many
    choose = random.Random(8)
    for length in 10 * list(range(1, 9)):
        text = choose.choice([text for text in read.values() if len(text) > length])
        start = choose.randrange(len(text) - length)
        part = text[start : start + length].strip()
        if part:
            expected = {id_ for id_, other in read.items() if part in other}
            assert found_ids(engine, f'正文:"{part}"') == expected, part
