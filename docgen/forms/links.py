"""Links to other documents: what was typed becomes the document it names."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from docgen.base.findings import Problem, Severity
from docgen.base.messages import Message
from docgen.forms.definition import Form
from docgen.forms.filling import Filling
from docgen.forms.lookup import Lookup
from docgen.forms.plan import Place, places
from docgen.forms.slots import Slot
from docgen.forms.values import Ref


def resolve_refs(form: Form, filling: Filling, lookup: Lookup, *, strict: bool) -> Iterator[Problem]:
    """Replace every ref by what ``lookup`` finds in the record's own project; yield those that are missing.

    A missing target is a warning, with ``strict`` an error; its text is kept.
    """
    project = filling.values["project_name"]
    if not isinstance(project, str):
        return
    for place in _linking(form):
        field = place.slot.field
        value = filling.values[field.id]
        if isinstance(value, Ref):
            filling.values[field.id], missing = _resolved(lookup, project, place.slot, value, strict)
            yield from missing
    for place in _linking(form):
        table = place.slot.field
        for number, cells in filling.rows(table) if place.columns else ():
            for column in place.columns:
                value = cells[column.id]
                if isinstance(value, Ref):
                    slot = Slot(column, table, number)
                    cells[column.id], missing = _resolved(lookup, project, slot, value, strict)
                    yield from missing


@lru_cache(maxsize=64)
def _linking(form: Form) -> tuple[Place, ...]:
    return places(form, lambda field: field.kind == "ref")


def _resolved(
    lookup: Lookup, project: str, slot: Slot, ref: Ref, strict: bool
) -> tuple[Ref, tuple[Problem, ...]]:
    found = lookup.find_ref(project, slot.field.of, ref.text)
    if found is not None:
        return found, ()
    reason = Message(f"在项目“{project}”中没有找到这份文件", f"no such document in project “{project}”")
    severity = Severity.ERROR if strict else Severity.WARNING
    problem = Problem(
        slot.path, slot.problem(reason).label, reason, value=ref.text, row=slot.row, severity=severity
    )
    return Ref(ref.text), (problem,)
