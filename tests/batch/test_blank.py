"""Blanks: they name everything that is filled in, hold no formula, and read back what was written in."""

import csv
import io
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from docgen.batch.blank import blank
from docgen.batch.tables import open_table, read_single
from docgen.forms.definition import Field, Form
from docgen.forms.lookup import NoLookup
from docgen.forms.records import build_record
from docgen.forms.values import Money, Percent

TODAY = date(2026, 11, 22)


def _answers(path: Path, form: Form) -> dict[str, object]:
    return dict(read_single(path, form).answers)


def _check(path: Path, form: Form) -> None:
    """Build the record of a filled blank and compare it with what was written in."""
    record = build_record(form, _answers(path, form), today=TODAY, lookup=NoLookup()).checked()
    values = record.values
    assert [values[key] for key in ("project_name", "title", "level", "ways", "rate", "agreed", "note")] == [
        *("项目A", "=1+1", "高", ("协商", "仲裁"), Percent("0.06"), True, "第一行\n第二行"),
    ]
    assert values["signed"] == date(2026, 1, 2)
    assert values["items"] == (
        {"name": "甲", "price": Money("1200.50"), "double": Money("2401.00")},
        {"name": "乙", "price": Money("3.00"), "double": Money("6.00")},
    )
    tests = values["tests"]
    assert isinstance(tests, tuple)
    assert [row["test"] for row in tests] == ["功能", "性能"]
    assert values["total"] == Money("1203.50")


@pytest.mark.parametrize("kind", ["yaml", "csv", "xlsx"])
def test_an_untouched_blank_gives_no_answer_but_the_fixed_rows(tmp_path: Path, form: Form, kind: str) -> None:
    path = tmp_path / f"a.{kind}"
    path.write_bytes(blank(form, kind))
    if kind == "yaml":
        outcome = build_record(form, _answers(path, form), today=TODAY, lookup=NoLookup())
        assert {problem.field for problem in outcome.problems} == {"project_name", "title"}
    else:
        assert list(open_table(path).grid.rows) == []
    if kind == "xlsx":
        fixed = {"tests": [{"类型": "功能", "用例数": ""}, {"类型": "性能", "用例数": ""}]}
        assert read_single(path, form).answers == fixed


def test_a_filled_yaml_reads_back(tmp_path: Path, form: Form) -> None:
    text = blank(form, "yaml").decode()
    for key, value in {
        "project_name": "项目A",
        "title": "=1+1",
        "signed": "2026-01-02",
        "level": "高",
        "ways": "协商、仲裁",
        "rate": "6%",
        "agreed": "是",
        "note": "|\n  第一行\n  第二行",
    }.items():
        assert f"\n{key}:\n" in text
        text = text.replace(f"\n{key}:\n", f"\n{key}: {value}\n")
    text = text.replace("- name:", "- name: 甲").replace("    price:", "    price: 1200.50", 1)
    text = text.replace("tests:", "tests:", 1)
    head, _, tail = text.partition("    price: 1200.50")
    line, _, rest = tail.partition("\n")
    path = tmp_path / "a.yaml"
    path.write_text(f"{head}    price: 1200.50{line}\n  - {{name: 乙, price: 3}}\n{rest}", encoding="utf-8")
    _check(path, form)


def test_a_filled_csv_reads_back(tmp_path: Path, form: Form) -> None:
    data = blank(form, "csv")
    assert data.startswith(b"\xef\xbb\xbf")
    lines = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
    filled = {
        **{
            "项目名称": "项目A",
            "标题": "=1+1",
            "签订日期": "2026年1月2日",
            "级别": "高",
            "方式": "协商、仲裁",
        },
        **{"税率": "6%", "是否一致": "是", "备注": "第一行\n第二行"},
        **{"服务内容.1.项目": "甲", "服务内容.1.单价（元）": "￥1,200.50"},
    }
    assert set(filled) <= set(lines[0])
    assert not {"合计", "服务内容.1.两倍"} & set(lines[0])
    heading = [*lines[0], "服务内容.2.项目", "服务内容.2.单价（元）"]
    filled |= {"服务内容.2.项目": "乙", "服务内容.2.单价（元）": "3"}
    text = io.StringIO()
    csv.writer(text).writerows([heading, [*lines[1], "", ""], [filled.get(name, "") for name in heading]])
    path = tmp_path / "a.csv"
    path.write_text(text.getvalue(), encoding="gb18030")
    _check(path, form)


