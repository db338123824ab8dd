"""How a value reads on paper."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from docgen.forms.dates import chinese_date
from docgen.forms.values import Duration, EstimatedDate, Money, Percent, Ref, Ruled, Sig, plain

ESTIMATED_NOTE = "（暂按周末推算）"
_RULED_DATE = "　　　　年　　月　　日"
_RULED = "＿＿＿＿＿＿＿＿"


def display(value: object, *, table: bool = False) -> str:
    """Return ``value`` as a document prints it where its template names no filter.

    Args:
        value: Any value of a record.
        table: Dates as `2026-11-02`; in running text they are `2026年11月2日`.
    """
    if value is None:
        return ""
    if isinstance(value, tuple):
        return "、".join(display(item, table=table) for item in value)
    if isinstance(value, Mapping):
        return " ".join(filter(None, (display(item, table=True) for item in value.values())))
    if isinstance(value, date):
        return _date(value, table)
    if isinstance(value, Decimal):
        return _number(value)
    return _other(value, table)


def _date(value: date, table: bool) -> str:
    day = f"{value:%Y-%m-%d}" if table else chinese_date(value)
    if isinstance(value, datetime):
        return f"{day} {clock(value)}"
    return day + ESTIMATED_NOTE if isinstance(value, EstimatedDate) else day


def clock(value: datetime) -> str:
    """Return the time of day: 09:30, with seconds only where they are not zero."""
    return f"{value:%H:%M:%S}" if value.second else f"{value:%H:%M}"


def _number(value: Decimal) -> str:
    if isinstance(value, Money):
        return f"{value:,.2f}"
    if isinstance(value, Percent):
        return plain(value * 100) + "%"
    return plain(value)


def _other(value: object, table: bool) -> str:
    match value:
        case bool():
            return "是" if value else "否"
        case Duration():
            return plain(value.amount) + value.unit
        case Sig():
            return f"{value.name} {display(value.date, table=table)}".rstrip()
        case Ref():
            return value.doc_id or value.text
        case Ruled():
            return _RULED_DATE if value.kind in ("date", "datetime") else _RULED
        case _:
            return str(value)
