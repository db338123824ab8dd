"""Workbooks of every kind: what cells mean, and what is not taken for data."""

from __future__ import annotations

import io
import re
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from docgen.base.errors import InvalidData
from docgen.batch import sheets
from docgen.batch.old_books import Converted
from docgen.batch.sheets import read_sheets
from docgen.batch.tables import open_table

Write = Callable[..., Path]


@pytest.fixture
def book(tmp_path: Path) -> Write:
    """Write a workbook; ``change`` may do anything to its first sheet."""

    def write(rows: list[list[object]], change: Callable[[Any], object] = lambda sheet: None) -> Path:
        made = openpyxl.Workbook()
        sheet = made.active
        assert sheet is not None
        for row in rows:
            sheet.append(row)
        change(sheet)
        path = tmp_path / "book.xlsx"
        made.save(path)
        return path

    return write


def rows(path: Path) -> list[tuple[int, dict[str, object], list[str]]]:
    return [
        (row.number, dict(row.answers), [one.sentence() for one in row.problems])
        for row in open_table(path).grid.rows
    ]


def formatted(**formats: str) -> Callable[[Any], None]:
    def change(sheet: Any) -> None:
        for cell, number_format in formats.items():
            sheet[cell].number_format = number_format

    return change


@pytest.mark.parametrize(
    ("value", "number_format", "text"),
    [
        (0.06, "0%", "6%"),
        (0.065, "0.00%", "6.5%"),
        (1, "0%", "100%"),
        (0.1 + 0.2, "0.0%", "30%"),
        (0.06, "General", "0.06"),
        (6, "General", "6"),
        (6, '0"%"', "6"),
        (123, "000000", "000123"),
        (1234567, "000000", "1234567"),
        ("000123", "@", "000123"),
        (1234.5, "#,##0.00", "1234.5"),
        (46000, "yyyy-mm-dd", "2025-12-09"),
        (46000, 'yyyy"年"m"月"d"日"', "2025-12-09"),
        (46000, "General", "46000"),
        (True, "General", "是"),
    ],
)
def test_a_number_means_what_its_format_shows(
    book: Write, value: object, number_format: str, text: str
) -> None:
    path = book([["a"], [value]], formatted(A2=number_format))
    assert rows(path) == [(2, {"a": text}, [])]


def test_dates_count_from_1904_where_the_workbook_says_so(book: Write) -> None:
    path = book([["a"], [46000 - 1462]], formatted(A2="yyyy-mm-dd"))
    text = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(text, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            if name == "xl/workbook.xml":
                part = re.sub(rb"<workbookPr[^>]*/>", b'<workbookPr date1904="1"/>', part)
            new.writestr(name, part)
    path.write_bytes(text.getvalue())
    assert rows(path) == [(2, {"a": "2025-12-09"}, [])]


def test_errors_formulas_without_result_and_long_numbers_are_problems_of_their_row(book: Write) -> None:
    path = book([["a", "b"], ["=1+1", "x"], ["#N/A", "y"], [12345678901234567, "z"], ["ok", "=B2"]])
    found = rows(path)
    assert [line for line, _, problems in found if problems] == [2, 3, 4, 5]
    assert "没有计算结果的公式" in found[0][2][0]
    assert "错误值 #N/A" in found[1][2][0]
    assert "超过 15 位" in found[2][2][0]
    assert found[3][2] == ["b：是没有计算结果的公式；用 Excel 或 WPS 打开并保存一次，或直接填数值"]


def test_a_formula_with_its_result_is_the_result(book: Write) -> None:
    path = book([["a"], ["=1+1"]])
    data = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(data, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b"<f>1+1</f><v></v>", b"<f>1+1</f><v>2</v>"))
    path.write_bytes(data.getvalue())
    assert rows(path) == [(2, {"a": "2"}, [])]


def test_cells_merged_over_rows_are_problems_of_every_row_they_touch(book: Write) -> None:
    path = book(
        [["项目", "金额"], ["甲", "1"], [None, "2"], ["乙", "3"]], lambda sheet: sheet.merge_cells("A2:A3")
    )
    found = rows(path)
    assert [(line, bool(problems)) for line, _, problems in found] == [(2, True), (3, True), (4, False)]
    assert "第 2 至 3 行 是合并的单元格" in found[1][2][0]


def test_empty_rows_between_and_after_are_passed_over(book: Write) -> None:
    path = book([["a"], ["1"], [None], ["  "], ["2"]], lambda sheet: sheet.cell(5000, 1, ""))
    assert [(line, answers["a"]) for line, answers, _ in rows(path)] == [(2, "1"), (5, "2")]


