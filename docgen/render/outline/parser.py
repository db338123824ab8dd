"""Read an outline: the text from which a template is drawn (the language: docs/outline.md)."""

from __future__ import annotations

import re
from typing import get_args

from docgen.base.messages import Message
from docgen.render.outline.grid import parse_grid
from docgen.render.outline.lines import Faults, Lines, check_tags, tag_of
from docgen.render.outline.model import (
    Cover,
    Family,
    Head,
    Numbering,
    Options,
    Orientation,
    Outline,
    PageBreak,
    Part,
    Signatures,
    Tag,
    Text,
    TextKind,
)
from docgen.render.outline.table import parse_keys, parse_table

#: Marks at the beginning of a line, longest first.
_MARKS: tuple[tuple[str, TextKind], ...] = (
    ("### ", "h2"),
    ("## ", "h1"),
    ("# ", "title"),
    (">> ", "number"),
    ("> ", "subtitle"),
    ("== ", "flush"),
    ("= ", "flush"),
    ("- ", "item"),
    ("~ ", "note"),
)
_CLAUSE = re.compile(r"\d+\. +")
_HEAD_VALUES: dict[str, tuple[str, ...]] = {
    "family": get_args(Family),
    "page": get_args(Orientation),
    "cover": ("true", "false"),
    "numbering": get_args(Numbering),
}


def parse_outline(text: str, source: str = "outline.md") -> Outline:
    """Return the outline that ``text`` says.

    Args:
        text: The whole file.
        source: Its name, for messages.

    Raises:
        TemplateFault: Mistakes; each finding's path is `source:line`.
    """
    faults = Faults(source)
    rows = [(number, line.strip()) for number, line in enumerate(text.lstrip("\ufeff").splitlines(), 1)]
    lines = Lines([row for row in rows if row[1]])
    head = _head(lines, faults)
    parts = [part for number, line in lines if (part := _part(line, number, lines, faults)) is not None]
    check_tags([part for part in parts if isinstance(part, Tag)], faults)
    _check_covers(head, parts, faults)
    faults.check()
    return Outline(head, tuple(parts), source)


def _head(lines: Lines, faults: Faults) -> Head:
    if not lines.rows or lines.rows[0][1] != "---":
        return Head()
    lines.at = 1
    rows, closed = lines.until("---")
    if not closed:
        faults.add(1, Message("文件头没有以 --- 结束", "the head is not closed by ---"))
        return Head()
    values: dict[str, str] = {}
    for number, row in rows:
        key, _, value = (piece.strip() for piece in row.partition("#")[0].partition(":"))
        known = _HEAD_VALUES.get(key)
        if known is None or value not in known:
            choices = "、".join(known or _HEAD_VALUES)
            faults.add(number, Message(f"“{row}”：应为 {choices}", f"“{row}”: one of {choices}"))
        else:
            values[key] = value
    return Head(**{**values, "cover": values.get("cover") == "true"})  # type: ignore[arg-type]


def _part(text: str, line: int, lines: Lines, faults: Faults) -> Part | None:
    if tag := tag_of(text, line):
        return tag
    if text.startswith("::"):
        return _directive(text, line, lines, faults)
    return _text(text, line)


def _text(text: str, line: int) -> Text:
    for mark, kind in _MARKS:
        if text.startswith(mark):
            return Text(kind, text[len(mark) :].strip(), line)
    if match := _CLAUSE.match(text):
        return Text("clause", text[match.end() :], line)
    return Text("body", text, line)


def _directive(text: str, line: int, lines: Lines, faults: Faults) -> Part | None:
    word, _, rest = text.partition(" ")
    part: Part | None = None
    match word:
        case "::table":
            part = parse_table(text, line, faults)
        case "::grid":
            part = parse_grid(_block(lines, "::end", line, faults), line, faults)
        case "::cover":
            part = _cover(_block(lines, "::endcover", line, faults), line, faults)
        case "::options" if rest.strip():
            part = Options(rest.strip(), line)
        case "::signatures":
            part = _signatures(rest, line, faults)
        case "::pagebreak":
            part = PageBreak(line)
        case _:
            faults.add(line, Message(f"看不懂“{text}”", f"cannot read “{text}”"))
    return part


def _block(lines: Lines, end: str, line: int, faults: Faults) -> list[tuple[int, str]]:
    rows, closed = lines.until(end)
    if not closed:
        faults.add(line, Message(f"没有找到结尾的 {end}", f"the closing {end} is missing"))
    return rows


def _cover(rows: list[tuple[int, str]], line: int, faults: Faults) -> Cover:
    parts: list[Text | Tag] = []
    for number, text in rows:
        if text.startswith("::"):
            faults.add(number, Message(f"封面内不能用 {text}", f"{text} on a cover"))
        parts.append(tag_of(text, number) or _text(text, number))
    check_tags([part for part in parts if isinstance(part, Tag)], faults)
    return Cover(tuple(parts), line)


def _signatures(rest: str, line: int, faults: Faults) -> Signatures | None:
    word, _, keys = rest.strip().partition(" ")
    if word not in ("one", "two"):
        faults.add(line, Message("::signatures 后面写 one 或 two", "::signatures takes one or two"))
        return None
    known = ("party", "sign", "date") if word == "one" else ()
    return Signatures("one" if word == "one" else "two", line, **parse_keys(keys, known, line, faults))


def _check_covers(head: Head, parts: list[Part], faults: Faults) -> None:
    covers = [part for part in parts if isinstance(part, Cover)]
    if covers and not head.cover:
        faults.add(covers[0].line, Message("文件头没有写 cover: true", "the head does not say cover: true"))
    if head.cover and (len(covers) != 1 or parts[0] is not covers[0]):
        line = covers[-1].line if covers else 1
        faults.add(
            line,
            Message("cover: true 时，提纲须以一个 ::cover 开头", "with cover: true one ::cover comes first"),
        )
