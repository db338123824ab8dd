"""Tables as batches: types by row, tables of their own, headings first, and whatever hostile files hold."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from docgen.base.errors import InvalidData, UsageFault
from docgen.batch.states import State
from docgen.workflow.batch import run_batch
from docgen.workflow.batches.tabular import Source, of_table
from docgen.workflow.batches.wanted import Summary, Wanted

Report = Callable[[Summary], list[dict[str, str]]]
Lines = Callable[..., list[str]]

ORDER = """\
id: order_note
name: 订单
recurring: false
number: order_no
fields:
  - {id: order_no, label: 订单编号, required: true}
  - id: items
    label: 明细
    kind: table
    required: true
    columns:
      - {id: name, label: 品名, required: true}
      - {id: price, label: 单价, kind: money}
  - {id: total, label: 合计, kind: money, compute: sum(items.price)}
"""


@pytest.fixture
def desk_with_orders(desk: Any) -> Any:
    """A second type, with a table."""
    from docgen.workflow.templates import new_template

    folder = desk.root / "templates" / "order_note"
    folder.mkdir(parents=True)
    (folder / "form.yaml").write_text(ORDER, encoding="utf-8")
    new_template(desk.session, "order_note")
    return desk


def run(desk: Any, path: Path, *, sheet: str = "", type_id: str = "", **more: Any) -> Summary:
    tables = more.pop("tables", {})
    session, wanted = desk.session, Wanted(**more)
    return run_batch(session, of_table(session, Source(path, sheet, type_id, tables), wanted), wanted)


def records(desk: Any, type_id: str) -> dict[str, Any]:
    import json

    paths = sorted((desk.root / "drafts").rglob("*.record.json"))
    made = [json.loads(path.read_text(encoding="utf-8")) for path in paths]
    return {one["values"]["doc_id"]: one["values"] for one in made if one["form"] == type_id}


def written(desk: Any) -> list[Path]:
    return [path for path in (desk.root / "drafts").rglob("*") if path.is_file()]


def test_types_may_differ_from_row_to_row(desk_with_orders: Any, report: Report) -> None:
    table = desk_with_orders.table(
        "拜访纪要,示例项目,JY-1,,主题一,100,",
        "订单,示例项目,,DD-1,,,甲",
        "拜访纪要,示例项目,JY-2,DD-2,主题二,100,",
        ",示例项目,JY-3,,主题三,100,",
        "没有的,示例项目,JY-4,,主题四,100,",
        headings="文件类型,项目名称,纪要编号,订单编号,主题,费用,明细.1.品名",
    )
    summary = run(desk_with_orders, table)
    assert summary.counts == {State.MADE: 2, State.FAILED: 3}
    failed = [(row["行号"], row["说明"]) for row in report(summary) if row["状态"] == "失败"]
    assert [line for line, _ in failed] == ["4", "5", "6"]
    assert "订单编号" in failed[0][1]
    assert "文件类型：没有填写" in failed[1][1]
    assert "没有的" in failed[2][1]


def test_a_type_given_for_all_counts_where_the_row_names_none(desk_with_orders: Any) -> None:
    table = desk_with_orders.table(
        "订单,示例项目,,DD-1,,,甲",
        ",示例项目,JY-3,,主题三,100,",
        headings="type,项目名称,纪要编号,订单编号,主题,费用,明细.1.品名",
    )
    assert run(desk_with_orders, table, type_id="visit_note").counts == {State.MADE: 2}


def test_no_type_at_all_is_asked_for(desk: Any, lines: Lines) -> None:
    with pytest.raises(UsageFault, match="没有说明文件类型"):
        run(desk, desk.table(*lines([1])))


def test_lines_of_a_table_come_from_a_file_of_their_own(desk_with_orders: Any) -> None:
    main = desk_with_orders.table("示例项目,DD-1", "示例项目,DD-2", headings="项目名称,订单编号")
    child = desk_with_orders.table(
        "DD-2,甲,1.50", "DD-1,乙,2", "DD-2,丙,3", name="明细.csv", headings="订单编号,品名,单价"
    )
    summary = run(desk_with_orders, main, type_id="order_note", tables={"明细": child})
    assert summary.counts == {State.MADE: 2}
    made = records(desk_with_orders, "order_note")
    assert [row["name"] for row in made["DD-2"]["items"]] == ["甲", "丙"]
    assert (made["DD-1"]["total"], made["DD-2"]["total"]) == ("2.00", "4.50")


def test_lines_of_a_table_come_from_a_sheet_of_the_workbook(desk_with_orders: Any) -> None:
    book = openpyxl.Workbook()
    main = book.active
    assert main is not None
    lines = book.create_sheet("明细")
    for row in (["项目名称", "订单编号"], ["示例项目", "DD-1"], ["示例项目", "DD-2"]):
        main.append(row)
    for row in (["主表序号", "品名", "单价"], [2, "甲", 1.5], [1, "乙", 2]):
        lines.append(row)
    path = desk_with_orders.root.parent / "订单.xlsx"
    book.save(path)
    assert run(desk_with_orders, path, type_id="order_note").counts == {State.MADE: 2}
    assert records(desk_with_orders, "order_note")["DD-2"]["total"] == "1.50"


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_columns_that_do_not_fit_are_told_before_anything_is_made(desk: Any, lines: Lines, kind: str) -> None:
    path = desk.table(*lines([1, 2]), headings="项目名称,纪要编号,主題,费用费")
    if kind == "xlsx":
        book = openpyxl.Workbook()
        sheet = book.active
        assert sheet is not None
        for line in path.read_text(encoding="utf-8").splitlines():
            sheet.append(line.split(","))
        path = path.with_suffix(".xlsx")
        book.save(path)
    with pytest.raises(InvalidData) as caught:
        run(desk, path, type_id="visit_note")
    assert [one.sentence() for one in caught.value.problems] == [
        "“费用费”列：表单中没有这一项，是否指“费用”",
        "“费用”列：拜访纪要必须有这一项，表中没有这一列",
    ]
    assert written(desk) == []


def test_what_options_and_cards_give_needs_no_column(desk: Any) -> None:
    from docgen.workflow.projects import add_card

    add_card(desk.session, "示例项目", {"topic": "卡片上的主题"})
    path = desk.table("示例项目,JY-1", headings="项目名称,纪要编号")
    assert run(desk, path, type_id="visit_note", changes={"费用": "5"}).counts == {State.MADE: 1}


def test_the_table_is_read_once(desk: Any, lines: Lines) -> None:
    path = desk.table(*lines(range(1, 5)))
    session, wanted = desk.session, Wanted()
    batch = of_table(session, Source(path, type_id="visit_note"), wanted)
    path.write_text("另一个表\n", encoding="utf-8")
    assert run_batch(session, batch, wanted).counts == {State.MADE: 4}


def test_what_was_found_is_said(desk: Any, lines: Lines) -> None:
    path = desk.root.parent / "繁.csv"
    path.write_bytes("項目名稱;紀要編號;主題;費用\n示例項目;JY-1;第一次拜訪;1\n".encode("big5"))
    batch = of_table(desk.session, Source(path, type_id="visit_note"), Wanted())
    assert [said.zh for said in batch.said] == ["繁.csv：Big5 编码，分号分隔，1 行，文件类型：拜访纪要"]


HEADINGS = "项目名称,纪要编号,主题,费用\n"


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("示例项目,JY-2,主\0题,1", "看不见的控制符"),
        ("示例项目,JY-2,主题,1,多余", "没有表头"),
        ("示例项目,JY-2", "只有 2 格"),
        ("示例项目,JY-2," + "字" * 4_000_000 + ",1", "最多 131,072 字"),
        ("示例项目,JY-2,主题,=1+1", "不是数字"),
    ],
)
def test_a_hostile_row_fails_alone(desk: Any, lines: Lines, report: Report, line: str, reason: str) -> None:
    path = desk.root.parent / "a.csv"
    path.write_text(HEADINGS + "\n".join([*lines([1]), line, *lines([3])]) + "\n", encoding="utf-8")
    summary = run(desk, path, type_id="visit_note")
    assert summary.counts == {State.MADE: 2, State.FAILED: 1}
    assert [row["行号"] for row in report(summary) if reason in row["说明"]] == ["3"]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ((HEADINGS + "示例项目,JY-1,甲,1\n" * 50).encode() + b"\xff\xfe,a,b,c\n", "第 52 行有损坏的文字"),
        ((HEADINGS + '示例项目,JY-1,"甲,1\n' + "示例项目,JY-1,甲,1\n" * 50).encode(), "引号没有配对"),
        ((HEADINGS + '示例项目,JY-1,"甲" 乙,1\n').encode(), "引号没有配对"),
        ((HEADINGS + '示例项目,JY-1,"' + "字" * 17_000_000).encode(), "引号没有配对"),
    ],
)
def test_a_broken_file_is_refused_whole_with_its_line(desk: Any, data: bytes, reason: str) -> None:
    path = desk.root.parent / "a.csv"
    path.write_bytes(data)
    with pytest.raises(InvalidData, match=reason) as caught:
        run(desk, path, type_id="visit_note")
    assert caught.value.where.startswith("a.csv:")
    assert written(desk) == []


def test_rows_without_end_take_no_memory(desk: Any, lines: Lines) -> None:
    """A table of 60 MB is read in a process that may take 40 MB more than it has."""
    import subprocess
    import sys

    path = desk.root.parent / "a.csv"
    with path.open("w", encoding="utf-8") as stream:
        stream.write(HEADINGS)
        stream.writelines(f"示例项目,JY-{number},{'主题' * 60},1\n" for number in range(150_000))
    code = (
        "import resource, sys; from pathlib import Path\n"
        "from docgen.batch.joining import JoinedRows; from docgen.batch.tables import open_table\n"
        "peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "before = peak(); joined = JoinedRows(open_table(Path(sys.argv[1])).grid)\n"
        "assert sum(1 for _ in joined.rows(lambda _: None)) == joined.count == 150_000\n"
        "assert peak() - before < 40_000, peak() - before"
    )
    subprocess.run([sys.executable, "-c", code, str(path)], check=True)


def test_a_filled_blank_of_several_documents_comes_out_whole(desk_with_orders: Any) -> None:
    from docgen.batch.blank import blank

    session = desk_with_orders.session
    book = openpyxl.load_workbook(io.BytesIO(blank(session.form("order_note"), "xlsx")))
    main, lines = book["订单"], book["明细"]
    headings = [cell.value for cell in main[1]]
    for number in (1, 2, 3):
        row = {"项目名称": "示例项目", "订单编号": f"DD-{number}"}
        main.append([row.get(str(name), "") for name in headings])
        lines.append([f"DD-{number}", f"品{number}", number])
    path = desk_with_orders.root.parent / "填好.xlsx"
    book.save(path)
    assert run(desk_with_orders, path, type_id="order_note").counts == {State.MADE: 3}
    made = records(desk_with_orders, "order_note")
    assert [(key, one["total"]) for key, one in sorted(made.items())] == [
        ("DD-1", "1.00"),
        ("DD-2", "2.00"),
        ("DD-3", "3.00"),
    ]


def test_what_the_cards_say_decides_which_batch_it_is(desk: Any, lines: Any) -> None:
    from docgen.workflow.projects import add_card, change_card

    def key() -> str:
        return of_table(desk.session, Source(table, type_id="visit_note"), Wanted()).key

    table = desk.table(*lines([1]))
    add_card(desk.session, "示例项目", {"project_code": "SL1"})
    before = key()
    assert key() == before
    change_card(desk.session, "示例项目", {"project_code": "SL2"})
    assert key() != before
