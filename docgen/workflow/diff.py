"""Two versions of a document compared: field by field where both have a record, else by their text."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from difflib import SequenceMatcher, unified_diff

from docgen.archive.identity import RECORD_EXT
from docgen.archive.queries import FiledVersion
from docgen.base.errors import DocgenError, UsageFault
from docgen.base.messages import Message
from docgen.forms.definition import Field
from docgen.forms.display import display
from docgen.forms.faults import BadValue
from docgen.forms.kinds.parsing import parse
from docgen.text.worker import Worker
from docgen.workflow.filed_record import record_values
from docgen.workflow.finding import edition, find_one, versions_of
from docgen.workflow.session import Session

#: Differs between versions by its nature.
_NOT_COMPARED = frozenset({"version"})
#: Files whose text stands for a version, the first that there is.
_SPEAKING = ("docx", "doc", "wps", "odt", "xlsx", "ods", "pdf", "md", "txt", "csv", "eml", "msg")


@dataclass(frozen=True, slots=True)
class Change:
    """One field, or one cell of a table, that differs.

    Attributes:
        field: Id of the field.
        label: What people call it, the column included.
        row: Rows before and after, counted from 1; ``None`` where there is none.
        before: How it read, empty for nothing.
        after: How it reads.
    """

    field: str
    label: str
    row: tuple[int | None, int | None] | None
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Compared:
    """The difference of two versions.

    Attributes:
        by_record: True: `changes` tell all; else `lines` do, a unified diff of the texts.
        same_bytes: Whether all files but the records are the same.
    """

    old: FiledVersion
    new: FiledVersion
    by_record: bool
    changes: tuple[Change, ...]
    lines: tuple[str, ...]
    same_bytes: bool


def diff(
    session: Session, document: str, first: str = "", second: str = "", *, project: str = ""
) -> Compared:
    """Compare two versions of a document, by default the newest two.

    Args:
        session: The workspace.
        document: What names it.
        first: `V1.0`; with ``second`` empty it is compared with the newest one.
        second: `V1.1`.
        project: Where to look; empty: everywhere.

    Raises:
        UsageFault: There is no such document or version, or only one.
    """
    old, new = _pair(session, find_one(session, document, project=project), first, second)
    values = [record_values(session, one) for one in (old, new)]
    by_record = all(values) and not (old.edited or new.edited)
    return Compared(
        old,
        new,
        by_record,
        tuple(_changes(_fields(session, new.type_id), *values)) if by_record else (),
        () if by_record else tuple(_lines(session, old, new)),
        _papers(old) == _papers(new),
    )


def _pair(session: Session, one: FiledVersion, first: str, second: str) -> tuple[FiledVersion, FiledVersion]:
    there = [other for other in versions_of(session, one) if not (other.withdrawn or other.removed)]
    if first and second:
        return edition(session, one, first), edition(session, one, second)
    if first:
        pair = (edition(session, one, first), there[0])
        if there and pair[0].version != pair[1].version:
            return pair
    elif len(there) > 1:
        return there[1], there[0]
    raise UsageFault(
        Message("没有可以比较的另一个版本", "there is no other version to compare with"),
        where=one.stem,
        hint=Message("用 docgen history 查看各版本", "docgen history shows the versions"),
    )


def _papers(one: FiledVersion) -> list[tuple[str, str]]:
    return sorted((file.ext, file.sha256) for file in one.files if file.ext != RECORD_EXT)


def _fields(session: Session, type_id: str) -> Mapping[str, Field]:
    """Return the fields of a type's form by id; none where it has no form (any more)."""
    with suppress(DocgenError):
        return {field.id: field for field in session.form(type_id).fields}
    return {}


# By record


def _changes(
    fields: Mapping[str, Field], old: Mapping[str, object], new: Mapping[str, object]
) -> Iterator[Change]:
    """Yield what differs, in the order of the form; fields that it no longer has come last."""
    names = dict.fromkeys([*(name for name in fields if name in old or name in new), *new, *old])
    for name in names:
        before, after = old.get(name), new.get(name)
        if before == after or name in _NOT_COMPARED:
            continue
        field = fields.get(name, Field(name, name))
        if _is_table(before) or _is_table(after):
            yield from _rows(field, _table(before), _table(after))
        else:
            yield Change(name, field.label, None, _shown(field, before), _shown(field, after))


def _is_table(value: object) -> bool:
    return isinstance(value, list) and any(isinstance(row, dict) for row in value)


def _table(value: object) -> list[Mapping[str, object]]:
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []


def _rows(
    field: Field, old: Sequence[Mapping[str, object]], new: Sequence[Mapping[str, object]]
) -> Iterator[Change]:
    """Yield the differences of a table: rows that came, rows that went, cells of rows that stayed."""
    table = _Table(field)
    before, after = ([table.key(row) for row in rows] for rows in (old, new))
    for what, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        for place in range(max(b - a, d - c)) if what != "equal" else ():
            pair = (
                old[a + place] if a + place < b else None,
                new[c + place] if c + place < d else None,
            )
            at = (
                a + place + 1 if pair[0] is not None else None,
                c + place + 1 if pair[1] is not None else None,
            )
            yield from table.changes(at, *pair)


class _Table:
    """How the rows of a table field are compared: all columns but the row's number."""

    def __init__(self, field: Field) -> None:
        self._field = field
        self._columns = {one.id: one for one in field.columns if one.compute != "row"}
        self._numbers = {one.id for one in field.columns if one.compute == "row"}

    def key(self, row: Mapping[str, object]) -> str:
        """Return what makes a row the same row."""
        return json.dumps({name: row.get(name) for name in self._names(row)}, sort_keys=True)

    def changes(
        self,
        at: tuple[int | None, int | None],
        old: Mapping[str, object] | None,
        new: Mapping[str, object] | None,
    ) -> Iterator[Change]:
        """Yield what differs between two rows; a row that came or went is one change."""
        if old is None or new is None:
            yield Change(self._field.id, self._field.label, at, self._text(old), self._text(new))
            return
        for name in dict.fromkeys([*self._names(old), *self._names(new)]):
            if old.get(name) != new.get(name):
                column = self._column(name)
                label = f"{self._field.label}·{column.label}"
                before, after = _shown(column, old.get(name)), _shown(column, new.get(name))
                yield Change(self._field.id, label, at, before, after)

    def _names(self, row: Mapping[str, object]) -> list[str]:
        return [name for name in dict.fromkeys([*self._columns, *row]) if name not in self._numbers]

    def _column(self, name: str) -> Field:
        return self._columns.get(name, Field(name, name))

    def _text(self, row: Mapping[str, object] | None) -> str:
        shown = (_shown(self._column(name), row.get(name)) for name in self._names(row)) if row else ()
        return "；".join(filter(None, shown))


def _shown(field: Field, value: object) -> str:
    """Return a value of a record as documents print it in tables."""
    if value in (None, "", []):
        return ""
    with suppress(BadValue, ValueError, TypeError, AttributeError, KeyError):
        return display(parse(field, value), table=True)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


# By text


def _lines(session: Session, old: FiledVersion, new: FiledVersion) -> Iterator[str]:
    with Worker() as worker:
        texts = [_text(session, worker, one) for one in (old, new)]
    return unified_diff(
        texts[0].splitlines(), texts[1].splitlines(), str(old.version), str(new.version), lineterm="", n=1
    )


def _text(session: Session, worker: Worker, one: FiledVersion) -> str:
    for ext in _SPEAKING:
        if file := one.file(ext):
            return worker.extract(session.workspace.archive / file.path).text
    return ""
