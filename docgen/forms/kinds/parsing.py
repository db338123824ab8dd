"""Field kinds: from what was typed to the value, by the kind alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from docgen.base.messages import Message
from docgen.forms.canonical import Canonical, canonical
from docgen.forms.dates import parse_date, parse_datetime
from docgen.forms.definition import Field
from docgen.forms.display import display
from docgen.forms.faults import BadValue
from docgen.forms.kinds.choices import parse_bool, parse_enum, parse_multi
from docgen.forms.kinds.contacts import parse_email, parse_phone
from docgen.forms.kinds.durations import parse_duration
from docgen.forms.kinds.filenames import parse_file, parse_files
from docgen.forms.kinds.numeric import parse_int, parse_money, parse_number, parse_percent
from docgen.forms.kinds.signing import parse_sig
from docgen.forms.kinds.textual import parse_list, parse_longtext, parse_ref, parse_text
from docgen.forms.values import Duration

__all__ = ["PARSERS", "BadValue", "Canonical", "canonical", "is_blank", "limits", "parse"]

#: Every kind but `table`, whose rows are read cell by cell.
PARSERS: Mapping[str, Callable[[Field, object], object]] = {
    "text": parse_text,
    "longtext": parse_longtext,
    "date": parse_date,
    "datetime": parse_datetime,
    "money": parse_money,
    "number": parse_number,
    "int": parse_int,
    "percent": parse_percent,
    "bool": parse_bool,
    "enum": parse_enum,
    "multi": parse_multi,
    "sig": parse_sig,
    "seal": parse_text,
    "file": parse_file,
    "files": parse_files,
    "ref": parse_ref,
    "phone": parse_phone,
    "email": parse_email,
    "duration": parse_duration,
    "list": parse_list,
}


def parse(field: Field, raw: object) -> object:
    """Return the value that ``raw`` states for ``field``; ``None`` if it is blank.

    Args:
        field: A field or column of any kind but `table`.
        raw: Text as typed, or a list or mapping of text (multi, list, files, phone, sig, ref).

    Raises:
        BadValue: If the kind does not take it, or it is outside `min` and `max`.
    """
    if is_blank(raw):
        return None
    value = PARSERS[field.kind](field, raw)
    if value == ():
        raise BadValue(Message("只有分隔符，没有内容", "nothing stands between the separators"))
    check_limits(field, value)
    return value


def is_blank(raw: object) -> bool:
    """Return whether nothing was typed: no answer, white space of any width, or a list of such."""
    if raw is None:
        return True
    if isinstance(raw, str):
        return not raw.strip()
    if isinstance(raw, Mapping):
        return all(is_blank(item) for item in raw.values())
    return isinstance(raw, Sequence) and all(is_blank(item) for item in raw)


def limits(field: Field) -> tuple[object, object]:
    """Return `min` and `max` of ``field`` as values of its kind, ``None`` where there is none.

    Raises:
        BadValue: If one of them is no value of the kind.
    """
    low, high = (PARSERS[field.kind](field, text) if text else None for text in (field.min, field.max))
    return low, high


def check_limits(field: Field, value: object) -> None:
    """Refuse ``value`` if it is below `min` or above `max` of ``field``.

    Raises:
        BadValue: If it is, naming the limit.
    """
    if not (field.min or field.max) or value is None:
        return
    low, high = limits(field)
    if low is not None and _less(value, low):
        raise BadValue(
            Message(f"不能小于 {display(low, table=True)}", f"it must be at least {canonical(low)}")
        )
    if high is not None and _less(high, value):
        raise BadValue(
            Message(f"不能大于 {display(high, table=True)}", f"it must be at most {canonical(high)}")
        )


def _less(one: object, other: object) -> bool:
    if isinstance(one, Duration) and isinstance(other, Duration):
        if one.unit != other.unit:
            raise BadValue(
                Message(f"单位应与限值一致，不能比较{one.unit}与{other.unit}", "the units cannot be compared")
            )
        return one.amount < other.amount
    for kind in (Decimal | int, date):
        if isinstance(one, kind) and isinstance(other, kind):
            return bool(one < other)  # type: ignore[operator]
    raise BadValue(Message("此类字段不能设上下限", "this kind of field takes no limits"))
