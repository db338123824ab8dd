"""Rows and columns with a heading line, from CSV or a sheet: headings checked, rows as answers.

A heading names a field (id, label or alias), or a cell of a table as `table.row.column`: `items.1.price`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from docgen.base.errors import InvalidData
from docgen.base.findings import Problem
from docgen.base.messages import Message
from docgen.forms.folding import fold

#: The line under the headings explains the columns if its first cell begins so; it is no data.
NOTE = "【填写说明】"
#: Longest cell, in characters: four times what Excel holds.
_LONGEST = 131_072
#: Longest heading, in characters: no field is called so.
_LONGEST_HEADING = 1_000
#: So much of the cells of a line with mistakes is kept, to say which document it speaks of.
_KEPT = 200
_CELL = re.compile(r"(.+?)\.([1-9][0-9]{0,3})\.(.+)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a grid.

    Attributes:
        number: Its number in the file, counted from 1 as sheet programs count rows.
        cells: Its cells, as text.
        faults: Place of a cell (from 0) -> why it cannot be read.
    """

    number: int
    cells: Sequence[str]
    faults: Mapping[int, Message] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RawRow:
    """The answers for one document.

    Attributes:
        number: The line in the file where it stands.
        answers: What was typed.
        problems: What of it could not be read.
        lines: Table -> the rows of its sheet or file from which its lines come, where they have one.
    """

    number: int
    answers: Mapping[str, object]
    problems: tuple[Problem, ...] = ()
    lines: Mapping[str, Sequence[int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Grid:
    """A heading line and the rows under it.

    Attributes:
        where: File (and sheet), for messages.
        headings: As written; a column without one is "". `None`: every row has its own keys.
        rows: Gives the rows, once.
    """

    where: str
    headings: tuple[str, ...] | None
    rows: Iterator[RawRow]


def read_grid(lines: Iterable[Line], where: str, *, exact: bool) -> Grid:
    """Return the headings (the first line that is not blank) and the rows; blank lines are passed over.

    A line that does not fit the headings is a row with a problem.

    Args:
        lines: All lines, read one by one as the rows are.
        where: File (and sheet), for messages.
        exact: Every line must have as many cells as the heading line (CSV: a missing delimiter shifts cells).

    Raises:
        InvalidData: Nothing in it, or a heading twice, or one too long.
    """
    filled = (line for line in lines if line.faults or any(cell.strip() for cell in line.cells))
    first = next(filled, None)
    if first is None:
        raise InvalidData(Message("没有内容", "there is nothing in it"), where=where)
    headings = _headings(first, where)
    return Grid(where, headings, _rows(filled, headings, exact=exact))


def cell_heading(heading: str) -> bool:
    """Return whether ``heading`` would be read as a cell of a table."""
    return _CELL.fullmatch(heading) is not None


def table_of(heading: str) -> tuple[str, str]:
    """Return the table and the column that a heading like `items.1.price` names; others name a field: "" """
    match = _CELL.fullmatch(heading)
    return (match[1], match[3]) if match else (heading, "")


def _headings(line: Line, where: str) -> tuple[str, ...]:
    headings = [" ".join(cell.split()).removeprefix("'") for cell in line.cells]
    while headings and not headings[-1]:
        headings.pop()
    if (longest := max(map(len, headings), default=0)) > _LONGEST_HEADING:
        raise InvalidData(
            Message(
                f"有一个表头长达 {longest:,} 字，多半是引号没有配对，或第一行不是表头",
                f"a heading has {longest:,} characters; a quote is missing, or the first line is no heading",
            ),
            where=where,
        )
    seen: dict[str, int] = {}
    problems = []
    for place, heading in enumerate(headings, start=1):
        if heading and seen.setdefault(fold(heading), place) != place:
            first = seen[fold(heading)]
            reason = Message(f"第 {first} 列与第 {place} 列重复", f"columns {first} and {place} are the same")
            problems.append(Problem(heading, "表头", reason, value=heading))
    if problems:
        raise InvalidData(Message("表头重复", "headings are doubled"), problems, where=where)
    return tuple(headings)


def _rows(lines: Iterator[Line], headings: Sequence[str], *, exact: bool) -> Iterator[RawRow]:
    plan = [_CELL.fullmatch(heading) for heading in headings]
    for count, line in enumerate(lines):
        if count == 0 and line.cells[0].lstrip().startswith(NOTE):
            continue
        problems = tuple(_misfits(line, headings, exact=exact))
        cells = [cell[:_KEPT] for cell in line.cells] if problems else line.cells
        yield RawRow(line.number, _answers(headings, plan, cells), problems)


def _misfits(line: Line, headings: Sequence[str], *, exact: bool) -> Iterator[Problem]:
    """Yield what is wrong with a line before it is looked at as data."""
    for place, reason in line.faults.items():
        heading = headings[place] if place < len(headings) else ""
        yield Problem(heading, heading or f"第 {place + 1} 列", reason)
    if max(map(len, line.cells)) > _LONGEST:
        yield from _too_long(line.cells, headings)
    wide, most = len(line.cells), len(headings)
    beside = [cell for cell, heading in zip(line.cells, headings, strict=False) if not heading]
    loose = [cell for cell in (*beside, *line.cells[most:]) if cell.strip()]
    if loose:
        reason = Message("这一格没有表头，多半是前面多了分隔符", "this cell has no heading")
        yield Problem("", "数据", reason, value=loose[0][:100])
    elif exact and wide < most:
        yield Problem(
            "", "数据", Message(f"只有 {wide} 格，表头有 {most} 列", f"{wide} cells, {most} headings")
        )


def _too_long(cells: Sequence[str], headings: Sequence[str]) -> Iterator[Problem]:
    for cell, heading in zip(cells, headings, strict=False):
        if len(cell) > _LONGEST:
            reason = Message(
                f"内容有 {len(cell):,} 字，最多 {_LONGEST:,} 字",
                f"{len(cell):,} characters; at most {_LONGEST:,}",
            )
            yield Problem(heading, heading, reason, value=cell[:100])


def _answers(
    headings: Sequence[str], plan: Sequence[re.Match[str] | None], cells: Sequence[str]
) -> dict[str, object]:
    """Return heading -> cell; the cells of a table (those that ``plan`` matches) become its list of rows."""
    answers: dict[str, object] = {}
    tables: dict[str, dict[int, dict[str, object]]] = {}
    filled_up = (*cells, *[""] * (len(headings) - len(cells)))  # sheets leave out empty cells at the end
    for heading, match, cell in zip(headings, plan, filled_up, strict=False):
        if match:
            tables.setdefault(match[1], {}).setdefault(int(match[2]), {})[match[3]] = cell
        elif heading:
            answers[heading] = cell
    for table, rows in tables.items():
        answers[table] = [rows.get(number, {}) for number in range(1, max(rows) + 1)]
    return answers
