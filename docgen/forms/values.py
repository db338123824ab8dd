"""The values of a record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Context, Decimal

CENT = Decimal("0.01")
#: Digits that computations keep; far more than any amount needs.
PRECISION = 34
_ROUNDING = Context(prec=60, rounding=ROUND_HALF_UP)


class Money(Decimal):
    """An exact amount in yuan, two decimals (half-up)."""

    __slots__ = ()


class Percent(Decimal):
    """An exact fraction: 6 % is 0.06."""

    __slots__ = ()


class EstimatedDate(date):
    """A date counted over days whose holidays are not published yet: prints 暂按周末推算."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Duration:
    """A length of time in the unit it was given in (分钟, 小时, 天, 工作日, 周, 个月, 年)."""

    amount: Decimal
    unit: str


@dataclass(frozen=True, slots=True)
class Sig:
    """Who signed and when; the date may still be missing."""

    name: str
    date: date | None = None


@dataclass(frozen=True, slots=True)
class Ref:
    """A link to another document: what was typed, and what it was found to be."""

    text: str
    type_id: str = ""
    doc_id: str = ""
    version: str = ""

    @property
    def found(self) -> bool:
        """Whether the target was found in archive or drafts."""
        return bool(self.doc_id)


@dataclass(frozen=True, slots=True)
class Ruled:
    """An empty field that is filled in by pen: prints ruled space, counts as empty."""

    kind: str

    def __bool__(self) -> bool:
        return False


def half_up(value: Decimal, places: int) -> Decimal:
    """Return ``value`` rounded half-up to ``places`` decimals, whatever the thread's decimal context."""
    return value.quantize(Decimal(1).scaleb(-places), context=_ROUNDING)


def to_money(value: Decimal) -> Money:
    """Return ``value`` as an amount, half-up to 0.01."""
    return Money(half_up(value, 2))


def plain(value: Decimal) -> str:
    """Return ``value`` without exponent, superfluous zeros, or a negative zero."""
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text
