"""Answers to records: cards, links, calendar and today of the workspace put in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TypedDict

from docgen.forms.answers import sort_answers
from docgen.forms.definition import Field, Form
from docgen.forms.naming import column_called, column_names, names_of
from docgen.forms.proposals import propose
from docgen.forms.records import Outcome, Record, build_record
from docgen.forms.workdays import Calendar
from docgen.workflow.lookup import Lookup
from docgen.workflow.projects import find_card
from docgen.workflow.session import Session


class _Surroundings(TypedDict):
    today: date
    card: Mapping[str, object] | None
    company: Mapping[str, object]
    lookup: Lookup
    calendar: Calendar


def override(
    form: Form, answers: Mapping[str, object], changes: Mapping[str, object], *, every: bool = True
) -> dict[str, object]:
    """Return ``answers`` in which ``changes`` go before, by whatever name either calls a field.

    A change may also name a column: it then goes for every row of the table that ``answers`` give. Where
    they give none, it is left in place to be refused, unless ``every`` is false.
    """
    names = names_of(form)
    columns = {key: place for key in changes if not names.find(key) and (place := column_called(form, key))}
    fields = {key: value for key, value in changes.items() if key not in columns}
    changed = {field.id for key in fields if (field := names.find(key))}
    kept = {
        key: value
        for key, value in answers.items()
        if (field := names.find(key)) is None or field.id not in changed
    }
    for key, (table, column) in columns.items():
        given = next((name for name in kept if names.find(name) is table), "")
        rows = kept.get(given)
        if isinstance(rows, list | tuple) and rows:
            kept[given] = [_with_cell(form, row, table, column, changes[key]) for row in rows]
        elif every:  # told as a mistake: there is no row to change
            kept[key] = changes[key]
    return {**kept, **fields}


def _with_cell(form: Form, row: object, table: Field, column: Field, value: object) -> object:
    """Return a row of ``table`` with ``value`` in ``column``; what is no row is left to be refused."""
    if not isinstance(row, Mapping):
        return row
    names = column_names(form)[table.id]
    return {**{name: cell for name, cell in row.items() if names.find(name) is not column}, column.id: value}


def take_version(form: Form, answers: Mapping[str, object]) -> tuple[str, dict[str, object]]:
    """Return the version that was typed, and the other answers: docgen itself numbers versions."""
    given, _ = sort_answers(form, answers)
    return str(given.get("version", "")).strip(), override(form, answers, {"version": ""})


def try_record(session: Session, form: Form, answers: Mapping[str, object]) -> Outcome:
    """Return the record of ``answers``, or every problem that they have."""
    around = _surroundings(session, form, answers)
    return build_record(form, answers, strict_refs=session.settings.strict_refs, **around)


def make_record(session: Session, form: Form, answers: Mapping[str, object]) -> Record:
    """Return the record of ``answers``.

    Raises:
        InvalidData: With every problem of the answers.
    """
    return try_record(session, form, answers).checked(form.name)


def own_number(form: Form, answers: Mapping[str, object], record: Record) -> str:
    """Return the number that names the document: a typed `doc_id`, else its number field; "" for neither."""
    given, _ = sort_answers(form, answers)
    if "doc_id" in given:
        return str(record.values["doc_id"])
    return str(record.values.get(form.number) or "") if form.number else ""


def proposals(session: Session, form: Form, answers: Mapping[str, object]) -> Mapping[str, object]:
    """Return what every field would be if nothing more were answered."""
    return propose(form, answers, **_surroundings(session, form, answers))


def _surroundings(session: Session, form: Form, answers: Mapping[str, object]) -> _Surroundings:
    given, _ = sort_answers(form, answers)
    card = find_card(session, str(given.get("project_name", "")))
    code = given.get("project_code") or (card.values.get("project_code") if card else "")
    return {
        "today": session.today,
        "card": card.values if card else None,
        "company": session.settings.company,
        "lookup": Lookup(session, str(code or "")),
        "calendar": session.calendar,
    }
