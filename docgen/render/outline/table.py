"""The line `::table FIELD key="value" …` and other lines with keys."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from docgen.base.messages import Message
from docgen.render.outline.lines import Faults
from docgen.render.outline.model import Table

_KEY = re.compile(r"\s*(\w+)=(?:\"([^\"]*)\"|(\S+))")
_TABLE_KEYS = ("caption", "columns", "widths", "total", "words")


def parse_table(text: str, line: int, faults: Faults) -> Table | None:
    """Return the table of a `::table` line, ``None`` (with a fault) where no field is named."""
    words = text.split(maxsplit=2)
    if len(words) < 2 or "=" in words[1]:
        faults.add(line, Message("::table 后面要写表格字段", "::table needs the id of a table field"))
        return None
    keys = parse_keys(words[2] if len(words) > 2 else "", _TABLE_KEYS, line, faults)
    columns = tuple(filter(None, (name.strip() for name in keys.get("columns", "").split(","))))
    return Table(
        words[1],
        line,
        caption=keys.get("caption", ""),
        columns=columns,
        widths=_widths(keys.get("widths", ""), line, faults),
        total=keys.get("total", ""),
        words=keys.get("words", ""),
    )


def parse_keys(text: str, known: Sequence[str], line: int, faults: Faults) -> Mapping[str, str]:
    """Return the pairs `key=value` or `key="value"` of ``text``; anything else is a fault."""
    keys: dict[str, str] = {}
    at = 0
    while match := _KEY.match(text, at):
        at = match.end()
        if match[1] not in known:
            names = "、".join(known)
            message = Message(f"未知的 {match[1]}=；可用：{names}", f"unknown {match[1]}=; known: {names}")
            faults.add(line, message)
        else:
            keys[match[1]] = match[2] if match[2] is not None else match[3]
    if rest := text[at:].strip():
        faults.add(line, Message(f"看不懂“{rest}”", f"cannot read “{rest}”"))
    return keys


def _widths(text: str, line: int, faults: Faults) -> tuple[float, ...]:
    try:
        widths = tuple(float(item) for item in text.split(",") if item.strip())
    except ValueError:
        widths = (0.0,)
    if any(width <= 0 for width in widths):
        faults.add(line, Message(f"widths 应为厘米数：{text}", f"widths must be centimetres: {text}"))
        return ()
    return widths
