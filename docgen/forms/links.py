"""Links to other documents: what was typed becomes the document it names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from docgen.base.findings import Problem, Severity
from docgen.base.messages import Message
from docgen.forms.definition import Form
from docgen.forms.filling import Filling
from docgen.forms.lookup import Asked, Lookup
from docgen.forms.plan import Place, places
from docgen.forms.slots import Slot
from docgen.forms.values import Ref


def resolve_refs(form: Form, filling: Filling, lookup: Lookup, *, strict: bool) -> Iterator[Problem]:
    """Replace every ref by what ``lookup`` finds in the record's own project; yield those that are missing.

    A missing target is a warning, with ``strict`` an error; its text is kept.
    """
    project = filling.values["project_name"]
    links = list(_links(form, filling))
    if not links or not isinstance(project, str):
        return
    found = lookup.find_refs(project, [Asked(slot.field.of, ref.text) for slot, _, ref in links])
    for (slot, values, ref), target in zip(links, found, strict=True):
        values[slot.field.id] = target or Ref(ref.text)
        if target is None:
            yield _missing(project, slot, ref, strict)


def _links(form: Form, filling: Filling) -> Iterator[tuple[Slot, dict[str, object], Ref]]:
    """Yield the refs that were typed, with the values among which they stand; those in tables at the end."""
    for place in _linking(form):
        ref = filling.values[place.slot.field.id]
        if isinstance(ref, Ref):
            yield place.slot, filling.values, ref
    for place in _linking(form):
        table = place.slot.field
        for number, cells in filling.rows(table) if place.columns else ():
            for column in place.columns:
                ref = cells[column.id]
                if isinstance(ref, Ref):
                    yield Slot(column, table, number), cells, ref


@lru_cache(maxsize=64)
def _linking(form: Form) -> tuple[Place, ...]:
    return places(form, lambda field: field.kind == "ref")


def _missing(project: str, slot: Slot, ref: Ref, strict: bool) -> Problem:
    reason = Message(f"在项目“{project}”中没有找到这份文件", f"no such document in project “{project}”")
    severity = Severity.ERROR if strict else Severity.WARNING
    return replace(slot.problem(reason, ref.text), severity=severity)
