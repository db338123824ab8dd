"""The values of a record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


class Money(Decimal):
    """An exact amount in yuan, two decimals (half-up)."""

    __slots__ = ()


class Percent(Decimal):
    """An exact fraction: 6 % is 0.06."""

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
