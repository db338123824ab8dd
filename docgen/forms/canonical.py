"""Values as JSON text, in one spelling: what `record.json` holds and digests are taken over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import date, datetime
from decimal import Decimal

from docgen.forms.display import clock, display
from docgen.forms.values import Duration, Money, Percent, Ref, Ruled, Sig, plain

#: JSON of one value; numbers are text, so that no reader turns them into binary fractions.
Canonical = str | list["Canonical"] | dict[str, "Canonical"] | None


def canonical(value: object) -> Canonical:
    """Return ``value`` as JSON; `kinds.parse` of it gives an equal value back.

    Args:
        value: Any value of a record; a table is a list of rows, an empty value is ``None``.

    Raises:
        TypeError: If it is no value of a record.
    """
    if value is None or isinstance(value, Ruled):
        return None
    if isinstance(value, str):
        return value
    if isinstance(value, tuple):
        return [canonical(item) for item in value]
    if isinstance(value, Sig | Ref):
        return {one.name: canonical(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): canonical(item) for key, item in value.items()}
    return _scalar(value)


def _scalar(value: object) -> str:
    match value:
        case Money():
            return f"{value:.2f}"
        case datetime():
            return f"{value.date().isoformat()} {clock(value)}"
        case date():
            return value.isoformat()
        case bool() | Percent() | Duration():
            return display(value)
        case Decimal() | int():
            return plain(Decimal(value))
        case _:
            raise TypeError(f"not a value of a record: {type(value).__name__}")
