"""How a field is printed: its tag, the style of its column, and how wide it needs to be."""

from __future__ import annotations

import math
from collections.abc import Sequence

from docgen.forms.definition import Field
from docgen.render.drawing.xml import fit, twips

_FILTERS = {
    "money": "money",
    "number": "number",
    "int": "number",
    "percent": "percent",
    "date": "iso",
    "bool": "yesno",
    "sig": "sign_name",
}
_RIGHT = frozenset(("money", "number", "int", "percent"))
_CENTRED = frozenset(("date", "datetime", "bool", "enum", "phone", "sig", "seal", "duration"))
#: Texts up to this many characters are codes and units: centred.
_SHORT = 20
#: Centimetres of a character in a table (10.5 pt), and of the two cell margins with some air.
CHARACTER = 0.37
_MARGINS = 0.4
#: Column of the running number.
NUMBER_COLUMN = "no"

_WIDTHS = {
    "money": 2.5,
    "number": 1.6,
    "int": 1.5,
    "percent": 1.6,
    "date": 2.3,
    "datetime": 3.2,
    "bool": 1.4,
    "duration": 1.7,
    "phone": 2.9,
    "email": 3.6,
    "sig": 2.6,
    "ref": 2.8,
}
#: Narrowest width and share of what is left, for prose.
_PROSE = {"text": (1.9, 1.0), "longtext": (2.6, 2.0)}
_OTHER_PROSE = (2.2, 1.0)


def value_tag(field: Field, name: str = "") -> str:
    """Return the tag that prints ``field``; ``name`` (``row.amount``) where it is not the field's id."""
    name = name or field.id
    if field.kind == "money" and "元" not in field.label and name == field.id:
        return f"{{{{ {name}|yuan }}}}"
    if field.kind in ("text", "longtext") and field.when:
        return f'{{{{ {name} or "" }}}}'
    chosen = _FILTERS.get(field.kind)
    return f"{{{{ {name}|{chosen} }}}}" if chosen else f"{{{{ {name} }}}}"


def options_tag(field: Field) -> str:
    """Return the tag that prints every option of ``field`` with ☑ or ☐."""
    if field.kind == "bool":
        return f'{{{{ {field.id}|yesno|options(["是", "否"]) }}}}'
    return f'{{{{ {field.id}|options("{field.id}") }}}}'


def column_tag(column: Field, row: str) -> str:
    """Return the tag that prints a column in the loop over ``row``."""
    if column.id == NUMBER_COLUMN:
        return "{{ loop.index }}"
    return value_tag(column, f"{row}.{column.id}")


def column_style(column: Field) -> str:
    """Return the paragraph style of a column: amounts right, codes and dates centred, prose left."""
    if column.id == NUMBER_COLUMN or column.id.endswith("_no"):
        return "TableCentre"
    if column.kind in _RIGHT:
        return "TableNumber"
    short = column.kind == "text" and column.max_length is not None and column.max_length <= _SHORT
    return "TableCentre" if short or column.kind in _CENTRED else "TableText"


def column_widths(columns: Sequence[Field], total: int) -> tuple[int, ...]:
    """Return widths by kind that fill ``total`` twips; prose shares what the others leave."""
    needs = [_need(column) for column in columns]
    least, shares = sum(need for need, _ in needs), sum(share for _, share in needs)
    spare = total / twips(1) - least
    if spare > 0 and shares:
        return fit([need + spare * share / shares for need, share in needs], total)
    scale = total / twips(1) / least
    pairs = zip(needs, columns, strict=True)
    return fit([max(need * scale, narrowest(column)) for (need, _), column in pairs], total)


def narrowest(column: Field) -> float:
    """Centimetres in which a date, or a head of two characters, stays on one line."""
    return 2.15 if column.kind == "date" else 1.1


def _need(column: Field) -> tuple[float, float]:
    """Centimetres that a column needs, and its share of what is left."""
    if column.id == NUMBER_COLUMN:
        return 1.1, 0.0
    heading = math.ceil(len(column.label) / 2) * CHARACTER + _MARGINS
    width, share = _kind_need(column)
    return max(width, heading), share


def _kind_need(column: Field) -> tuple[float, float]:
    if column.kind == "enum":
        longest = max((len(option) for option in column.options), default=2)
        return min(max(longest * CHARACTER + _MARGINS, 1.4), 3.0), 0.0
    if column.kind == "text" and column.max_length is not None and column.max_length <= _SHORT:
        return (1.4 if column.max_length <= _SHORT // 2 else 2.2), 0.0
    if column.kind in _WIDTHS:
        return _WIDTHS[column.kind], 0.0
    return _PROSE.get(column.kind, _OTHER_PROSE)