def test_two_thousand_columns(book: Write) -> None:
    headings = [f"c{number}" for number in range(2000)]
    [(_, answers, problems)] = rows(book([headings, list(range(2000))]))
    assert answers == {name: str(number) for number, name in enumerate(headings)}
    assert problems == []


def test_hidden_sheets_and_blank_ones_do_not_count(book: Write) -> None:
    def change(sheet: Any) -> None:
        hidden = sheet.parent.create_sheet("藏", 0)
        hidden.append(["x"])
        hidden.sheet_state = "hidden"
        sheet.parent.create_sheet("空", 0)

    assert [sheet.name for sheet in read_sheets(book([["a"], ["1"]], change))] == ["Sheet"]


def test_what_is_no_workbook_is_named(tmp_path: Path) -> None:
    path = tmp_path / "a.xls"
    path.write_bytes(b"\xef\xbb\xbf\n<HTML><table><tr><td>1</td></tr></table>")
    with pytest.raises(InvalidData, match="网页"):
        open_table(path)
    path.write_bytes(
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le")
    )
    with pytest.raises(InvalidData, match="设有打开密码"):
        open_table(path)


def with_part(path: Path, name: str, change: Callable[[bytes], bytes]) -> Path:
    data = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as new:
        for one in old.namelist():
            new.writestr(one, change(old.read(one)) if one == name else old.read(one))
    path.write_bytes(data.getvalue())
    return path


SHEET = "xl/worksheets/sheet1.xml"
BOMB = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'


