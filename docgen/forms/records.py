"""Records: form data after validation: typed, exact, complete."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from types import MappingProxyType

from docgen.base.errors import InvalidData
from docgen.base.findings import Problem, Severity
from docgen.base.messages import Message
from docgen.forms.answers import from_card, sort_answers
from docgen.forms.canonical import Canonical, canonical
from docgen.forms.checking import (
    check_problems,
    party_problems,
    reached,
    required_problems,
    row_problems,
    signature_problems,
    unique_problems,
)
from docgen.forms.definition import Field, Form
from docgen.forms.filling import Filling
from docgen.forms.links import resolve_refs
from docgen.forms.lookup import Lookup
from docgen.forms.values import Ruled
from docgen.forms.workdays import PUBLISHED, Calendar

#: Not in the digest: they change without the content changing (design 4, reproducible).
_NOT_IN_DIGEST = frozenset(("version", "doc_id", "change_note", "status"))


@dataclass(frozen=True)
class Record:
    """The data of one document.

    Attributes:
        form: The form it was validated against.
        values: Field id -> value; ``None`` is empty, `Ruled` is empty and filled in by pen; a table is a
            tuple of mappings from column id to value.
        today: The current date it was computed with.
        from_today: Field ids and `table.column` whose value is a default taken from `today`.
        warnings: What is suspicious, but allowed.
    """

    form: Form
    values: Mapping[str, object]
    today: date
    from_today: frozenset[str] = frozenset()
    warnings: tuple[Problem, ...] = ()

    @cached_property
    def canonical(self) -> Mapping[str, Canonical]:
        """The values by field id, as JSON."""
        return {key: canonical(value) for key, value in self.values.items()}

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the content: all but version, doc_id, change_note, status and what came from today."""
        left_out = _NOT_IN_DIGEST | self.from_today
        content = {
            key: _without(key, value, left_out)
            for key, value in self.canonical.items()
            if key not in left_out
        }
        return hashlib.sha256(_dump(content).encode()).hexdigest()

    def amended(self, values: Mapping[str, object]) -> Record:
        """Return the record with other ``values`` in fields on which nothing else depends."""
        others = MappingProxyType({**self.values, **values})
        record = replace(self, values=others, from_today=self.from_today - values.keys())
        written = {key: canonical(value) for key, value in values.items()}
        record.__dict__["canonical"] = {**self.canonical, **written}  # what `cached_property` would work out
        if values.keys() <= _NOT_IN_DIGEST and not self.from_today & values.keys():
            record.__dict__["digest"] = self.digest
        return record

    def json(self) -> str:
        """Return the full record as canonical JSON: equal records give equal text."""
        return _dump(
            {
                "form": self.form.id,
                "form_digest": self.form.digest,
                "from_today": list[Canonical](sorted(self.from_today)),
                "today": self.today.isoformat(),
                "values": dict(self.canonical),
            }
        )

    @classmethod
    def from_json(
        cls,
        form: Form,
        text: str,
        *,
        lookup: Lookup | None = None,
        strict_refs: bool = False,
        calendar: Calendar = PUBLISHED,
    ) -> Outcome:
        """Return what `json` wrote, validated again as if it had been typed (it may come from a stranger).

        Computed values are compared as of the record's own `today`. Without ``lookup`` links are kept.

        Raises:
            InvalidData: It is no record of this form.
        """
        values, today, from_today = _read(form, text)
        outcome = build_record(
            form, values, today=today, lookup=lookup, strict_refs=strict_refs, calendar=calendar
        )
        if outcome.record is None:
            return outcome
        return replace(outcome, record=replace(outcome.record, from_today=from_today))


@dataclass(frozen=True, slots=True)
class Outcome:
    """A record, or all the problems that prevent it; warnings in either case."""

    record: Record | None
    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()

    def checked(self, where: str = "") -> Record:
        """Return the record.

        Raises:
            InvalidData: There is none; the error lists every problem, warnings after the errors.
        """
        if self.record is None:
            count = len(self.problems)
            message = Message(f"表单数据有 {count} 处问题", f"the form data has {count} problem(s)")
            raise InvalidData(message, (*self.problems, *self.warnings), where=where)
        return self.record


