"""Rows and columns with a heading line, from CSV or a sheet: headings checked, rows as answers.

A heading names a field (id, label or alias), or a cell of a table as `table.row.column`: `items.1.price`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from docgen.base.errors import InvalidData
from docgen.base.findings import Problem
from docgen.base.messages import Message
from docgen.forms.folding import fold

#: The line under the headings explains the columns if its first cell begins so; it is no data.
NOTE = "【填写说明】"
_CELL = re.compile(r"(.+?)\.([1-9][0-9]{0,3})\.(.+)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a grid: its number in the file, counted from 1, and its cells."""

    number: int
    cells: Sequence[str]


@dataclass(frozen=True, slots=True)
class RawRow:
    """The answers for one document: what was typed, and the line in the file where it stands."""

    number: int
    answers: Mapping[str, object]


def grid_rows(lines: Sequence[Line], where: str, *, exact: bool) -> list[RawRow]:
    """Return the rows under the heading line (the first that is not blank); blank lines are passed over.

    Args:
        lines: All lines.
        where: File (and sheet), for messages.
        exact: Every line must have as many cells as the heading line (CSV: a missing delimiter shifts cells).

    Raises:
        InvalidData: No headings, a heading twice, or lines that do not fit them: all of them.
    """
    filled = [line for line in lines if any(cell.strip() for cell in line.cells)]
    if not filled:
        raise InvalidData(Message("没有内容", "there is nothing in it"), where=where)
    headings = _headings(filled[0], where)
    data = filled[2 if filled[1:] and filled[1].cells[0].lstrip().startswith(NOTE) else 1 :]
    problems = [problem for line in data for problem in _misfits(line, headings, exact)]
    if problems:
        message = Message("有的行与表头对不上", "some lines do not fit the headings")
        raise InvalidData(message, problems, where=where)
    return [RawRow(line.number, _answers(headings, line.cells)) for line in data]


def cell_heading(heading: str) -> bool:
    """Return whether ``heading`` would be read as a cell of a table."""
    return _CELL.fullmatch(heading) is not None


def _headings(line: Line, where: str) -> list[str]:
    headings = [" ".join(cell.split()).removeprefix("'") for cell in line.cells]
    while not headings[-1]:
        headings.pop()
    seen: dict[str, int] = {}
    problems = []
    for place, heading in enumerate(headings, start=1):
        if heading and seen.setdefault(fold(heading), place) != place:
            first = seen[fold(heading)]
            reason = Message(f"第 {first} 列与第 {place} 列重复", f"columns {first} and {place} are the same")
            problems.append(Problem(heading, "表头", reason, value=heading))
    if problems:
        raise InvalidData(Message("表头重复", "headings are doubled"), problems, where=where)
    return headings


def _misfits(line: Line, headings: Sequence[str], exact: bool) -> list[Problem]:
    wide, most = len(line.cells), len(headings)
    loose = [
        cell
        for place, cell in enumerate(line.cells)
        if cell.strip() and not "".join(headings[place : place + 1])
    ]
    if loose:
        reason = Message("这一格没有表头", "this cell has no heading")
        return [Problem("", "数据", reason, value=loose[0], row=line.number)]
    if exact and wide < most:
        reason = Message(f"只有 {wide} 格，表头有 {most} 列", f"{wide} cells under {most} headings")
        return [Problem("", "数据", reason, row=line.number)]
    return []


def _answers(headings: Sequence[str], cells: Sequence[str]) -> dict[str, object]:
    """Return heading -> cell; the cells of a table become its list of rows."""
    answers: dict[str, object] = {}
    tables: dict[str, dict[int, dict[str, object]]] = {}
    for heading, cell in zip(headings, cells, strict=False):
        match = _CELL.fullmatch(heading)
        if match:
            tables.setdefault(match[1], {}).setdefault(int(match[2]), {})[match[3]] = cell
        elif heading:
            answers[heading] = cell
    for table, rows in tables.items():
        answers[table] = [rows.get(number, {}) for number in range(1, max(rows) + 1)]
    return answers
