"""Data files: what they say, in every format and encoding, and how broken ones are refused."""

import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest

from docgen.base.errors import InvalidData
from docgen.batch.grids import RawRow
from docgen.batch.joining import JoinedRows
from docgen.batch.tables import open_table, read_single
from docgen.forms.definition import Form

Read = Callable[..., object]


@pytest.fixture
def read(tmp_path: Path, form: Form) -> Read:
    """Write bytes or text to a file of that name and read all rows' answers."""

    def reading(name: str, data: bytes | str, sheet: str = "") -> list[object]:
        path = tmp_path / name
        path.write_bytes(data.encode() if isinstance(data, str) else data)
        rows = read_rows(path, form, sheet)
        assert not [row.problems for row in rows if row.problems]
        return [dict(row.answers) for row in rows]

    return reading


def read_rows(path: Path, form: Form, sheet: str = "") -> list[RawRow]:
    """Return all rows as a batch reads them."""
    table = open_table(path, sheet=sheet)
    with JoinedRows(table.grid) as joined:
        for title, opened in table.sheets.items():
            if not sheet:
                joined.attach(opened(), title, [form])
        return list(joined.rows(lambda _: form))


def problems(path: Path, form: Form) -> list[tuple[int, str]]:
    """Return what is wrong with which line."""
    return [(row.number, one.sentence()) for row in read_rows(path, form) for one in row.problems]


def _book(**sheets: list[list[object]]) -> bytes:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


# --- YAML and JSON


def test_yaml_is_one_row_or_a_list_of_rows_all_text(read: Read) -> None:
    one = {"标题": "甲", "rate": "0.060", "signed": "2026-01-02", "items": [{"name": "x", "price": "1.10"}]}
    text = "标题: 甲\nrate: 0.060\nsigned: 2026-01-02\nitems:\n- {name: x, price: 1.10}\n"
    assert read("a.yaml", text) == [one]
    assert read("a.yml", "- title: 甲\n- title: 乙\n") == [{"title": "甲"}, {"title": "乙"}]
    assert read("a.yaml", "title: 標題\n".encode("big5")) == [{"title": "標題"}]


def test_json_keeps_numbers_as_written(read: Read) -> None:
    text = (
        '{"title": "甲", "rate": 0.060, "big": 12345678901234567890, "agreed": true, "note": null,'
        ' "x": [1.10, {"y": 2}]}'
    )
    assert read("a.json", text) == [
        {
            **{"title": "甲", "rate": "0.060", "big": "12345678901234567890", "agreed": "是", "note": ""},
            "x": ["1.10", {"y": "2"}],
        }
    ]
    assert read("a.json", '[{"title": "甲"}, {"title": "乙"}]') == [{"title": "甲"}, {"title": "乙"}]


@pytest.mark.parametrize(
    ("name", "text", "where", "reason"),
    [
        ("a.yaml", "title: ]", "a.yaml:1", "YAML 写法有误"),
        ("a.yaml", "title: 甲\ntitle: 乙\n", "a.yaml:2", "重复"),
        ("a.yaml", "title: &a 甲\n", "a.yaml:1", "锚点"),
        ("a.yaml", "- 甲\n- title: 乙\n", "a.yaml:1", "名称: 值"),
        ("a.yaml", "just text", "a.yaml:1", "名称: 值"),
        ("a.json", '{"title": 1,\n "note": }', "a.json:2", "第 2 行第 10 列"),
        ("a.json", '{"title": 1, "title": 2}', "a.json", "title 重复"),
        ("a.json", "[1]", "a.json", "对象"),
        ("a.json", "[" * 100_000, "a.json", "嵌套过深"),
        ("a.docx", "text", "a.docx", "不支持 .docx"),
        ("a", "text", "a", "没有扩展名"),
        ("a.yaml", "", "a.yaml", "空的"),
        ("a.json", " \n", "a.json", "空的"),
    ],
)
def test_broken_text_files_are_refused(read: Read, name: str, text: str, where: str, reason: str) -> None:
    with pytest.raises(InvalidData) as caught:
        read(name, text)
    assert caught.value.where == where
    assert reason in caught.value.text()
    assert caught.value.exit_code == 3


# --- CSV


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le", "utf-16-be"]
)
def test_csv_in_every_encoding(read: Read, encoding: str) -> None:
    text = "标题,签订日期\r\n示例项目,2023年4月1日\r\n李强,2026-01-02\r\n"
    assert read("a.csv", text.encode(encoding)) == [
        {"标题": "示例项目", "签订日期": "2023年4月1日"},
        {"标题": "李强", "签订日期": "2026-01-02"},
    ]


