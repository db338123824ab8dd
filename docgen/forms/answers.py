"""Answers sorted by field, whatever name and spelling their keys use."""

from __future__ import annotations

from collections.abc import Mapping

from docgen.base.findings import Problem
from docgen.base.messages import Message
from docgen.forms.definition import Field, Form
from docgen.forms.kinds.parsing import is_blank
from docgen.forms.naming import Names, names_of

#: Never taken from a card: they belong to one document.
_OWN = frozenset(("doc_date", "doc_id", "version", "status", "change_note"))


def sort_answers(form: Form, answers: Mapping[str, object]) -> tuple[dict[str, object], list[Problem]]:
    """Return the answers by field id (blank ones left out), and what is wrong with their keys."""
    return sort_keys(names_of(form), answers)


def sort_keys(
    names: Names, answers: Mapping[str, object], *, table: Field | None = None, row: int | None = None
) -> tuple[dict[str, object], list[Problem]]:
    """Return ``answers`` by the id of field or column; unknown and doubled keys are problems."""
    found: dict[str, object] = {}
    keys: dict[str, str] = {}
    problems: list[Problem] = []
    for key, raw in answers.items():
        field = names.find(str(key))
        if field is None:
            problems.append(_problem(str(key), _unknown(names.nearest(str(key))), table, row))
        elif field.id in keys:
            message = Message(
                f"与“{keys[field.id]}”是同一项，只能填一次", f"the same as “{keys[field.id]}”; give it once"
            )
            problems.append(_problem(str(key), message, table, row))
        else:
            keys[field.id] = str(key)
            if not is_blank(raw):
                found[field.id] = raw
    return found, problems


def from_card(form: Form, card: Mapping[str, object]) -> dict[str, object]:
    """Return what ``card`` says about fields of this form; other keys are for other forms.

    Computed fields and the identity of one document (date, id, version, status) never come from a card.
    """
    names = names_of(form)
    found: dict[str, object] = {}
    for key, raw in card.items():
        field = names.find(str(key))
        if field and field.id not in _OWN and (not field.compute or field.compute_if) and not is_blank(raw):
            found.setdefault(field.id, raw)
    return found


def _problem(key: str, reason: Message, table: Field | None, row: int | None) -> Problem:
    path, label = (f"{table.id}.{key}", f"{table.label}·{key}") if table else (key, key)
    return Problem(path, label, reason, row=row)


def _unknown(near: str) -> Message:
    return Message(
        "表单中没有这一项" + (f"，是否指“{near}”" if near else ""),
        "not in the form" + (f"; did you mean “{near}”" if near else ""),
    )
