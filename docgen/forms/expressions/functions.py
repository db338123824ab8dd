"""The functions of the expression language. A closed list: names that are not here cannot be called."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from docgen.base.messages import Message
from docgen.forms import amounts, dates, workdays
from docgen.forms.expressions.arithmetic import combine, compare
from docgen.forms.faults import BadValue, ExpressionFault
from docgen.forms.values import EstimatedDate, half_up

_MOST_DAYS = 100_000
_MOST_MONTHS = 2_400
_MOST_PLACES = 10


@dataclass(frozen=True, slots=True)
class Function:
    """One function: what it does, and how many arguments it takes.

    Attributes:
        over_columns: It takes `table.column` (as a tuple of cells) and is told about unknown arguments;
            every other function of an unknown argument is unknown.
        needs: What it is given besides: `today`, `calendar`.
    """

    call: Callable[..., object]
    least: int
    most: int
    over_columns: bool = False
    needs: tuple[str, ...] = ()


def _sum(*args: object) -> object:
    """The sum of cells and values; 0 of an empty table, unknown if a cell is empty."""
    cells = _cells(args)
    total = cells[0] if cells else Decimal(0)
    for cell in cells[1:]:
        total = combine("+", total, cell)
    return combine("*", total, Decimal(1))  # refuses texts, which + would join


def _extreme(sign: str) -> Callable[..., object]:
    def extreme(*args: object) -> object:
        """The smallest or greatest; empty cells of a column are passed over."""
        if any(arg is None for arg in args):
            return None
        best: object = None
        for cell in _cells(args):
            if cell is not None and (best is None or compare(sign, cell, best)):
                best = cell
        return best

    return extreme


def _count(*args: object) -> Decimal:
    """How many cells and values are filled in; of a table, how many rows it has."""
    return Decimal(sum(cell is not None for cell in _cells(args)))


def _cells(args: tuple[object, ...]) -> list[object]:
    cells: list[object] = []
    for arg in args:
        cells.extend(arg if isinstance(arg, tuple) else (arg,))
    return cells


def _cny(amount: object) -> str:
    try:
        return amounts.cny(_number(amount))
    except BadValue as error:
        raise ExpressionFault(error.reason) from error


def _round(value: object, places: object = Decimal(0)) -> Decimal:
    digits = _whole(places, _MOST_PLACES)
    if digits < 0:
        raise ExpressionFault(Message("小数位数不能为负", "the number of places must not be negative"))
    return half_up(_number(value), digits)


def _days(start: object, end: object) -> Decimal:
    return Decimal((_day(end) - _day(start)).days)


def _add_days(start: object, count: object) -> date:
    return _shifted(lambda: _date(start) + timedelta(days=_whole(count, _MOST_DAYS)))


def _add_months(start: object, count: object) -> date:
    return _shifted(lambda: dates.add_months(_date(start), _whole(count, _MOST_MONTHS)))


def _add_years(start: object, count: object) -> date:
    months = combine("*", _number(count), Decimal(12))
    return _shifted(lambda: dates.add_months(_date(start), _whole(months, _MOST_MONTHS)))


def _upper(text: object) -> str:
    return _text(text).upper()


def _len(value: object) -> Decimal:
    if isinstance(value, str | tuple):
        return Decimal(len(value))
    raise ExpressionFault(Message("len 只用于文字或列表", "len takes a text or a list"))


def _add_workdays(start: object, count: object, calendar: workdays.Calendar) -> date:
    def shift() -> date:
        first = _day(start)
        day, estimated = workdays.add_workdays(first, _whole(count, workdays.LIMIT), calendar)
        if estimated or isinstance(start, EstimatedDate):
            return EstimatedDate(day.year, day.month, day.day)
        return day

    return _shifted(shift)


FUNCTIONS: Mapping[str, Function] = {
    "sum": Function(_sum, 1, 20, over_columns=True),
    "min": Function(_extreme("<"), 1, 20, over_columns=True),
    "max": Function(_extreme(">"), 1, 20, over_columns=True),
    "count": Function(_count, 1, 20, over_columns=True),
    "cny": Function(_cny, 1, 1),
    "round": Function(_round, 1, 2),
    "days": Function(_days, 2, 2),
    "add_days": Function(_add_days, 2, 2),
    "add_months": Function(_add_months, 2, 2),
    "add_years": Function(_add_years, 2, 2),
    "upper": Function(_upper, 1, 1),
    "len": Function(_len, 1, 1),
    "add_workdays": Function(_add_workdays, 2, 2, needs=("calendar",)),
    "today": Function(lambda today: today, 0, 0, needs=("today",)),
}


def _number(value: object) -> Decimal:
    if isinstance(value, Decimal):
        return value
    raise ExpressionFault(Message("此处应为数字", "a number is expected here"))


def _whole(value: object, most: int) -> int:
    number = _number(value)
    if number != number.to_integral_value() or abs(number) > most:
        raise ExpressionFault(
            Message(f"此处应为绝对值不超过 {most} 的整数", f"a whole number up to {most} is expected here")
        )
    return int(number)


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    raise ExpressionFault(Message("此处应为文字", "a text is expected here"))


def _date(value: object) -> date:
    if isinstance(value, date):
        return value
    raise ExpressionFault(Message("此处应为日期", "a date is expected here"))


def _day(value: object) -> date:
    day = _date(value)
    return day.date() if isinstance(day, datetime) else day


def _shifted(shift: Callable[[], date]) -> date:
    try:
        return shift()
    except OverflowError as error:
        raise ExpressionFault(Message("日期超出范围", "the date is out of range")) from error
