"""The one JSON spelling of every value."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest

from docgen.forms.canonical import canonical
from docgen.forms.values import Duration, EstimatedDate, Money, Percent, Ref, Ruled, Sig


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, None),
        (Ruled("date"), None),
        ("甲", "甲"),
        (Money("1234.5"), "1234.50"),
        (Percent("0.0600"), "6%"),
        (Percent("0.20625"), "20.625%"),
        (Decimal("1E+3"), "1000"),
        (Decimal("1.50"), "1.5"),
        (3, "3"),
        (True, "是"),
        (False, "否"),
        (date(2026, 1, 2), "2026-01-02"),
        (EstimatedDate(2027, 1, 4), "2027-01-04"),
        (datetime(2026, 1, 2, 9, 5), "2026-01-02 09:05"),
        (datetime(2026, 1, 2, 9, 5, 7), "2026-01-02 09:05:07"),
        (Duration(Decimal("1.50"), "周"), "1.5周"),
        (("甲", "乙"), ["甲", "乙"]),
        (Sig("示例甲", date(2026, 1, 2)), {"name": "示例甲", "date": "2026-01-02"}),
        (Sig("示例甲"), {"name": "示例甲", "date": None}),
        (
            Ref("HT-1", "c", "HT-1", "V1.0"),
            {"text": "HT-1", "type_id": "c", "doc_id": "HT-1", "version": "V1.0"},
        ),
        (({"no": 1, "fee": Money("2.00")},), [{"no": "1", "fee": "2.00"}]),
    ],
)
def test_spells_every_value(value: object, text: object) -> None:
    assert canonical(value) == text


def test_equal_values_have_one_spelling() -> None:
    assert canonical(Percent("0.060")) == canonical(Percent("0.06"))
    assert canonical(Decimal("2.0")) == canonical(2)


@pytest.mark.parametrize("value", [1.5, object(), b"x", {1.5}])
def test_refuses_what_is_no_value(value: object) -> None:
    with pytest.raises(TypeError):
        canonical(value)
