"""How a spreadsheet shows numbers and dates: the common number formats, enough for what people search.

What a format asks for beyond that (colours, fractions, text around the number in odd places) is left out;
a format that is not understood gives nothing, and the plain value counts.
"""

from __future__ import annotations

import datetime as dt
import re
from decimal import ROUND_HALF_UP, Decimal

_QUOTED = re.compile(r'"([^"]*)"|\\(.)|\[\$([^\]-]*)[^\]]*\]|\[[^\]]*\]|_.|\*.')
#: Text before and behind the digits: `￥#,##0.00`, `0.00元`, `0%`.
_NUMBER = re.compile(r"(?P<before>[^0#?.,]*)(?P<whole>[#0?,]+)(?P<decimals>\.[0?#]+)?(?P<behind>[^0#?.,]*)")
_DATE_PART = re.compile(r"(?P<literal>\x00.*?\x01)|(?P<code>y+|m+|d+|h+|s+|上午/下午|AM/PM)", re.IGNORECASE)
_MARKS = str.maketrans("", "", "\x00\x01")


def shown_number(value: float | int, form: str) -> str | None:
    """Return a number as ``form`` (the format code of its cell) shows it; ``None``: as it is."""
    positive, *others = _plain(form).split(";")
    section = others[0] if value < 0 and others and others[0] else positive
    match = _NUMBER.fullmatch(section)
    if not match or section == form == "General":
        return None
    amount = Decimal(repr(value))
    if "%" in section:
        amount *= 100
    digits = len(match["decimals"] or ".") - 1
    rounded = amount.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    whole, _, decimals = f"{abs(rounded):f}".partition(".")
    whole = whole.zfill(match["whole"].replace(",", "").count("0"))
    if "," in match["whole"]:
        whole = f"{int(whole):,}"
    sign = "-" if rounded < 0 and section == positive else ""
    text = f"{match['before']}{sign}{whole}{'.' if digits else ''}{decimals}{match['behind']}"
    return text.translate(_MARKS)


def shown_moment(value: dt.date | dt.time, form: str) -> str | None:
    """Return a date or time as ``form`` shows it; ``None``: as it is."""
    plain = _plain(form).split(";")[0]
    if not re.search("[ymdhs]", plain, re.IGNORECASE) or re.search(
        "mmm|ddd|AM/PM|上午", plain, re.IGNORECASE
    ):
        return None
    return _with_parts(value, plain)


def _with_parts(value: dt.date | dt.time, form: str) -> str:
    pieces, done, hours = [], 0, False
    for match in _DATE_PART.finditer(form):
        pieces.append(form[done : match.start()])
        done = match.end()
        code = (match["code"] or "").lower()
        minutes = code[:1] == "m" and (hours or form[done:].lstrip(":").lower().startswith("s"))
        pieces.append(_part(value, "n" if minutes else code, len(code)) if code else match["literal"])
        hours = code[:1] == "h" if code else hours
    return "".join([*pieces, form[done:]]).translate(_MARKS)


def _part(value: dt.date | dt.time, code: str, length: int) -> str:
    name = {"y": "year", "m": "month", "d": "day", "h": "hour", "n": "minute", "s": "second"}[code[0]]
    number = getattr(value, name, 0)
    if code[0] == "y":
        return f"{number:04d}" if length > 2 else f"{number % 100:02d}"
    return f"{number:02d}" if length > 1 else str(number)


def _plain(form: str) -> str:
    """Return a format with what it quotes between marks, and without colours, conditions and fillers."""

    def literal(match: re.Match[str]) -> str:
        text = match[1] or match[2] or match[3] or ""
        return f"\x00{text}\x01" if text else ""

    return _QUOTED.sub(literal, form)
