"""The query language: trees, what people type, and mistakes with their place."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docgen.base.errors import UsageFault
from docgen.search.dates import BadDate, date_range, period
from docgen.search.lexer import QueryFault
from docgen.search.query import parse_query
from docgen.search.tree import And, Dates, Everything, Field, Kind, Node, Not, Or, Term, written


def han(text: str, field: Field | None = None) -> Term:
    return Term(text, Kind.HAN, field, text)


def code(text: str, raw: str, field: Field | None = None) -> Term:
    return Term(text, Kind.CODE, field, raw)


A, B, C = han("合同"), han("验收"), han("作废")


@pytest.mark.parametrize(
    ("query", "tree"),
    [
        ("", Everything()),
        ("  \u3000", Everything()),
        ("*", Everything()),
        ("合同", A),
        ("合同 验收", And((A, B))),
        ("合同 AND 验收", And((A, B))),
        ("合同\u3000验收 作废", And((A, B, C))),
        ("合同 OR 验收", Or((A, B))),
        ("合同 验收 OR 作废", Or((And((A, B)), C))),
        ("合同 (验收 OR 作废)", And((A, Or((B, C))))),
        ("合同（验收 OR 作废）", And((A, Or((B, C))))),
        ("合同 NOT 作废", And((A, Not(C)))),
        ("合同 -作废", And((A, Not(C)))),
        ("合同 －作废", And((A, Not(C)))),
        ("-(验收 作废)", Not(And((B, C)))),
        ("NOT NOT 合同", Not(Not(A))),
        ("合同*", Term("合同", Kind.HAN, None, "合同*")),
        ("HT-2026-001", code("ht-2026-001", "HT-2026-001")),
        ("ＨＴ－２０２６", code("ht-2026", "ＨＴ－２０２６")),
        ("HT-*", Term("ht-", Kind.PREFIX, None, "HT-*")),
        ("conf＊", Term("conf", Kind.PREFIX, None, "conf＊")),
        ("合同HT", Term("合同ht", Kind.LITERAL, None, "合同HT")),
        ("C++", Term("c++", Kind.LITERAL, None, "C++")),
        ('"甲方  合同"', Term("甲方 合同", Kind.LITERAL, None, "甲方  合同", quoted=True)),
        ("“甲方”合同", And((Term("甲方", Kind.LITERAL, None, "甲方", quoted=True), A))),
        ('"OR"', Term("or", Kind.LITERAL, None, "OR", quoted=True)),
        ('"-"', Term("-", Kind.LITERAL, None, "-", quoted=True)),
        ("标题:合同", han("合同", Field.TITLE)),
        ("標題：合同", Term("合同", Kind.HAN, Field.TITLE, "合同")),
        ("TITLE: 合同", han("合同", Field.TITLE)),
        ("编号:(A OR 标题:合同)", Or((code("a", "A", Field.NUMBER), han("合同", Field.TITLE)))),
        ("类型:合同 验收", And((han("合同", Field.TYPE), B))),
        ("-项目:合同", Not(han("合同", Field.PROJECT))),
        ("甲方:乙方", Term("甲方:乙方", Kind.LITERAL, None, "甲方:乙方")),
        ("版本:V1.0", code("v1.0", "V1.0", Field.VERSION)),
        ("日期:2023-01..2023-06", Dates(dt.date(2023, 1, 1), dt.date(2023, 6, 30))),
        ("日期:2023-01 ..2023-06", Dates(dt.date(2023, 1, 1), dt.date(2023, 6, 30))),
        ("日期:2023-01 .. 2023-06 合同", And((Dates(dt.date(2023, 1, 1), dt.date(2023, 6, 30)), A))),
        ("日期:2023-01.. 2023-06", Dates(dt.date(2023, 1, 1), dt.date(2023, 6, 30))),
        ("日期:2023-01.. 合同", And((Dates(dt.date(2023, 1, 1), dt.date.max), A))),
        ("date:(2023 OR 2024-02)", Or((Dates(dt.date(2023, 1, 1), dt.date(2023, 12, 31)),
                                       Dates(dt.date(2024, 2, 1), dt.date(2024, 2, 29))))),
        ("or and not", And((code("or", "or"), code("and", "and"), code("not", "not")))),
    ],
)  # fmt: skip
def test_trees(query: str, tree: Node) -> None:
    assert parse_query(query) == tree


@pytest.mark.parametrize(
    ("query", "position", "zh", "en"),
    [
        ("合同 (验收", 3, "左括号没有对应的右括号", "never closed"),
        ("合同）", 2, "右括号没有对应的左括号", "closes nothing"),
        (")", 0, "右括号没有对应的左括号", "closes nothing"),
        ("合同 ()", 4, "括号里没有内容", "nothing between"),
        ("合同 “验收", 3, "引号没有成对", "no partner"),
        ("合同 OR", 3, "OR 后面缺少要找的词", "no word follows OR"),
        ("OR 合同", 0, "OR 前面缺少要找的词", "no word comes before OR"),
        ("合同 AND OR 验收", 3, "AND 后面缺少要找的词", "no word follows AND"),
        ("合同 NOT", 3, "NOT 后面缺少要找的词", "no word follows NOT"),
        ("项目: OR 合同", 0, "字段名后面缺少要找的内容", "nothing follows"),
        ("合同 验*收", 4, "只能写在词的末尾", "can only end a word"),
        ("合同 验收＊＊", 5, "只能写在词的末尾", "can only end a word"),
        ("日期:2023-01 ..合同", 3, "不是日期", "not a date"),
        ("*合同", 0, "只能写在词的末尾", "can only end a word"),
        ("合同 -", 3, "没有可以查找的字", "nothing here"),
        ('合同 ""', 3, "没有可以查找的字", "nothing here"),
        ("合同 日期:2023-13", 6, "不是日期", "not a date"),
        ("日期:2024..2023", 3, "起点晚于终点", "ends before it begins"),
        ("-" * 41 + "合", 40, "嵌套超过", "nested more than"),
        ("合" * 1001, 0, "超过 1000 个字符", "more than 1000"),
    ],
)
def test_mistakes_name_their_place(query: str, position: int, zh: str, en: str) -> None:
    with pytest.raises(QueryFault) as caught:
        parse_query(query)

    assert isinstance(caught.value, UsageFault)
    assert caught.value.position == position
    assert zh in caught.value.text("zh")
    assert f"第 {position + 1} 个字符" in caught.value.text("zh")
    assert en in caught.value.text("en")


@given(st.text(st.sampled_from('合同a1 ()（）"“”:：*-－OR项目日期.\u200b\n'), max_size=30))
def test_anything_typed_is_read_or_refused_with_a_place_inside(query: str) -> None:
    try:
        fault = None
        parse_query(query)
    except QueryFault as error:
        fault = error
    assert fault is None or 0 <= fault.position < len(query)


WORDS = st.sampled_from(
    ("合同", "HT-2026", "conf*", "合同HT", "标题:合同", "编号:A", "date:2023-01-01..2023-06-30", "*")
)
TREES = st.recursive(
    st.one_of(WORDS, st.just('"甲方 乙方"')),
    lambda inner: st.one_of(
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: f"({' '.join(parts)})"),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: f"({' OR '.join(parts)})"),
        inner.map(lambda part: f"NOT {part}"),
    ),
    max_leaves=6,
)


@given(TREES)
def test_a_tree_written_out_reads_as_itself(query: str) -> None:
    tree = parse_query(query)

    assert parse_query(written(tree)) == tree


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2023", "2023-01-01", "2023-12-31"),
        ("2023年", "2023-01-01", "2023-12-31"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2023年2月", "2023-02-01", "2023-02-28"),
        ("2023.4", "2023-04-01", "2023-04-30"),
        ("2023/4/5", "2023-04-05", "2023-04-05"),
        ("２０２３－０４－０５", "2023-04-05", "2023-04-05"),
        ("2023年4月5日", "2023-04-05", "2023-04-05"),
        ("202304", "2023-04-01", "2023-04-30"),
        ("20230405", "2023-04-05", "2023-04-05"),
        ("2023-01..2023-06", "2023-01-01", "2023-06-30"),
        ("2023～2024", "2023-01-01", "2024-12-31"),
        ("2023年1月至2023年3月", "2023-01-01", "2023-03-31"),
        ("2023-01..", "2023-01-01", "9999-12-31"),
        ("..2023-06", "0001-01-01", "2023-06-30"),
    ],
)
def test_dates(text: str, first: str, last: str) -> None:
    assert date_range(text) == (dt.date.fromisoformat(first), dt.date.fromisoformat(last))


@pytest.mark.parametrize(
    "text", ["", "..", "2023-13", "2023-02-29", "23-01", "昨天", "2023-01-01-01", "0000"]
)
def test_what_is_not_a_date(text: str) -> None:
    with pytest.raises(BadDate):
        date_range(text)
    with pytest.raises(BadDate):
        period(text)
