"""Rows of a table joined with the lines of their child tables, put aside on disk: any number of them."""

from __future__ import annotations

import hashlib
import json
import pickle
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from types import TracebackType

from docgen.base.errors import InvalidData
from docgen.base.findings import Problem
from docgen.base.messages import Message
from docgen.batch.aside import Aside
from docgen.batch.child_sheets import (
    OWNER,
    by_position,
    main_heading,
    no_table,
    owner_heading,
    table_called,
    unknown_columns,
)
from docgen.batch.grids import Grid, RawRow
from docgen.forms.definition import Field, Form
from docgen.forms.folding import fold
from docgen.forms.naming import names_of

#: Headings of the column that says of which type a row's document is.
_TYPE = frozenset(fold(name) for name in ("文件类型", "type"))
#: Digits that no number of a row has.
_DIGITS = 10
#: Most lines without owner that a message names.
_SHOWN = 20


class JoinedRows:
    """The rows of one run: read once, put aside in a file of their own, given as often as they are asked for.

    A table may change or vanish while a batch runs: the batch goes by what it read.

    Attributes:
        where: File (and sheet), for messages.
        headings: Those of the main table without the type's; `None` where every row has its own keys.
        count: Number of rows.
        types: What the rows say of their type, as written; "" for a row that says nothing.
        titles: Names of the tables that were attached.
    """

    def __init__(self, grid: Grid, *, typed: bool = False) -> None:
        """Read every row of ``grid``; ``typed``: a column 文件类型 says of which type each row is.

        Raises:
            InvalidData: The file breaks off, or is not what it seemed.
        """
        self.where = grid.where
        self.headings = grid.headings and tuple(
            one for one in grid.headings if one and not (typed and fold(one) in _TYPE)
        )
        self.types: dict[str, None] = {}
        self.titles: list[str] = []
        self._typed = typed
        self._digest = hashlib.sha256()
        # a nameless database is a temporary file, which vanishes when it is closed: nothing is gained by
        # transactions, and a table that breaks off leaves none open
        self._db = Aside()
        self._db.execute("PRAGMA journal_mode = OFF")
        self._db.execute("CREATE TABLE row (place INTEGER PRIMARY KEY, type TEXT, data BLOB)")
        self._db.execute("CREATE TABLE line (owner INTEGER, title TEXT, number INTEGER, data BLOB)")
        self.count = 0
        for row in grid.rows:
            self._add(row)

    def __enter__(self) -> JoinedRows:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Forget the rows."""
        self._db.close()

    @property
    def digest(self) -> str:
        """SHA-256 of what all rows and lines say."""
        return self._digest.hexdigest()

    def attach(self, grid: Grid, title: str, forms: Sequence[Form]) -> None:
        """Read the lines of the table that is called ``title`` in some of the ``forms``.

        Each names its row: by 主表序号, or by a column that also stands in the main table.

        Raises:
            InvalidData: No form has such a table, or lines belong to no row, or to several.
        """
        table = next((table for form in forms if (table := table_called(form, title))), None)
        if table is None:
            raise no_table(forms, title, grid.where)
        self.titles.append(title)
        headings = grid.headings or ()
        key = owner_heading(headings, title, forms, self.headings or ())
        find = self._finder(grid, key, forms)
        problems = unknown_columns(headings, key, title, forms)
        for line in grid.rows:
            self._note([title, line.number, dict(line.answers), [one.sentence() for one in line.problems]])
            cells = dict(line.answers)
            said = str(cells.pop(key, "")).strip()
            owner = 0 if line.problems and self.count == 1 else find(said)
            if owner is None:
                problems.append(self._stray(table, key, said, line.number))
            else:
                data = _packed(replace(line, answers=cells))
                self._db.execute("INSERT INTO line VALUES (?, ?, ?, ?)", (owner, title, line.number, data))
        if problems:
            more = Message("明细与表单或主表对不上", "the lines do not fit the form, or the main table")
            raise InvalidData(more, problems[:_SHOWN], where=grid.where)
        self._db.execute("CREATE INDEX IF NOT EXISTS by_owner ON line (owner)")

    def rows(self, form_of: Callable[[str], Form | None]) -> Iterator[RawRow]:
        """Yield the rows with the lines of their tables; ``form_of`` gives the form of what a row says."""
        for _, _, row in self.typed_rows(form_of):
            yield row

    def typed_rows(self, form_of: Callable[[str], Form | None]) -> Iterator[tuple[int, str, RawRow]]:
        """Yield place (from 0), what the row says of its type, and the row."""
        for place, said, data in self._db.execute("SELECT place, type, data FROM row ORDER BY place"):
            row = _unpacked(data)
            form = form_of(said)
            yield place, said, self._with_lines(row, place, form) if form else row

    def only_tables(self, form: Form) -> RawRow:
        """Return the row of a workbook that fills in nothing but tables: the rest is left to defaults."""
        return self._with_lines(RawRow(1, {}), 0, form)

    def _add(self, row: RawRow) -> None:
        said = ""
        if self._typed:
            answers = dict(row.answers)
            for key in [key for key in answers if fold(key) in _TYPE]:
                said = str(answers.pop(key)).strip()
            row = replace(row, answers=answers)
        self.types.setdefault(said)
        self._note([said, dict(row.answers), [one.sentence() for one in row.problems]])
        self._db.execute("INSERT INTO row VALUES (?, ?, ?)", (self.count, said, _packed(row)))
        self.count += 1

    def _note(self, said: object) -> None:
        self._digest.update(json.dumps(said, ensure_ascii=False).encode("utf-8", "surrogatepass") + b"\n")

    def _finder(self, grid: Grid, key: str, forms: Sequence[Form]) -> Callable[[str], int | None]:
        """Return what finds the place of the row that a line names."""
        only = self.count <= 1
        if key and not by_position(key):
            return self._owners(main_heading(key, forms, self.headings or ()), grid.where)
        if not key and not only:
            raise InvalidData(
                Message("看不出各行属于主表的哪一行", "it cannot be seen to which row the lines belong"),
                where=grid.where,
                hint=Message(
                    f"加一列“{OWNER}”（主表的第几份数据），或主表中也有的一列，如合同编号",
                    "add a column “row” (which main row: 1, 2, …), or one that the main table has too",
                ),
            )

        def at_place(said: str) -> int | None:
            if not said and only:
                return 0
            digits = said.lstrip("0") if said.isascii() and said.isdigit() else ""
            fits = 0 < len(digits) < _DIGITS and int(digits) <= max(self.count, 1)
            return int(digits) - 1 if fits else None

        return at_place

    def _owners(self, heading: str, where: str) -> Callable[[str], int | None]:
        """Return what finds the row whose cell under ``heading`` says the same.

        Raises:
            InvalidData: Several rows say the same, so that their lines cannot be told apart.
        """
        self._db.execute("CREATE TEMP TABLE IF NOT EXISTS owner (heading TEXT, said TEXT, place INTEGER)")
        self._db.execute("CREATE INDEX IF NOT EXISTS temp.by_said ON owner (heading, said)")
        self._db.execute("DELETE FROM owner WHERE heading = ?", (heading,))
        for place, data in self._db.execute("SELECT place, data FROM row"):
            said = str(_unpacked(data).answers.get(heading, "")).strip()
            self._db.execute("INSERT INTO owner VALUES (?, ?, ?)", (heading, fold(said), place))

        def find(said: str) -> int | None:
            found = self._db.execute(
                "SELECT place FROM owner WHERE heading = ? AND said = ? LIMIT 2", (heading, fold(said))
            ).fetchall()
            if len(found) > 1 and said:
                lines = "、".join(str(self._row(place).number) for (place,) in found)
                raise InvalidData(
                    Message(
                        f"主表第 {lines} 行的“{heading}”都是“{said}”，分不清这一行属于谁",
                        f"rows {lines} of the main table all have “{said}” as “{heading}”",
                    ),
                    where=where,
                )
            return found[0][0] if found and said else None

        return find

    def _row(self, place: int) -> RawRow:
        row = self._db.execute("SELECT data FROM row WHERE place = ?", (place,)).fetchone()
        return _unpacked(row[0])

    def _stray(self, table: Field, key: str, said: str, number: int) -> Problem:
        if key and not by_position(key):
            reason = Message(f"主表中没有这样的{key}", f"no row of the main table has this {key}")
        else:
            reason = Message(
                f"{OWNER}应为 1 至 {self.count}，指主表的第几份数据",
                f"{OWNER} must be 1 to {self.count}: which row of the main sheet",
            )
        return Problem(table.id, table.label, reason, value=said, row=number)

    def _with_lines(self, row: RawRow, place: int, form: Form) -> RawRow:
        found = self._db.execute(
            "SELECT title, data FROM line WHERE owner = ? ORDER BY title, rowid", (place,)
        ).fetchall()
        for title, lines in groupby(found, key=lambda one: str(one[0])):
            row = _joined(row, form, title, [_unpacked(data) for _, data in lines])
        return row


def _unpacked(data: bytes) -> RawRow:
    return RawRow(*pickle.loads(data))  # noqa: S301 - written by this very process, into a file of its own


def _packed(row: RawRow) -> bytes:
    return pickle.dumps((row.number, row.answers, row.problems), pickle.HIGHEST_PROTOCOL)


def _joined(row: RawRow, form: Form, title: str, lines: Sequence[RawRow]) -> RawRow:
    """Return ``row`` with the ``lines`` of its table ``title``."""
    table = table_called(form, title)
    problems = [
        replace(one, label=f"{title}·{one.label}", row=line.number) for line in lines for one in line.problems
    ]
    if table is None:
        reason = Message(f"{form.name}没有表格“{title}”", f"{form.id} has no table “{title}”")
        problems.append(Problem(title, title, reason, row=lines[0].number))
        return replace(row, problems=(*row.problems, *problems))
    answers = dict(row.answers)
    for key in [key for key in answers if names_of(form).find(key) is table]:
        if says_something(answers.pop(key)):
            reason = Message(
                "既写在主表的列里，又写在单独的表里；只能用一处",
                "written both in columns of the main table and in a table of its own",
            )
            problems.append(Problem(table.id, table.label, reason))
    answers[table.id] = [dict(line.answers) for line in lines]
    numbers = {**row.lines, table.id: [line.number for line in lines]}
    return replace(row, answers=answers, problems=(*row.problems, *problems), lines=numbers)


def says_something(value: object) -> bool:
    """Return whether a cell, or any of a table, is filled in."""
    if isinstance(value, Mapping):
        return any(map(says_something, value.values()))
    return any(map(says_something, value)) if isinstance(value, list) else bool(str(value).strip())
