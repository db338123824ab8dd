"""Cells as a spreadsheet shows them; LibreOffice is asked as well."""

from __future__ import annotations

import csv
import datetime as dt
import shutil
import subprocess
from pathlib import Path

import openpyxl
import pytest

from docgen.text.sheet_text import sheet_text

CELLS = [
    (0.06, "0%", "6%"),
    (0.0625, "0.0%", "6.3%"),
    (1234567.891, "#,##0.00", "1,234,567.89"),
    (1234567.891, '"￥"#,##0.00', "￥1,234,567.89"),
    (-1234.5, "#,##0.00", "-1,234.50"),
    (123, "000000", "000123"),
    (1200, "General", "1200"),
    (0.1, "General", "0.1"),
    (12, '0"台"', "12台"),
    (2.5, "0", "3"),
    (dt.date(2026, 8, 5), 'yyyy"年"m"月"d"日"', "2026年8月5日"),
    (dt.date(2026, 8, 5), "yyyy/m/d", "2026/8/5"),
    (dt.date(2026, 8, 5), "yyyy-mm-dd", "2026-08-05"),
    (dt.datetime(2026, 8, 5, 9, 3), "yyyy-mm-dd hh:mm", "2026-08-05 09:03"),
    (dt.time(8, 30), "h:mm", "8:30"),
    ("000123", "General", "000123"),
]


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    made = openpyxl.Workbook()
    for number, (value, form, _) in enumerate(CELLS, 1):
        cell = made.active.cell(number, 1, value)
        cell.number_format = form
    for name, state in (("隐藏", "hidden"), ("深藏", "veryHidden")):
        hidden = made.create_sheet(name)
        hidden["A1"], hidden.sheet_state = f"{name}的内容", state
    made.save(tmp_path / "a.xlsx")
    return tmp_path / "a.xlsx"


def test_cells_as_shown_and_hidden_sheets(workbook: Path) -> None:
    lines = [line.rstrip("\t") for line in sheet_text(workbook).text.split("\n")]

    assert lines[1 : len(CELLS) + 1] == [shown for _, _, shown in CELLS]
    assert lines[len(CELLS) + 1 :] == ["隐藏", "隐藏的内容", "深藏", "深藏的内容"]


@pytest.mark.office
def test_libreoffice_shows_the_same(workbook: Path, tmp_path: Path) -> None:
    office = shutil.which("soffice") or "libreoffice"
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    kind = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true"
    command = [office, profile, "--headless", "--convert-to", kind, "--outdir", str(tmp_path), str(workbook)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    with (tmp_path / "a.csv").open(encoding="utf-8") as stream:
        shown = [row[0] for row in csv.reader(stream)]

    assert shown == [shown for _, _, shown in CELLS]
