"""Ledgers as workbooks: text stays text, numbers stay numbers, equal content gives equal bytes."""

from __future__ import annotations

import io
from datetime import UTC, datetime

from openpyxl import load_workbook

from docgen.batch.ledger import Sheet, ledger

MOMENT = datetime(2026, 11, 25, 3, 15, tzinfo=UTC)
ROWS = [("=1+1", 5), ("@SUM(A1)", 6), ("-2+3", 7), ("服务合同", 8), ("a\x00b", 9)]


def made() -> bytes:
    return ledger([Sheet("台账", ("名称", "数量"), ROWS, (20, 8))], MOMENT)


def test_what_looks_like_a_formula_is_text() -> None:
    sheet = load_workbook(io.BytesIO(made()))["台账"]

    cells = [sheet.cell(row, 1) for row in range(2, 7)]
    assert [cell.data_type for cell in cells] == ["s"] * 5
    assert [cell.value for cell in cells] == ["=1+1", "@SUM(A1)", "-2+3", "服务合同", "a b"]
    assert [bool(cell.quotePrefix) for cell in cells] == [True, True, True, False, False]


def test_numbers_stay_numbers() -> None:
    sheet = load_workbook(io.BytesIO(made()))["台账"]

    assert [sheet.cell(row, 2).value for row in range(1, 4)] == ["数量", 5, 6]


def test_equal_content_gives_equal_bytes() -> None:
    assert made() == made()
    assert load_workbook(io.BytesIO(made())).properties.modified == MOMENT.replace(tzinfo=None)


def test_rows_are_as_high_as_what_they_hold() -> None:
    """A Chinese character takes the room of two others; LibreOffice leaves rows of no height at one line."""
    rows = [("短", 1), ("二十个字符宽的一栏放得下九个汉字，其余换行", 2), ("a" * 19, 3), ("一\n二", 4)]
    sheet = load_workbook(io.BytesIO(ledger([Sheet("台账", ("名称", "数量"), rows, (20, 8))], MOMENT))).active

    heights = [sheet.row_dimensions[number].height for number in range(2, 6)]
    assert heights == [None, 45.0, None, 30.0]
