"""What a form would take for the fields that nobody has answered yet."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from docgen.forms.answers import from_card, sort_answers
from docgen.forms.definition import Form
from docgen.forms.filling import Filling
from docgen.forms.lookup import Lookup
from docgen.forms.workdays import PUBLISHED, Calendar


def propose(
    form: Form,
    answers: Mapping[str, object],
    *,
    today: date,
    card: Mapping[str, object] | None = None,
    company: Mapping[str, object] | None = None,
    lookup: Lookup | None = None,
    calendar: Calendar = PUBLISHED,
) -> Mapping[str, object]:
    """Return the value of every field as far as it is known: answered, from a card, by default, computed.

    The arguments are those of `build_record`; nothing is required and nothing is checked.
    """
    given, _ = sort_answers(form, answers)
    filling = Filling(form, today, lookup, calendar)
    filling.fill(given, {**from_card(form, company or {}), **from_card(form, card or {})})
    return filling.values
