"""What `{{ value|filter }}` does: how a value reads where its plain form does not do."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from types import NoneType

from markupsafe import escape

from docgen.base.messages import Message
from docgen.forms.amounts import cny as amount_in_words
from docgen.forms.display import display
from docgen.forms.values import Duration, Ref, Ruled, Sig, half_up, plain
from docgen.render.ooxml import ILLEGAL

#: Line breaks of whatever kind that a text may hold (Unicode standard annex 14: mandatory breaks).
_BREAKS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
#: What docxtpl reads as "new paragraph, same look".
NEW_PARAGRAPH = "\a"

#: Characters that are escaped, expanded or shown as signs.
_SPECIAL = re.compile(f"[&<>'\"{{}}\t\n\r\x85\u2028\u2029]|{ILLEGAL.pattern}")

_PRINTABLE = (str, int, float, Decimal, date, Mapping, Duration, Sig, Ref, Ruled, NoneType)
_RULED_DATE = Ruled("date")
_BLANK = "　　　　　　　　"


class FilterFault(Exception):
    """A filter was given a value that it is not made for."""

    def __init__(self, message: Message) -> None:
        super().__init__(message.zh)
        self.message = message


class Prepared(str):
    """Text that a filter has set for printing: it may hold paragraph marks of docxtpl."""

    __slots__ = ()


def finalize(value: object) -> object:
    """Return what `{{ value }}` prints: typed values as they read on paper, nothing for ``None``.

    Raises:
        FilterFault: Something that is no value of a record, such as a function.
        UndefinedError: There is no such value.
    """
    if isinstance(value, Prepared):
        return value
    if isinstance(value, tuple | list):
        return "、".join(str(finalize(item)) for item in value)
    if not isinstance(value, _PRINTABLE):
        str(value)  # an undefined name says so here
        kind = type(value).__name__
        raise FilterFault(Message(f"这不是可以打印的值（{kind}）", f"this is no value to print ({kind})"))
    return printable(display(value))


def put(value: object) -> str:
    """Return the escaped text of ``value`` as `finalize` prints it.

    Raises:
        As `finalize`.
    """
    if type(value) is str and not _SPECIAL.search(value):
        return value
    return escape(finalize(value))


def printable(text: str) -> str:
    """Return ``text`` for Word: one kind of line break, control characters as their visible signs.

    A control character cannot stand in XML; it is shown (␀) rather than dropped, so that nobody misses it.
    """
    return ILLEGAL.sub(_visible, _BREAKS.sub("\n", str.__str__(text)))


def _visible(match: re.Match[str]) -> str:
    code = ord(match[0])
    return chr(0x2400 + code) if code < 0x20 else "\ufffd"


def money(value: object) -> str:
    """1,234.50."""
    return display(value) if _empty(value) else f"{half_up(_decimal('money', value), 2):,.2f}"


def yuan(value: object) -> str:
    """￥1,234.50; negative ￥-1,234.50."""
    return display(value) if _empty(value) else f"￥{money(value)}"


def cny(value: object) -> str:
    """Amount in words: 壹仟贰佰叁拾肆元伍角整."""
    return display(value) if _empty(value) else amount_in_words(_decimal("cny", value))


def cndate(value: object) -> str:
    """2026年11月2日."""
    return display(_date("cndate", value))


def iso(value: object) -> str:
    """2026-11-02."""
    return display(_date("iso", value), table=True)


def percent(value: object) -> str:
    """A fraction as 6%."""
    return display(value) if _empty(value) else f"{plain(_decimal('percent', value) * 100)}%"


def number(value: object) -> str:
    """1,000 or 1.5."""
    return display(value) if _empty(value) else f"{Decimal(plain(_decimal('number', value))):,f}"


def round_half_up(value: object, places: int = 0) -> object:
    """A number rounded half-up, as amounts are."""
    return value if _empty(value) else half_up(_decimal("round", value), places)


def yesno(value: object) -> str:
    """是 or 否."""
    if not _empty(value) and not isinstance(value, bool):
        raise _unfit("yesno", value)
    return display(value)


def join(value: object, separator: str = "、") -> str:
    """The items of a list, joined by 、."""
    if isinstance(value, tuple | list):
        return separator.join(display(item) for item in value)
    return display(value)


def paragraphs(value: object) -> Prepared:
    """A long text, one paragraph a line; blank lines are left out."""
    lines = [line.strip() for line in printable(display(value)).split("\n")]
    return Prepared(NEW_PARAGRAPH.join(filter(None, lines)))


def default_blank(value: object, width: int = 8) -> str:
    """The value, or blank space of ``width`` Han characters (at most 60)."""
    return display(value) or "　" * min(width, 60)


def sign_name(value: object) -> str:
    """The name in a signature, or space for the pen."""
    if isinstance(value, Sig):
        return value.name
    return _BLANK if _empty(value) else display(value)


def sign_date(value: object) -> str:
    """The date of a signature, or 年 月 日 with space for the pen."""
    day = value.date if isinstance(value, Sig) else value
    return display(_RULED_DATE) if _empty(day) else display(_date("sign_date", day))


def make_options(choices: Mapping[str, Sequence[str]]) -> Callable[[object, object], str]:
    """Return the filter `options`: ☑ and ☐ before every option of a field.

    Args:
        choices: Options by field id; of a column by `table.column`.
    """

    def options(value: object, which: object) -> str:
        """☑甲　☐乙."""
        offered = choices.get(which) if isinstance(which, str) else which
        if not isinstance(offered, tuple | list):
            raise FilterFault(
                Message(f"options 找不到字段 {which} 的选项", f"options knows no choices of field {which}")
            )
        chosen = value if isinstance(value, tuple | list) else (value,)
        return "　".join(("☑" if option in chosen else "☐") + str(option) for option in offered)

    return options


#: Filters by name, but `options`, which needs the form.
FILTERS: Mapping[str, Callable[..., object]] = {
    "round": round_half_up,
} | {
    function.__name__: function
    for function in (
        *(money, yuan, cny, cndate, iso, percent, number, yesno),
        *(join, paragraphs, default_blank, sign_name, sign_date),
    )
}


def _empty(value: object) -> bool:
    return value is None or value == "" or isinstance(value, Ruled)


def _decimal(name: str, value: object) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, Decimal | int):
        raise _unfit(name, value)
    return Decimal(value)


def _date(name: str, value: object) -> object:
    if not _empty(value) and not isinstance(value, date):
        raise _unfit(name, value)
    return value


def _unfit(name: str, value: object) -> FilterFault:
    shown = display(value)[:40]
    return FilterFault(Message(f"过滤器 {name} 不能用于“{shown}”", f"filter {name} does not fit “{shown}”"))
