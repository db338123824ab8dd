"""Values and their exact rounding."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal, localcontext

import pytest

from docgen.forms.values import EstimatedDate, Money, Ref, Ruled, half_up, plain, to_money


@pytest.mark.parametrize(
    ("value", "amount"),
    [
        ("2.675", "2.68"),
        ("1.005", "1.01"),
        ("-1.005", "-1.01"),
        ("0.0049999", "0.00"),
        ("9999999999999.994", "9999999999999.99"),
    ],
)
def test_rounds_half_up_to_cents(value: str, amount: str) -> None:
    assert str(to_money(Decimal(value))) == amount
    assert type(to_money(Decimal(value))) is Money


def test_rounding_does_not_depend_on_the_context_of_the_thread() -> None:
    with localcontext() as context:
        context.prec = 3
        assert half_up(Decimal("123456.785"), 2) == Decimal("123456.79")


@pytest.mark.parametrize(
    ("value", "text"), [("1E+3", "1000"), ("1.500", "1.5"), ("-0.00", "0"), ("100", "100"), ("-2.0", "-2")]
)
def test_writes_plain_figures(value: str, text: str) -> None:
    assert plain(Decimal(value)) == text


def test_an_estimate_stays_one_when_days_are_added() -> None:
    assert type(EstimatedDate(2027, 1, 1) + timedelta(days=1)) is EstimatedDate


def test_ruled_space_is_empty_and_a_link_knows_whether_it_was_found() -> None:
    assert not Ruled("sig")
    assert not Ref("HT-1").found
    assert Ref("HT-1", doc_id="HT-1").found
