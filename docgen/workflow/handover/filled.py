"""House papers: a form and a template of the house, filled in by what the archive says."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from docgen.forms.loading.loader import load_form
from docgen.forms.records import build_record
from docgen.render.engine import Template
from docgen.workflow.printing import context
from docgen.workflow.session import Session


def filled(session: Session, name: str, answers: Mapping[str, object], day: date) -> bytes:
    """Return the house paper ``name`` as a Word file; a workspace's own one goes before the shipped one."""
    folder = next(house / "papers" / name for house in session.houses if (house / "papers" / name).is_dir())
    form = load_form(folder, session.groups)
    record = build_record(form, answers, today=day, lookup=None).checked(form.name)
    template = Template.open(folder, session.houses, choices=form.choices)
    return template.render(context(record))