@pytest.mark.parametrize(
    ("text", "encoding"),
    [("姓名,金额\n张三,1\n", "gbk"), ("id,name\n1,李强\n", "gbk"), ("姓名,金額\n張三,1\n", "big5")],
)
def test_short_csv_in_the_encodings_of_offices(read: Read, text: str, encoding: str) -> None:
    heading, row = (line.split(",") for line in text.splitlines())
    assert read("a.csv", text.encode(encoding)) == [dict(zip(heading, row, strict=True))]


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_csv_delimiters_quotes_and_line_breaks(read: Read, mark: str) -> None:
    text = f'标题{mark}备注\n"甲{mark}乙"{mark}"第一行\n第二行""引""" \n'.replace('" \n', '"\n')
    assert read("a.csv", text) == [{"标题": f"甲{mark}乙", "备注": '第一行\n第二行"引"'}]


def test_csv_columns_of_tables(read: Read) -> None:
    text = "title,items.1.name,items.1.单价（元）,items.3.name\n甲,a,1,c\n乙,,,\n"
    assert read("a.csv", text) == [
        {"title": "甲", "items": [{"name": "a", "单价（元）": "1"}, {}, {"name": "c"}]},
        {"title": "乙", "items": [{"name": "", "单价（元）": ""}, {}, {"name": ""}]},
    ]


def test_csv_passes_over_blank_lines_and_counts_rows_as_sheet_programs_do(tmp_path: Path, form: Form) -> None:
    path = tmp_path / "a.csv"
    path.write_text('\ntitle,note\n\n甲,"1\n2"\n,\n乙,x\n', encoding="utf-8")
    assert [row.number for row in read_rows(path, form)] == [4, 6]


@pytest.mark.parametrize(
    ("data", "reasons"),
    [
        (b"", ["空的"]),
        (b"\xef\xbb\xbf\n\n", ["空的"]),
        ("标题,note,標題,note\n1,2,3,4\n".encode(), ["第 1 列与第 3 列重复", "第 2 列与第 4 列重复"]),
        ('title,note\n甲,"乙\n'.encode(), ["引号"]),
        (b"title\n\xff\xff\xff\xff\xff", ["编码"]),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x01\x00\x00\x00", ["编码"]),
    ],
)
def test_broken_csv_is_refused(read: Read, data: bytes, reasons: list[str]) -> None:
    with pytest.raises(InvalidData) as caught:
        read("a.csv", data)
    assert all(reason in caught.value.text() for reason in reasons)
    assert caught.value.where.startswith("a.csv")


# --- workbooks


def test_cells_read_as_people_see_them(read: Read) -> None:
    row = [1, 0.06, 1234.5, "000123", date(2026, 1, 2), datetime(2026, 1, 2, 9, 30), True, " 文字 ", None]
    headings = list("abcdefghi")
    assert read("a.xlsx", _book(Sheet1=[headings, row])) == [
        dict(
            zip(
                headings,
                ["1", "0.06", "1234.5", "000123", "2026-01-02", "2026-01-02 09:30:00", "是", "文字", ""],
                strict=True,
            )
        )
    ]


def test_a_workbook_has_a_sheet_for_each_table(read: Read) -> None:
    book = _book(
        **{
            "数据": [["标题", "备注"], ["甲", "x"], ["乙", "y"]],
            "服务内容": [["主表序号", "项目", "price"], [1, "a", 1.5], [2, "b", 2], [1, "c", None]],
            "tests": [["主表序号", "类型"], ["2", "功能"]],
        }
    )
    assert read("a.xlsx", book) == [
        {
            **{"标题": "甲", "备注": "x"},
            "items": [{"项目": "a", "price": "1.5"}, {"项目": "c", "price": ""}],
        },
        {"标题": "乙", "备注": "y", "items": [{"项目": "b", "price": "2"}], "tests": [{"类型": "功能"}]},
    ]


def test_with_one_row_the_lines_of_tables_need_no_owner(read: Read) -> None:
    book = _book(主=[["标题"], ["甲"]], items=[["项目"], ["a"], ["b"]])
    assert read("a.xlsx", book) == [{"标题": "甲", "items": [{"项目": "a"}, {"项目": "b"}]}]


def test_other_sheets_are_refused_unless_the_main_one_is_named(read: Read) -> None:
    book = _book(说明=[["随便"], ["写写"]], 数据=[["标题"], ["甲"]], 空=[])
    with pytest.raises(InvalidData, match="“数据”不是表单中的表格"):
        read("a.xlsx", book)
    assert read("a.xlsx", book, "数据") == [{"标题": "甲"}]
    with pytest.raises(InvalidData, match="没有工作表“别的”"):
        read("a.xlsx", book, "别的")


@pytest.mark.parametrize("owner", ["3", "0", "x", "", "9" * 30])
def test_lines_that_belong_to_no_row_are_refused(read: Read, owner: str) -> None:
    book = _book(主=[["标题"], ["甲"], ["乙"]], items=[["主表序号", "项目"], ["1", "a"], [owner, "b"]])
    with pytest.raises(InvalidData) as caught:
        read("a.xlsx", book)
    assert "服务内容第 3 行" in caught.value.text()