@pytest.mark.parametrize(
    ("name", "change"),
    [
        (SHEET, lambda xml: BOMB + xml),
        ("xl/workbook.xml", lambda xml: BOMB + xml),
        (SHEET, lambda xml: xml.replace(b"</row>", b"<c/>" * 30_000 + b"</row>")),
        (SHEET, lambda xml: xml.replace(b"<sheetData>", b"<sheetData>" + b" " * 3_000_000)),
        ("xl/styles.xml", lambda xml: xml + b"<!-- " + b"x" * 210_000_000 + b"-->"),
        ("xl/workbook.xml", lambda xml: xml.replace(b"<sheets>", b"<sheets><sheet")),
        (SHEET, lambda xml: xml[: len(xml) // 2]),
        (SHEET, lambda xml: xml.replace(b"</row>", b'<c s="99999"><v>1</v></c></row>')),
        (SHEET, lambda xml: xml.replace(b"</row>", b'<c t="s"><v>4000</v></c></row>')),
    ],
)
def test_workbooks_built_to_do_harm_are_refused(
    book: Write, name: str, change: Callable[[bytes], bytes]
) -> None:
    path = with_part(book([["标题", "备注"], ["甲", "乙"]]), name, change)
    with pytest.raises(InvalidData) as caught:
        list(open_table(path).grid.rows)
    assert caught.value.where == "book.xlsx"


def test_a_cell_of_ten_megabytes_is_refused(book: Write) -> None:
    path = with_part(book([["a"], ["x"]]), SHEET, lambda xml: xml.replace(b">x<", b">" + b"x" * 10**7 + b"<"))
    with pytest.raises(InvalidData, match="过大"):
        open_table(path)


@pytest.mark.office
@pytest.mark.parametrize("kind", ["xls", "ods"])
def test_old_books_mean_what_they_show(book: Write, kind: str) -> None:
    """LibreOffice itself writes the books."""
    values: list[list[object]] = [["编号", "税率", "日期"], [123, 0.06, date(2026, 2, 2)], [7, "#N/A", None]]
    shown = formatted(A2="000000", A3="000000", B2="0%", C2="yyyy-mm-dd")
    made = book(values, shown)
    words = ["soffice", f"-env:UserInstallation={(made.parent / 'profile').as_uri()}", "--headless"]
    subprocess.run([*words, "--convert-to", kind, "--outdir", made.parent, made], check=True, timeout=120)

    first, second = rows(made.with_suffix(f".{kind}"))
    assert first == (2, {"编号": "000123", "税率": "6%", "日期": "2026-02-02"}, [])
    assert "税率：是错误值 #N/A" in second[2][0]


def rewritten(path: Path, change: Callable[[str], str]) -> Path:
    """Change the XML of the first sheet."""
    out = io.BytesIO()
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            data = source.read(name)
            target.writestr(name, change(data.decode()) if name == "xl/worksheets/sheet1.xml" else data)
    path.write_bytes(out.getvalue())
    return path


def test_a_formula_that_gives_the_empty_text_is_empty(book: Write) -> None:
    """So LibreOffice writes it; a formula that nobody calculated has no type."""
    path = rewritten(
        book([["标题", "备注", "级别"], ["甲", "", ""]]),
        lambda xml: re.sub(
            r'(<c r="A2".*?</c>).*?</row>',
            r'\1<c r="B2" t="str"><f>IF(1,"")</f><v></v></c><c r="C2"><f>1+1</f><v></v></c></row>',
            xml,
        ),
    )
    [(_, answers, problems)] = rows(path)
    assert answers["备注"] == ""
    assert [one.partition("：")[0] for one in problems] == ["级别"]


@pytest.mark.parametrize(
    ("row", "times"), [('<row r="2000000"><c r="A2000000"/></row>', 1), ("<row/>", 1_048_577)]
)
def test_more_rows_than_a_sheet_has_are_refused(book: Write, row: str, times: int) -> None:
    path = rewritten(book([["标题"]]), lambda xml: xml.replace("</sheetData>", row * times + "</sheetData>"))
    with pytest.raises(InvalidData, match="过大"):
        rows(path)


def test_merged_cells_are_found_however_they_are_written(book: Write) -> None:
    merged = "</sheetData><mergeCells><mergeCell ref='B2:B3'/></mergeCells>"
    path = rewritten(
        book([["标题", "备注"], ["甲", "一"], ["乙", "二"]]),
        lambda xml: xml.replace("</sheetData>", merged),
    )
    assert [bool(problems) for _, _, problems in rows(path)] == [True, True]


def test_many_merged_cells_take_no_longer(book: Write) -> None:
    """Each row looks at the cells that are open there, not at all of them."""
    path = rewritten(
        book([["标题", "备注"], *(["甲", "一"] for _ in range(4000))]),
        lambda xml: xml.replace(
            "</sheetData>",
            "</sheetData><mergeCells>"
            + "".join(f'<mergeCell ref="B{2 * n}:B{2 * n + 1}"/>' for n in range(1, 2000))
            + "</mergeCells>",
        ),
    )
    assert sum(bool(problems) for _, _, problems in rows(path)) == 3998


_ODS = """<?xml version="1.0" encoding="UTF-8"?>
<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>
<table:table table:name="表">ROWS</table:table>
</office:spreadsheet></office:body></office:document-content>"""
_MANIFEST = '<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
_CELL = '<table:table-cell SPAN office:value-type="string"><text:p>甲</text:p></table:table-cell>'


def ods(folder: Path, *spans: str) -> Path:
    """Write an ODS of one column; ``spans``: attributes of its cells."""
    rows = "".join(f"<table:table-row>{_CELL.replace('SPAN', span)}</table:table-row>" for span in spans)
    path = folder / "book.ods"
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        package.writestr("META-INF/manifest.xml", _MANIFEST)
        package.writestr("content.xml", _ODS.replace("ROWS", rows))
    return path


class Counted(list[tuple[int, int, int]]):
    """A list that counts how often it is walked through."""

    walks = 0

    def __iter__(self) -> Iterator[tuple[int, int, int]]:
        self.walks += 1
        return super().__iter__()


def test_an_old_book_without_libreoffice_is_read_row_by_row(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("docgen.batch.old_books.find_office", lambda: None)
    [sheet] = read_sheets(ods(tmp_path, "", 'table:number-rows-spanned="2"', ""))
    assert [(line.number, list(line.cells)) for line in sheet.lines()] == [
        (1, ["甲"]),
        (2, ["甲"]),
        (3, ["甲"]),
    ]


def test_many_merged_cells_of_an_old_book_are_walked_through_once() -> None:
    merged = Counted((0, number, number + 1) for number in range(1, 200, 2))
    faulty = [line.number for line in sheets._lines([["甲"]] * 300, merged) if line.faults]

    assert faulty == list(range(1, 201))
    assert merged.walks == 1


def test_an_old_book_that_libreoffice_reads_is_not_read_twice(
    book: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = tmp_path / "room"
    room.mkdir()
    made = Converted(book([["标题"], ["乙"]]).rename(room / "book.xlsx"))
    monkeypatch.setattr("docgen.batch.old_books.as_xlsx", lambda path: made)
    monkeypatch.setattr(sheets, "_calamine_sheets", lambda *_: pytest.fail("read twice"))
    [sheet] = read_sheets(ods(tmp_path, ""))

    assert [list(line.cells) for line in sheet.lines()] == [["标题"], ["乙"]]
