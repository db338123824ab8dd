"""Rows and the lines that belong to them: by position or by a column that both have."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docgen.base.errors import InvalidData
from docgen.batch.grids import Grid, RawRow
from docgen.batch.headings import check_headings
from docgen.batch.joining import JoinedRows
from docgen.forms.definition import Field, Form

FORM = Form(
    "bill",
    "账单",
    "商务文档",
    "settlement",
    fields=(
        Field("bill_no", "账单编号", required=True, aliases=("单号",)),
        Field("items", "服务内容", "table", columns=(Field("name", "项目"), Field("price", "单价", "money"))),
        Field("name", "项目"),
        Field("day", "日期", "date", required=True, default="=today()"),
        Field("total", "合计", "money", required=True, compute="sum(items.price)"),
    ),
)
OTHER = Form("note", "纪要", "技术文档", "delivery", fields=(Field("topic", "主题", required=True),))


def grid(rows: Iterable[Mapping[str, str]], *headings: str, where: str = "表") -> Grid:
    return Grid(where, headings, (RawRow(place, dict(row)) for place, row in enumerate(rows, start=2)))


def lines(joined: JoinedRows, form: Form = FORM) -> list[list[Mapping[str, object]]]:
    found = []
    for row in joined.rows(lambda _: form):
        items = row.answers.get("items", [])
        assert isinstance(items, list)
        found.append(items)
    return found


NUMBERS = ("a1", "A2 ", "ａ3")


def main() -> JoinedRows:
    return JoinedRows(grid([{"单号": number} for number in NUMBERS], "单号"))


def test_lines_name_their_row_by_its_place() -> None:
    joined = main()
    child = [{"主表序号": "2", "项目": "x"}, {"主表序号": "1", "项目": "y"}, {"主表序号": "2", "项目": "z"}]
    joined.attach(grid(child, "主表序号", "项目"), "服务内容", [FORM])
    assert lines(joined) == [[{"项目": "y"}], [{"项目": "x"}, {"项目": "z"}], []]


@pytest.mark.parametrize("heading", ["单号", "bill_no", "账单编号"])
def test_lines_name_their_row_by_a_column_of_the_main_table_whatever_it_is_called(heading: str) -> None:
    joined = main()
    child = [{heading: "A2", "项目": "x"}, {heading: "A3", "项目": "y"}]
    joined.attach(grid(child, "项目", heading), "items", [FORM])
    assert lines(joined) == [[], [{"项目": "x"}], [{"项目": "y"}]]


def test_a_column_of_the_table_itself_is_never_the_key() -> None:
    joined = JoinedRows(grid([{"项目": "x"}, {"项目": "y"}], "项目"))
    with pytest.raises(InvalidData, match="看不出") as caught:
        joined.attach(grid([{"项目": "x"}], "项目"), "items", [FORM])
    assert "主表序号" in caught.value.text()


def test_lines_of_nobody_are_named_with_their_line_number() -> None:
    child = [{"单号": "a1", "项目": "x"}, {"单号": "zz", "项目": "y"}, {"单号": "", "项目": "z"}]
    with pytest.raises(InvalidData) as caught:
        main().attach(grid(child, "单号", "项目"), "items", [FORM])
    assert [(one.row, one.value) for one in caught.value.problems] == [(3, "zz"), (4, "")]


def test_a_key_that_two_rows_share_cannot_be_joined() -> None:
    joined = JoinedRows(grid([{"单号": "a"}, {"单号": "b"}, {"单号": "A"}], "单号"))
    joined.attach(grid([{"单号": "b", "项目": "x"}], "单号", "项目"), "items", [FORM])
    assert lines(joined) == [[], [{"项目": "x"}], []]
    with pytest.raises(InvalidData, match="第 2、4 行"):
        joined.attach(grid([{"单号": "a", "项目": "x"}], "单号", "项目"), "items", [FORM])


def test_a_table_that_breaks_off_hinders_no_other_one() -> None:
    joined = JoinedRows(grid([{"单号": "a"}, {"单号": "b"}, {"单号": "A"}], "单号"))
    with pytest.raises(InvalidData, match="第 2、4 行"):
        joined.attach(grid([{"单号": "a", "项目": "x"}], "单号", "项目"), "items", [FORM])

    joined.attach(grid([{"单号": "b", "项目": "y"}], "单号", "项目"), "服务内容", [FORM])
    assert lines(joined) == [[], [{"项目": "y"}], []]


def test_a_table_nobody_knows_is_refused() -> None:
    with pytest.raises(InvalidData, match="“明细”不是表单中的表格（表格有：服务内容）"):
        main().attach(grid([], "主表序号"), "明细", [FORM])


def test_a_table_written_twice_is_a_problem_unless_its_columns_are_empty() -> None:
    for cell, wrong in (("", 0), ("x", 1)):
        rows = [RawRow(2, {"单号": "a", "服务内容": [{"项目": cell}]})]
        joined = JoinedRows(Grid("表", ("单号", "服务内容.1.项目"), iter(rows)))
        joined.attach(grid([{"项目": "y"}], "项目"), "items", [FORM])
        [row] = joined.rows(lambda _: FORM)
        assert row.answers["items"] == [{"项目": "y"}]
        assert len(row.problems) == wrong


def test_the_type_of_a_row_is_not_an_answer_and_decides_which_tables_it_has() -> None:
    rows = [
        {"文件类型": "账单", "单号": "a"},
        {"文件类型": "纪要", "单号": "b"},
        {"文件类型": "", "单号": "c"},
    ]
    joined = JoinedRows(grid(rows, "文件类型", "单号"), typed=True)
    assert (list(joined.types), joined.headings) == (["账单", "纪要", ""], ("单号",))
    child = [{"主表序号": "1", "项目": "x"}, {"主表序号": "2", "项目": "y"}]
    joined.attach(grid(child, "主表序号", "项目"), "items", [FORM, OTHER])
    forms = {"账单": FORM, "纪要": OTHER}
    found = list(joined.typed_rows(forms.get))
    assert [(place, said, dict(row.answers)) for place, said, row in found] == [
        (0, "账单", {"单号": "a", "items": [{"项目": "x"}]}),
        (1, "纪要", {"单号": "b"}),
        (2, "", {"单号": "c"}),
    ]
    assert [one.sentence() for one in found[1][2].problems] == ["items第 3 行：纪要没有表格“items”"]


def test_equal_rows_have_an_equal_digest_and_lines_count() -> None:
    one, same, other = main(), main(), JoinedRows(grid([{"单号": "a1"}], "单号"))
    assert one.digest == same.digest != other.digest
    before = one.digest
    one.attach(grid([{"单号": "a1", "项目": "x"}], "单号", "项目"), "items", [FORM])
    assert one.digest != before


@given(owners=st.lists(st.integers(1, 5), max_size=30))
def test_joined_as_a_loop_over_everything_would(owners: list[int]) -> None:
    joined = JoinedRows(grid([{"单号": str(number)} for number in range(5)], "单号"))
    child = [{"主表序号": str(owner), "项目": str(place)} for place, owner in enumerate(owners)]
    joined.attach(grid(child, "主表序号", "项目"), "items", [FORM])
    assert lines(joined) == [
        [{"项目": one["项目"]} for one in child if one["主表序号"] == str(owner)] for owner in range(1, 6)
    ]


# --- headings


def refusal(headings: Sequence[str], *forms: Form, given: Sequence[str] = ()) -> list[str]:
    try:
        check_headings(headings, forms, "表", given=given)
    except InvalidData as error:
        return [problem.sentence() for problem in error.problems]
    return []


def test_columns_unknown_doubled_and_missing_are_all_named() -> None:
    assert refusal(["日期期", "单价", "服务内容.1.单价", "服务内容.2.价", "項目", "name"], FORM) == [
        "“日期期”列：表单中没有这一项，是否指“日期”",
        "“单价”列：表单中没有这一项，是否指“服务内容.1.单价”",
        "“服务内容.2.价”列：表单中没有这一项，是否指“单价”",
        "“name”列：与“項目”列是同一项，只能留一列",
        "“账单编号”列：账单必须有这一项，表中没有这一列",
    ]


def test_what_is_given_elsewhere_needs_no_column() -> None:
    assert refusal(["項目"], FORM, given=["单号"]) == []
    assert refusal(["合计", "單號"], FORM) == []


def test_a_column_of_one_of_several_types_is_right() -> None:
    assert refusal(["单号", "主题", "服务内容.1.单价"], FORM, OTHER) == []
    assert refusal(["单号"], FORM, OTHER) == ["“主题”列：纪要必须有这一项，表中没有这一列"]


@pytest.mark.parametrize(
    ("said", "owner"), [("2", 1), ("0000000002", 1), ("00000000000000000000000000000000003", 2)]
)
def test_a_place_may_have_zeros_before_it(said: str, owner: int) -> None:
    joined = main()
    joined.attach(grid([{"主表序号": said, "项目": "x"}], "主表序号", "项目"), "items", [FORM])
    assert [bool(found) for found in lines(joined)] == [place == owner for place in range(3)]


@pytest.mark.parametrize("said", ["0", "4", "0000000017", "9" * 32, "-1", "一"])
def test_a_place_that_no_row_has_is_told(said: str) -> None:
    with pytest.raises(InvalidData) as caught:
        main().attach(grid([{"主表序号": said, "项目": "x"}], "主表序号", "项目"), "items", [FORM])
    assert "应为 1 至 3" in caught.value.problems[0].reason.zh


def test_columns_that_the_table_lacks_are_told_once() -> None:
    child = [{"主表序号": "1", "项目": "x", "备注": ""}, {"主表序号": "2", "项目": "y", "备注": "z"}]
    with pytest.raises(InvalidData) as caught:
        main().attach(grid(child, "主表序号", "项目", "备注"), "items", [FORM])
    assert [one.sentence() for one in caught.value.problems] == ["“备注”列：表格“items”没有这一列，请删去"]
