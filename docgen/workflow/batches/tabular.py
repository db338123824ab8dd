"""Batches of the rows of a table."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

from docgen.base.errors import DocgenError, InvalidData, UsageFault
from docgen.base.findings import Problem
from docgen.base.messages import Message
from docgen.batch.child_sheets import sheet_title, table_called
from docgen.batch.headings import check_headings
from docgen.batch.joining import JoinedRows, says_something
from docgen.batch.tables import Table, open_table
from docgen.forms.definition import Form
from docgen.forms.naming import names_of
from docgen.workflow.batches.changes import check_changes
from docgen.workflow.batches.keys import job_key
from docgen.workflow.batches.tasks import SourceRow
from docgen.workflow.batches.wanted import Batch, Wanted
from docgen.workflow.session import Session


@dataclass(frozen=True, slots=True)
class Source:
    """A table to make documents of.

    Attributes:
        sheet: The sheet of a workbook with the main rows; else the first.
        type_id: Document type of rows that name none themselves, or "".
        tables: Files with the lines of tables, by the table's name.
    """

    path: Path
    sheet: str = ""
    type_id: str = ""
    tables: Mapping[str, Path] = field(default_factory=dict)


def of_table(session: Session, source: Source, wanted: Wanted) -> Batch:
    """Return the batch that the rows of a table make; the table is read whole, and its headings are checked.

    Raises:
        InvalidData: The table cannot be read, or its headings do not fit the forms.
        UsageFault: No row says of which type it is, and neither does ``source``; or a change concerns no row.
        TemplateFault: A template has mistakes.
    """
    own = session.form(source.type_id) if source.type_id else None
    table = open_table(source.path, sheet=source.sheet, likely=sheet_title(own) if own else "")
    rows = JoinedRows(table.grid, typed=own is None or not _names_type(own))
    types = _Types(session, own)
    forms = list(dict.fromkeys(form for said in rows.types or ("",) if (form := types.form(said))))
    if not forms and rows.types.keys() <= {""}:
        raise UsageFault(
            Message("没有说明文件类型", "the document type is not said"),
            hint=Message(
                "加 --type 类型，或在表中加一列“文件类型”；docgen types 列出类型",
                "give --type, or a column “type”; docgen types lists them",
            ),
        )
    if forms:
        check_changes(wanted.changes, forms)
    faults = Faults()
    _attach(rows, table, source, forms, faults)
    if rows.headings is not None and forms:
        given = (*wanted.changes, *_on_cards(session), *rows.titles)
        with faults:
            check_headings(rows.headings, forms, rows.where, given=given)
    faults.tell()
    key = job_key(["table", source.type_id, rows.digest, _digest_of_cards(session)], forms, session, wanted)
    return Batch(
        source.path.stem,
        key,
        lambda: _source_rows(rows, types),
        rows.count,
        said=(_said(table, rows, forms),),
        inputs=(source.path, *source.tables.values()),
        close=rows.close,
    )


@dataclass
class Faults:
    """What is wrong with the sheets of a table, collected; use as a context manager around each check."""

    _found: list[InvalidData] = field(default_factory=list)

    def __enter__(self) -> None:
        return None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        if isinstance(error, InvalidData):
            self._found.append(error)
        return isinstance(error, InvalidData)

    def tell(self) -> None:
        """Raise what was found, all at once.

        Raises:
            InvalidData: Something was found.
        """
        if len(self._found) == 1:
            raise self._found[0]
        if self._found:
            zh = "；".join(f"{one.where}：{one.message.zh}" for one in self._found)
            en = "; ".join(f"{one.where}: {one.message.en}" for one in self._found)
            problems = [problem for one in self._found for problem in one.problems]
            raise InvalidData(Message(zh, en), problems, hint=self._found[-1].hint)


@dataclass
class _Types:
    """What rows say of their type -> the form; mistakes are told row by row."""

    session: Session
    own: Form | None
    _known: dict[str, Form | Problem] = field(default_factory=dict)

    def form(self, said: str) -> Form | None:
        """Return the form of a row, or ``None`` if it names no type."""
        found = self._find(said)
        return found if isinstance(found, Form) else None

    def problem(self, said: str) -> Problem | None:
        """Return what is wrong with what a row says."""
        found = self._find(said)
        return found if isinstance(found, Problem) else None

    def _find(self, said: str) -> Form | Problem:
        if said not in self._known:
            self._known[said] = self._looked_up(said)
        return self._known[said]

    def _looked_up(self, said: str) -> Form | Problem:
        if not said:
            return self.own or Problem("type", "文件类型", Message("没有填写", "is empty"))
        try:
            return self.session.form(self.session.type_named(said).id)
        except DocgenError as error:
            return Problem("type", "文件类型", error.message, value=said)


def _names_type(form: Form) -> bool:
    """Return whether 文件类型 is a field of the form itself."""
    return any(names_of(form).find(name) for name in ("文件类型", "type"))


def _attach(rows: JoinedRows, table: Table, source: Source, forms: Sequence[Form], faults: Faults) -> None:
    """Read the lines of tables: from other sheets of the workbook, and from files of their own."""
    for title, opened in table.sheets.items():
        if not source.sheet or any(table_called(form, title) for form in forms):
            with faults:
                rows.attach(opened(), title, forms)
    for name, path in source.tables.items():
        with faults:
            rows.attach(open_table(path).grid, name, forms)


def _source_rows(rows: JoinedRows, types: _Types) -> Iterator[SourceRow]:
    for place, said, row in rows.typed_rows(types.form):
        form, problem = types.form(said), types.problem(said)
        problems = (*([problem] if problem else []), *row.problems)
        answers = _fitting(form, row.answers) if form and len(rows.types) > 1 else dict(row.answers)
        type_id = form.id if form else ""
        yield SourceRow(place, row.number, type_id, answers, problems=problems, lines=row.lines)


def _fitting(form: Form, answers: Mapping[str, object]) -> dict[str, object]:
    """Return answers without the empty cells of columns that are there for rows of another type."""
    names = names_of(form)
    return {key: value for key, value in answers.items() if says_something(value) or names.find(key)}


def _on_cards(session: Session) -> Iterator[str]:
    """Yield the names of fields that the company's card or some project's may give."""
    yield from session.settings.company
    for card in session.cards:
        yield from card.values


def _digest_of_cards(session: Session) -> str:
    """Return the digest of what the cards say: it goes into every row."""
    said = [session.settings.company, [[card.project, card.values] for card in session.cards]]
    return hashlib.sha256(json.dumps(said, sort_keys=True, default=str).encode()).hexdigest()


def _said(table: Table, rows: JoinedRows, forms: Sequence[Form]) -> Message:
    """Say what was found in a table."""
    names = "、".join(form.name for form in forms) or "未知"
    ids = ", ".join(form.id for form in forms) or "unknown"
    return Message(
        f"{rows.where}：{table.said.zh}，{rows.count} 行，文件类型：{names}",
        f"{rows.where}: {table.said.en}, {rows.count} rows, type: {ids}",
    )
