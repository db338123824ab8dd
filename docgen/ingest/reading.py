"""What a free file name tells: a date and a version anywhere in it, and the words around them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from docgen.archive.legal import half_width
from docgen.archive.versions import Version
from docgen.base.errors import ArchiveRefused
from docgen.base.messages import Message

_DATE = re.compile(
    r"(?<!\d)(\d{4})(?:-(\d{1,2})-(\d{1,2})|\.(\d{1,2})\.(\d{1,2})|年(\d{1,2})月(\d{1,2})日?|(\d{2})(\d{2}))(?!\d)"
)
_VERSION = re.compile(r"(?<![0-9A-Za-z])[Vv](\d+(?:\.\d+)*)(?![0-9A-Za-z])")
#: Eight digits are a date only in years that documents have.
_YEARS = range(1990, 2100)
_BETWEEN = re.compile(r"[\s_\-—–()\[\]{}（）【】《》,，、.+]+")


@dataclass(frozen=True, slots=True)
class Reading:
    """What was found in a name.

    Attributes:
        words: What is left, cut at blanks and punctuation.
        before: Stem up to each word (``words[n]``), as it may name a project.
        rest: What is left as one text.
    """

    day: date | None
    version: Version | None
    words: tuple[str, ...]
    before: tuple[str, ...]
    rest: str


def read_stem(stem: str) -> Reading:
    """Return what the stem of a file name tells.

    Raises:
        ArchiveRefused: It names a day that does not exist, two days, a draft, or what is no version.
    """
    text = half_width(stem)
    days = {day for match in _DATE.finditer(text) if (day := _day(match)) is not None}
    if len(days) > 1:
        names = "、".join(map(str, sorted(days)))
        raise ArchiveRefused(
            Message(f"文件名中有不止一个日期：{names}", f"the name holds more than one date: {names}")
        )
    versions = {_version(match) for match in _VERSION.finditer(text)}
    if len(versions) > 1:
        raise ArchiveRefused(Message("文件名中有不止一个版本号", "the name holds more than one version"))
    rest = _VERSION.sub(" ", _DATE.sub(lambda match: " " if _day(match) else match[0], text))
    words = list(re.finditer(r"\S+", _BETWEEN.sub(lambda gap: " " * len(gap[0]), rest)))
    return Reading(
        next(iter(days), None),
        next(iter(versions), None),
        tuple(match[0] for match in words),
        tuple(rest[: match.start()].rstrip(" _-") for match in words),
        rest,
    )


def _day(match: re.Match[str]) -> date | None:
    """Return the date; eight digits that are none are some number."""
    year, month, day = (int(part) for part in match.groups() if part)
    try:
        found = date(year, month, day)
    except ValueError as error:
        if match[8]:
            return None
        text = match[0]
        raise ArchiveRefused(Message(f"日期 {text} 不存在", f"there is no such day as {text}")) from error
    return found if not match[8] or year in _YEARS else None


def _version(match: re.Match[str]) -> Version:
    parts = match[1].split(".")
    return Version.parse(f"V{parts[0]}.{'.'.join(parts[1:]) or '0'}")
