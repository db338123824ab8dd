"""How values read on paper."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest

from docgen.forms.display import display
from docgen.forms.values import Duration, EstimatedDate, Money, Percent, Ref, Ruled, Sig


@pytest.mark.parametrize(
    ("value", "text", "in_table"),
    [
        (None, "", ""),
        ("甲", "甲", "甲"),
        (Money("1234.5"), "1,234.50", "1,234.50"),
        (Money("-1234567.89"), "-1,234,567.89", "-1,234,567.89"),
        (Percent("0.06"), "6%", "6%"),
        (Percent("1"), "100%", "100%"),
        (Percent("0.20625"), "20.625%", "20.625%"),
        (Decimal("1.50"), "1.5", "1.5"),
        (Decimal("1000"), "1000", "1000"),
        (2026, "2026", "2026"),
        (date(2026, 11, 2), "2026年11月2日", "2026-11-02"),
        (datetime(2026, 11, 2, 9, 5), "2026年11月2日 09:05", "2026-11-02 09:05"),
        (EstimatedDate(2027, 3, 1), "2027年3月1日（暂按周末推算）", "2027-03-01（暂按周末推算）"),
        (True, "是", "是"),
        (False, "否", "否"),
        (("甲", "乙"), "甲、乙", "甲、乙"),
        ((), "", ""),
        (Duration(Decimal("1.5"), "周"), "1.5周", "1.5周"),
        (Sig("示例甲"), "示例甲", "示例甲"),
        (Sig("示例甲", date(2026, 1, 2)), "示例甲 2026年1月2日", "示例甲 2026-01-02"),
        (Ref("ht-1"), "ht-1", "ht-1"),
        (Ref("ht-1", "c", "HT-1", "V1.0"), "HT-1", "HT-1"),
    ],
)
def test_reads_as_people_write(value: object, text: str, in_table: str) -> None:
    assert display(value) == text
    assert display(value, table=True) == in_table


def test_leaves_room_for_the_pen() -> None:
    assert display(Ruled("date")).split() == ["年", "月", "日"]
    assert set(display(Ruled("sig"))) == {"＿"}


def test_rows_read_one_after_another() -> None:
    rows = (
        {"node": "验收", "day": date(2026, 1, 2), "note": None},
        {"node": "移交", "day": None, "note": "无"},
    )
    assert display(rows) == "验收 2026-01-02、移交 无"