def build_record(
    form: Form,
    answers: Mapping[str, object],
    *,
    today: date,
    lookup: Lookup | None,
    card: Mapping[str, object] | None = None,
    company: Mapping[str, object] | None = None,
    strict_refs: bool = False,
    calendar: Calendar = PUBLISHED,
) -> Outcome:
    """Return the record that ``answers`` make, or every problem they have.

    A value comes from the answer, else the project card, else the company card, else the form's default.

    Args:
        form: The form.
        answers: Key (id, label or alias in any spelling) -> text, list or mapping of text.
        today: The current date in the workspace's zone.
        lookup: Finds what refs name and proposes `doc_id`. With ``None`` refs are kept as they are given, and
            a `doc_id` must be given.
        card: Project card, key -> value.
        company: Company card, alike.
        strict_refs: A ref whose document is missing is an error, not a warning.
        calendar: The site's working days.
    """
    given, problems = sort_answers(form, answers)
    cards = {**from_card(form, company or {}), **from_card(form, card or {})}
    filling = Filling(form, today, lookup, calendar)
    filling.fill(given, cards)
    problems += filling.problems
    filling.problems = []
    problems += _rule_problems(form, filling, lookup, strict_refs=strict_refs)
    errors = tuple(one for one in problems if one.severity is Severity.ERROR)
    warnings = tuple(one for one in problems if one.severity is not Severity.ERROR)
    record = None
    if not errors:
        record = Record(form, _values(form, filling), today, frozenset(filling.from_today), warnings)
    return Outcome(record, errors, warnings)


def _rule_problems(
    form: Form, filling: Filling, lookup: Lookup | None, *, strict_refs: bool
) -> list[Problem]:
    problems = [
        *required_problems(form, filling),
        *row_problems(form, filling),
        *check_problems(form, filling),
        *unique_problems(form, filling),
        *signature_problems(form, filling),
    ]
    if not any(problem.field == "provider_name" for problem in problems):
        problems += party_problems(form, filling)
    if lookup is not None:
        problems += resolve_refs(form, filling, lookup, strict=strict_refs)
    return problems + filling.problems


def _values(form: Form, filling: Filling) -> Mapping[str, object]:
    status = filling.values.get("status")
    return MappingProxyType(
        {field.id: _final(field, filling.values[field.id], status) for field in form.fields}
    )


def _final(field: Field, value: object, status: object) -> object:
    """Return the value as a record holds it: rows frozen, empty places for the pen ruled."""
    if field.columns and isinstance(value, tuple):
        return tuple(
            MappingProxyType({column.id: _final(column, row[column.id], status) for column in field.columns})
            for row in value
        )
    if value is None and not reached(field.when, status):
        return Ruled(field.kind)
    return value


def _without(key: str, value: Canonical, left_out: frozenset[str]) -> Canonical:
    """Return a table without the columns that are left out; any other value as it is."""
    if not isinstance(value, list):
        return value
    columns = {path.partition(".")[2] for path in left_out if path.startswith(f"{key}.")}
    if not columns:
        return value
    return [
        {name: cell for name, cell in row.items() if name not in columns} if isinstance(row, dict) else row
        for row in value
    ]


def _dump(data: dict[str, Canonical]) -> str:
    return _ENCODER.encode(data)


_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _read(form: Form, text: str) -> tuple[dict[str, object], date, frozenset[str]]:
    try:
        data = json.loads(text, parse_int=str, parse_float=str)
        if data["form"] != form.id:
            raise InvalidData(
                Message(
                    f"这是 {data['form']} 的数据，不是 {form.id} 的", f"data of {data['form']}, not {form.id}"
                )
            )
        known = {field.id for field in form.fields}
        paths = known | {f"{field.id}.{column.id}" for field in form.fields for column in field.columns}
        if not isinstance(data["from_today"], list):
            raise TypeError("from_today")
        return dict(data["values"]), date.fromisoformat(data["today"]), frozenset(data["from_today"]) & paths
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        message = Message("不是有效的表单数据记录", "not a valid record")
        raise InvalidData(message) from error
