"""Snippets: the right passage of the original, every match marked at the right characters."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docgen.search.fold import fold
from docgen.search.patterns import pattern
from docgen.search.query import parse_query
from docgen.search.snippets import marks, snippet
from docgen.search.tree import Field, wanted


def marked(text: str, query: str) -> list[str]:
    found = snippet(text, parse_query(query))
    return [found.text[start:end] for start, end in found.marks]


@pytest.mark.parametrize(
    ("text", "query", "expected"),
    [
        ("甲方应当付款。", "付款", ["付款"]),
        ("驗收報告與验收报告", "验收报告", ["驗收報告", "验收报告"]),
        ("编号ＨＴ－２０２６。", "HT-2026", ["ＨＴ－２０２６"]),
        ("网络\n设备", "网络设备", ["网络设备"]),
        ("a\n  b", '"a b"', ["a b"]),
        ("合\u200b同", "合同", ["合\u200b同"]),
        ("面积㎡。", "m2", ["㎡"]),
        ("在Cafe\u0301里", "café", ["Cafe\u0301"]),
        ("供应ｶﾞｽ。", "ガス", ["ｶﾞｽ"]),
        ("供应ｶﾞ、ｽ", "ガ", ["ｶﾞ"]),
        ("机房和巡检", "机房 NOT 值守", ["机房"]),
        ("合同合同", "合同 同合", ["合同合同"]),  # overlapping matches are one mark
        ("机房", "标题:机房", []),
        ("机房", "", []),
    ],
)
def test_marks_are_in_the_original(text: str, query: str, expected: list[str]) -> None:
    assert marked(text, query) == expected


def test_a_passage_of_whole_sentences() -> None:
    before, after = "这一句说别的事情。" * 30, "后面的句子也说别的。" * 30
    found = snippet(before + "机房巡检按月进行，记录归档。" + after, parse_query("机房"))

    assert found.text.startswith("…机房巡检按月进行")
    assert found.text.endswith("。…")
    assert 80 <= len(found.text) <= 122


def test_a_long_sentence_is_cut_around_the_match() -> None:
    found = snippet("没有标点的文字" * 40 + "机房" + "没有标点的文字" * 40, parse_query("机房"))

    assert [found.text[start:end] for start, end in found.marks] == ["机房"]
    assert found.text.startswith("…")
    assert found.text.endswith("…")
    assert 80 <= len(found.text) <= 122


def test_the_passage_with_most_of_the_words_is_taken() -> None:
    text = "机房在一楼。" + "别的内容。" * 40 + "机房巡检由乙方负责。"

    assert marked(text, "机房 巡检") == ["机房", "巡检"]


def test_without_a_match_in_the_text_its_beginning() -> None:
    text = "第一句话在这里。" * 40
    found = snippet(text, parse_query("标题:机房"))

    assert found.marks == ()
    assert found.text.startswith("第一句话在这里。")
    assert 80 <= len(found.text) <= 122


def test_matches_far_inside_a_book_are_found() -> None:
    text = "序言。" * 30_000 + "机房巡检。" + "附录。" * 10_000

    assert marked(text, "机房") == ["机房"]


@pytest.mark.parametrize("before", [19_996, 17_998, 17_999, 17_996, 19_990])
def test_what_is_cut_where_a_long_text_is_cut_is_no_match(before: int) -> None:
    text = "。" * before + "20261" + "乙" * 300 + "AB2026" + "。" * 300 + "编号 2026 在此" + "丙" * 3000

    found = snippet(text, parse_query("2026"))

    assert [(found.text[start - 1], found.text[start:end]) for start, end in found.marks] == [(" ", "2026")]


@pytest.mark.parametrize("before", range(17_994, 18_002))
def test_what_stands_where_a_long_text_is_cut_is_marked(before: int) -> None:
    for place in (before, before + 2_000):
        assert marked("。" * place + "编号2026在此" + "丙" * 9_000, "2026") == ["2026"]


def test_titles_can_be_marked_too() -> None:
    title = "机房改造合同"

    assert marks(title, parse_query("改造 标题:合同 正文:机房"), Field.TITLE) == ((2, 4), (4, 6))


PIECES = st.sampled_from(
    ("合同", "驗收", "验收", "ＨＴ－１", "HT-1", "。", "\n", " ", "网络\n设备", "，其他文字", "㎡", "\u200b")
)


@given(
    st.lists(PIECES, max_size=60).map("".join),
    st.sampled_from(("合同", "验收", "HT-1", "网络设备", "合同 验收", "收")),
)
def test_every_mark_folds_to_a_match(text: str, query: str) -> None:
    tree = parse_query(query)
    found = snippet(text, tree)
    terms = list(wanted(tree))

    assert len(found.text) <= 122
    assert list(found.marks) == sorted(found.marks)
    for start, end in found.marks:
        assert any(pattern(term).search(fold(found.text[start:end])) for term in terms)
    if any(pattern(term).search(fold(text)) for term in terms):
        assert found.marks