def test_lines_that_do_not_fit_the_headings_are_rows_with_problems(tmp_path: Path, form: Form) -> None:
    path = tmp_path / "a.csv"
    path.write_text("a,,标题\n1,,\n1,2\n3,,5\n6,7,8,9\n6,,8,9\n", encoding="utf-8")
    loose = "这一格没有表头，多半是前面多了分隔符"
    assert problems(path, form) == [
        (3, f"数据“2”：{loose}"),
        (5, f"数据“7”：{loose}"),
        (6, f"数据“9”：{loose}"),
    ]
    path.write_text("a,标题\n1\n3,5\n", encoding="utf-8")
    assert problems(path, form) == [(2, "数据：只有 1 格，表头有 2 列")]


def test_a_number_that_excel_cut_short_is_a_problem_of_its_row(tmp_path: Path, form: Form) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(_book(主=[["标题"], [123456789012345678], ["甲"]]))
    assert [(line, "超过 15 位" in said) for line, said in problems(path, form)] == [(2, True)]


def _zip(**parts: bytes) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as package:
        for name, part in parts.items():
            package.writestr(name, part)
    return data.getvalue()


def test_a_cell_far_away_is_a_cell_without_heading(tmp_path: Path, form: Form) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(_far_cell())
    assert [line for line, _ in problems(path, form)] == [1_048_576]


def _far_cell() -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["A1"], sheet["XFD1048576"] = "标题", "远"
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


_ROWS = (
    b'<table:table-row table:number-rows-repeated="1000000">'
    b'<table:table-cell office:value-type="string"/></table:table-row>'
)
_COLUMNS = b'<table:table-cell office:value-type="string" table:number-columns-repeated="1000000"/>'


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (lambda: b"", "有效的表格"),
        (lambda: b"title,note\n1,2\n", "有效的表格"),
        (lambda: b"PK\x03\x04" + b"\x00" * 100, "有效的表格"),
        (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "有效的表格"),
        (lambda: _zip(mimetype=b"text/plain"), "有效的表格"),
        (lambda: _book(主=[]), "工作簿是空的"),
        (lambda: _zip(bomb=bytes(210_000_000)), "过大"),
        (lambda: _zip(**{"content.xml": _ROWS}), "过大"),
        (lambda: _zip(**{"content.xml": _COLUMNS}), "过大"),
    ],
)
def test_broken_and_hostile_workbooks_are_refused(read: Read, data: Callable[[], bytes], reason: str) -> None:
    with pytest.raises(InvalidData, match=reason):
        read("a.xlsx", data())


# --- one row


def test_one_row_is_wanted(tmp_path: Path, form: Form) -> None:
    path = tmp_path / "a.csv"
    for text, count in (("title\n", 0), ("title\n甲\n乙\n", 2)):
        path.write_text(text, encoding="utf-8")
        with pytest.raises(InvalidData, match=f"现有 {count} 份"):
            read_single(path, form)
    path.write_text("title\n甲\n", encoding="utf-8")
    assert dict(read_single(path, form).answers) == {"title": "甲"}


def test_a_file_that_is_not_there_is_invalid_data(tmp_path: Path, form: Form) -> None:
    with pytest.raises(InvalidData, match="无法读取"):
        read_single(tmp_path / "none.csv", form)
    with pytest.raises(InvalidData, match="无法读取"):
        read_single(tmp_path, form)


@pytest.mark.parametrize("depth", [60, 600, 20_000])
def test_json_that_is_nested_without_end_is_refused(tmp_path: Path, form: Form, depth: int) -> None:
    path = tmp_path / "a.json"
    path.write_text('[{"title": ' + "[" * depth + "]" * depth + "}]", encoding="utf-8")
    with pytest.raises(InvalidData, match="嵌套过深"):
        list(read_rows(path, form))


@pytest.mark.parametrize("text", ['[{"title": "\\ud800"}]', '[{"\\udfff": "x"}]'])
def test_json_with_halves_of_characters_is_refused(tmp_path: Path, form: Form, text: str) -> None:
    path = tmp_path / "a.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InvalidData, match="残缺的字符"):
        list(read_rows(path, form))


def test_one_line_without_end_is_refused(tmp_path: Path, form: Form) -> None:
    path = tmp_path / "a.csv"
    path.write_text("title,note\n" + "甲," * 9_000_000, encoding="utf-8")
    with pytest.raises(InvalidData, match="一行过长，多半是引号没有配对"):
        list(read_rows(path, form))


def test_a_heading_that_is_longer_than_any_is_refused(tmp_path: Path, form: Form) -> None:
    path = tmp_path / "a.csv"
    path.write_text("title," + "字" * 140_000 + "\n甲,\n", encoding="utf-8")
    with pytest.raises(InvalidData, match="140,000 字"):
        list(read_rows(path, form))
