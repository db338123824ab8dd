"""The lines between `::grid` and `::end`."""

from __future__ import annotations

import re

from docgen.base.messages import Message
from docgen.render.outline.lines import Faults, check_tags, tag_of
from docgen.render.outline.model import Bar, Cell, Grid, GridItem, Row, SignRow, Tag
from docgen.render.outline.table import parse_table

MAX_CELLS = 3
_HEIGHT = re.compile(r"\s+height=(\d+(?:\.\d+)?)$")
_DATE = re.compile(r"\s+date=@([a-z][a-z0-9_]*)$")
_FIELD = re.compile(r"@([a-z][a-z0-9_]*)(!?)")
_LABELLED = re.compile(r"([^:{}@]+?)\s*(?:：|:\s)\s*(.*)")


def parse_grid(rows: list[tuple[int, str]], line: int, faults: Faults) -> Grid:
    """Return the grid that ``rows`` (line number, text) describe; mistakes go to ``faults``."""
    items = [item for number, text in rows if (item := _item(text, number, faults)) is not None]
    check_tags([item for item in items if isinstance(item, Tag)], faults)
    if all(isinstance(item, Tag) for item in items):
        faults.add(line, Message("表单框里没有内容", "the grid is empty"))
    return Grid(tuple(items), line)


def _item(text: str, line: int, faults: Faults) -> GridItem | None:
    if tag := tag_of(text, line):
        return tag
    if text.startswith("== "):
        return Bar(text[3:].strip(), line)
    if text.startswith("::table "):
        return parse_table(text, line, faults)
    if text.startswith("::"):
        word = text.split(maxsplit=1)[0]
        faults.add(line, Message(f"表单框内不能用 {word}", f"{word} inside a grid"))
        return None
    if text.startswith("sign "):
        return SignRow(_cells(text[5:], line, faults, sign=True), line)
    height = _HEIGHT.search(text)
    cells = _cells(_HEIGHT.sub("", text), line, faults)
    return Row(cells, line, float(height[1]) if height else 0.0)


def _cells(text: str, line: int, faults: Faults, *, sign: bool = False) -> tuple[Cell, ...]:
    pieces = split_cells(text)
    if len(pieces) > MAX_CELLS:
        faults.add(line, Message(f"一行最多 {MAX_CELLS} 组", f"at most {MAX_CELLS} pairs in a row"))
    cells = tuple(_cell(piece) for piece in pieces)
    for cell in cells:
        if sign and not cell.field:
            faults.add(line, Message("签字栏须写成“标签: @字段”", "a signature cell reads “label: @field”"))
        if not sign and cell.date:
            faults.add(line, Message("date= 只用于签字栏", "date= belongs to signature cells"))
    return cells


def split_cells(text: str) -> list[str]:
    """Split at the bars that are not inside `{{ }}` or `{% %}`."""
    pieces, depth = [""], 0
    for index, sign in enumerate(text):
        pair = text[index : index + 2]
        depth += (pair in ("{{", "{%")) - (text[index - 1 : index + 1] in ("}}", "%}"))
        if sign == "|" and depth <= 0:
            pieces.append("")
        else:
            pieces[-1] += sign
    return [piece.strip() for piece in pieces]


def _cell(piece: str) -> Cell:
    date = _DATE.search(piece)
    piece = _DATE.sub("", piece)
    match = _LABELLED.fullmatch(piece)
    label, value = (match[1], match[2]) if match else ("", piece)
    day = date[1] if date else ""
    if field := _FIELD.fullmatch(value):
        return Cell(label, field=field[1], boxes=bool(field[2]), date=day)
    return Cell(label, text=value, date=day)