def test_a_filled_workbook_reads_back(tmp_path: Path, form: Form) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(blank(form, "xlsx"))
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["自有单据", "选项", "服务内容", "测试 汇总"]
    main, items = book["自有单据"], book["服务内容"]
    headings = [cell.value for cell in main[1]]
    filled = {
        **{"项目名称": "项目A", "签订日期": date(2026, 1, 2), "级别": "高", "方式": "协商、仲裁"},
        **{"税率": 0.06, "是否一致": True, "备注": "第一行\n第二行"},
    }
    for heading, value in filled.items():
        main.cell(3, headings.index(heading) + 1, value)
    title = main.cell(3, headings.index("标题") + 1, "=1+1")
    title.data_type = "s"
    assert [cell.value for cell in items[1]] == ["主表序号", "项目", "单价（元）"]
    items.append([None, "甲", 1200.5])
    items.append([1, "乙", "3"])
    book.save(path)
    _check(path, form)


def test_a_blank_workbook_offers_the_options(form: Form, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(blank(form, "xlsx"))
    main = openpyxl.load_workbook(path)["自有单据"]
    letters = {cell.value: cell.column_letter for cell in main[1]}
    rules = {
        str(rule.sqref).partition("3")[0]: rule.formula1 for rule in main.data_validations.dataValidation
    }
    assert rules[letters["级别"]] == '"高,中,低"'
    assert rules[letters["是否一致"]] == '"是,否"'
    assert main.column_dimensions[letters["签订日期"]].number_format == "yyyy-mm-dd"
    assert main.column_dimensions[letters["标题"]].number_format == "@"


def _hostile() -> Form:
    options = tuple(f"选项{number},“长”" for number in range(60))
    fields = (
        Field("a", "=HYPERLINK(1)", help="@SUM(1)"),
        Field("b", "+1\x01", "enum", options=options),
        Field("c", "-1"),
        Field("d", "明细.1.价", help="x\n- y: 1"),
        Field("e", "[a]:*?/\\", "table", columns=(Field("f", "@x"),), rows=({"f": "=1+1"}, {"f": "- x"})),
    )
    return Form("own_type", "='[a]'!A1", "项目执行", "delivery", fields=fields)


def test_no_blank_holds_a_formula() -> None:
    form = _hostile()
    for line in csv.reader(io.StringIO(blank(form, "csv").decode("utf-8-sig"))):
        assert not [cell for cell in line if cell.startswith(("=", "+", "-", "@"))]
    book = openpyxl.load_workbook(io.BytesIO(blank(form, "xlsx")))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s"}


def test_long_options_are_listed_on_a_hidden_sheet() -> None:
    book = openpyxl.load_workbook(io.BytesIO(blank(_hostile(), "xlsx")))
    rule = book.worksheets[0].data_validations.dataValidation[0]
    assert rule.formula1 == "'选项'!$B$1:$B$60"
    assert book["选项"].sheet_state == "hidden"
    assert book["选项"]["B60"].value == "选项59,“长”"


@pytest.mark.parametrize("kind", ["yaml", "csv", "xlsx"])
def test_strange_labels_read_back(tmp_path: Path, kind: str) -> None:
    form = _hostile()
    path = tmp_path / f"a.{kind}"
    data = blank(form, kind)
    if kind == "yaml":
        data = data.replace(b"\na:\n", "\na: 甲\n".encode())
    elif kind == "csv":
        data += (
            "甲,,,\n".encode() if len(data.decode().splitlines()[0].split(",")) == 4 else "甲,,,,\n".encode()
        )
    else:
        book = openpyxl.load_workbook(io.BytesIO(data))
        book.worksheets[0].append(["甲"])
        book.save(path)
        data = path.read_bytes()
    path.write_bytes(data)
    answers = _answers(path, form)
    assert (answers.get("a") or answers.get("=HYPERLINK(1)")) == "甲"
